"""How texts are written, and in how many parts."""

from hypothesis import given, strategies as st
import pytest

from gateway.model import Encoding
from gateway.providers.smsitaly.texts import (
    Body,
    LongText,
    SmsType,
    Unicode,
    bodies,
    measure_text,
)
from gateway.text import gsm

from ..helpers import refused


def _bodies(
    text: str,
    encoding: Encoding = Encoding.AUTO,
    *,
    flash: bool = False,
    long_text: LongText = LongText.UDH,
    unicode: Unicode = Unicode.UCS,
) -> tuple[Body, ...]:
    return bodies(text, encoding, flash=flash, long_text=long_text, unicode=unicode)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Hello", Body("Hello")),
        ("Perché no? [2]", Body("Perché no? [2]")),
        ("5 €", Body("0035002020AC", SmsType.UCS)),
        ("two\nlines", Body("00740077006F000A006C0069006E00650073", SmsType.UCS)),
        ("one\r\n", Body("006F006E0065000D000A", SmsType.UCS)),
        ("ω", Body("03C9", SmsType.UCS)),
        ("😀", Body("D83DDE00", SmsType.UCS)),
        ("ç", Body("00E7", SmsType.UCS)),
    ],
)
def test_what_both_charsets_have_goes_as_it_stands_and_the_rest_as_ucs(
    text: str, body: Body
) -> None:
    assert _bodies(text) == (body,)


def test_a_flash_message_says_so() -> None:
    assert _bodies("Fire!", flash=True) == (Body("Fire!", SmsType.FLASH),)
    assert _bodies("ω", flash=True) == (Body("03C9", SmsType.UCS, dcs="18"),)


@pytest.mark.parametrize(
    ("encoding", "type_"),
    [
        (Encoding.WAP_BOOKMARK, SmsType.WAP_BOOKMARK),
        (Encoding.WAP_PUSH, SmsType.WAP_PUSH),
    ],
)
def test_bookmarks_and_pushes_go_as_they_are_given(
    encoding: Encoding, type_: SmsType
) -> None:
    text = "http://example.org/door?open=1 " * 9
    assert _bodies(text, encoding) == (Body(text, type_),)
    assert measure_text(text, encoding).parts == 1
    for wrong in ("two\nlines", "ç"):
        with refused("encoding", "encoding_ascii", encoding=encoding):
            _bodies(wrong, encoding)
    with refused("flash", "flash_encoding", encoding=encoding):
        _bodies(text, encoding, flash=True)


def test_the_rest_may_go_as_utf() -> None:
    assert _bodies("Hello", unicode=Unicode.UTF) == (Body("Hello"),)
    assert _bodies("5 €", unicode=Unicode.UTF) == (Body("3520E282AC", SmsType.UTF),)
    [flash] = _bodies("ω", flash=True, unicode=Unicode.UTF)
    assert flash == Body("CF89", SmsType.UTF, dcs="18")


def test_a_long_text_goes_in_parts_with_a_header() -> None:
    first, second = _bodies("x" * 161)
    assert first == Body("78" * 153, SmsType.UDH, "050003000201", "00")
    assert second == Body("78" * 8, SmsType.UDH, "050003000202", "00")
    assert first.referenced(0xAB).udh == "050003AB0201"
    assert Body("Hello").referenced(7) == Body("Hello")


@pytest.mark.parametrize(
    ("text", "flash", "dcs"),
    [
        ("x" * 161, False, "00"),
        ("x" * 161, True, "10"),
        ("ω" * 71, False, "08"),
        ("ω" * 71, True, "18"),
    ],
)
def test_a_part_names_its_alphabet_and_class(text: str, flash: bool, dcs: str) -> None:
    assert {body.dcs for body in _bodies(text, flash=flash)} == {dcs}


@pytest.mark.parametrize("encoding", [Encoding.AUTO, Encoding.GSM])
@pytest.mark.parametrize(
    ("text", "parts"), [("x" * 160 + "\n", 2), ("5 €" + "x" * 300, 2), ("\n" * 459, 3)]
)
def test_parts_have_ends_of_lines_and_euros_in_the_gsm_alphabet(
    text: str, parts: int, encoding: Encoding
) -> None:
    written = _bodies(text, encoding)
    assert len(written) == measure_text(text, encoding).parts == parts
    assert {body.dcs for body in written} == {"00"}
    assert "".join(gsm.decode(bytes.fromhex(body.text)) for body in written) == text
    whole = measure_text(text, Encoding.AUTO, LongText.WHOLE)
    assert whole.parts > parts


@pytest.mark.parametrize(
    ("length", "parts", "dcs"),
    [(70, 1, ""), (71, 1, "00"), (153, 1, "00"), (154, 2, "00"), (160, 2, "00")],
)
def test_a_text_with_lines_goes_in_as_few_parts_as_there_can_be(
    length: int, parts: int, dcs: str
) -> None:
    """One part of Unicode needs no header; one of the GSM alphabet does here."""
    text = "Fire\n" + "x" * (length - 5)
    written = _bodies(text)
    assert len(written) == measure_text(text, Encoding.AUTO).parts == parts
    assert {body.dcs for body in written} == {dcs}
    assert "".join(map(_read, written)) == text


@pytest.mark.parametrize("encoding", [Encoding.GSM, Encoding.SPECIAL])
@pytest.mark.parametrize("text", ["5 €", "two\nlines"])
def test_the_gsm_alphabet_may_be_asked_for(text: str, encoding: Encoding) -> None:
    [body] = _bodies(text, encoding)
    assert (body.type, body.udh, body.dcs) == (SmsType.UDH, "050003000101", "00")
    assert _read(body) == text
    with refused("encoding", "encoding_unfit", encoding=encoding):
        _bodies(text, encoding, long_text=LongText.WHOLE)


def test_a_long_text_may_be_left_to_the_server() -> None:
    assert _bodies("x" * 400, long_text=LongText.WHOLE) == (Body("x" * 400),)
    assert measure_text("x" * 400, Encoding.AUTO).parts == 3


@pytest.mark.parametrize("encoding", [Encoding.GSM, Encoding.SPECIAL])
@pytest.mark.parametrize("text", ["ω", "ç", "5 \u20ac \u03c9 x"])
def test_an_encoding_that_cannot_carry_the_text_is_refused(
    encoding: Encoding, text: str
) -> None:
    with refused("encoding", "encoding_unfit", encoding=encoding):
        _bodies(text, encoding)


@pytest.mark.parametrize("encoding", [Encoding.UNICODE, Encoding.ARABIC])
def test_unicode_may_be_asked_for(encoding: Encoding) -> None:
    assert _bodies("Hi", encoding) == (Body("00480069", SmsType.UCS),)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400))
def test_the_parts_make_the_text_again(text: str) -> None:
    parts = _bodies(text)
    assert len(parts) == measure_text(text, Encoding.AUTO).parts
    assert "".join(map(_read, parts)) == text


def _read(body: Body) -> str:
    if body.type is SmsType.TEXT:
        assert body.text.isprintable()
        return body.text
    octets = bytes.fromhex(body.text)
    return gsm.decode(octets) if body.dcs == "00" else octets.decode("utf-16-be")
