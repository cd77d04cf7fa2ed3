"""A provider and simulated hosts over real sockets: sending, credit, fail-over."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
import logging
import traceback
from typing import Any

import aiohttp
import pytest
from yarl import URL

from gateway.errors import (
    CreditError,
    LoginError,
    ProviderError,
    RecipientError,
    UnavailableError,
    UncertainError,
    UnsupportedError,
)
from gateway.model import Credit, Draft, Encoding
from gateway.providers.csoft import CsoftProvider, DeliveryOption, hosts, server
from gateway.reasons import Reason
from simulator.csoft import Account, CsoftSimulator, Fault, FaultKind, Service

from ...looptime import LoopTime
from ..conftest import Serve
from ..helpers import make_message, refused
from .conftest import PIN, USER, MakeProvider
from .test_codes import REFUSALS

NOBODY = URL("http://127.0.0.1:1/sendsms5")


async def test_a_message_arrives_as_it_was(
    csoft: CsoftProvider, host: CsoftSimulator
) -> None:
    submission = await csoft.submit(make_message(text="<Fire> & smoke 😀"))
    assert submission.provider_ids == ("3C7D98A4",)
    assert submission.answer == "MessageIdentifier: 3C7D98A4; Report: 0"
    [message] = host.messages
    assert (message.destination, message.text) == ("9613123456", "<Fire> & smoke 😀")
    assert message.submission.reply_to == "Home"
    assert not message.flash
    assert not host.observation.malformed


async def test_flash_schedule_and_delivery_option(
    make_provider: MakeProvider, host: CsoftSimulator
) -> None:
    schedule = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    provider = make_provider(delivery_option=DeliveryOption.ECONOMY)
    await provider.submit(make_message(flash=True, schedule=schedule))
    [message] = host.messages
    assert message.flash
    assert message.sent == schedule.timestamp()
    assert message.submission.option == "Economy"


async def test_an_id_of_ours_that_fits_is_sent(
    csoft: CsoftProvider, host: CsoftSimulator
) -> None:
    host.settings.identifiers = "given"
    submission = await csoft.submit(make_message(id="ours-1"))
    assert submission.provider_ids == ("ours-1",)


@pytest.mark.parametrize("form", ["literal", "encoded"])
async def test_credit(csoft: CsoftProvider, host: CsoftSimulator, form: str) -> None:
    host.settings.change({"answer_form": form})
    assert await csoft.balance() == Credit(Decimal("15.2345"), "GBP")
    assert await csoft.check_login() == Credit(Decimal("15.2345"), "GBP")
    await csoft.submit(make_message())
    assert (await csoft.balance()).amount == Decimal("15.2245")


async def test_a_wrong_login(make_provider: MakeProvider) -> None:
    for provider in (make_provider(pin="wrong"), make_provider(username="nobody")):
        for request in (
            provider.submit(make_message()),
            provider.balance(),
            provider._collect(),
        ):
            with pytest.raises(LoginError):
                await request


@pytest.mark.parametrize(("code", "kind"), REFUSALS.items())
async def test_every_report_that_refuses(
    csoft: CsoftProvider, host: CsoftSimulator, code: int, kind: type[ProviderError]
) -> None:
    host.faults.add(Fault(kind=FaultKind.REPORT, code=code))
    with pytest.raises(ProviderError) as error:
        await csoft.submit(make_message())
    assert type(error.value) is kind
    assert error.value.code == str(code)


@pytest.mark.parametrize(
    ("number", "code"), [("+1", "5"), ("123", "5"), ("+0123456", "7")]
)
async def test_numbers_that_the_system_does_not_take(
    csoft: CsoftProvider, number: str, code: str
) -> None:
    with pytest.raises(RecipientError) as error:
        await csoft.submit(make_message(recipient=number))
    assert error.value.code == code


async def test_removed_characters_are_no_refusal(
    csoft: CsoftProvider, host: CsoftSimulator
) -> None:
    host.settings.change({"alphabet": "gsm"})
    for code in (11, 19):
        host.settings.removed_report = code
        submission = await csoft.submit(make_message(text="a жb"))
        assert submission.provider_ids
        assert f"Report: {code}" in submission.answer
    assert [each.text for each in host.messages] == ["a b", "a b"]


async def test_no_credit(csoft: CsoftProvider, host: CsoftSimulator) -> None:
    host.accounts[USER].credit = Decimal(0)
    with pytest.raises(ProviderError, match="99"):
        await csoft.submit(make_message())


def as_text(error: ProviderError) -> str:
    return "".join(traceback.format_exception(error)) + f"{error.answer}{error.failure}"


LOST = {
    FaultKind.DROP: UncertainError,
    FaultKind.RESET: UncertainError,
    FaultKind.RESET_MIDWAY: UncertainError,
    FaultKind.GARBAGE: UncertainError,
    FaultKind.TRUNCATED: UncertainError,
    FaultKind.EMPTY: UncertainError,
    FaultKind.OVERLONG: UncertainError,
    FaultKind.SOAP_FAULT: UnavailableError,
    FaultKind.HTTP_STATUS: UnavailableError,
}


@pytest.mark.parametrize(("kind", "error_class"), LOST.items())
async def test_what_goes_wrong_on_the_way(
    csoft: CsoftProvider,
    host: CsoftSimulator,
    monkeypatch: pytest.MonkeyPatch,
    kind: FaultKind,
    error_class: type[ProviderError],
) -> None:
    monkeypatch.setattr(server, "LONGEST_ANSWER", 100_000)
    host.faults.add(Fault(kind=kind, times=2))
    with pytest.raises(error_class) as error:
        await csoft.submit(make_message())
    assert type(error.value) is error_class
    with pytest.raises(UnavailableError):
        await csoft.balance()
    host.faults.clear()
    assert (await csoft.submit(make_message())).provider_ids


async def test_an_answer_that_never_comes(
    csoft: CsoftProvider, host: CsoftSimulator, loop_time: LoopTime
) -> None:
    # aiohttp rounds up.
    timeout = csoft._login.timeout + 1
    host.faults.add(Fault(kind=FaultKind.HANG))
    submitting = asyncio.create_task(csoft.submit(make_message()))
    await host.wait_for(lambda each: each.requests_count == 1)
    loop_time.advance(timeout)
    with pytest.raises(UncertainError):
        await submitting
    asking = asyncio.create_task(csoft.balance())
    await host.wait_for(lambda each: each.requests_count == 2)
    loop_time.advance(timeout)
    with pytest.raises(UnavailableError):
        await asking
    host.faults.clear()
    assert (await csoft.submit(make_message())).provider_ids


@pytest.mark.parametrize(
    ("status", "error_class"),
    [
        (404, UnavailableError),
        (429, UnavailableError),
        (503, UnavailableError),
        (500, UncertainError),
        (502, UncertainError),
        (599, UncertainError),
    ],
)
async def test_errors_of_http(
    csoft: CsoftProvider,
    host: CsoftSimulator,
    status: int,
    error_class: type[ProviderError],
) -> None:
    host.faults.add(Fault(kind=FaultKind.HTTP_STATUS, status=status))
    with pytest.raises(error_class) as error:
        await csoft.submit(make_message())
    assert error.value.code == str(status)


async def test_an_answer_behind_an_error_of_http_is_no_answer(
    make_provider: MakeProvider, serve: Serve
) -> None:
    content = b"<E><Body><r><MessageIdentifier>1</MessageIdentifier></r></Body></E>"
    for status, error_class in ((500, UncertainError), (400, UnavailableError)):
        url = await serve(b"HTTP/1.1 %d X\r\n\r\n%b" % (status, content))
        with pytest.raises(error_class):
            await make_provider(urls=(URL(url),)).submit(make_message())
    url = await serve(b"HTTP/1.1 200 OK\r\n\r\n" + content)
    submission = await make_provider(urls=(URL(url),)).submit(make_message())
    assert submission.provider_ids == ("1",)


async def test_the_backup_takes_over_and_the_first_comes_back(
    make_provider: MakeProvider,
    host: CsoftSimulator,
    backup: CsoftSimulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider = make_provider(urls=(URL(host.url), URL(backup.url)))
    await provider.submit(make_message())
    host.faults.add(Fault(kind=FaultKind.HTTP_STATUS, times=1))
    await provider.submit(make_message())
    assert (host.messages_count, backup.messages_count) == (1, 1)
    # It answers again, but is not asked for a while.
    await provider.submit(make_message())
    assert (host.messages_count, backup.messages_count) == (1, 2)
    monkeypatch.setattr(hosts, "RETURN_AFTER", 0)
    await provider.submit(make_message())
    assert (host.messages_count, backup.messages_count) == (2, 2)


async def test_the_first_is_asked_when_the_backup_is_gone_too(
    make_provider: MakeProvider, host: CsoftSimulator, backup: CsoftSimulator
) -> None:
    provider = make_provider(urls=(URL(host.url), URL(backup.url)))
    host.faults.add(Fault(kind=FaultKind.SOAP_FAULT, times=1))
    backup.faults.add(Fault(kind=FaultKind.SOAP_FAULT, times=2))
    with pytest.raises(UnavailableError):
        await provider.submit(make_message())
    await provider.submit(make_message())
    assert (host.messages_count, backup.messages_count) == (1, 0)


async def test_nobody_listens(make_provider: MakeProvider) -> None:
    provider = make_provider(urls=(NOBODY, NOBODY))
    with pytest.raises(UnavailableError, match="cannot connect"):
        await provider.submit(make_message())
    with pytest.raises(UnavailableError):
        await make_provider(urls=()).balance()


async def test_the_backup_when_nobody_listens(
    make_provider: MakeProvider, host: CsoftSimulator
) -> None:
    provider = make_provider(urls=(NOBODY, URL(host.url)))
    await provider.submit(make_message())
    assert host.messages_count == 1


async def test_a_message_that_may_be_taken_goes_to_no_other_host(
    make_provider: MakeProvider, host: CsoftSimulator, backup: CsoftSimulator
) -> None:
    provider = make_provider(urls=(URL(host.url), URL(backup.url)))
    host.faults.add(Fault(kind=FaultKind.RESET, times=1))
    with pytest.raises(UncertainError):
        await provider.submit(make_message())
    assert backup.requests_count == 0
    # The next try may have more luck there.
    await provider.submit(make_message())
    assert backup.messages_count == 1


async def test_what_was_refused_is_refused_everywhere(
    make_provider: MakeProvider, host: CsoftSimulator, backup: CsoftSimulator
) -> None:
    provider = make_provider(urls=(URL(host.url), URL(backup.url)))
    host.accounts[USER] = Account(USER, "other")
    for request in (provider.submit(make_message()), provider.balance()):
        with pytest.raises(LoginError):
            await request
    assert backup.requests_count == 0


async def test_an_account_for_receipts_only(session: aiohttp.ClientSession) -> None:
    provider = CsoftProvider(session)
    assert not provider.capabilities.credit
    assert provider.capabilities.receipts
    assert await provider.check_login() is None
    assert provider.measure("x", Encoding.AUTO).parts == 1
    with refused("account", "receipts_only", UnsupportedError):
        provider.check(Draft(recipients=["1"], text="x"))
    for request in (provider.submit(make_message()), provider.balance()):
        with pytest.raises(ProviderError) as error:
            await request
        assert error.value.text == Reason("receipts_only")
    await provider.close()


async def test_what_can_be_sent(make_provider: MakeProvider) -> None:
    provider = make_provider()
    provider.check(Draft(recipients=["1"], text="x", flash=True))
    with refused("message", "message_character", character="U+000C"):
        provider.check(Draft(recipients=["1"], text="a\fb"))
    assert not provider.capabilities.incoming
    assert make_provider(collect_every=60).capabilities.incoming


async def test_no_secret_and_no_text_in_any_error(
    make_provider: MakeProvider,
    host: CsoftSimulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "gateway")
    text = "the very secret text"
    told = ""
    for kind, changes in (
        (FaultKind.SOAP_FAULT, {"text": f"{USER} {PIN} sent <Username>{USER}"}),
        (FaultKind.RESET, {}),
        (FaultKind.GARBAGE, {}),
        (FaultKind.HTTP_STATUS, {}),
        (FaultKind.REPORT, {"code": 8}),
    ):
        more: dict[str, Any] = changes
        host.faults.add(Fault(kind=kind, times=3, **more))
        provider = make_provider()
        for request in (
            provider.submit(make_message(text=text)),
            provider.balance(),
            provider._collect(),
        ):
            try:
                await request
            except ProviderError as error:
                logging.getLogger("test").error("x", exc_info=error)
                told += as_text(error)
    assert "***" in told
    for secret in (USER, PIN, text):
        assert secret not in told
        assert secret not in caplog.text
    assert PIN not in repr(provider._login)


async def test_no_credit_in_the_providers_words(
    csoft: CsoftProvider, host: CsoftSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "simulator.csoft.services.text_of", lambda _: "Not enough credit"
    )
    host.faults.add(Fault(kind=FaultKind.REPORT, code=99, service=Service.SUBMIT))
    with pytest.raises(CreditError):
        await csoft.submit(make_message())
