"""Documents of one shape: read as the parser reads each of them, and parsed once."""

from contextlib import suppress
from unittest.mock import patch

from hypothesis import example, given, strategies as st
import pytest

from gateway.providers.csoft import shapes
from gateway.providers.csoft.charsets import UnreadableError
from gateway.providers.csoft.elements import read_xml
from gateway.providers.csoft.shapes import Fields, read_elements

NAME = "Receipt"

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
        [(each.name, each.text.strip()) for each in element.children]
        for element in read_xml(document)
        if element.name == NAME
    ]


@given(st.lists(fragments, max_size=12).map("".join))
@example("<a>\ue001</a><a>x</a>")
@example("<a>&#57344;</a><a>x</a>")
@example("<!-- >a--b< -->")
@example("<a>x]]<b/></a>")
@example("<a>&amp;</a><b>x</b>")
def test_every_document_is_read_as_by_the_parser(inside: str) -> None:
    document = f"<e xmlns:n='n'><{NAME}>{inside}</{NAME}></e>"
    try:
        expected = by_the_parser(document)
    except UnreadableError:
        with pytest.raises(UnreadableError):
            read_elements(document, NAME)
    else:
        assert read_elements(document, NAME) == expected
        assert read_elements(document, NAME) == expected  # now that it is known


@given(st.lists(fragments, max_size=12), st.lists(fragments, max_size=3))
def test_a_known_shape_changes_no_reading(inside: list[str], others: list[str]) -> None:
    """Wherever another document differs from one whose shape is known."""

    def document(parts: list[str]) -> str:
        return f"<e xmlns:n='n'><{NAME}><a>1</a>{''.join(parts)}</{NAME}></e>"

    with suppress(UnreadableError):
        read_elements(document(inside), NAME)
    for place in range(len(inside)):
        changed = document([*inside[:place], *others, *inside[place + 1 :]])
        try:
            expected = by_the_parser(changed)
        except UnreadableError:
            with pytest.raises(UnreadableError):
                read_elements(changed, NAME)
        else:
            assert read_elements(changed, NAME) == expected


@given(st.lists(texts, min_size=3, max_size=3))
def test_texts_come_back_whatever_they_are(values: list[str]) -> None:
    first, second, around = values
    document = f"<e><{NAME}><a>{first}</a>{around}<b>{second}<c/></b></{NAME}></e>"
    assert read_elements(document, NAME) == [
        [("a", first.strip()), ("b", second.strip())]
    ]


def test_a_shape_is_parsed_once() -> None:
    shapes._shapes.clear()
    with patch.object(shapes, "read_xml", wraps=read_xml) as parse:
        for number in range(5):
            document = f"<?xml version='1.0'?>\n<{NAME}><a>{number}</a></{NAME}>"
            assert read_elements(document, NAME) == [[("a", str(number))]]
        assert parse.call_count == 1
        with pytest.raises(UnreadableError):
            read_elements(f"<?xml version='1.0'?>\n<{NAME}><a>0</b></{NAME}>", NAME)
        assert parse.call_count == 2


def test_a_document_with_more_texts_than_marks_is_read_all_the_same() -> None:
    many = "".join(f"<a>{number}</a>" for number in range(4000))
    [fields] = read_elements(f"<{NAME}>{many}</{NAME}>", NAME)
    assert fields == [("a", str(number)) for number in range(4000)]


def test_only_so_many_shapes_are_kept() -> None:
    for number in range(100):
        read_elements(f"<{NAME}><a{number}>x</a{number}></{NAME}>", NAME)
    assert len(shapes._shapes) == shapes._SHAPES
