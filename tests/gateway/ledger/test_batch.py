"""What the entries of one transaction come to; receipts that come before their id."""

from datetime import timedelta

import pytest

from gateway.errors import CreditError
from gateway.ids import Habit
from gateway.journal import EarlyReceipt
from gateway.ledger import early, lifecycle
from gateway.ledger.batch import Apply, Batch
from gateway.ledger.early import EarlyReceipts
from gateway.model import Message, State, Submission

from ..clock import START
from ..helpers import NUMBER, make_message, make_receipt
from .conftest import accepted


def batch(
    *known: Message,
    waiting: EarlyReceipts | None = None,
    habit: Habit | None = None,
) -> Batch:
    return Batch(
        waiting or EarlyReceipts(), START, known, {"a": habit} if habit else {}
    )


def take(*provider_ids: str) -> Apply:
    return lambda message, now: lifecycle.accepted(
        message, Submission(provider_ids, "ok"), now
    )


def early_receipt(
    provider_id: str = "1", state: State = State.DELIVERED, **more: object
) -> EarlyReceipt:
    return EarlyReceipt("a", make_receipt(provider_id, state, **more), START)


def test_a_step_changes_nothing_outside() -> None:
    entries = batch()
    before = make_message()
    entries.step(before, take("1"))
    assert entries.newest("m1").state is State.ACCEPTED
    assert before.state is State.QUEUED
    writes = entries.writes()
    assert writes.messages == writes.with_parts == [entries.newest("m1")]
    assert writes.totals == {("a", "sent"): 1}


def test_a_receipt_finds_its_message() -> None:
    entries = batch(accepted())
    assert entries.receive("a", make_receipt("1")) == "m1"
    assert entries.writes().totals == {("a", "delivered"): 1}


def test_a_duplicate_writes_nothing() -> None:
    delivered = lifecycle.received(accepted(), make_receipt("1"), START)
    entries = batch(delivered)
    assert entries.receive("a", make_receipt("1")) == "m1"
    assert not entries.writes()


def test_a_receipt_of_the_same_transaction_is_matched() -> None:
    entries = batch()
    assert entries.receive("a", make_receipt("1")) is None
    entries.step(make_message(), take("1"))
    assert entries.newest("m1").state is State.DELIVERED
    assert entries.writes().early == []
    assert [change.message.state for change in entries.changes] == [
        State.ACCEPTED,
        State.DELIVERED,
    ]


def test_a_receipt_that_waited_is_matched_and_let_go() -> None:
    waiting = EarlyReceipts()
    waiting.add([early_receipt(state=State.ENROUTE), early_receipt()])
    entries = batch(waiting=waiting)
    entries.step(make_message(), take("1"))
    assert entries.newest("m1").state is State.DELIVERED
    assert len(entries.writes().matched) == 2


def test_a_receipt_for_another_number_goes_on_waiting() -> None:
    waiting = EarlyReceipts()
    waiting.add([early_receipt(recipient="96170999999")])
    entries = batch(waiting=waiting)
    entries.step(make_message(), take("1"))
    assert entries.newest("m1").state is State.ACCEPTED
    assert entries.writes().matched == []


def test_an_id_used_again_means_the_newest_open_message() -> None:
    old = lifecycle.received(accepted("old"), make_receipt("1"), START)
    new = accepted("new", created_at=START + timedelta(days=1))
    newer = accepted("newer", created_at=START + timedelta(days=2))
    assert batch(old, newer, new).receive("a", make_receipt("1")) == "newer"
    assert batch(newer, old).receive("a", make_receipt("1")) == "newer"
    assert batch(old).receive("a", make_receipt("1")) == "old"


def test_an_id_of_another_account_or_number_is_another_message() -> None:
    message = accepted()
    assert batch(message).receive("b", make_receipt("1")) is None
    other = make_receipt("1", recipient="96170999999")
    assert batch(message).receive("a", other) is None
    same = make_receipt("1", recipient="03123456")
    assert batch(message).receive("a", same) == "m1"


def test_what_is_counted() -> None:
    def total(message: Message, apply: Apply) -> list[str]:
        entries = batch()
        entries.step(message, apply)
        return [name for _, name in entries.writes().totals]

    def refuse(message: Message, now: object) -> Message:
        return lifecycle.refused(message, CreditError("no"), START)

    def end(state: State) -> Apply:
        return lambda message, now: lifecycle.received(
            message, make_receipt("1", state), now
        )

    assert total(make_message(), take("1")) == ["sent"]
    assert total(make_message(), refuse) == ["failed"]
    assert total(make_message(), lifecycle.expired) == ["failed"]
    assert total(accepted(), end(State.DELIVERED)) == ["delivered"]
    assert total(accepted(), end(State.EXPIRED)) == ["undelivered"]
    assert total(accepted(), end(State.ENROUTE)) == []


def test_a_flood_of_unknown_ids_pushes_out_the_oldest() -> None:
    waiting = EarlyReceipts()
    waiting.add(early_receipt(str(number)) for number in range(early.LIMIT))
    entries = batch(waiting=waiting)
    entries.receive("a", make_receipt("new"))
    assert [each.provider_id for each in entries.writes().matched] == ["0"]
    waiting.remove(entries.gone)
    waiting.add(entries.kept)
    assert len(waiting) == early.LIMIT


def test_what_waits_already_pushes_out_nothing() -> None:
    waiting = EarlyReceipts()
    waiting.add(early_receipt(str(number)) for number in range(early.LIMIT))
    entries = batch(waiting=waiting)
    for _ in range(10):
        entries.receive("a", make_receipt("7"))
    assert entries.writes().matched == []


def test_one_state_of_one_id_waits_once() -> None:
    waiting = EarlyReceipts()
    waiting.add([early_receipt(), early_receipt(), early_receipt(state=State.ENROUTE)])
    assert len(waiting.waiting(("a", "1"))) == 2


def test_one_id_of_many_messages_waits_for_each_number() -> None:
    waiting = EarlyReceipts()
    numbers = ["+96131000001", "+96131000002"]
    waiting.add(early_receipt("0", recipient=number) for number in numbers)
    entries = batch(waiting=waiting)
    for number in reversed(numbers):
        entries.step(make_message(id=number, recipient=number), take("0"))
    for number in numbers:
        assert entries.newest(number).state is State.DELIVERED
    waiting.remove(entries.gone)
    assert len(waiting) == 0
    assert list(waiting.waiting(("a", "0"))) == []


def test_old_receipts_are_forgotten() -> None:
    waiting = EarlyReceipts()
    waiting.add([early_receipt("1"), EarlyReceipt("b", make_receipt("2"), START)])
    waiting.prune("a", START)
    assert len(waiting) == 2
    waiting.prune("a", START + timedelta(seconds=1))
    assert len(waiting) == 1
    waiting.forget_account("b")
    assert len(waiting) == 0


def test_a_receipt_in_another_base_finds_its_message() -> None:
    entries = batch(accepted(provider_id="7B"), accepted("m2", "124"))
    receipt = make_receipt("0123", any_base=True, recipient=NUMBER)
    assert entries.receive("a", receipt) == "m1"
    assert entries.newest("m1").state is State.DELIVERED
    assert entries.newest("m2").state is State.ACCEPTED


def test_only_where_the_provider_may_write_it_so() -> None:
    entries = batch(accepted(provider_id="7B"))
    assert entries.receive("a", make_receipt("123")) is None


def test_the_id_as_it_is_comes_first() -> None:
    entries = batch(accepted(provider_id="7B"), accepted("m2", "123"))
    assert entries.receive("a", make_receipt("123", any_base=True)) == "m2"


def test_an_id_that_may_be_that_of_two_is_that_of_none() -> None:
    entries = batch(accepted(provider_id="7B"), accepted("m2", "291"))
    assert entries.receive("a", make_receipt("123", any_base=True)) is None
    # Unless the number tells them apart.
    entries = batch(
        accepted(provider_id="7B"), accepted("m2", "291", recipient="+9613999999")
    )
    receipt = make_receipt("123", any_base=True, recipient="9613999999")
    assert entries.receive("a", receipt) == "m2"


@pytest.mark.parametrize(
    ("habit", "reported", "expected"),
    [
        # Hexadecimal answers 10 and 16 are 16 and 22 in decimal.
        (None, "16", "m16"),
        (Habit.SAME, "16", "m16"),
        (Habit.SAME, "0016", "m16"),
        (Habit.DECIMAL, "16", "m10"),
        (Habit.DECIMAL, "22", "m16"),
        (Habit.HEXADECIMAL, "16", "m22"),
        (Habit.DECIMAL, "5", "m5"),
        # What it means that way is not known yet.
        (Habit.HEXADECIMAL, "22", None),
        (Habit.SAME, "163", None),
        (None, "163", "mA3"),
        # A letter tells by itself.
        (Habit.DECIMAL, "a3", "mA3"),
    ],
)
def test_the_habit_of_a_server_says_which_is_meant(
    habit: Habit | None, reported: str, expected: str | None
) -> None:
    ids = ("16", "10", "22", "5", "A3")
    entries = batch(*(accepted(f"m{id_}", id_) for id_ in ids), habit=habit)
    assert entries.receive("a", make_receipt(reported, any_base=True)) == expected


def test_a_receipt_that_waits_is_read_by_the_habit_too() -> None:
    waiting = EarlyReceipts()
    waiting.add([early_receipt("16", any_base=True)])
    entries = batch(waiting=waiting, habit=Habit.DECIMAL)
    entries.step(make_message(id="m22"), take("16"))
    assert entries.newest("m22").state is State.ACCEPTED
    entries.step(make_message(id="m16"), take("10"))
    assert entries.newest("m16").state is State.DELIVERED


def test_a_habit_says_nothing_of_another_account() -> None:
    waiting = EarlyReceipts()
    waiting.add([early_receipt("16", any_base=True, **ANY)])
    entries = batch(waiting=waiting, habit=Habit.DECIMAL)
    entries.step(make_message(account="b"), take("16"))
    assert entries.newest("m1").state is State.DELIVERED


@pytest.mark.parametrize(
    ("answered", "reported", "learnt"),
    [
        ("7B", "123", {"a": Habit.DECIMAL}),
        ("123", "7b", {"a": Habit.HEXADECIMAL}),
        ("7B", "007b", {"a": Habit.SAME}),
        ("10", "16", {}),
        ("16", "16", {}),
        ("5", "05", {}),
    ],
)
def test_a_habit_is_learnt_from_letters_only(
    answered: str, reported: str, learnt: dict[str, Habit]
) -> None:
    entries = batch(accepted("m1", answered))
    assert entries.receive("a", make_receipt(reported, any_base=True)) == "m1"
    assert entries.habits == learnt
    exact = batch(accepted("m1", answered))
    exact.receive("a", make_receipt(answered))
    assert exact.habits == {}, "ids of this system are written in one way only"


def test_a_habit_is_given_up_when_a_receipt_belies_it() -> None:
    entries = batch(accepted(provider_id="7B"), habit=Habit.DECIMAL)
    entries.receive("a", make_receipt("7B", any_base=True))
    assert entries.habits == {"a": Habit.SAME}


def test_a_habit_prefers_the_newest_open_message() -> None:
    ended = lifecycle.received(
        accepted("old", "10", created_at=START + timedelta(1)),
        make_receipt("10"),
        START,
    )
    entries = batch(ended, accepted("new", "010"), habit=Habit.DECIMAL)
    assert entries.receive("a", make_receipt("16", any_base=True)) == "new"


def test_a_receipt_with_two_ids_waits_for_either() -> None:
    for id_, other in (("internal", "B7"), ("B7", "internal")):
        entries = batch()
        assert entries.receive("a", make_receipt("internal", other_id="B7")) is None
        entries.step(make_message(), take(id_))
        assert entries.newest("m1").state is State.DELIVERED
        # It was for one of them only.
        entries.step(make_message(id="m2"), take(other))
        assert entries.newest("m2").state is State.ACCEPTED
        assert entries.kept == []


def test_a_receipt_in_another_base_may_come_first() -> None:
    waiting = EarlyReceipts()
    waiting.add([early_receipt("123", any_base=True), early_receipt("124")])
    entries = batch(waiting=waiting)
    entries.step(make_message(id="m1"), take("7B"))
    entries.step(make_message(id="m2"), take("7C"))
    assert entries.newest("m1").state is State.DELIVERED
    assert entries.newest("m2").state is State.ACCEPTED
    assert {each.provider_id for each in entries.gone} == {"123"}
    waiting.remove(entries.gone)
    assert not waiting.any_base


def test_both_numbers_of_a_receipt_may_be_the_recipients() -> None:
    entries = batch(accepted())
    receipt = make_receipt(recipient="Home", sender="9613123456")
    assert entries.receive("a", receipt) == "m1"
    assert entries.receive("a", make_receipt(recipient="9613999999")) is None


ANY = {"any_account": True, "recipient": NUMBER}


def test_a_receipt_may_come_through_another_account() -> None:
    entries = batch(accepted())
    assert entries.receive("b", make_receipt("1", recipient=NUMBER)) is None
    assert entries.receive("b", make_receipt("1", **ANY)) == "m1"
    assert entries.newest("m1").state is State.DELIVERED
    assert entries.newest("m1").account == "a"


def test_but_it_has_to_name_the_number() -> None:
    entries = batch(accepted())
    for number in (None, "+9613999999"):
        receipt = make_receipt("1", any_account=True, recipient=number)
        assert entries.receive("b", receipt) is None


def test_a_message_of_the_account_comes_first() -> None:
    entries = batch(accepted(), accepted("m2", "1", account="b"))
    assert entries.receive("b", make_receipt("1", **ANY)) == "m2"


def test_a_receipt_that_may_be_for_two_other_accounts_is_for_none() -> None:
    entries = batch(accepted(), accepted("m2", "1", account="c"))
    assert entries.receive("b", make_receipt("1", **ANY)) is None


def test_another_account_may_know_the_id_in_another_spelling() -> None:
    entries = batch(accepted(provider_id="7B"))
    assert entries.receive("b", make_receipt("123", any_base=True, **ANY)) == "m1"


def test_a_receipt_of_another_account_may_come_first() -> None:
    waiting = EarlyReceipts()
    waiting.add(
        [early_receipt("1", **ANY), early_receipt("2", recipient=NUMBER)],
    )
    entries = batch(waiting=waiting)
    for id_ in ("1", "2"):
        entries.step(make_message(id=f"m{id_}", account="b"), take(id_))
    assert entries.newest("m1").state is State.DELIVERED
    assert entries.newest("m2").state is State.ACCEPTED
    assert {each.provider_id for each in entries.gone} == {"1"}
    waiting.remove(entries.gone)
    assert not waiting.accounts("1")


def test_a_receipt_of_another_account_may_come_in_the_same_transaction() -> None:
    entries = batch()
    assert entries.receive("b", make_receipt("1", **ANY)) is None
    entries.step(make_message(), take("1"))
    assert entries.newest("m1").state is State.DELIVERED
    assert entries.kept == []


def test_what_two_accounts_wait_for_is_kept_apart() -> None:
    waiting = EarlyReceipts()
    other = EarlyReceipt("b", make_receipt("1", **ANY), START)
    waiting.add([early_receipt("1", **ANY), other])
    waiting.forget_account("a")
    assert waiting.accounts("1") == {"b"}
