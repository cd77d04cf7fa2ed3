"""Messages that receipts find without the journal being read: the right ones only."""

from copy import replace
from datetime import timedelta
from unittest.mock import AsyncMock, patch

import pytest

from gateway.journal import Journal
from gateway.ledger import Ledger, recent
from gateway.ledger.recent import RecentMessages
from gateway.model import Message, Receipt, State

from ..clock import START
from ..helpers import make_message, make_receipt
from .conftest import TAKEN, accepted


@pytest.fixture
async def taken(ledger: Ledger) -> Message:
    message = make_message()
    await ledger.enqueue([message])
    return await ledger.accepted(message, TAKEN)


async def test_a_receipt_soon_after_the_answer_reads_nothing(
    ledger: Ledger, journal: Journal, taken: Message
) -> None:
    with patch.object(journal, "named", AsyncMock(side_effect=AssertionError)):
        message = await ledger.receive("a", make_receipt())
    assert message
    assert message.state is State.DELIVERED
    assert await journal.get(message.id) == message


async def test_one_that_has_ended_is_read(
    ledger: Ledger, journal: Journal, taken: Message
) -> None:
    await ledger.receive("a", make_receipt())
    with patch.object(journal, "named", wraps=journal.named) as named:
        again = await ledger.receive("a", make_receipt(state=State.UNDELIVERABLE))
    assert named.call_count == 1
    assert again
    assert again.state is State.DELIVERED


@pytest.mark.parametrize(
    ("account", "receipt"),
    [("b", make_receipt()), ("a", make_receipt(recipient="96170999999"))],
    ids=["another account", "another number"],
)
async def test_what_does_not_fit_is_looked_for_in_the_journal(
    ledger: Ledger, journal: Journal, taken: Message, account: str, receipt: Receipt
) -> None:
    with patch.object(journal, "named", wraps=journal.named) as named:
        assert await ledger.receive(account, receipt) is None
    assert named.call_count == 1


async def test_a_message_that_is_forgotten_gets_no_receipt(
    ledger: Ledger, taken: Message
) -> None:
    await ledger.forget_account("a")
    assert await ledger.receive("a", make_receipt()) is None


@pytest.mark.parametrize("tracked", [True, False])
def test_an_id_of_two_messages_is_looked_for_in_the_journal(tracked: bool) -> None:
    known = RecentMessages()
    older, newer = accepted("m1"), accepted("m2", tracked=tracked)
    known.note([older, newer])
    assert known.find("a", make_receipt()) is None
    known.note([newer, older])
    assert known.find("a", make_receipt()) is None
    known.note([replace(older, state=State.DELIVERED)])
    assert known.find("a", make_receipt()) is None


def test_a_message_is_known_as_it_was_noted_last() -> None:
    known = RecentMessages()
    known.note([accepted()])
    on_its_way = replace(accepted(), state=State.ENROUTE)
    known.note([on_its_way])
    assert known.find("a", make_receipt()) is on_its_way


def test_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "MOST", 2)
    known = RecentMessages()
    known.note(accepted(f"m{number}", provider_id=str(number)) for number in range(5))
    assert [
        bool(known.find("a", make_receipt(str(number)))) for number in range(5)
    ] == [
        *(False, False, False),
        *(True, True),
    ]


def test_a_message_that_was_let_go_of_is_not_taken_up_again() -> None:
    known = RecentMessages()
    known.note([accepted()])
    known.clear()
    known.note([replace(accepted(), updated_at=START + timedelta(minutes=1))])
    assert known.find("a", make_receipt()) is None


def test_untracked_messages_are_not_kept() -> None:
    known = RecentMessages()
    known.note([accepted(tracked=False)])
    assert known.find("a", make_receipt()) is None
