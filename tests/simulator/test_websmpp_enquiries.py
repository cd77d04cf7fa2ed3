"""Status, balance and coverage: websmpp specification, the sections on each."""

from decimal import Decimal
import json

import pytest

from simulator.websmpp import Account, ManualClock, Status, Step, WebsmppSimulator

from .conftest import Platform

LOGIN = "userid=testUser&password=12345"
DAY = 86_400


@pytest.mark.parametrize(
    ("ending", "status", "done", "error"),
    [
        ("56", "DELIVRD", "2016-05-10 14:00:00", "000"),
        ("01", "UNDELIV", "2016-05-10 14:00:00", "001"),
        ("02", "EXPIRED", "2016-05-10 14:00:00", "002"),
        ("03", "REJECTD", "2016-05-10 14:00:00", "003"),
        ("04", "DELETED", "2016-05-10 14:00:00", "004"),
        ("05", "UNKNOWN", "2016-05-10 14:00:00", "005"),
        ("06", "ACCEPTD", "", "000"),
        ("07", "ATES", "", "000"),
    ],
)
class TestStatuses:
    """All states of the specification's table."""

    @pytest.mark.parametrize("name", ["respId", "respid"])
    @pytest.mark.parametrize("method", ["GET", "POST"])
    async def test_in_the_long_form(
        self,
        platform: Platform,
        clock: ManualClock,
        method: str,
        name: str,
        ending: str,
        status: str,
        done: str,
        error: str,
    ) -> None:
        await platform.submit(mno=f"961701234{ending}")
        ask = platform.get if method == "GET" else platform.post
        pending = "Message ID : 2541524 Status :ATES doneOn : errCode :000"
        assert await ask("websmsstatus", f"{name}=2541524") == pending
        clock.advance(0.2)
        assert await ask("websmsstatus", f"{name}=2541524") == (
            f"Message ID : 2541524 Status :{status} doneOn :{done} errCode :{error}"
        )

    async def test_as_json(
        self,
        platform: Platform,
        clock: ManualClock,
        ending: str,
        status: str,
        done: str,
        error: str,
    ) -> None:
        await platform.submit(mno=f"961701234{ending}")
        clock.advance(0.2)
        answer = await platform.get("websmsstatus", "respid=2541524&format=json")
        assert json.loads(answer) == {
            "msgid": "2541524",
            "status": status,
            "doneOn": done,
            "errCode": error,
        }


async def test_a_bare_word(
    platform: Platform, simulator: WebsmppSimulator, clock: ManualClock
) -> None:
    simulator.settings.status_reply = "word"
    await platform.submit()
    assert await platform.get("websmsstatus", "respid=2541524") == "ATES"
    clock.advance(0.2)
    assert await platform.get("websmsstatus", "respid=2541524") == "DELIVRD"


@pytest.mark.parametrize(
    ("query", "reply"),
    [
        ("", "ERROR - HTTP01 --> Invalid HTTP URL Format"),
        ("respID=1", "ERROR - HTTP02 --> Invalid query string"),
        ("respid=abc", "ERROR - HTTP08 --> Invalid Message ID"),
        ("respid=", "ERROR - HTTP08 --> Invalid Message ID"),
        ("respid=-1", "ERROR - HTTP08 --> Invalid Message ID"),
        ("respid=2541523", "ERROR - HTTP25 --> No Record Found"),
        ("respid=2541525", "ERROR - HTTP25 --> No Record Found"),
        ("respid=99999999999999999999", "ERROR - HTTP25 --> No Record Found"),
    ],
)
async def test_status_enquiries_in_vain(
    platform: Platform, query: str, reply: str
) -> None:
    await platform.submit()
    assert await platform.get("websmsstatus", query) == reply


@pytest.mark.parametrize(
    ("wanted", "other"), [("respid", "respId"), ("respId", "respid")]
)
async def test_servers_that_match_one_spelling(
    platform: Platform,
    simulator: WebsmppSimulator,
    wanted: str,
    other: str,
) -> None:
    simulator.settings.change({"status_parameter": wanted})
    await platform.submit()
    assert "ATES" in await platform.get("websmsstatus", f"{wanted}=2541524")
    assert "HTTP02" in await platform.get("websmsstatus", f"{other}=2541524")


async def test_each_part_has_its_own_status(
    platform: Platform, simulator: WebsmppSimulator
) -> None:
    await platform.submit(text="x" * 161)
    simulator.set_status(2541525, "EXPIRED")
    simulator.settings.status_reply = "word"
    assert await platform.get("websmsstatus", "respid=2541524") == "ATES"
    assert await platform.get("websmsstatus", "respid=2541525") == "EXPIRED"
    with pytest.raises(KeyError):
        simulator.set_status(2541526, "EXPIRED")
    with pytest.raises(ValueError, match="NOTHING"):
        simulator.set_status(2541525, "NOTHING")


async def test_a_script_of_several_steps(
    platform: Platform, simulator: WebsmppSimulator, clock: ManualClock
) -> None:
    simulator.settings.rules = {
        "56": (Step(1, Status.ACCEPTD), Step(3, Status.UNDELIV)),
        "156": (Step(2, Status.EXPIRED),),
    }
    simulator.settings.status_reply = "word"
    await platform.submit(mno="96170123456,96170123156")
    seen = []
    for _ in range(4):
        seen.append(
            (
                await platform.get("websmsstatus", "respid=2541524"),
                await platform.get("websmsstatus", "respid=2541525"),
            )
        )
        clock.advance(1)
    assert seen == [
        ("ATES", "ATES"),
        ("ACCEPTD", "ATES"),
        ("ACCEPTD", "EXPIRED"),
        ("UNDELIV", "EXPIRED"),
    ]


async def test_a_status_is_kept_for_thirty_days(
    platform: Platform, clock: ManualClock
) -> None:
    await platform.submit()
    clock.advance(30 * DAY)
    assert "DELIVRD" in await platform.get("websmsstatus", "respid=2541524")
    clock.advance(1)
    assert "HTTP25" in await platform.get("websmsstatus", "respid=2541524")


@pytest.mark.parametrize("service", ["balanceReport", "downloadcoverage"])
@pytest.mark.parametrize(
    ("query", "reply"),
    [
        ("", "ERROR - HTTP01 --> Invalid HTTP URL Format"),
        ("userid=testUser", "ERROR - HTTP02 --> Invalid query string"),
        ("password=12345", "ERROR - HTTP02 --> Invalid query string"),
        ("userid=testUser&password=wrong", "INVALID USER/PASSWORD"),
        ("userid=nobody&password=12345", "INVALID USER/PASSWORD"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_bad_logins(
    platform: Platform, method: str, service: str, query: str, reply: str
) -> None:
    ask = platform.get if method == "GET" else platform.post
    assert await ask(service, query) == reply


@pytest.mark.parametrize(
    ("credit", "form", "reply"),
    [
        ("100", "whole", "100"),
        ("99.999", "whole", "99"),
        ("100", "decimal", "100.00"),
        ("99.999", "decimal", "99.99"),
        ("0", "decimal", "0.00"),
    ],
)
async def test_the_balance(
    platform: Platform,
    simulator: WebsmppSimulator,
    account: Account,
    credit: str,
    form: str,
    reply: str,
) -> None:
    account.credit = Decimal(credit)
    simulator.settings.change({"balance_reply": form})
    assert await platform.get("balanceReport", LOGIN) == reply
    assert await platform.post("balanceReport", LOGIN) == reply


async def test_the_balance_goes_down_by_the_price_of_parts(
    platform: Platform, simulator: WebsmppSimulator, account: Account
) -> None:
    account.credit, account.price = Decimal(1), Decimal("0.035")
    simulator.settings.balance_reply = "decimal"
    await platform.submit(text="x" * 161)
    assert account.credit == Decimal("0.930")
    assert await platform.get("balanceReport", LOGIN) == "0.93"


@pytest.mark.parametrize(
    ("form", "kind", "start", "name"),
    [
        ("", "application/vnd.ms-excel", b"\x09\x00\x04\x00", "xls"),
        ("&format=1", "application/vnd.ms-excel", b"\x09\x00\x04\x00", "xls"),
        ("&format=2", "application/pdf", b"%PDF-1.4", "pdf"),
        ("&format=3", "text/csv", b"Country,Network,Prefix", "csv"),
    ],
)
async def test_the_coverage_files(
    platform: Platform, form: str, kind: str, start: bytes, name: str
) -> None:
    url = f"{platform.base_url}/downloadcoverage?{LOGIN}{form}"
    async with platform.session.get(url) as response:
        body = await response.read()
        assert response.content_type == kind
        assert response.content_disposition is not None
        assert response.content_disposition.filename == f"testUser_coverage.{name}"
    assert body.startswith(start)
    assert b"Lebanon" in body


async def test_a_coverage_format_unknown(platform: Platform) -> None:
    reply = await platform.get("downloadcoverage", f"{LOGIN}&format=4")
    assert reply == "ERROR - HTTP16 --> Invalid Request"
