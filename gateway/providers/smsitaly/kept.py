"""What the server keeps of the messages of a session, and so need not be said again.

Source: smsitaly specification, "Optional Parameters" and "Note". Values that come empty
assume those of the first message, says one place; another, of what is unchanged. They
are left out where both readings come to the same.
"""

from dataclasses import dataclass
from typing import Final

from .fields import Fields

STICKY: Final = frozenset({"sender", "country_code", "gsm_code", "text_message"})


@dataclass(slots=True)
class Kept:
    """The first and the last message of a session.

    What the server keeps of a message that it refused, nobody knows: from then on
    everything is said, as long as the session lasts.
    """

    first: Fields | None = None
    last: Fields | None = None
    is_certain: bool = True

    def take(self, fields: Fields) -> None:
        """Note a message that was taken."""
        self.first = self.first or fields
        self.last = fields

    def has(self, name: str, value: str) -> bool:
        """Whether the server knows this value of a field that it keeps."""
        return (
            self.is_certain
            and self.first is not None
            and getattr(self.first, name) == getattr(self.last, name) == value
        )

    def strip(self, fields: Fields) -> Fields:
        """Leave out what the server knows."""
        known = [name for name in STICKY if self.has(name, getattr(fields, name))]
        return fields._replace(**dict.fromkeys(known, "")) if known else fields
