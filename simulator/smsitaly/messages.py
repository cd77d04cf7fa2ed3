"""The messages the gate has taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..stored import Stored
from .fields import Field, recipient
from .texts import Content


class Interface(StrEnum):
    """The two interfaces of the port."""

    ASCII = "ascii"
    PACKET = "packet"


@dataclass(slots=True, frozen=True, eq=False)
class Message:
    """One message, as it was sent.

    `fields` are all of them, with what was kept or is the default in the place of empty
    ones. `taken` and `scheduled` (None: at once) are seconds since 1970, `session` is
    the number of the session.
    """

    account: str
    session: int
    interface: Interface
    fields: Mapping[Field, str]
    content: Content
    taken: float
    scheduled: float | None

    @property
    def recipient(self) -> str:
        """The whole number, as `+3933312345`."""
        return recipient(self.fields)

    @property
    def sender(self) -> str:
        """The sender."""
        return self.fields[Field.SENDER]

    @property
    def text(self) -> str:
        """The text, out of its hexadecimal digits if it is in such."""
        return self.content.text

    @property
    def octets(self) -> bytes:
        """The octets of the text, out of their hexadecimal digits if in such."""
        return self.content.octets

    @property
    def header(self) -> bytes:
        """The user data header, empty without one."""
        return self.content.header

    @property
    def parts(self) -> int:
        """The number of parts that were paid."""
        return self.content.parts

    @property
    def raw(self) -> bytes:
        """The octets of TextMessage as they came."""
        return self.fields[Field.TEXT_MESSAGE].encode("latin-1")


class Messages(Stored[Message]):
    """All messages in the order they were taken."""

    def to(self, recipient: str) -> list[Message]:
        """Return the messages to a number."""
        return [each for each in self if each.recipient == recipient]

    def doubles(self) -> list[Message]:
        """Return the messages like an earlier one in account and all fields."""
        seen = set()
        doubles = []
        for each in self:
            key = (each.account, *each.fields.values())
            if key in seen:
                doubles.append(each)
            seen.add(key)
        return doubles
