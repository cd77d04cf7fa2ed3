"""Documents of one shape: read as the parser reads each of them, and parsed once."""

from contextlib import suppress
from unittest.mock import patch

from hypothesis import example, given, strategies as st
import pytest

from gateway.providers.csoft import shapes
from gateway.providers.csoft.charsets import UnreadableError
from gateway.providers.csoft.elements import read_xml
from gateway.providers.csoft.shapes import Fields, Shapes

NAME = "Receipt"
XML = "text/xml"

texts = st.text("ab0 \n\t-]é€\ue000\uf8ff😀", max_size=6)
fragments = st.one_of(
    texts,
    st.sampled_from(
        [
            "&amp;",
            "&#57344;",
            "&broken",
            "<a>",
            "</a>",
            "<a/>",
            "<A>x</A>",
            "<n:b x='1>2'>",
            "</n:b>",
            f"<{NAME}>",
            f"</{NAME}>",
            "<!-- <a>x</a> -->",
            "<![CDATA[>x<]]>",
            "<?pi >x< ?>",
            "<!DOCTYPE a>",
            "]]>",
            "\r\n",
            "\x00",
            "\x0b",
            "\ufffe",
            ">",
            "<",
        ]
    ),
)


def by_the_parser(document: str) -> list[Fields]:
    return [
        Fields(
            {each.name.lower(): each.text.strip() for each in element.children},
            len({each.name.lower() for each in element.children})
            == len(element.children),
        )
        for element in read_xml(document)
        if element.name == NAME
    ]


def read(
    known: Shapes, document: str, content_type: str = XML, charset: str = "utf-8"
) -> list[Fields]:
    content = document.encode(charset)
    found = known.recall(content, content_type)
    return known.read(document, content, content_type) if found is None else found


def only(**texts: str) -> list[Fields]:
    return [Fields(texts, is_clear=True)]


@given(st.lists(fragments, max_size=12).map("".join))
@example("<a>\ue001</a><a>x</a>")
@example("<a>&#57344;</a><a>x</a>")
@example("<!-- >a--b< -->")
@example("<a>x]]<b/></a>")
@example("<a>&amp;</a><b>x</b>")
def test_every_document_is_read_as_by_the_parser(inside: str) -> None:
    document = f"<e xmlns:n='n'><{NAME}>{inside}</{NAME}></e>"
    known = Shapes(NAME)
    try:
        expected = by_the_parser(document)
    except UnreadableError:
        with pytest.raises(UnreadableError):
            read(known, document)
    else:
        assert read(known, document) == expected
        assert read(known, document) == expected  # now that it is known


@given(st.lists(fragments, max_size=12), st.lists(fragments, max_size=3))
def test_a_known_shape_changes_no_reading(inside: list[str], others: list[str]) -> None:
    """Wherever another document differs from one whose shape is known."""

    def document(parts: list[str]) -> str:
        return f"<e xmlns:n='n'><{NAME}><a>1</a>{''.join(parts)}</{NAME}></e>"

    known = Shapes(NAME)
    with suppress(UnreadableError):
        read(known, document(inside))
    for place in range(len(inside)):
        changed = document([*inside[:place], *others, *inside[place + 1 :]])
        try:
            expected = by_the_parser(changed)
        except UnreadableError:
            with pytest.raises(UnreadableError):
                read(known, changed)
        else:
            assert read(known, changed) == expected


@given(st.lists(texts, min_size=3, max_size=3))
def test_texts_come_back_whatever_they_are(values: list[str]) -> None:
    first, second, around = values
    document = f"<e><{NAME}><a>{first}</a>{around}<b>{second}<c/></b></{NAME}></e>"
    assert read(Shapes(NAME), document) == only(a=first.strip(), b=second.strip())


def test_a_shape_is_parsed_once() -> None:
    known = Shapes(NAME)
    with patch.object(shapes, "read_xml", wraps=read_xml) as parse:
        for number in range(5):
            document = f"<?xml version='1.0'?>\n<{NAME}><a> {number}\n</a></{NAME}>\n"
            assert read(known, document) == only(a=str(number))
        assert parse.call_count == 1
        with pytest.raises(UnreadableError):
            read(known, f"<?xml version='1.0'?>\n<{NAME}><a>0</b></{NAME}>\n")
        assert parse.call_count == 3  # with marks, and as it came


def test_what_is_not_ascii_is_parsed() -> None:
    """The same octets are other characters in another charset."""
    known = Shapes(NAME)
    read(known, f"<{NAME}><a>x</a></{NAME}>")
    document = f"<{NAME}><a>\xe9</a></{NAME}>"
    assert known.recall(document.encode("latin-1"), XML) is None
    assert read(known, document, charset="latin-1") == only(a="\xe9")


def test_a_shape_is_that_of_its_content_type() -> None:
    """Which may name a charset where the same octets are something else."""
    known = Shapes(NAME)
    document = f"<{NAME}><a>x</a></{NAME}>"
    read(known, document)
    assert known.recall(document.encode(), XML) is not None
    assert known.recall(document.encode(), f"{XML}; charset=utf-16") is None


def test_what_is_posted_in_a_wide_charset_gives_no_shape() -> None:
    known = Shapes(NAME)
    document = f"<{NAME}><a>x</a></{NAME}>"
    read(known, document, charset="utf-16")
    assert known.recall(document.encode("utf-16"), XML) is None


def test_a_document_with_more_texts_than_marks_is_read_all_the_same() -> None:
    many = {f"a{number}": str(number) for number in range(4000)}
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in many.items())
    assert read(Shapes(NAME), f"<{NAME}>{inside}</{NAME}>") == only(**many)


def test_where_a_document_is_broken_is_said_of_itself() -> None:
    document = f"<{NAME}><a>1\n2\n3</a>\n<b>long</b></x></{NAME}>"
    with pytest.raises(UnreadableError, match="broken at 4:13"):
        read(Shapes(NAME), document)


def test_a_shape_that_is_in_use_is_kept() -> None:
    known = Shapes(NAME)
    document = f"<{NAME}><a>x</a></{NAME}>"
    for number in range(100):
        read(known, document)
        read(known, f"<{NAME}><a{number}>x</a{number}></{NAME}>")
    assert known.recall(document.encode(), XML) is not None


def test_only_so_many_shapes_are_kept() -> None:
    known = Shapes(NAME)
    for number in range(100):
        read(known, f"<{NAME}><a{number}>x</a{number}></{NAME}>")
    assert len(known._known) == shapes._SHAPES
