"""Texts: the GSM alphabet, the choice of an alphabet, parts and where they are cut."""

from itertools import pairwise
import unicodedata

from hypothesis import given, strategies as st
import pytest

from gateway.text import check_text, is_gsm, measure, segments
from gateway.text.gsm import BASIC, EXTENSION, decode, encode, septets
from gateway.text.segments import utf16_units

from .helpers import refused

# GSM 03.38, clause 6.2.1, row by row; the escape at 0x1B left out.
TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
EXTENSION_TABLE = "\f^{}\\[~]|€"

gsm_texts = st.text(st.sampled_from(TABLE + EXTENSION_TABLE), max_size=700)
any_text = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("a\u0301\u200d👨👩👧🏽🇱🇧\ufe0fé\r\nक्षि"),
    ),
    max_size=300,
)


def test_the_alphabet_has_all_127_and_10_characters() -> None:
    assert len(TABLE) == 127
    assert frozenset(TABLE) == BASIC
    assert frozenset(EXTENSION_TABLE) == EXTENSION
    assert is_gsm(TABLE + EXTENSION_TABLE)


def test_what_is_not_in_the_alphabet() -> None:
    for char in "`ç\x1b\táÁêıŞ“”…–✓😀\u00a0":
        assert not is_gsm(f"a{char}")
        assert measure(f"a{char}").gsm is False


def test_encoding_is_that_of_the_table() -> None:
    codes = [code for code in range(128) if code != 0x1B]
    assert encode(TABLE) == bytes(codes)
    assert decode(bytes(codes)) == TABLE
    assert encode("[€]") == b"\x1b\x3c\x1b\x65\x1b\x3e"
    with pytest.raises(ValueError, match="outside GSM"):
        encode("ж")


def test_what_no_table_has_is_still_read() -> None:
    # An escape before another letter, before itself, and at the end.
    assert decode(b"a\x1bb\x1b\x1bc\x1b") == "ab c"
    # The eighth bit is not part of a septet.
    assert decode(b"\x80") == "@"


@given(gsm_texts)
def test_what_is_encoded_is_decoded(text: str) -> None:
    assert decode(encode(text)) == text
    assert len(encode(text)) == septets(text)


def test_a_basic_character_takes_one_septet_and_an_extension_character_two() -> None:
    assert {measure(char).units for char in TABLE} == {1}
    assert {measure(char).units for char in EXTENSION_TABLE} == {2}
    assert all(measure(char).gsm for char in TABLE + EXTENSION_TABLE)


@pytest.mark.parametrize(
    ("text", "parts", "units"),
    [
        ("a" * 160, 1, 160),
        ("a" * 161, 2, 161),
        ("a" * 306, 2, 306),
        ("a" * 307, 3, 307),
        ("€" * 80, 1, 160),
        ("€" * 81, 2, 162),
        # 153 septets hold 76 such characters, and one septet stays empty.
        ("€" * 152, 2, 304),
        ("€" * 153, 3, 306),
        ("a" * 152 + "€" + "a" * 152, 3, 306),
        ("ж" * 70, 1, 70),
        ("ж" * 71, 2, 71),
        ("ж" * 134, 2, 134),
        ("ж" * 135, 3, 135),
        ("😀" * 35, 1, 70),
        ("😀" * 36, 2, 72),
        # 67 units hold 33 pairs.
        ("😀" * 66, 2, 132),
        ("😀" * 67, 3, 134),
    ],
)
def test_parts_and_units(text: str, parts: int, units: int) -> None:
    assert (measure(text).parts, measure(text).units) == (parts, units)
    assert len(segments(text)) == parts


def test_unicode_can_be_asked_for() -> None:
    assert measure("a" * 71, gsm=False).parts == 2


def test_gsm_cannot_be_asked_for_in_vain() -> None:
    with pytest.raises(ValueError, match="outside"):
        segments("ж", gsm=True)


@pytest.mark.parametrize(
    "cluster",
    [
        "e\u0301",
        "😀",
        "👍🏽",
        "👨‍👩‍👧",
        "🇱🇧",
        "🏴\U000e0067\U000e0062\U000e007f",
        "1\ufe0f\u20e3",
        "\r\n",
        "क्\u200c",
    ],
)
def test_what_reads_as_one_character_is_not_cut(cluster: str) -> None:
    for before in range(55, 68):
        parts = segments("ж" * before + cluster + "ж" * 70)
        assert sum(cluster in part for part in parts) == 1


def test_two_flags_are_two_characters() -> None:
    parts = segments("🇱🇧" * 40)
    assert [len(part) for part in parts] == [32, 32, 16]


def test_a_sequence_longer_than_a_part_is_cut_between_characters() -> None:
    text = "e" + "\u0301" * 200
    assert "".join(segments(text)) == text
    assert all(len(part) <= 67 for part in segments(text))


@given(gsm_texts)
def test_gsm_parts_fit_and_give_the_text(text: str) -> None:
    parts = segments(text)
    assert "".join(parts) == text
    assert measure(text).parts == len(parts)
    room = 160 if len(parts) == 1 else 153
    assert all(measure(part).units <= room for part in parts)
    # No part has room for what begins the next one.
    for part, after in pairwise(parts):
        assert measure(part + after[0]).units > room


@given(any_text)
def test_unicode_parts_fit_and_give_the_text(text: str) -> None:
    parts = segments(text, gsm=False)
    assert "".join(parts) == text
    room = 70 if len(parts) == 1 else 67
    assert all(utf16_units(part) <= room for part in parts)
    assert utf16_units(text) == len(text.encode("utf-16-be")) // 2


@given(any_text)
def test_no_part_begins_with_a_combining_character(text: str) -> None:
    for part in segments(text, gsm=False)[1:]:
        start = text.index(part)
        sequence = text[: start + 1].rstrip("".join(map(chr, range(0x300, 0x370))))
        if start - len(sequence) < 60:
            assert unicodedata.combining(part[0]) == 0 or part[0] == text[0]


def test_a_text_must_have_something_in_it() -> None:
    with refused("message", "message_empty"):
        check_text("")


def test_half_a_surrogate_pair_is_no_text() -> None:
    with refused("message", "message_surrogate", position=2):
        check_text("ab\ud83dc")


def test_a_text_that_no_number_of_parts_holds() -> None:
    check_text("a" * 255 * 153)
    with refused("message", "message_long", count=39016, parts=255):
        check_text("a" * (255 * 153 + 1))
