"""What a message, a part, a receipt, a state and a credit are.

Everything here is an immutable value. `lifecycle` says how one message follows from
another, `journal` keeps them, `providers` carry them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, NamedTuple, Self, dataclass_transform, override


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value[T](class_: type[T]) -> type[T]:
    """Make an immutable value of a class.

    That nobody changes one is proven by the type checker, not at run time: a frozen
    dataclass takes three times as long to make, and a message is made three times on
    its way.
    """
    return _with_replace(dataclass(slots=True, unsafe_hash=True)(class_))


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(field,)
)
def keyword_value[T](class_: type[T]) -> type[T]:
    """Make an immutable value of a class, whose fields are given by name."""
    return _with_replace(dataclass(slots=True, kw_only=True, unsafe_hash=True)(class_))


def _with_replace[T](class_: type[T]) -> type[T]:
    """Let `copy.replace` take half the time that it takes for other dataclasses.

    What copies a value is written out for its class, as dataclasses write `__init__`;
    a class made of that class needs a decorator of its own.
    """
    names = frozenset(each.name for each in fields(class_))  # type: ignore[arg-type]
    written: dict[str, Callable[[T, T], None]] = {}
    copying = "".join(f"    new.{name} = old.{name}\n" for name in names)
    exec(f"def copy(old, new):\n{copying}", written)  # noqa: S102 - our own names
    copy = written["copy"]

    def replace(self: T, /, **changes: Any) -> T:
        if not names.issuperset(changes):
            unknown = ", ".join(changes.keys() - names)
            raise TypeError(f"{class_.__name__} has no {unknown}")
        new = object.__new__(class_)
        copy(self, new)
        for name, value in changes.items():
            setattr(new, name, value)
        return new

    class_.__replace__ = replace  # type: ignore[attr-defined]
    return class_


_END: Final = 4
"""The rank of all final states."""


class State(StrEnum):
    """What became of a message.

    The SMPP 3.4 message states (clause 5.2.28) and two of our own: `QUEUED`, which the
    provider has not accepted yet, and `FAILED`, which it never will.
    """

    rank: int
    """How far along the way this state stands; a message never goes back."""
    is_final: bool
    """Whether a message in this state will never change again."""

    QUEUED = "queued", 0
    ACCEPTED = "accepted", 1
    ENROUTE = "enroute", 2
    UNKNOWN = "unknown", 3
    DELIVERED = "delivered"
    UNDELIVERABLE = "undeliverable"
    EXPIRED = "expired"
    REJECTED = "rejected"
    DELETED = "deleted"
    FAILED = "failed"

    def __new__(cls, value: str, rank: int = _END) -> Self:
        """Make a state; one without a rank of its own is final."""
        state = str.__new__(cls, value)
        state._value_ = value
        state.rank = rank
        state.is_final = rank == _END
        return state


FINAL_STATES = frozenset(state for state in State if state.is_final)
UNDELIVERED_STATES = frozenset(
    {State.UNDELIVERABLE, State.EXPIRED, State.REJECTED, State.DELETED}
)


class Encoding(StrEnum):
    """How a text shall travel."""

    AUTO = "auto"
    """The cheapest encoding that is certain to arrive as it was written."""
    GSM = "gsm"
    """The GSM 03.38 default alphabet; a text beyond it is refused."""
    SPECIAL = "special"
    """As `GSM`, marked as special characters (websmpp type 3)."""
    UNICODE = "unicode"
    """UCS-2."""
    ARABIC = "arabic"
    """UCS-2, converted by the provider (websmpp type 4)."""
    WAP_BOOKMARK = "wap_bookmark"
    """No text, but a bookmark, in the provider's own form (smsitaly type WBK)."""
    WAP_PUSH = "wap_push"
    """A WAP push in that form (smsitaly type WPS)."""

    @property
    def is_wap(self) -> bool:
        """Whether it is something else than a text."""
        return self in (Encoding.WAP_BOOKMARK, Encoding.WAP_PUSH)


class AccountStatus(StrEnum):
    """What the provider's last answer says about the account."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    STANDBY = "standby"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    NO_CREDIT = "no_credit"
    LOGIN_REFUSED = "login_refused"
    ADDRESS_LOCKED = "address_locked"
    UNREACHABLE = "unreachable"


@keyword_value
class Draft:
    """What a caller asks to send: one text to one or more numbers.

    `schedule` is an aware datetime; `validity` is how long a try makes sense, counted
    from now or from the schedule; without `track` the provider is asked for no
    receipt and many recipients share one request where the system allows it. A
    recipient that came as an `int` has lost its plus sign (`numbers.normalize_number`).
    """

    recipients: Sequence[str | int]
    text: str
    sender: str | None = None
    encoding: Encoding = Encoding.AUTO
    schedule: datetime | None = None
    validity: timedelta | None = None
    flash: bool = False
    reference: str | None = None
    track: bool = True


@value
class Failure:
    """Why the provider, or the way to it, refused a message.

    `kind` is the `kind` of the error class, `code` the provider's own code.
    """

    kind: str
    code: str | None
    text: str

    @override
    def __str__(self) -> str:
        """The provider's own words, with its code in front."""
        return f"{self.code}: {self.text}" if self.code else self.text


@value
class Part:
    """One segment of a message, as the provider knows it."""

    provider_id: str
    state: State
    error_code: str | None = None


@keyword_value
class Message:
    """One text to one number, and what became of it. All times are aware, in UTC.

    `recipient` is an E.164 number with its plus sign, or a short code. `expires_at` is
    when an unsent message is given up. `answer` is what the provider said last, raw,
    and `done_at` when that came about by its own clock, where it says so.
    """

    id: str
    account: str
    recipient: str
    text: str
    created_at: datetime
    expires_at: datetime
    updated_at: datetime
    sender: str | None = None
    encoding: Encoding = Encoding.AUTO
    schedule: datetime | None = None
    flash: bool = False
    reference: str | None = None
    tracked: bool = True
    state: State = State.QUEUED
    attempts: int = 0
    submitting: bool = False
    next_attempt_at: datetime | None = None
    accepted_at: datetime | None = None
    finished_at: datetime | None = None
    done_at: datetime | None = None
    failure: Failure | None = None
    answer: str | None = None
    parts: tuple[Part, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether the message ended before the provider took it."""
        return self.state.is_final and self.accepted_at is None

    @property
    def provider_ids(self) -> list[str]:
        """The provider's ids of the parts."""
        return [part.provider_id for part in self.parts]

    @property
    def error_code(self) -> str | None:
        """The provider's code for why the message was refused or did not arrive."""
        if self.failure is not None:
            return self.failure.code
        if self.state is State.DELIVERED:
            return None
        return next(
            (
                part.error_code
                for part in self.parts
                if part.state is self.state and part.error_code
            ),
            None,
        )

    @property
    def latency(self) -> timedelta | None:
        """Time from acceptance (or the scheduled time) to delivery, once delivered."""
        if (
            self.state is not State.DELIVERED
            or self.finished_at is None
            or self.accepted_at is None
        ):
            return None
        start = max(self.accepted_at, self.schedule or self.accepted_at)
        return max(self.finished_at - start, timedelta())


@value
class Submission:
    """A provider's word that it took a message: one provider id for each part."""

    provider_ids: tuple[str, ...]
    answer: str


@keyword_value
class Receipt:
    """A provider's word on what became of one part.

    `recipient` is the number it names (digits, any form) or None, `sender` the other
    one, which servers mix up with it; `raw` the receipt as it came, bounded in length.
    `done_at` is when the part came to its state by the provider's clock, in UTC; None
    where it does not say so, or not in which time zone.
    Where nothing has the id, it may be `other_id` that is meant, which came with it.
    With `any_base` the id may be written otherwise than when the message was accepted,
    with `any_account` the message may have been sent through another account.
    """

    provider_id: str
    state: State
    error_code: str | None = None
    recipient: str | None = None
    sender: str | None = None
    done_at: datetime | None = None
    any_base: bool = False
    any_account: bool = False
    other_id: str | None = None
    raw: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids it gives, the more certain one first."""
        return (
            (self.provider_id, self.other_id) if self.other_id else (self.provider_id,)
        )


class Place(NamedTuple):
    """Where a part stands in its message: `number` counts from 1 to `total`."""

    reference: int
    total: int
    number: int


@keyword_value
class Fragment:
    """An incoming message, or a part of one, as a provider brings it.

    `octets` is the text in a charset that `text.decode` knows. Numbers of known country
    are in E.164, others as they came. `place` is None for a message of one part.
    `sent_at` is when the provider got it, by its clock and in UTC, where it says so.
    """

    sender: str
    recipient: str
    octets: bytes
    charset: str
    place: Place | None = None
    sent_at: datetime | None = None


@keyword_value
class IncomingMessage:
    """A message that came in for an account.

    `id` is our own. Where parts never came, `is_complete` is false, and an ellipsis
    stands for them in the text. `sent_at` is when the provider got the first of them.
    """

    id: str
    account: str
    sender: str
    recipient: str
    text: str
    received_at: datetime
    sent_at: datetime | None = None
    parts: int = 1
    is_complete: bool = True


@value
class Credit:
    """What is left on an account; `currency` is None where the provider counts parts."""

    amount: Decimal
    currency: str | None = None


@value
class Change:
    """A message after a step of its way, and the state before it (None: just made)."""

    message: Message
    before: State | None

    @property
    def is_outcome(self) -> bool:
        """Whether the state is news to somebody who waits for a receipt."""
        state = self.message.state
        if state is self.before or state is State.QUEUED:
            return False
        return not (state is State.ACCEPTED and self.before is State.QUEUED)
