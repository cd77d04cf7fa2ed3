"""Receipts in the specification's form and in every other: read, or refused by name."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
import tracemalloc
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from hypothesis import given, strategies as st
import pytest

from gateway.errors import DocumentError
from gateway.model import Receipt, State
from gateway.providers.csoft import MOST_BYTES, Posted, read_post
from gateway.providers.csoft.charsets import UnreadableError

from .helpers import EXAMPLE, FIELDS, IDENTIFIER, PIN, SENT_TO, USERNAME, form, soap

RAW = (
    "Report: 0; Timestamp1: 2002-08-27T13:38:00Z; SentTo: 447009123456; "
    "MessageIdentifier: 3C7D98A4"
)


def only(body: bytes, content_type: str | None = None) -> Posted:
    [posted] = read_post(body, content_type)
    return posted


def test_the_example_is_read_as_it_is_printed() -> None:
    posted = only(EXAMPLE.encode(), "text/soap")
    assert posted.identifier == IDENTIFIER
    assert (posted.username, posted.pin) == (USERNAME, PIN)
    assert posted.receipt == Receipt(
        provider_id=IDENTIFIER,
        state=State.DELIVERED,
        recipient=SENT_TO,
        done_at=datetime(2002, 8, 27, 13, 38, tzinfo=UTC),
        raw=RAW,
    )


VARIATIONS: dict[str, Callable[[str], str]] = {
    "an older namespace": lambda xml: xml.replace("sendsms3", "sendsms2"),
    "the newer namespace": lambda xml: xml.replace(
        "http://www.itsarrived.net/dtd/sendsms3",
        "http://www.csoft.co.uk/dtd/sendsms5.xsd",
    ),
    "no namespace": lambda xml: xml.replace("ns2:", ""),
    "another prefix": lambda xml: xml.replace("ns2", "csoft").replace(
        "SOAP-ENV", "soap"
    ),
    "qualified children": lambda xml: xml.replace("<Report", "<ns2:Report").replace(
        "</Report", "</ns2:Report"
    ),
    "a default namespace": lambda xml: xml.replace(
        "<ns2:SubmitDeliveryReceipt>", '<SubmitDeliveryReceipt xmlns="urn:x">'
    ).replace("</ns2:", "</"),
    "a prefix of no namespace": lambda xml: xml.replace("xsi:type", "abc:type"),
    "SOAP 1.2": lambda xml: xml.replace(
        "http://schemas.xmlsoap.org/soap/envelope/",
        "http://www.w3.org/2003/05/soap-envelope",
    ),
    "no types": lambda xml: xml.replace(' xsi:type="xsd:string"', ""),
    "no declaration": lambda xml: xml.partition("\n")[2],
    "a line before the declaration": lambda xml: f"\r\n {xml}",
    "one line": lambda xml: xml.replace("\n", " "),
    "values on lines of their own": lambda xml: xml.replace(
        ">3C7D98A4<", ">\n  3C7D98A4\n <"
    ),
    "a CDATA section": lambda xml: xml.replace(">3C7D98A4<", "><![CDATA[3C7D]]>98A4<"),
    "references": lambda xml: xml.replace("447009123456", "&#x34;4700912345&#54;"),
    "comments": lambda xml: xml.replace("3C7D98A4", "3C7D<!-- x -->98A4"),
    "a header": lambda xml: xml.replace(
        "<SOAP-ENV:Body", "<SOAP-ENV:Header><a>b</a></SOAP-ENV:Header><SOAP-ENV:Body"
    ),
    "more elements": lambda xml: xml.replace(
        "</ns2:Submit", "<Extra><Report>9</Report></Extra></ns2:Submit"
    ),
    "an envelope around a part of it": lambda xml: xml.replace(
        "<ns2:SubmitDeliveryReceipt>", "<x><ns2:SubmitDeliveryReceipt>"
    ).replace("</ns2:SubmitDeliveryReceipt>", "</ns2:SubmitDeliveryReceipt></x>"),
}


@pytest.mark.parametrize("name", VARIATIONS)
def test_every_variation_is_read_alike(name: str) -> None:
    changed = VARIATIONS[name](EXAMPLE)
    assert changed != EXAMPLE
    assert only(changed.encode()) == only(EXAMPLE.encode())


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/soap",
        "text/xml; charset=utf-8",
        'text/xml; charset="UTF-8"; action=""',
        "application/soap+xml",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "nonsense;;charset",
    ],
)
def test_the_content_type_does_not_matter(content_type: str | None) -> None:
    assert only(EXAMPLE.encode(), content_type) == only(EXAMPLE.encode())


@pytest.mark.parametrize(
    ("charset", "codec", "told"),
    [
        ("UTF-8", "utf-8", None),
        ("UTF-8", "utf-8-sig", None),
        ("utf-16", "utf-16", None),
        ("UTF-16", "utf-16", "text/xml; charset=utf-8"),
        ("UTF-16LE", "utf-16-le", None),
        ("UTF-16BE", "utf-16-be", "text/xml; charset=utf-16be"),
        ("ISO-8859-1", "latin-1", None),
        ("ISO-8859-15", "iso-8859-15", None),
        ("US-ASCII", "ascii", None),
        ("windows-1252", "cp1252", None),
        ("iso_8859-1", "latin-1", None),
        ("ISO8859-1", "latin-1", None),
        ("UTF_8", "utf-8", None),
        ("ANSI_X3.4-1968", "ascii", None),
        ("ISO-8859-2", "ascii", None),
        ("windows-1250", "ascii", "text/xml; charset=windows-1250"),
        # RFC 7303: the content type goes before the declaration.
        ("UTF-8", "latin-1", "text/xml; charset=iso-8859-1"),
    ],
)
def test_charsets(charset: str, codec: str, told: str | None) -> None:
    name = "Zoë" if codec != "ascii" else "Zoe"
    text = EXAMPLE.replace("UTF-8", charset).replace(USERNAME, name)
    assert only(text.encode(codec), told).username == name


def test_several_receipts_in_one_post() -> None:
    reports = ["0", "-4", "27", "77"]
    posted = read_post(
        soap(
            *(
                FIELDS | {"MessageIdentifier": f"A{number}", "Report": report}
                for number, report in enumerate(reports)
            )
        )
    )
    assert [each.identifier for each in posted] == ["A0", "A1", "A2", "A3"]
    assert [
        each.receipt.state for each in posted if isinstance(each.receipt, Receipt)
    ] == [State.DELIVERED, State.ENROUTE, State.EXPIRED, State.UNKNOWN]


def test_the_form() -> None:
    body = form(
        Username="NULL",
        PIN="NULL",
        SendTo=SENT_TO,
        Timestamp1="2002-08-27T13:38:00Z",
        MessageIdentifier=IDENTIFIER,
        Report="27",
    )
    for content_type in ("application/x-www-form-urlencoded", None):
        posted = only(body, content_type)
        assert (posted.username, posted.pin) == (None, None)
        assert isinstance(posted.receipt, Receipt)
        assert posted.receipt.state is State.EXPIRED
        assert posted.receipt.error_code == "27"
        assert posted.receipt.recipient == SENT_TO


def test_any_account_is_handed_on() -> None:
    [posted] = read_post(EXAMPLE.encode(), any_account=True)
    assert isinstance(posted.receipt, Receipt)
    assert posted.receipt.any_account


def test_a_number_that_is_not_named_is_none() -> None:
    fields = {name: value for name, value in FIELDS.items() if name != "SentTo"}
    receipt = only(soap(fields)).receipt
    assert isinstance(receipt, Receipt)
    assert receipt.recipient is None


@pytest.mark.parametrize(
    ("changes", "field", "identifier"),
    [
        ({"Report": ""}, "Report", IDENTIFIER),
        ({"Report": "delivered"}, "Report", IDENTIFIER),
        ({"MessageIdentifier": ""}, "MessageIdentifier", ""),
        ({"MessageIdentifier": "x" * 65}, "MessageIdentifier", ""),
        ({"MessageIdentifier": "a\nb"}, "MessageIdentifier", ""),
        ({"report": "0"}, "SubmitDeliveryReceipt", IDENTIFIER),
    ],
)
def test_what_is_no_receipt_holds_up_no_other(
    changes: dict[str, str], field: str, identifier: str
) -> None:
    bad, good = read_post(soap(FIELDS | changes, FIELDS))
    assert isinstance(bad.receipt, DocumentError)
    assert bad.receipt.field == field
    assert bad.identifier == identifier
    assert isinstance(good.receipt, Receipt)


def test_credentials_are_in_no_repr_and_not_in_the_raw_receipt() -> None:
    posted = only(EXAMPLE.encode())
    assert USERNAME not in repr(posted)
    assert PIN not in repr(posted)


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]><x>&m;</x>"
)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "post"),
        (b"   ", "post"),
        (b"hello", "post"),
        (b"a=b&c=d", "post"),
        (b"&" * 1000, "post"),
        (b"a=b&" * 1000, "post"),
        (b"<", "xml"),
        (b"<x/>", "post"),
        (b"<x></y>", "xml"),
        (b"<x>&nbsp;</x>", "xml"),
        (b"<x>\x01</x>", "xml"),
        (b"<x>\x00</x>", "xml"),
        (b"<x>&#0;</x>", "xml"),
        (EXAMPLE.encode()[:500], "xml"),
        (EXAMPLE.encode() + b"<x/>", "xml"),
        (BOMB.encode(), "xml"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "xml"),
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1/">]><x>&a;</x>', "xml"),
        (b'<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///x"> %a;]><x/>', "xml"),
        (EXAMPLE.encode("utf-16").replace(b"<\0", b"<", 1), "charset"),
        (EXAMPLE.replace("UTF-8", "UTF-7").encode(), "charset"),
        (EXAMPLE.replace("UTF-8", "rot13").encode(), "charset"),
        (EXAMPLE.replace("UTF-8", "idna").encode(), "charset"),
        (EXAMPLE.replace("3C7D", "\xff").encode("latin-1"), "charset"),
        (
            EXAMPLE.replace("UTF-8", "ISO-8859-2")
            .replace("3C7D", "Ž")
            .encode("latin2"),
            "charset",
        ),
        (b"<x>" * 33 + b"</x>" * 33, "xml"),
        (b"<x>" * 9000, "xml"),
        (b"x" * (MOST_BYTES + 1), "post"),
    ],
    ids=count(),
)
def test_what_is_refused(body: bytes, field: str) -> None:
    with pytest.raises(UnreadableError) as error:
        read_post(body)
    assert error.value.field == field
    assert len(str(error.value)) < 100


LONG_NAMES = (
    f"<x xmlns='{'u' * 32_000}'>"
    + "".join(f"<a{number}/>" for number in range(4000))
    + "</x>"
).encode()


def test_a_bomb_takes_no_memory() -> None:
    read_post(EXAMPLE.encode())
    tracemalloc.start()
    try:
        for body in (BOMB.encode(), b"<x>" * 20_000, b"<x/>" * 16_000, LONG_NAMES):
            with pytest.raises(UnreadableError):
                read_post(body)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


pieces = st.lists(
    st.one_of(
        st.binary(max_size=30),
        st.sampled_from(
            [
                EXAMPLE.encode(),
                b"<?xml version='1.0' encoding='",
                b"<SubmitDeliveryReceipt>",
                b"</SubmitDeliveryReceipt>",
                b"<MessageIdentifier>1</MessageIdentifier>",
                b"<Report>0</Report>",
                b"<!DOCTYPE x",
                b"&MessageIdentifier=1&Report=0",
                b"\xff\xfe",
                b"\xef\xbb\xbf",
                b"\x00",
                b"%00%ff",
                b">",
                b"'?>",
            ]
        ),
    ),
    max_size=12,
).map(b"".join)


@given(pieces, st.one_of(st.none(), st.text(), st.just("a; charset=utf-16")))
def test_any_bytes_give_sound_receipts_or_the_named_error(
    body: bytes, content_type: str | None
) -> None:
    try:
        posted = read_post(body, content_type)
    except UnreadableError:
        return
    for each in posted:
        assert len(each.identifier) <= 64
        if isinstance(each.receipt, Receipt):
            each.receipt.raw.encode()
            assert len(each.receipt.raw) <= 500
            assert len(each.receipt.recipient or "") <= 32


xml_text = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=15
)
receipts = st.fixed_dictionaries(
    {
        "MessageIdentifier": xml_text,
        "Report": st.integers(-999, 999).map(str),
        "SentTo": st.from_regex(r"[0-9]{1,15}", fullmatch=True),
        "Timestamp1": st.datetimes().map(lambda each: each.isoformat()[:19] + "Z"),
    },
    optional={"Username": xml_text, "PIN": xml_text},
)


@st.composite
def documents(draw: st.DrawFn, all_fields: list[dict[str, str]]) -> bytes:
    """Write receipts in any form that is allowed."""
    prefix = draw(st.sampled_from(["", "ns2:", "x:"]))
    qualified = draw(st.booleans())
    types = draw(st.booleans())
    space = draw(st.sampled_from(["", "\n", "\r\n  ", "\t"]))
    charset = draw(st.sampled_from(["UTF-8", "UTF-16", "ISO-8859-1", None]))
    lines = []
    for fields in all_fields:
        order = draw(st.permutations(list(fields.items())))
        lines.append(f"<{prefix}SubmitDeliveryReceipt>")
        for name, value in order:
            tag = f"{prefix if qualified else ''}{name}"
            kind = ' xsi:type="xsd:string"' if types else ""
            lines.append(f"<{tag}{kind}>{space}{escape(value)}{space}</{tag}>")
        lines.append(f"</{prefix}SubmitDeliveryReceipt>")
    declaration = f'<?xml version="1.0" encoding="{charset}"?>' if charset else ""
    text = (
        f'{declaration}<E:Envelope xmlns:E="e" xmlns:ns2="n" xmlns:x="x" '
        f'xmlns:xsi="i" xmlns:xsd="d"><E:Body>{space.join(lines)}</E:Body></E:Envelope>'
    )
    return text.encode(charset or "utf-8", "xmlcharrefreplace")


@given(st.data())
def test_every_valid_post_is_read_back(data: st.DataObject) -> None:
    sent = data.draw(st.lists(receipts, min_size=1, max_size=4))
    posted = read_post(data.draw(documents(sent)))
    assert len(posted) == len(sent)
    for fields, each in zip(sent, posted, strict=True):
        check(fields, each)


@given(receipts, st.booleans())
def test_every_valid_form_is_read_back(fields: dict[str, str], renamed: bool) -> None:
    names = {"SentTo": "SendTo"} if renamed else {}
    unset = {"Username": "NULL", "PIN": "NULL"}
    body = urlencode(
        {names.get(name, name): value for name, value in (unset | fields).items()}
    )
    [posted] = read_post(body.encode())
    check(fields, posted)


def check(fields: dict[str, str], posted: Posted) -> None:
    receipt = posted.receipt
    assert isinstance(receipt, Receipt)
    assert posted.identifier == receipt.provider_id == fields["MessageIdentifier"]
    assert receipt.recipient == fields["SentTo"]
    assert receipt.done_at == datetime.fromisoformat(fields["Timestamp1"])
    assert (posted.username, posted.pin) == (fields.get("Username"), fields.get("PIN"))
    if receipt.state is State.UNKNOWN:
        assert receipt.error_code == fields["Report"]
