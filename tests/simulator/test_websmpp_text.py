"""Types and lengths: websmpp specification, section Message Type & Length."""

import pytest

from simulator.websmpp import Account, WebsmppSimulator

from .conftest import Platform, example

HEX_A = "0041"
HEX_EMOJI = "D83DDE00"
REFUSED = "Response: ERROR - HTTP19 --> Invalid DATA CODING SCHEME"


@pytest.mark.parametrize(
    ("type_", "text", "parts"),
    [
        pytest.param("1", "x" * 160, 1, id="160 English"),
        pytest.param("1", "x" * 161, 2, id="161 English"),
        pytest.param("1", "x" * 306, 2, id="2 x 153 English"),
        pytest.param("1", "x" * 307, 3, id="one more English"),
        pytest.param("3", "@" * 160, 1, id="160 special"),
        pytest.param("3", "@" * 161, 2, id="161 special"),
        pytest.param("2", HEX_A * 70, 1, id="280 hexadecimal digits"),
        pytest.param("2", HEX_A * 71, 2, id="284 hexadecimal digits"),
        pytest.param("2", HEX_A * 134, 2, id="2 x 268 hexadecimal digits"),
        pytest.param("2", HEX_A * 135, 3, id="one more hexadecimal"),
        pytest.param("2", HEX_EMOJI * 35, 1, id="35 surrogate pairs"),
        pytest.param("2", HEX_EMOJI * 36, 2, id="36 surrogate pairs"),
        pytest.param("4", "%D8%A7" * 70, 1, id="70 Arabic"),
        pytest.param("4", "%D8%A7" * 71, 2, id="71 Arabic"),
        pytest.param("4", "%D8%A7" * 134, 2, id="2 x 67 Arabic"),
        pytest.param("4", "%D8%A7" * 135, 3, id="one more Arabic"),
        pytest.param("4", "%F0%9F%98%80" * 36, 2, id="36 emoji of two units"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_number_of_parts(
    platform: Platform,
    simulator: WebsmppSimulator,
    account: Account,
    method: str,
    type_: str,
    text: str,
    parts: int,
) -> None:
    query = example(type=type_, text=text)
    if method == "GET":
        reply = await platform.get("websms", query)
    else:
        reply = await platform.post("websms", query)
    assert len(reply.splitlines()) == parts
    assert simulator.messages[0].parts == parts
    assert account.credit == 1000 - parts


@pytest.mark.parametrize("character", "[]{}|\\~^")
@pytest.mark.parametrize("type_", ["1", "3"])
async def test_characters_that_count_twice(
    platform: Platform, simulator: WebsmppSimulator, type_: str, character: str
) -> None:
    encoded = f"%{ord(character):02X}"
    await platform.submit(type=type_, text=encoded + "x" * 158)
    await platform.submit(type=type_, text=encoded + "x" * 159)
    assert [each.parts for each in simulator.messages] == [1, 2]


@pytest.mark.parametrize("character", ["%26", "%23"], ids=["ampersand", "number sign"])
@pytest.mark.parametrize("type_", ["1", "3"])
async def test_restricted_characters(
    platform: Platform, simulator: WebsmppSimulator, type_: str, character: str
) -> None:
    reply = await platform.submit(type=type_, text=f"a{character}b")
    assert reply == "Response: ERROR - HTTP16 --> Invalid Request"
    simulator.settings.restricted = "accept"
    assert await platform.submit(type=type_, text=f"a{character}b") == (
        "Response: 2541524"
    )


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        pytest.param("1", "%D8%A7", id="Arabic in English"),
        pytest.param("3", "%F0%9F%98%80", id="an emoji in special"),
        pytest.param("1", "%60", id="a backtick"),
        pytest.param("1", "%FF", id="no UTF-8"),
        pytest.param("2", "hello", id="no hexadecimal"),
        pytest.param("2", "004", id="three digits"),
        pytest.param("2", "00410", id="five digits"),
        pytest.param("2", "0041+0042", id="a space between"),
    ],
)
async def test_text_not_in_the_coding_of_its_type(
    platform: Platform, type_: str, text: str
) -> None:
    assert await platform.submit(type=type_, text=text) == REFUSED


@pytest.mark.parametrize("type_", ["1", "2", "3", "4"])
async def test_an_empty_text(platform: Platform, type_: str) -> None:
    reply = await platform.submit(type=type_, text="", mno="96170123451,96170123452")
    assert reply == "Response: ERROR - HTTP17 --> Invalid Message Length"


async def test_a_text_too_long(platform: Platform, simulator: WebsmppSimulator) -> None:
    simulator.settings.max_parts = 2
    assert (await platform.submit(text="x" * 306)).startswith("Response: 2541524")
    reply = await platform.submit(text="x" * 307, mno="96170123451,96170123452")
    assert reply == "Response: ERROR - HTTP17 --> Invalid Message Length"
