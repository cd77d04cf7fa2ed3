"""No secret and no text of a message gets out: not in a log, not in an exception."""

from contextlib import suppress
import logging
import traceback

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.coordinator import UPDATE_INTERVAL
from simulator import csoft, smsc as centre, smsitaly, websmpp
from simulator.csoft import CsoftSimulator
from simulator.smsc import CommandStatus, SmscSimulator
from simulator.smsitaly import SmsItalySimulator
from simulator.websmpp import ErrorCode, ForcedError, WebsmppSimulator

from .helpers import (
    CSOFT_PIN,
    CSOFT_WEBHOOK_ID,
    PASSWORD,
    SMPP_PASSWORD,
    SMSITALY_PASSWORD,
    WEBHOOK_ID,
    pass_time,
    send,
)

TEXT = "The vault stands open"


async def nothing_gets_out(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture, *secrets: str
) -> None:
    """Send while something is wrong, look at the account, and read what was said."""
    told = ""
    try:
        await send(hass, message=TEXT)
    except HomeAssistantError as error:
        told = "".join(traceback.format_exception(error))
    with suppress(HomeAssistantError):
        await send(hass, message=TEXT, answer=False)
    await pass_time(hass, UPDATE_INTERVAL.total_seconds() + 1)
    logged = "\n".join(
        record.getMessage()
        for record in caplog.records
        if record.levelno > logging.DEBUG
    )
    for secret in (TEXT, *secrets):
        assert secret not in logged
        assert secret not in told


@pytest.mark.parametrize(
    "fault", ["reset", "garbage", "empty", "http_status", "charset"]
)
async def test_a_websmpp_server_that_answers_nonsense(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    caplog: pytest.LogCaptureFixture,
    fault: str,
) -> None:
    simulator.faults.add(websmpp.Fault(kind=websmpp.FaultKind(fault)))
    await nothing_gets_out(hass, caplog, PASSWORD, WEBHOOK_ID)


@pytest.mark.parametrize("code", [ErrorCode.HTTP05, ErrorCode.HTTP09, ErrorCode.HTTP18])
async def test_a_websmpp_server_that_refuses(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    caplog: pytest.LogCaptureFixture,
    code: ErrorCode,
) -> None:
    simulator.errors.add(ForcedError(code=code))
    await nothing_gets_out(hass, caplog, PASSWORD, WEBHOOK_ID)


@pytest.mark.parametrize(
    "fault",
    [
        centre.Fault(kind=centre.FaultKind.RESET, times=2),
        centre.Fault(kind=centre.FaultKind.GARBAGE, times=2),
        centre.Fault(
            kind=centre.FaultKind.STATUS, status=CommandStatus.ESME_RINVPASWD, times=1
        ),
    ],
    ids=lambda fault: fault.kind.value,
)
async def test_an_smsc(
    hass: HomeAssistant,
    smpp_account: MockConfigEntry,
    smsc: SmscSimulator,
    caplog: pytest.LogCaptureFixture,
    fault: centre.Fault,
) -> None:
    smsc.faults.add(fault)
    await nothing_gets_out(hass, caplog, SMPP_PASSWORD)


@pytest.mark.parametrize(
    "fault",
    [
        smsitaly.Fault(kind=smsitaly.FaultKind.RESET, times=2),
        smsitaly.Fault(kind=smsitaly.FaultKind.GARBAGE, times=2),
        smsitaly.Fault(kind=smsitaly.FaultKind.ERROR, code=89, times=1),
    ],
    ids=lambda fault: fault.kind.value,
)
async def test_an_sms_gate(
    hass: HomeAssistant,
    smsitaly_account: MockConfigEntry,
    gate: SmsItalySimulator,
    caplog: pytest.LogCaptureFixture,
    fault: smsitaly.Fault,
) -> None:
    gate.faults.add(fault)
    await nothing_gets_out(hass, caplog, SMSITALY_PASSWORD)


@pytest.mark.parametrize(
    "fault",
    [
        csoft.Fault(kind=csoft.FaultKind.RESET),
        csoft.Fault(kind=csoft.FaultKind.GARBAGE),
        csoft.Fault(kind=csoft.FaultKind.SOAP_FAULT, text=f"no such PIN: {CSOFT_PIN}"),
        csoft.Fault(kind=csoft.FaultKind.HTTP_STATUS),
        csoft.Fault(kind=csoft.FaultKind.REPORT, code=2),
    ],
    ids=lambda fault: fault.kind.value,
)
async def test_connection_software(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    csoft_host: CsoftSimulator,
    caplog: pytest.LogCaptureFixture,
    fault: csoft.Fault,
) -> None:
    csoft_host.faults.add(fault)
    await nothing_gets_out(hass, caplog, CSOFT_PIN, CSOFT_WEBHOOK_ID)
