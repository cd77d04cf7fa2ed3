"""A link and a simulated SMSC, which reads the specification in its own way."""

import asyncio
from asyncio import Future
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from itertools import product

import pytest

from gateway.errors import NoRecordError, ProviderError
from gateway.ids import spellings
from gateway.ledger import Recording
from gateway.model import Encoding, Receipt, State
from gateway.providers.smpp import line as line_module, pace as pace_module
from gateway.providers.smpp.addresses import address_of
from gateway.providers.smpp.commands import Command
from gateway.providers.smpp.encode import (
    SubmitTemplate,
    cancel_sm,
    query_sm,
    replace_sm,
)
from gateway.providers.smpp.errors import error_of
from gateway.providers.smpp.link import Link, Submission
from gateway.providers.smpp.pace import Pace
from gateway.providers.smpp.pdus import Delivery, QueryResponse, read_message_id
from gateway.providers.smpp.receipts import STATES, read_receipt
from gateway.providers.smpp.session import Ended, Session
from gateway.providers.smpp.timers import Timers
from gateway.providers.smpp.user_data import LongText, user_data
from simulator import smsc as simulator
from simulator.smsc import Account, Fault, FaultKind, SmscSimulator

from ..helpers import eventually
from .conftest import BIND

HOME = address_of("Home")
ALICE = address_of("+9613123456")


@pytest.fixture
async def smsc() -> AsyncIterator[SmscSimulator]:
    account = Account(BIND.system_id, BIND.password, credit=100_000)
    async with SmscSimulator([account]) as running:
        running.settings.script = simulator.default_script(0)
        running.settings.rules = simulator.default_rules(0)
        yield running


@dataclass
class Phone:
    """What sends over a link, and hears what comes back."""

    link: Link
    receipts: list[Receipt] = field(default_factory=list)
    incoming: list[Delivery] = field(default_factory=list)

    def take(self, delivery: Delivery) -> Recording[object]:
        if delivery.is_receipt:
            receipt = read_receipt(delivery)
            assert receipt
            self.receipts.append(receipt)
        else:
            self.incoming.append(delivery)
        done = Recording[object]()
        done.resolve(None)
        return done

    async def send(
        self,
        text: str = "Fire",
        to: str = "+9613123456",
        long_text: LongText = LongText.UDH,
    ) -> list[str]:
        """Send a text in its parts; returns their ids, or raises the first error."""
        loop = asyncio.get_running_loop()
        parts = user_data(text, Encoding.AUTO, flash=False, long_text=long_text)
        answers: list[Future[str]] = []
        for data in parts:
            done: Future[str] = loop.create_future()
            answers.append(done)

            def answered(status: int, body: bytes, done: Future[str] = done) -> None:
                if status:
                    done.set_exception(error_of(status))
                else:
                    done.set_result(read_message_id(body))

            def lost(done: Future[str] = done) -> None:
                done.set_exception(ConnectionError())

            self.link.submit(
                Submission(
                    template=SubmitTemplate.encode(HOME, data),
                    destination=address_of(to),
                    reference=7,
                    answered=answered,
                    lost=lost,
                    unsent=done.set_exception,
                )
            )
        return list(await asyncio.gather(*answers))


@pytest.fixture
async def phone(
    smsc: SmscSimulator, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Phone]:
    monkeypatch.setattr(line_module, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(pace_module, "FIRST_HOLD", 0.01)

    def bind(ended: Ended) -> Awaitable[Session]:
        return Session.connect(
            smsc.host,
            smsc.port,
            BIND,
            Command.BIND_TRANSCEIVER,
            timers=Timers(),
            window=10,
            take=phone.take,
            ended=ended,
        )

    pace = Pace(None, asyncio.get_running_loop().time)
    phone = Phone(Link([bind], [], pace, lambda: None))
    phone.link.start()
    await eventually(lambda: phone.link.is_up)
    yield phone
    await phone.link.stop()


@pytest.mark.parametrize("long_text", LongText)
@pytest.mark.parametrize(
    "text",
    [
        "Fire",
        "a" * 160,
        "a" * 152 + "€" + "[b]" * 80,
        "огонь " * 40,
        "😀" * 100,
        "@£$¥èéù\n^{}\\[~]|€",
    ],
    ids=["short", "full", "escapes", "letters", "emoji", "alphabet"],
)
async def test_every_text_arrives_as_it_was(
    phone: Phone, smsc: SmscSimulator, text: str, long_text: LongText
) -> None:
    ids = await phone.send(text, long_text=long_text)
    assert len(ids) == len(smsc.messages)
    assert smsc.messages.whole_texts() == [("Home", "9613123456", text)]
    await eventually(lambda: len(phone.receipts) == len(ids))
    assert sorted(receipt.provider_id for receipt in phone.receipts) == sorted(ids)
    assert {receipt.state for receipt in phone.receipts} == {State.DELIVERED}


@pytest.mark.parametrize(
    ("ending", "state"),
    [
        ("01", State.UNDELIVERABLE),
        ("02", State.EXPIRED),
        ("03", State.REJECTED),
        ("04", State.DELETED),
        ("05", State.UNKNOWN),
        ("06", State.ACCEPTED),
        ("55", State.DELIVERED),
    ],
)
@pytest.mark.parametrize("content", ["both", "text", "parameters"])
async def test_every_state_of_a_receipt(
    phone: Phone, smsc: SmscSimulator, ending: str, state: State, content: str
) -> None:
    smsc.settings.change({"receipt_content": content})
    [id_] = await phone.send(to=f"+96131234{ending}")
    await eventually(lambda: phone.receipts)
    [receipt] = phone.receipts
    assert (receipt.provider_id, receipt.state) == (id_, state)
    assert receipt.recipient == f"96131234{ending}"


@pytest.mark.parametrize(
    ("form", "receipt_form"),
    [
        ("uuid", None),
        ("zero", None),
        *product(
            ["decimal", "padded", "hex", "HEX", "padded_hex"],
            [None, "decimal", "padded", "hex", "HEX"],
        ),
    ],
)
async def test_an_id_is_known_again_however_it_is_written(
    phone: Phone, smsc: SmscSimulator, form: str, receipt_form: str | None
) -> None:
    smsc.settings.change({"id_form": form, "receipt_id_form": receipt_form})
    [id_] = await phone.send()
    await eventually(lambda: phone.receipts)
    [receipt] = phone.receipts
    assert receipt.any_base
    assert id_ in {receipt.provider_id, *spellings(receipt.provider_id)}


@pytest.mark.parametrize(
    "quirks",
    [
        {"receipt_text": "appendix_b"},
        {"receipt_text": "short", "receipt_error": "null"},
        {"receipt_coding": 1, "receipt_content": "text"},
        {"receipt_network": False, "receipt_seconds": True},
        {"receipt_id_terminated": False},
        {"receipt_vendor_parameters": True},
        {"receipt_service_type": "SEVENCH"},
        {"receipt_addresses": "as_submitted"},
        {"deliver_sequence": "zero"},
        {"deliver_sequence": "high"},
        {"write_size": 1},
        {"receipt_timing": "early"},
    ],
    ids=str,
)
async def test_what_real_servers_do_differently(
    phone: Phone, smsc: SmscSimulator, quirks: dict[str, object]
) -> None:
    smsc.settings.change(quirks)
    [id_] = await phone.send()
    await eventually(lambda: phone.receipts)
    [receipt] = phone.receipts
    assert (receipt.provider_id, receipt.state) == (id_, State.DELIVERED)
    assert "9613123456" in (receipt.recipient, receipt.sender)
    await smsc.wait_for(lambda each: each.deliveries.acknowledged == 1)


async def test_what_a_phone_sends_arrives(phone: Phone, smsc: SmscSimulator) -> None:
    smsc.originate(BIND.system_id, "9613123456", "Home", "Hello")
    await eventually(lambda: phone.incoming)
    [delivery] = phone.incoming
    assert delivery.source.digits == "9613123456"
    assert delivery.octets == b"Hello"


async def test_a_message_can_be_asked_after_replaced_and_cancelled(
    phone: Phone, smsc: SmscSimulator
) -> None:
    smsc.settings.script = ()  # it stays on its way
    [id_] = await phone.send()
    answer = await phone.link.request(Command.QUERY_SM, query_sm(id_, HOME))
    assert STATES[QueryResponse.read(answer).message_state] is State.ENROUTE
    [new] = user_data("Out", Encoding.AUTO, flash=False, long_text=LongText.UDH)
    await phone.link.request(Command.REPLACE_SM, replace_sm(id_, HOME, new))
    assert smsc.messages[0].text == "Out"
    await phone.link.request(Command.CANCEL_SM, cancel_sm(id_, HOME, ALICE))
    answer = await phone.link.request(Command.QUERY_SM, query_sm(id_, HOME))
    assert STATES[QueryResponse.read(answer).message_state] is State.DELETED
    with pytest.raises(ProviderError):
        await phone.link.request(Command.CANCEL_SM, cancel_sm(id_, HOME, ALICE))
    with pytest.raises(NoRecordError):
        await phone.link.request(Command.QUERY_SM, query_sm("99", HOME))


async def test_throttling_loses_and_doubles_nothing(
    phone: Phone, smsc: SmscSimulator
) -> None:
    fault = Fault(
        kind=FaultKind.STATUS,
        command=simulator.Command.SUBMIT_SM,
        every=10,
        burst=3,
        status=simulator.CommandStatus.ESME_RTHROTTLED,
    )
    smsc.faults.add(fault)
    await asyncio.gather(
        *(phone.send(to=f"+961312{number:04}") for number in range(60))
    )
    assert len(smsc.messages) == 60
    assert len({each.pdu.destination.digits for each in smsc.messages}) == 60
    assert smsc.observation.max_unanswered <= 10


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (FaultKind.REORDER, {"hold": 5, "seconds": 0.05}),
        (FaultKind.TWICE, {}),
        (FaultKind.STRAY, {}),
        (FaultKind.LATENCY, {"seconds": (0.0, 0.02)}),
    ],
)
async def test_odd_responses_find_their_requests(
    phone: Phone, smsc: SmscSimulator, kind: FaultKind, more: dict[str, object]
) -> None:
    command = simulator.Command.SUBMIT_SM
    smsc.faults.add(Fault(kind=kind, command=command, **more))
    numbers = [f"+961312{number:04}" for number in range(40)]
    ids = await asyncio.gather(*(phone.send(to=number) for number in numbers))
    for number, [id_] in zip(numbers, ids, strict=True):
        message = smsc.messages.by_id(id_)
        assert message
        assert message.pdu.destination.digits == number.removeprefix("+")


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.RESET_MIDWAY])
async def test_a_connection_that_breaks_is_made_anew(
    phone: Phone, smsc: SmscSimulator, kind: FaultKind
) -> None:
    command = simulator.Command.SUBMIT_SM
    for _ in range(3):
        smsc.faults.add(Fault(kind=kind, command=command, times=1))
        with pytest.raises(ConnectionError):
            await phone.send()
        await eventually(lambda: phone.link.is_up)
    assert len(await phone.send()) == 1
    assert smsc.observation.connections == 4
