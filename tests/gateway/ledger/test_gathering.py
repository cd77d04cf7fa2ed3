"""Steps that nobody waits for share transactions, for each is a disk's work."""

import pytest

from gateway.ledger import Ledger, queue as queue_module
from gateway.model import Message, Submission

from ..helpers import FaultyConnection, make_message

TAKEN = Submission(("1",), "ok")


@pytest.fixture
async def messages(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """Messages in the journal, one of them accepted; others would wait very long."""
    monkeypatch.setattr(queue_module, "GATHER", 3600.0)
    messages = [make_message(id=f"m{number}") for number in range(4)]
    await ledger.enqueue(messages)
    await ledger.accepted(messages.pop(), TAKEN)
    return messages


async def test_who_waits_takes_the_others_along(
    ledger: Ledger, messages: list[Message], disk: FaultyConnection
) -> None:
    steps = [ledger.accepted(message, TAKEN) for message in messages]
    assert not any(step.done for step in steps)
    await ledger.settle()
    assert all(step.done for step in steps)
    assert disk.calls["commit"] == 1


async def test_a_request_that_is_about_to_go_out_waits_for_nothing(
    ledger: Ledger, messages: list[Message]
) -> None:
    marked = await ledger.submitting(messages[0])
    assert marked.submitting
    assert (await ledger.cancelled(messages[1])).state.is_final


@pytest.mark.parametrize(("haste", "commits"), [(2, 2), (4, 1)])
async def test_the_disk_is_at_work_while_more_come(
    ledger: Ledger,
    messages: list[Message],
    disk: FaultyConnection,
    monkeypatch: pytest.MonkeyPatch,
    haste: int,
    commits: int,
) -> None:
    """Two that came in one turn of the event loop do not wait for the third."""
    monkeypatch.setattr(queue_module, "HASTE", haste)
    for marked in [ledger.submitting(message) for message in messages]:
        await marked
    assert disk.calls["commit"] == commits


async def test_so_many_steps_wait_no_longer(
    ledger: Ledger, messages: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "BATCH", len(messages))
    for step in [ledger.accepted(message, TAKEN) for message in messages]:
        assert (await step).accepted_at


async def test_the_end_writes_what_waits(
    ledger: Ledger, messages: list[Message]
) -> None:
    step = ledger.accepted(messages[0], TAKEN)
    await ledger.close()
    assert step.done
    assert step.error is None
