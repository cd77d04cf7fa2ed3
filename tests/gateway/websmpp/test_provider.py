"""A provider and a simulated platform over real sockets: every page, every error."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from gateway.errors import InputError, LoginError, ProviderError, TransientError
from gateway.model import State
from gateway.providers.websmpp import WebsmppProvider
from simulator.websmpp import Endpoint, ErrorCode, ForcedError, Status, WebsmppSimulator

from ..helpers import make_message
from .conftest import PASSWORD, USER, MakeProvider
from .helpers import CLASSES, STATES


@pytest.mark.parametrize("code", ErrorCode)
async def test_every_error_on_every_page(
    websmpp: WebsmppProvider, platform: WebsmppSimulator, code: ErrorCode
) -> None:
    platform.errors.add(ForcedError(code=code))
    requests: list[Callable[[], Awaitable[object]]] = [
        lambda: websmpp.submit(make_message()),
        lambda: websmpp.submit_bulk([make_message(), make_message()]),
        lambda: websmpp.status("1"),
        websmpp.balance,
        lambda: websmpp.coverage(3),
    ]
    for request in requests:
        with pytest.raises(ProviderError) as error:
            await request()
        assert type(error.value) is CLASSES[int(code.name[4:])]
        assert error.value.code == code.name
        assert error.value.failure.text.lower() == code.value.lower()


async def test_a_bad_login(make_provider: MakeProvider) -> None:
    for provider in (make_provider(password="wrong"), make_provider(user="nobody")):
        for request in (
            provider.submit(make_message()),
            provider.balance(),
            provider.coverage(1),
        ):
            with pytest.raises(LoginError):
                await request


@pytest.mark.parametrize("spelling", ["any", "respid", "respId"])
@pytest.mark.parametrize("reply", ["long", "word"])
async def test_all_eight_states(
    websmpp: WebsmppProvider, platform: WebsmppSimulator, spelling: str, reply: str
) -> None:
    platform.settings.change({"status_parameter": spelling, "status_reply": reply})
    await websmpp.submit(make_message())
    for status in Status:
        platform.set_status(2541524, status)
        receipt = await websmpp.status("2541524")
        assert receipt.state is STATES[status.value]


async def test_a_status_has_its_error_code(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    await websmpp.submit(make_message())
    platform.set_status(2541524, "UNDELIV")
    assert (await websmpp.status("2541524")).error_code == "001"
    platform.set_status(2541524, "DELIVRD")
    assert (await websmpp.status("2541524")).error_code is None


@pytest.mark.parametrize(("form", "amount"), [("whole", "12"), ("decimal", "12.34")])
async def test_balance_of_both_kinds(
    websmpp: WebsmppProvider, platform: WebsmppSimulator, form: str, amount: str
) -> None:
    platform.settings.change({"balance_reply": form})
    platform.accounts[USER].credit = Decimal("12.345")
    assert (await websmpp.balance()).amount == Decimal(amount)


async def test_coverage_in_three_forms(websmpp: WebsmppProvider) -> None:
    xls, pdf, csv = [await websmpp.coverage(form) for form in (1, 2, 3)]
    assert xls.content
    assert not xls.rows
    assert pdf.content.startswith(b"%PDF")
    assert csv.rows[0][0] == "Country"
    assert len(csv.rows) > 2
    with pytest.raises(InputError, match="format"):
        await websmpp.coverage(4)


async def test_requests_have_what_the_specification_names(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    await websmpp.submit(make_message())
    await websmpp.status("2541524")
    await websmpp.balance()
    await websmpp.coverage(1)
    submit, status, balance, coverage = platform.requests
    assert dict(parse_qsl(submit.body)) == {
        "user": USER,
        "pass": PASSWORD,
        "sid": "Home",
        "mno": "9613123456",
        "type": "1",
        "text": "Fire",
    }
    assert status.endpoint is Endpoint.STATUS
    assert status.target.partition("?")[2] == "respId=2541524&respid=2541524"
    assert dict(parse_qsl(balance.body)) == {"userid": USER, "password": PASSWORD}
    assert dict(parse_qsl(coverage.body)) == {
        "userid": USER,
        "password": PASSWORD,
        "format": "1",
    }


async def test_states_end_the_same_way_for_a_transient_error(
    websmpp: WebsmppProvider, platform: WebsmppSimulator
) -> None:
    platform.errors.add(ForcedError(code=ErrorCode.HTTP11, times=1))
    with pytest.raises(TransientError):
        await websmpp.submit(make_message())
    submission = await websmpp.submit(make_message())
    receipt = await websmpp.status(submission.provider_ids[0])
    assert receipt.state in (State.ENROUTE, State.DELIVERED)
