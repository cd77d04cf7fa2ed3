"""The messages the SMSC has taken."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, override

from ..stored import Stored
from . import codings
from .codings import DefaultAlphabet
from .ids import FIRST_NUMBER
from .pdus import ShortMessage
from .states import MessageState, Script
from .tags import Tag
from .user_data import UserData

_MS_DISPLAY = b"\x01"


class Stage(NamedTuple):
    """A message state and the moment it was reached, in seconds since 1970."""

    state: MessageState
    since: float


@dataclass(slots=True, eq=False)
class Message:
    """One message, that is one segment of a longer one, as it was submitted.

    `message_id` is that of the response, `number` what the ids are made of. `sent` is
    the moment from which the script runs, `expires` the end of the validity period;
    these and `submitted` are seconds since 1970, `arrived` is by `time.monotonic()`.
    `session` is the number of the session.
    """

    number: int
    message_id: str
    user: str
    session: int
    pdu: ShortMessage
    data: UserData
    arrived: float
    submitted: float
    sent: float
    expires: float | None
    script: Script
    default_alphabet: DefaultAlphabet
    fixed: Stage | None = None
    revision: int = field(default=0, init=False)
    """How often its course has changed: what was planned before does not hold."""

    @property
    def source(self) -> str:
        """The source address."""
        return self.pdu.source.digits

    @property
    def destination(self) -> str:
        """The destination address."""
        return self.pdu.destination.digits

    @property
    def text(self) -> str:
        """The text of the segment."""
        return codings.decode(
            self.data.content, self.pdu.data_coding, self.default_alphabet
        )

    @property
    def flash(self) -> bool:
        """Whether it is to be shown at once (5.2.19 and 5.3.2.1)."""
        subunit = self.pdu.parameters.get(Tag.DEST_ADDR_SUBUNIT)
        return subunit == _MS_DISPLAY or codings.is_flash(self.pdu.data_coding)

    def course(self) -> Iterator[Stage]:
        """Iterate over the stages that follow the first, to the last one."""
        if self.fixed is not None:
            yield self.fixed
            return
        for step in self.script:
            moment = self.sent + step.after
            if self.expires is not None and moment > self.expires:
                break
            yield Stage(step.status, moment)
            if step.status.final:
                return
        if self.expires is not None:
            yield Stage(MessageState.EXPIRED, self.expires)

    def stage(self, now: float) -> Stage:
        """Return the stage at a moment (seconds since 1970)."""
        found = Stage(MessageState.ENROUTE, self.submitted)
        for stage in self.course():
            if stage.since > now:
                break
            found = stage
        return found

    def is_en_route(self, now: float) -> bool:
        """Tell whether it can still be changed."""
        return self.stage(now).state is MessageState.ENROUTE

    def revise(
        self, pdu: ShortMessage, data: UserData, sent: float, expires: float | None
    ) -> None:
        """Be another message under the same id."""
        self.pdu = pdu
        self.data = data
        self.sent = sent
        self.expires = expires
        self.revision += 1

    def fix(self, stage: Stage) -> None:
        """End the script with a stage."""
        self.fixed = stage
        self.revision += 1


class Messages(Stored[Message]):
    """All messages in the order they were taken."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.next_number = FIRST_NUMBER
        self._by_id: dict[str, Message] = {}

    @override
    def add(self, item: Message) -> None:
        """Store a message, which has the next number."""
        self._items.append(item)
        self._by_id[item.message_id] = item
        self.next_number += 1

    def by_id(self, message_id: str) -> Message | None:
        """Return the last message with this id in its response, or None."""
        return self._by_id.get(message_id)

    def to(self, destination: str) -> list[Message]:
        """Return the messages to a number."""
        return [each for each in self._items if each.destination == destination]

    def whole_texts(self) -> list[tuple[str, str, str]]:
        """Return source, destination and text of all that is complete, put together.

        A longer message stands where its last segment does.
        """
        texts = []
        segments: dict[tuple[str, str, str, int, int], dict[int, str]] = {}
        for each in self._items:
            text, part = each.text, each.data.part
            if part is not None:
                reference, total, number = part
                key = (each.user, each.source, each.destination, reference, total)
                found = segments.setdefault(key, {})
                found[number] = text
                if len(found) < total:
                    continue
                text = "".join(found[index] for index in sorted(found))
                del segments[key]
            texts.append((each.source, each.destination, text))
        return texts

    def doubles(self) -> list[Message]:
        """Return the messages like an earlier one.

        That is in account, addresses and content, and for a segment in its place,
        whatever its reference.
        """
        seen = set()
        doubles = []
        for each in self._items:
            place = None if each.data.part is None else each.data.part[1:]
            key = (each.user, each.source, each.destination, each.data.content, place)
            if key in seen:
                doubles.append(each)
            seen.add(key)
        return doubles

    @override
    def clear(self) -> None:
        """Forget all messages, what is planned for them, and begin the ids anew."""
        for message in self._items:
            message.revision += 1
        self._items.clear()
        self._by_id.clear()
        self.next_number = FIRST_NUMBER
