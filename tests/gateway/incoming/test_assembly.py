"""How the parts of long messages come together again."""

from datetime import datetime, timedelta
from itertools import count, permutations

from hypothesis import given, strategies as st
import pytest

from gateway.incoming import assembly as module
from gateway.incoming.assembly import GAP, PATIENCE, Assembled, Assembler
from gateway.journal import KeptFragment
from gateway.model import Fragment, IncomingMessage, Place
from gateway.text import GSM

from ..clock import START
from .helpers import SENDER, fragment, parts


class Collector:
    """An assembler with a clock of its own; fragments are numbered as they come."""

    def __init__(self) -> None:
        self.assembler = Assembler()
        self.now: datetime = START
        self.ids = count(1)

    def add(self, *fragments: Fragment) -> list[Assembled]:
        return [
            assembled
            for each in fragments
            for assembled in self.assembler.add(
                KeptFragment(str(next(self.ids)), "a", each, self.now), self.now
            )
        ]

    def texts(self, *fragments: Fragment) -> list[str]:
        return [each.message.text for each in self.add(*fragments) if each.message]


@pytest.fixture
def collector() -> Collector:
    return Collector()


def test_a_message_of_one_part_is_whole_at_once(collector: Collector) -> None:
    [assembled] = collector.add(fragment("Hi"))
    assert assembled.message == IncomingMessage(
        id="1",
        account="a",
        sender=SENDER,
        recipient="4040",
        text="Hi",
        received_at=START,
    )
    assert assembled.fragments == ["1"]


@pytest.mark.parametrize("order", permutations(range(3)))
def test_parts_come_in_any_order(collector: Collector, order: tuple[int, ...]) -> None:
    given = parts("one ", "two ", "three")
    *before, last = [given[index] for index in order]
    assert collector.add(*before) == []
    [assembled] = collector.add(last)
    assert assembled.message
    assert assembled.message.text == "one two three"
    assert assembled.message.parts == 3
    assert assembled.message.is_complete
    assert sorted(assembled.fragments) == ["1", "2", "3"]
    assert len(collector.assembler) == 0


def test_messages_are_kept_apart(collector: Collector) -> None:
    first = parts("one ", "two")
    others = [
        parts("ONE ", "TWO", reference=8),
        [fragment(each, Place(7, 3, 1)) for each in ("x",)],
        [fragment("x", Place(7, 2, 1), sender="+9613000000")],
        [fragment("x", Place(7, 2, 1), recipient="5050")],
    ]
    collector.add(first[0], *(each[0] for each in others))
    assert collector.texts(first[1]) == ["one two"]
    assert collector.texts(others[0][1]) == ["ONE TWO"]


def test_a_character_that_was_cut_in_two_is_whole_again(collector: Collector) -> None:
    high, low = "😀".encode("utf-16-be")[:2], "😀".encode("utf-16-be")[2:]
    given = [
        fragment(octets=high, place=Place(1, 2, 1)),
        fragment(octets=low, place=Place(1, 2, 2)),
    ]
    assert collector.texts(*given) == ["😀"]


def test_parts_may_differ_in_their_charset(collector: Collector) -> None:
    given = [
        fragment(octets=b"a\x1b", charset=GSM, place=Place(1, 3, 1)),
        fragment(octets=b"e", charset=GSM, place=Place(1, 3, 2)),
        fragment("ж", Place(1, 3, 3)),
    ]
    assert collector.texts(*given) == ["a€ж"]


def test_a_part_that_comes_twice_says_nothing_new(collector: Collector) -> None:
    first, second = parts("one ", "two")
    collector.add(first)
    assert collector.add(first) == [Assembled(None, ["2"])]
    assert collector.texts(second) == ["one two"]
    for late in (first, second):
        [repeated] = collector.add(late)
        assert repeated.message is None


def test_a_reference_can_be_used_again(collector: Collector) -> None:
    assert collector.texts(*parts("one ", "two")) == ["one two"]
    assert collector.texts(*parts("three ", "four")) == ["three four"]


@pytest.mark.parametrize(
    ("there", "text"),
    [
        ((1,), f"A{GAP}"),
        ((2,), f"{GAP}B{GAP}"),
        ((4,), f"{GAP}D"),
        ((1, 3), f"A{GAP}C{GAP}"),
        ((1, 2, 4), f"AB{GAP}D"),
    ],
)
def test_what_never_came_leaves_a_gap(
    collector: Collector, there: tuple[int, ...], text: str
) -> None:
    whole = parts("A", "B", "C", "D")
    collector.add(*(whole[number - 1] for number in there))
    assert collector.assembler.next_end == START + PATIENCE
    assert collector.assembler.give_up(START + PATIENCE - timedelta(seconds=1)) == []
    [given_up] = collector.assembler.give_up(START + PATIENCE)
    assert given_up.message
    assert given_up.message.text == text
    assert given_up.message.parts == 4
    assert not given_up.message.is_complete
    assert collector.assembler.next_end is None


def test_what_was_whole_is_forgotten_after_a_while(collector: Collector) -> None:
    given = parts("one ", "two")
    collector.add(*given)
    collector.assembler.give_up(START + PATIENCE)
    assert collector.texts(*given) == ["one two"]


def test_a_flood_gives_up_the_oldest(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_PARTS", 2)
    monkeypatch.setattr(module, "MOST_WHOLE", 1)
    flood = [fragment(str(number), Place(number, 2, 1)) for number in range(5)]
    assert collector.texts(*flood) == [f"{number}{GAP}" for number in range(3)]
    assert len(collector.assembler) == 2
    assert len(collector.assembler._whole) == 1


@given(
    st.lists(
        st.builds(
            fragment,
            st.text(max_size=3),
            st.none()
            | st.builds(
                lambda reference, total, number: Place(
                    reference, total, 1 + number % total
                ),
                st.integers(0, 2),
                st.integers(2, 4),
                st.integers(0, 3),
            ),
        )
    )
)
def test_every_fragment_is_told_or_waits_once(fragments: list[Fragment]) -> None:
    collector = Collector()
    done = [
        id_ for assembled in collector.add(*fragments) for id_ in assembled.fragments
    ]
    assert len(done) + len(collector.assembler) == len(fragments)
    for assembled in collector.assembler.give_up(START + PATIENCE):
        done += assembled.fragments
    assert sorted(done, key=int) == [str(n + 1) for n in range(len(fragments))]
