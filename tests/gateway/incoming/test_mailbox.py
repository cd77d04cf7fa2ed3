"""Nothing that came in is told before it is recorded, or lost after."""

import asyncio
from collections.abc import AsyncIterator
import sqlite3

import pytest

from gateway.errors import JournalError
from gateway.incoming import Mailbox, mailbox as module
from gateway.incoming.assembly import GAP, PATIENCE
from gateway.journal import Journal
from gateway.ledger import Recording
from gateway.model import IncomingMessage

from ..clock import ManualClock
from ..helpers import FaultyConnection, eventually
from .helpers import fragment, parts

DISK_FULL = sqlite3.OperationalError("database or disk is full")


@pytest.fixture
async def mailbox(journal: Journal, clock: ManualClock) -> AsyncIterator[Mailbox]:
    mailbox = Mailbox("a", journal, clock)
    yield mailbox
    await mailbox.stop()


@pytest.fixture
def told(mailbox: Mailbox) -> list[IncomingMessage]:
    messages: list[IncomingMessage] = []
    mailbox.listen(messages.append)
    return messages


async def is_empty(journal: Journal, mailbox: Mailbox) -> bool:
    """Whether the journal has let go of everything, once nothing is being written."""
    await eventually(lambda: mailbox._running is None)
    return not await journal.fragments("a")


async def test_a_message_is_recorded_told_and_forgotten(
    journal: Journal, mailbox: Mailbox, told: list[IncomingMessage]
) -> None:
    await mailbox.take(fragment("Hi"))
    assert [each.text for each in told] == ["Hi"]
    assert await is_empty(journal, mailbox)


async def test_nothing_is_told_before_it_is_recorded(
    mailbox: Mailbox, told: list[IncomingMessage]
) -> None:
    taken = mailbox.take(fragment())
    assert not taken.done
    assert not told
    await taken
    assert told


async def test_messages_wait_for_a_listener(journal: Journal, mailbox: Mailbox) -> None:
    await mailbox.take(fragment("one"))
    await mailbox.take(fragment("two"))
    assert len(await journal.fragments("a")) == 2
    told: list[IncomingMessage] = []
    stop = mailbox.listen(told.append)
    assert [each.text for each in told] == ["one", "two"]
    assert await is_empty(journal, mailbox)
    stop()
    await mailbox.take(fragment("three"))
    assert len(told) == 2


async def test_what_was_not_told_is_told_after_a_restart(
    journal: Journal, mailbox: Mailbox, clock: ManualClock
) -> None:
    first, second = parts("one ", "two")
    await mailbox.take(fragment("whole", sent_at=clock.now()))
    await mailbox.take(first)
    await mailbox.stop()

    clock.advance(2 * PATIENCE)
    again = Mailbox("a", journal, clock)
    await again.load()
    told: list[IncomingMessage] = []
    again.listen(told.append)
    assert [each.text for each in told] == ["whole"]
    assert told[0].sent_at == told[0].received_at
    await again.take(second)
    assert [each.text for each in told] == ["whole", "one two"]
    await again.stop()
    assert not await journal.fragments("a")


async def test_parts_that_never_come_are_given_up(
    journal: Journal,
    mailbox: Mailbox,
    told: list[IncomingMessage],
    clock: ManualClock,
) -> None:
    await mailbox.take(parts("one ", "two")[0])
    clock.advance(PATIENCE)
    assert [(each.text, each.is_complete) for each in told] == [(f"one {GAP}", False)]
    assert await is_empty(journal, mailbox)
    assert not clock.pauses


async def test_a_listener_that_fails_keeps_nobody_else_from_hearing(
    mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(message: IncomingMessage) -> None:
        raise ValueError(message.text)

    told: list[IncomingMessage] = []
    mailbox.listen(fail)
    mailbox.listen(told.append)
    await mailbox.take(fragment("secret"))
    assert told
    assert "A listener failed: ValueError" in caplog.text
    assert "secret" not in caplog.text


async def test_what_cannot_be_recorded_has_to_be_brought_again(
    journal: Journal,
    mailbox: Mailbox,
    told: list[IncomingMessage],
    caplog: pytest.LogCaptureFixture,
) -> None:
    connection = FaultyConnection(journal, "commit")
    connection.error = DISK_FULL
    with pytest.raises(JournalError, match="disk is full"):
        await mailbox.take(fragment())
    assert not told
    assert "has to bring messages again" in caplog.text
    connection.error = None
    await mailbox.take(fragment())
    assert len(told) == 1


async def test_what_was_told_and_not_forgotten_is_forgotten_with_the_next(
    journal: Journal, mailbox: Mailbox
) -> None:
    await mailbox.take(fragment("one"))
    told: list[IncomingMessage] = []
    connection = FaultyConnection(journal, "commit")
    connection.error = DISK_FULL
    mailbox.listen(told.append)
    await eventually(lambda: mailbox._running is None)
    assert len(await journal.fragments("a")) == 1
    connection.error = None
    await mailbox.take(fragment("two"))
    assert await is_empty(journal, mailbox)
    assert [each.text for each in told] == ["one", "two"]


async def test_a_flood_that_nobody_hears_makes_the_provider_wait(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_UNTOLD", 2)
    taken = [mailbox.take(fragment()) for _ in range(3)]
    await taken[0]
    await taken[1]
    with pytest.raises(JournalError):
        await taken[2]


async def test_a_stopped_mailbox_takes_nothing(mailbox: Mailbox) -> None:
    await mailbox.stop()
    with pytest.raises(JournalError):
        await mailbox.take(fragment())


async def test_many_share_a_transaction(
    journal: Journal, mailbox: Mailbox, told: list[IncomingMessage]
) -> None:
    connection = FaultyConnection(journal)
    await asyncio.gather(*map(_awaited, [mailbox.take(fragment()) for _ in range(100)]))
    assert len(told) == 100
    assert connection.calls["commit"] < 5


async def _awaited(recording: Recording[None]) -> None:
    await recording
