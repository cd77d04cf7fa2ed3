"""Errors: websmpp specification, table of possible errors."""

import pytest

from simulator.websmpp import (
    Account,
    Endpoint,
    ErrorCode,
    ForcedError,
    WebsmppSimulator,
)

from .conftest import Platform, example

# The specification's table, word for word.
TABLE = """
ERROR - HTTP01 --> Invalid HTTP URL Format
ERROR - HTTP02 --> Invalid query string
ERROR - HTTP03 --> Message Submission Failed
ERROR - HTTP04 --> Invalid Password
ERROR - HTTP05 --> Invalid System ID
ERROR - HTTP06 --> Invalid Sender ID
ERROR - HTTP07 --> Invalid Type
ERROR - HTTP08 --> Invalid Message ID
ERROR - HTTP09 --> Invalid Destination Address
ERROR - HTTP10 --> Invalid number of messages
ERROR - HTTP11 --> Requested service is unavailable
ERROR - HTTP12 --> Submit Failed
ERROR - HTTP13 --> Query request failed
ERROR - HTTP14 --> Bind failed
ERROR - HTTP15 --> Not Authorized for the request
ERROR - HTTP16 --> Invalid Request
ERROR - HTTP17 --> Invalid Message Length
ERROR - HTTP18 --> INSUFFICIENT CREDITS/BALANCE
ERROR - HTTP19 --> Invalid DATA CODING SCHEME
ERROR - HTTP20 --> Invalid ESM
ERROR - HTTP21 --> Invalid HEADER
ERROR - HTTP22 --> Invalid Schedule Time
ERROR - HTTP23 --> Routing Error
ERROR - HTTP24 --> Exceeded number of Destination
ERROR - HTTP25 --> No Record Found
ERROR - HTTP26 --> Account Expired
"""
LINES = {line.split()[2]: line for line in TABLE.strip().splitlines()}
TWO = "96170123499,96170123456"
BOTH_SKIP = ["HTTP03", "HTTP09", "HTTP12"]
ABORT = ["HTTP06", "HTTP14", "HTTP17", "HTTP18", "HTTP26"]


@pytest.mark.parametrize(
    ("code", "query"),
    [
        pytest.param("HTTP01", "", id="no query at all"),
        *(
            pytest.param("HTTP02", example(**{name: None}), id=f"no {name}")
            for name in ("user", "pass", "sid", "mno", "type", "text")
        ),
        pytest.param("HTTP04", example(pass_="wrong"), id="wrong password"),
        pytest.param("HTTP05", example(user="nobody"), id="unknown user"),
        pytest.param("HTTP06", example(sid=""), id="no sender"),
        pytest.param("HTTP06", example(sid="TwelveLetter"), id="sender too long"),
        pytest.param("HTTP06", example(sid="%D8%A7"), id="sender not alphanumeric"),
        pytest.param("HTTP06", example(sid="12345678901234567"), id="17 digits"),
        *(
            pytest.param("HTTP07", example(type=name), id=f"type {name!r}")
            for name in ("0", "5", "x", "")
        ),
        pytest.param("HTTP10", example(mno=""), id="no number"),
        pytest.param("HTTP10", example(mno=",,"), id="only commas"),
    ],
)
async def test_what_a_request_brings_upon_itself(
    platform: Platform, simulator: WebsmppSimulator, code: str, query: str
) -> None:
    assert await platform.get("websms", query) == f"Response: {LINES[code]}"
    assert simulator.messages_count == 0
    assert simulator.observation.errors == {code: 1}


@pytest.mark.parametrize("sid", ["Test", "Home+Assist", "96170000000", "%2B961700"])
async def test_good_senders(platform: Platform, sid: str) -> None:
    assert await platform.submit(sid=sid) == "Response: 2541524"


async def test_senders_not_allowed(platform: Platform, account: Account) -> None:
    account.senders = frozenset({"Allowed"})
    assert await platform.submit(sid="Allowed") == "Response: 2541524"
    assert await platform.submit(mno=TWO) == f"Response: {LINES['HTTP06']}"


async def test_an_expired_account(platform: Platform, account: Account) -> None:
    account.expired = True
    assert await platform.submit(mno=TWO) == f"Response: {LINES['HTTP26']}"


async def test_a_locked_account(platform: Platform, account: Account) -> None:
    account.locked = True
    assert await platform.submit(mno=TWO) == f"Response: {LINES['HTTP15']}"


async def test_paths_and_methods(platform: Platform) -> None:
    assert await platform.get("nothing", example()) == LINES["HTTP01"]
    url = f"{platform.base_url}/websms?{example()}"
    async with platform.session.put(url) as response:
        assert response.status == 200
        assert await response.text() == f"Response: {LINES['HTTP16']}"


@pytest.mark.parametrize("code", LINES)
class TestForced:
    """Every error can be forced."""

    async def test_for_the_next_requests(
        self, platform: Platform, simulator: WebsmppSimulator, code: str
    ) -> None:
        simulator.errors.add(ForcedError(code=ErrorCode[code], times=2))
        replies = [await platform.submit() for _ in range(3)]
        refused = f"Response: {LINES[code]}"
        assert replies == [refused, refused, "Response: 2541524"]

    async def test_for_an_endpoint(
        self, platform: Platform, simulator: WebsmppSimulator, code: str
    ) -> None:
        simulator.errors.add(
            ForcedError(code=ErrorCode[code], endpoint=Endpoint.BALANCE)
        )
        login = "userid=testUser&password=12345"
        assert await platform.submit() == "Response: 2541524"
        assert await platform.get("balanceReport", login) == LINES[code]
        assert await platform.get("balanceReport", login) == LINES[code]
        simulator.errors.clear()
        assert await platform.get("balanceReport", login) == "999"

    async def test_for_a_number(
        self, platform: Platform, simulator: WebsmppSimulator, code: str
    ) -> None:
        """A recipient is skipped, or it ends the submission."""
        simulator.errors.add(ForcedError(code=ErrorCode[code], destination="*99"))
        lines = (await platform.submit(mno=TWO)).removeprefix("Response: ").split("\n")
        assert lines[0] == LINES[code]
        assert lines[1:] == ([] if code in ABORT else ["2541524"])
        if code in BOTH_SKIP:
            assert simulator.messages_count == 1


async def test_forced_for_a_predicate(
    platform: Platform, simulator: WebsmppSimulator
) -> None:
    simulator.errors.add(
        ForcedError(
            code=ErrorCode.HTTP23,
            destination=lambda number: int(number) % 2 == 1,
            times=1,
        )
    )
    odd = "96170123451,96170123453"
    assert await platform.submit(mno=odd) == f"Response: {LINES['HTTP23']}\n2541524"
