"""Sending by SOAP and by a form: what is taken, and what it is answered."""

from decimal import Decimal
import re

import pytest

from simulator.csoft import Account, CsoftSimulator, ManualClock, Service

from .conftest import START
from .csoft_client import CsoftClient, content, envelope, login, operation, submission


async def test_a_message_is_taken(soap: CsoftClient, host: CsoftSimulator) -> None:
    assert await soap.submit(text="Hello & <goodbye>") == {
        "MessageIdentifier": "3C7D98A4",
        "Report": "0",
    }
    (message,) = host.messages
    assert message.account == "testUser"
    assert message.destination == "447700900123"
    assert message.text == "Hello & <goodbye>"
    assert message.service is Service.SUBMIT
    assert not message.flash
    assert (message.parts, message.submitted, message.sent) == (1, START, START)


async def test_the_answer_is_unqualified_in_the_namespace(soap: CsoftClient) -> None:
    answer = await soap.ask(submission())
    assert answer.tag == (
        "{http://www.csoft.co.uk/dtd/sendsms5.xsd}SubmitMessageResponse"
    )
    assert [child.tag for child in answer] == ["MessageIdentifier", "Report"]


async def test_all_that_can_be_said(soap: CsoftClient, host: CsoftSimulator) -> None:
    options = (
        "<SendOptions><SendTimeAbsolute>2016-05-10T15:00:00Z</SendTimeAbsolute>"
        "<SendTimeDelay>0</SendTimeDelay><DeliveryOption>Premier</DeliveryOption>"
        "</SendOptions>"
    )
    end = "<ReplyTo>447700900999</ReplyTo><MessageIdentifier>mine</MessageIdentifier>"
    answer = await soap.submit(kind="FlashMessage", options=options, end=end)
    assert answer["MessageIdentifier"] == "3C7D98A4"
    (message,) = host.messages
    assert message.flash
    assert message.sent == START + 3600
    assert message.submission.option == "Premier"
    assert message.submission.reply_to == "447700900999"
    assert message.submission.identifier == "mine"


async def test_identifiers_differ(soap: CsoftClient) -> None:
    found = [(await soap.submit())["MessageIdentifier"] for _ in range(3)]
    assert found == ["3C7D98A4", "3C7D98A5", "3C7D98A6"]


@pytest.mark.parametrize(
    ("form", "identifier"),
    [("decimal", "1014864036"), ("long", "00000003C7D98A4"), ("hex", "3C7D98A4")],
)
async def test_forms_of_identifiers(
    soap: CsoftClient, host: CsoftSimulator, form: str, identifier: str
) -> None:
    host.settings.change({"identifier_form": form})
    assert (await soap.submit())["MessageIdentifier"] == identifier
    assert len(identifier) <= 15


async def test_the_identifier_of_the_request_can_count(
    soap: CsoftClient, host: CsoftSimulator
) -> None:
    host.settings.identifiers = "given"
    end = "<MessageIdentifier>mine</MessageIdentifier>"
    assert (await soap.submit(end=end))["MessageIdentifier"] == "mine"
    assert (await soap.submit())["MessageIdentifier"] == "3C7D98A4"


async def test_a_delay(soap: CsoftClient, host: CsoftSimulator) -> None:
    options = "<SendOptions><SendTimeDelay>5</SendTimeDelay></SendOptions>"
    await soap.submit(options=options)
    assert host.messages[0].sent == START + 300


async def test_several_numbers_share_an_identifier(
    soap: CsoftClient, host: CsoftSimulator, customer: Account
) -> None:
    await soap.submit("447700900123", "447700900124", text="x" * 161)
    assert {each.identifier for each in host.messages} == {"3C7D98A4"}
    assert [each.destination for each in host.messages] == [
        "447700900123",
        "447700900124",
    ]
    assert customer.credit == 996


@pytest.mark.parametrize(
    ("text", "cost"), [("x" * 160, 1), ("x" * 161, 2), ("я" * 71, 2), ("€" * 80, 1)]
)
async def test_the_credit_falls_by_parts(
    soap: CsoftClient, customer: Account, text: str, cost: int
) -> None:
    customer.price = Decimal("0.0455")
    await soap.submit(text=text)
    assert await soap.credit() == {
        "Currency": "UKL",
        "Credit": f"{1000 - cost * Decimal('0.0455'):.4f}",
    }


@pytest.mark.parametrize(
    ("number", "report"),
    [("+447700900123", "3"), ("", "3"), ("4477", "5"), ("07700900123", "7")],
)
async def test_invalid_numbers(
    soap: CsoftClient,
    host: CsoftSimulator,
    customer: Account,
    number: str,
    report: str,
) -> None:
    answer = await soap.submit("447700900123", number)
    assert (answer["MessageIdentifier"], answer["Report"]) == ("", report)
    assert answer["Text"]
    assert (host.messages_count, customer.credit) == (0, 1000)


@pytest.mark.parametrize(
    "credentials",
    [login("nobody"), login(pin="1234"), "<Username>testUser</Username>", ""],
)
async def test_a_wrong_login(
    soap: CsoftClient, host: CsoftSimulator, credentials: str
) -> None:
    answer = await soap.submit(credentials=credentials)
    assert answer["Report"] == "2"
    collected = await soap.ask(operation("CollectMessages", credentials))
    assert [(child.tag, child.text) for child in collected] == [
        ("Report", "2"),
        ("MessageList", None),
    ]
    code, _ = await soap.fault(operation("AvailableCredit", credentials))
    assert code == "SOAP-ENV:Client"
    assert host.observation.reports == {2: 2}


async def test_a_locked_account(soap: CsoftClient, customer: Account) -> None:
    customer.locked = True
    assert (await soap.submit())["Report"] == "2"


async def test_too_little_credit(
    soap: CsoftClient, host: CsoftSimulator, customer: Account
) -> None:
    customer.credit = Decimal(1)
    assert (await soap.submit(text="x" * 161))["Report"] == "99"
    host.settings.credit_report = 42
    assert (await soap.submit("447700900123", "447700900124"))["Report"] == "42"
    assert (await soap.submit())["Report"] == "0"
    assert customer.credit == 0


@pytest.mark.parametrize("report", ["11", "19"])
async def test_characters_can_be_removed(
    soap: CsoftClient, host: CsoftSimulator, report: str
) -> None:
    host.settings.change({"alphabet": "gsm", "removed_report": int(report)})
    answer = await soap.submit(text="Привет Alice 😀!")
    assert (answer["MessageIdentifier"], answer["Report"]) == ("3C7D98A4", report)
    assert host.messages[0].text == " Alice !"
    assert (await soap.submit())["Report"] == "0"


async def test_answers_with_types(soap: CsoftClient, host: CsoftSimulator) -> None:
    host.settings.answer_form = "encoded"
    status, answer = await soap.post(envelope(submission()))
    assert status == 200
    assert b'<Report xsi:type="xsd:string">0</Report>' in answer
    assert content(answer).findtext("MessageIdentifier") == "3C7D98A4"


class TestCollecting:
    """Messages from phones."""

    async def test_each_is_handed_out_once(
        self, soap: CsoftClient, host: CsoftSimulator, clock: ManualClock
    ) -> None:
        host.deliver("testUser", "447700900123", "Yes & <no>")
        clock.advance(60)
        host.deliver("testUser", "447700900124", "Да", recipient="447700900999")
        report, items = await soap.collect()
        assert (report.tag, report.text, items.tag) == ("Report", "0", "MessageList")
        assert [each.tag for each in items] == ["item", "item"]
        first, second = items
        assert [(each.tag, each.text) for each in first][:3] == [
            ("SendTo", "447537400000"),
            ("ReplyTo", "447700900123"),
            ("Timestamp1", "2016-05-10T14:00:00Z"),
        ]
        assert first.findtext("Message/TextMessage") == "Yes & <no>"
        assert second.findtext("SendTo") == "447700900999"
        assert second.findtext("Timestamp1") == "2016-05-10T14:01:00Z"
        _, items = await soap.collect()
        assert len(items) == 0
        assert len(host.mailbox.collected) == 2

    async def test_the_text_can_stand_in_the_message(
        self, soap: CsoftClient, host: CsoftSimulator
    ) -> None:
        host.settings.collected_message = "plain"
        host.deliver("testUser", "447700900123", "Yes")
        _, items = await soap.collect()
        assert items.findtext("item/Message") == "Yes"

    async def test_some_at_once(self, soap: CsoftClient, host: CsoftSimulator) -> None:
        host.settings.collect_most = 2
        for text in "abc":
            host.deliver("testUser", "447700900123", text)
        found = [len((await soap.collect())[1]) for _ in range(3)]
        assert found == [2, 1, 0]

    async def test_they_are_of_one_account(
        self, soap: CsoftClient, host: CsoftSimulator
    ) -> None:
        host.accounts["other"] = Account("other", "pin")
        host.deliver("other", "447700900123", "Hello")
        assert len((await soap.collect())[1]) == 0
        with pytest.raises(KeyError):
            host.deliver("nobody", "447700900123", "Hello")


class TestForm:
    """Sending by a form."""

    FORM = "Username=testUser&PIN=12345&SendTo=447700900123&Message="

    async def test_a_message_is_taken(
        self, soap: CsoftClient, host: CsoftSimulator
    ) -> None:
        answer = await soap.send_form(self.FORM + "50%25+%C3%BC+%E2%82%AC+%26")
        assert answer == (200, {"MessageIdentifier": "3C7D98A4", "Report": "0"})
        (message,) = host.messages
        assert (message.text, message.service) == ("50% ü € &", Service.FORM)

    @pytest.mark.parametrize(
        ("form", "report"),
        [
            ("Username=testUser&PIN=0&SendTo=447700900123&Message=a", "2"),
            ("Username=testUser&PIN=12345&SendTo=0&Message=a", "5"),
            ("Username=testUser&PIN=12345&Message=a", "3"),
        ],
    )
    async def test_refusals(self, soap: CsoftClient, form: str, report: str) -> None:
        _, answer = await soap.send_form(form)
        assert (answer["MessageIdentifier"], answer["Report"]) == ("", report)

    async def test_what_is_not_utf_8(
        self, soap: CsoftClient, host: CsoftSimulator
    ) -> None:
        status, _ = await soap.send_form(self.FORM + "%FC")
        assert (status, host.messages_count) == (500, 0)


async def test_the_requests_are_kept(soap: CsoftClient, host: CsoftSimulator) -> None:
    await soap.submit()
    await soap.credit()
    first, second = host.requests
    assert (first.service, second.service) == ("SubmitMessage", "AvailableCredit")
    assert first.target == "/sendsms5"
    assert first.content_type == "text/xml; charset=utf-8"
    assert re.search(rb"<SendTo>447700900123</SendTo>", first.body)
    assert host.counts == {"SubmitMessage": 1, "AvailableCredit": 1}
    host.reset()
    assert host.messages_count == host.requests_count == 0
    assert (await soap.submit())["MessageIdentifier"] == "3C7D98A4"
