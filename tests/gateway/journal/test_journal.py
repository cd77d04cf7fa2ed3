"""What the journal keeps, gives back, and forgets."""

from datetime import timedelta
from pathlib import Path

from gateway.journal import EarlyReceipt, Journal, Writes
from gateway.model import Encoding, Failure, Message, Part, State

from ..clock import START
from ..helpers import make_message, make_receipt


def full_message() -> Message:
    """Return a message that has everything."""
    return make_message(
        encoding=Encoding.UNICODE,
        text="Füŕ 😀",
        schedule=START,
        flash=True,
        reference="r",
        tracked=False,
        state=State.DELIVERED,
        attempts=3,
        submitting=True,
        next_attempt_at=START,
        accepted_at=START,
        finished_at=START,
        done_at=START,
        failure=Failure("credit", "18", "no"),
        answer="raw",
        parts=(Part("1", State.DELIVERED), Part("2", State.REJECTED, "42")),
    )


async def put(journal: Journal, message: Message) -> None:
    await journal.add([message])
    await journal.write(Writes(messages=[message], with_parts=[message]))


async def test_a_message_comes_back_as_it_was(path: Path, journal: Journal) -> None:
    await put(journal, full_message())
    assert await journal.get("m1") == full_message()
    again = await Journal.open(path)
    assert await again.get("m1") == full_message()
    assert await again.named(["2"]) == [full_message()]
    assert await again.get("m2") is None
    await again.close()


async def test_totals_and_early_receipts_come_back(journal: Journal) -> None:
    early = EarlyReceipt(
        "a",
        make_receipt(
            "1",
            error_code="7",
            recipient="961",
            done_at=START,
            other_id="9",
            raw="?",
        ),
        START,
    )
    writes = Writes(early=[early, early])
    writes.totals["a", "sent"] = 2
    await journal.write(writes)
    await journal.write(writes)
    assert await journal.totals("a") == {"sent": 4}
    assert await journal.totals("b") == {}
    assert await journal.early_receipts("a") == [early]
    other = EarlyReceipt("a", make_receipt("1", recipient="962"), START)
    await journal.write(Writes(early=[other]))
    await journal.write(Writes(matched=[early.identity]))
    assert await journal.early_receipts("a") == [other]


async def test_what_still_asks_for_work(journal: Journal) -> None:
    def message(id_: str, **changes: object) -> Message:
        return make_message(id=id_, updated_at=START - timedelta(days=9), **changes)

    old, new = START - timedelta(days=9), START + timedelta(days=1)
    sent = {"state": State.ACCEPTED, "accepted_at": old}
    await journal.add(
        [
            message("queued"),
            message("untracked", **sent | {"accepted_at": new, "tracked": False}),
            message("too old", **sent),
            message("scheduled", **sent, schedule=new),
            message("young", **sent | {"accepted_at": new}),
            message("other", account="b"),
            message("over", state=State.DELIVERED, finished_at=START),
        ]
    )
    unfinished = await journal.unfinished("a", START)
    assert [each.id for each in unfinished] == ["queued", "scheduled", "young"]
    assert [each.id for each in await journal.finished("a", 5)] == ["over"]


async def test_old_messages_are_forgotten_but_never_unsent_ones(
    journal: Journal,
) -> None:
    old = [
        make_message(
            id=f"m{number}",
            state=State.DELIVERED,
            parts=(Part(f"{number}", State.DELIVERED),),
        )
        for number in range(600)
    ]
    await journal.add(
        [*old, make_message(id="queued"), make_message(id="b", account="b")]
    )
    await journal.write(Writes(with_parts=old, messages=old))
    early = EarlyReceipt("a", make_receipt(), START)
    await journal.write(Writes(early=[early]))
    assert await journal.prune("a", START) == 0
    assert await journal.prune("a", START + timedelta(seconds=1)) == 600
    assert await journal.get("queued")
    assert await journal.get("b")
    assert await journal.named(["7"]) == []
    assert await journal.early_receipts("a") == []


async def test_an_account_is_forgotten_whole(journal: Journal) -> None:
    await journal.add([make_message(), make_message(id="b", account="b")])
    writes = Writes(early=[EarlyReceipt("a", make_receipt(), START)])
    writes.totals["a", "sent"] = 1
    await journal.write(writes)
    await journal.forget_account("a")
    assert await journal.get("m1") is None
    assert await journal.totals("a") == {}
    assert await journal.early_receipts("a") == []
    assert await journal.get("b")


async def test_parts_of_a_forgotten_message_are_not_kept(journal: Journal) -> None:
    await journal.write(Writes(messages=[full_message()], with_parts=[full_message()]))
    assert await journal.named(["1"]) == []
