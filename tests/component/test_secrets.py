"""No secret and no text of a message gets out: not in a log, not in an exception."""

from contextlib import suppress
import logging
import traceback

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.coordinator import UPDATE_INTERVAL
from simulator.websmpp import (
    ErrorCode,
    Fault,
    FaultKind,
    ForcedError,
    WebsmppSimulator,
)

from .helpers import PASSWORD, WEBHOOK_ID, pass_time, send

TEXT = "The vault stands open"


@pytest.mark.parametrize(
    "trouble",
    [
        Fault(kind=FaultKind.RESET),
        Fault(kind=FaultKind.GARBAGE),
        Fault(kind=FaultKind.EMPTY),
        Fault(kind=FaultKind.HTTP_STATUS),
        Fault(kind=FaultKind.CHARSET),
        ForcedError(code=ErrorCode.HTTP05),
        ForcedError(code=ErrorCode.HTTP09),
        ForcedError(code=ErrorCode.HTTP18),
    ],
    ids=lambda trouble: getattr(trouble, "kind", None) or trouble.code.name,
)
async def test_whatever_goes_wrong_the_log_holds_no_secret(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    caplog: pytest.LogCaptureFixture,
    trouble: Fault | ForcedError,
) -> None:
    if isinstance(trouble, Fault):
        simulator.faults.add(trouble)
    else:
        simulator.errors.add(trouble)
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
    for secret in (PASSWORD, WEBHOOK_ID, TEXT):
        assert secret not in logged
        assert secret not in told
