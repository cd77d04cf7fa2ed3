"""Answers to what we ask: as described, otherwise, and as no server should give them."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from gateway.errors import (
    CreditError,
    LoginError,
    ProviderError,
    RecipientError,
    UnavailableError,
    UncertainError,
)
from gateway.model import Credit, Fragment, Submission
from gateway.providers.csoft import elements
from gateway.providers.csoft.answers import (
    find_fault,
    read_answer,
    read_collected,
    read_credit,
    read_submission,
)
from gateway.providers.csoft.charsets import UnreadableError
from gateway.providers.csoft.elements import Element


def envelope(content: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>'
        f"{content}</S:Body></S:Envelope>"
    ).encode()


def answer(name: str, *fields: tuple[str, str]) -> Element:
    inner = "".join(f"<{tag}>{value}</{tag}>" for tag, value in fields)
    content = f'<n:{name}Response xmlns:n="x">{inner}</n:{name}Response>'
    return read_answer(envelope(content), "text/xml; charset=utf-8")


def submitted(*fields: tuple[str, str]) -> Submission:
    return read_submission(answer("SubmitMessage", *fields), str)


def test_an_id() -> None:
    assert submitted(
        ("MessageIdentifier", " 3C7D98A4 "), ("Report", "0"), ("Text", "ok")
    ) == Submission(("3C7D98A4",), "MessageIdentifier: 3C7D98A4; Report: 0; Text: ok")


@pytest.mark.parametrize("report", ["-4", "-3", "11", "19"])
def test_what_was_taken_all_the_same(report: str) -> None:
    taken = submitted(("MessageIdentifier", "1"), ("Report", report))
    assert taken.provider_ids == ("1",)


def test_an_id_without_a_report_and_a_report_without_an_id() -> None:
    assert submitted(("MessageIdentifier", "1")).provider_ids == ("1",)
    assert submitted(("Report", "0")).provider_ids == ()


@pytest.mark.parametrize(
    ("report", "text", "kind"),
    [
        ("2", "", LoginError),
        ("8", "Blacklisted", RecipientError),
        ("-1", "", ProviderError),
        ("99", "No credit left", CreditError),
        ("99", "Report 99", ProviderError),
    ],
)
def test_refusals(report: str, text: str, kind: type[ProviderError]) -> None:
    with pytest.raises(ProviderError) as error:
        submitted(("MessageIdentifier", ""), ("Report", report), ("Text", text))
    assert type(error.value) is kind
    assert error.value.code == report
    assert f"Report: {report}" in (error.value.answer or "")


@pytest.mark.parametrize(
    "fields",
    [
        (),
        (("Report", "fine"),),
        (("MessageIdentifier", "x" * 65), ("Report", "0")),
        (("MessageIdentifier", "a\tb"), ("Report", "0")),
        (("Other", "1"),),
    ],
)
def test_what_cannot_be_read_leaves_the_message_uncertain(
    fields: tuple[tuple[str, str], ...],
) -> None:
    with pytest.raises(UncertainError):
        submitted(*fields)


@pytest.mark.parametrize(
    ("fields", "credit"),
    [
        (
            (("Currency", "UKL"), ("Credit", "15.2345")),
            Credit(Decimal("15.2345"), "GBP"),
        ),
        ((("Currency", "eur"), ("Credit", "-1")), Credit(Decimal(-1), "EUR")),
        ((("Currency", "credits"), ("Credit", "7")), Credit(Decimal(7))),
        ((("Credit", "7"),), Credit(Decimal(7))),
    ],
)
def test_credit(fields: tuple[tuple[str, str], ...], credit: Credit) -> None:
    assert read_credit(answer("AvailableCredit", *fields), str) == credit


def test_no_credit_told() -> None:
    for value in ("", "much", "NaN", "1e5", "1" * 20):
        with pytest.raises(UnavailableError, match="cannot be read"):
            read_credit(answer("AvailableCredit", ("Credit", value)), str)
    with pytest.raises(LoginError):
        read_credit(answer("AvailableCredit", ("Report", "2")), str)
    with pytest.raises(UnavailableError):
        read_credit(answer("AvailableCredit", ("Report", "?")), str)


def item(message: str, sender: str = "447700900123") -> str:
    return (
        f"<item><SendTo>60777</SendTo><ReplyTo>{sender}</ReplyTo>"
        "<Timestamp1>2030-05-10T14:00:00Z</Timestamp1>"
        f"<Message>{message}</Message></item>"
    )


def collected(*items: str, report: str = "0") -> list[Fragment]:
    return read_collected(
        answer("CollectMessages", ("Report", report), ("MessageList", "".join(items))),
        str,
    )


@pytest.mark.parametrize(
    "message",
    [
        " Hi &amp; bye\n",
        "<TextMessage> Hi &amp; bye\n</TextMessage>",
        "<FlashMessage><![CDATA[ Hi & bye\n]]></FlashMessage>",
    ],
)
def test_incoming_messages(message: str) -> None:
    assert collected(item(message), item("x", "07700900123")) == [
        Fragment(
            sender="+447700900123",
            recipient="60777",
            octets=b" Hi & bye\n",
            charset="utf-8",
            sent_at=datetime(2030, 5, 10, 14, tzinfo=UTC),
        ),
        Fragment(
            sender="07700900123",
            recipient="60777",
            octets=b"x",
            charset="utf-8",
            sent_at=datetime(2030, 5, 10, 14, tzinfo=UTC),
        ),
    ]


def test_no_incoming_messages() -> None:
    assert collected() == []
    assert read_collected(answer("CollectMessages", ("Report", "0")), str) == []
    with pytest.raises(LoginError):
        collected(report="2")
    with pytest.raises(UnavailableError):
        read_collected(answer("CollectMessages"), str)


def test_what_was_given_is_kept_whatever_the_report_says() -> None:
    assert len(collected(item("x"), report="77")) == 1
    assert collected("<item/>")[0].octets == b""


def test_a_character_that_xml_cannot_carry_loses_no_message() -> None:
    messages = collected(item("a\x0cb"), item("&#12;&#x1b;&#x41;&#9999999;"), item("c"))
    assert [each.octets.decode() for each in messages] == ["a�b", "��A�", "c"]


def test_a_wrong_byte_loses_no_message() -> None:
    content = envelope(f"<r><MessageList>{item('a?b')}</MessageList></r>")
    [message] = read_collected(read_answer(content.replace(b"?b", b"\xffb"), None), str)
    assert message.octets.decode() == "a�b"


def fault(code: str, text: str) -> ProviderError | None:
    content = (
        f"<S:Fault><faultcode>{code}</faultcode>"
        f"<faultstring>{text}</faultstring></S:Fault>"
    )
    return find_fault(
        read_answer(envelope(content), None), lambda said: said.replace("1234", "***")
    )


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        ("SOAP-ENV:Server", "Internal error", UnavailableError),
        ("Server.Database", "Internal error", UnavailableError),
        ("SOAP-ENV:Receiver", "Internal error", UnavailableError),
        ("SOAP-ENV:Client", "Bad element", ProviderError),
        ("SOAP-ENV:Client", "Invalid login", LoginError),
        ("Client.Authentication", "Wrong PIN 1234", LoginError),
        ("SOAP-ENV:VersionMismatch", "x", ProviderError),
        ("", "", ProviderError),
    ],
)
def test_faults(code: str, text: str, kind: type[ProviderError]) -> None:
    error = fault(code, text)
    assert type(error) is kind
    assert "1234" not in f"{error} {error.answer}"


def test_a_fault_of_soap_1_2() -> None:
    error = find_fault(
        read_answer(
            envelope(
                "<S:Fault><S:Code><S:Value>S:Receiver</S:Value></S:Code>"
                '<S:Reason><S:Text xml:lang="en">down</S:Text></S:Reason></S:Fault>'
            ),
            None,
        ),
        str,
    )
    assert isinstance(error, UnavailableError)
    assert str(error) == "Receiver: down"


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"<a/>", envelope(""), b"<!DOCTYPE a><a/>", b"\x00", b"{}"],
)
def test_no_soap(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_answer(content, "text/html")


def test_an_answer_of_too_many_elements_takes_no_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(elements, "MOST_ELEMENTS", 1000)
    assert read_answer(envelope(f"<r>{'<a/>' * 997}</r>"), None).name == "r"
    with pytest.raises(UnreadableError, match="more than 1000"):
        read_answer(envelope(f"<r>{'<a/>' * 998}</r>"), None)


pieces = st.lists(
    st.one_of(
        st.binary(max_size=20),
        st.sampled_from(
            [
                b"<S:Envelope xmlns:S='s'><S:Body><a>",
                b"</a></S:Body></S:Envelope>",
                b"<Report>0</Report>",
                b"<Report>",
                b"</Report>",
                b"<MessageIdentifier>1</MessageIdentifier>",
                b"<Credit>1</Credit>",
                b"<MessageList><item><Message>",
                b"</Message></item></MessageList>",
                b"&#0;",
                b"&#xfffff;",
                b"\x00",
            ]
        ),
    ),
    max_size=15,
).map(b"".join)


@given(pieces, st.one_of(st.none(), st.text()))
def test_any_bytes_give_a_value_or_a_named_error(
    content: bytes, content_type: str | None
) -> None:
    try:
        element = read_answer(content, content_type)
    except UnreadableError:
        return
    outcomes = [find_fault(element, str)]
    for read in (read_submission, read_credit, read_collected):
        try:
            read(element, str)
        except ProviderError as error:
            outcomes.append(error)
    assert all(len(each.answer or "") <= 500 for each in outcomes if each)
