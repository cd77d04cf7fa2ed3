"""A ledger over a journal whose disk can be full."""

from collections.abc import AsyncIterator
import sqlite3

import pytest

from gateway.journal import Journal
from gateway.ledger import Ledger, lifecycle
from gateway.model import Message, Submission

from ..clock import START, ManualClock
from ..helpers import FaultyConnection, make_message

TAKEN = Submission(("1",), "ok")
FULL = sqlite3.OperationalError("disk is full")


def accepted(id_: str = "m1", provider_id: str = "1", **changes: object) -> Message:
    """Return a message that the provider has taken."""
    return lifecycle.accepted(
        make_message(id=id_, **changes), Submission((provider_id,), "ok"), START
    )


@pytest.fixture
async def disk(journal: Journal) -> FaultyConnection:
    """A disk that is full while `error` is set."""
    return FaultyConnection(journal, "commit")


@pytest.fixture
async def ledger(journal: Journal, clock: ManualClock) -> AsyncIterator[Ledger]:
    ledger = Ledger(journal, clock)
    yield ledger
    await ledger.close()


@pytest.fixture
async def message(ledger: Ledger) -> Message:
    message = make_message()
    await ledger.enqueue([message])
    return message
