"""The accounts of a provider: one login for its HTTP and its SMPP system."""

from collections.abc import Iterable
from decimal import Decimal
import re

_SENDER = re.compile(r"\+?[0-9]{1,16}|[A-Za-z0-9 ._-]{1,11}")

BIND_MODES = frozenset({"transmitter", "receiver", "transceiver"})
"""The ways to bind (SMPP specification v3.4, clause 4.1)."""


class Account:
    """A login, its credit and what it may do.

    `senders` None allows any sender of valid form. What is `expired` may still log in
    to websmpp, what is `locked` may not.

    Over websmpp: `push_url` is where receipts are sent by GET; with `push_extras` they
    carry `mcc`, `mnc` and `BatchId` too.

    Over SMPP: `bind_modes` are those of `BIND_MODES` it may bind as; `receivers` is how
    many sessions at once may be bound as receiver or transceiver, `transmitters` how
    many as transmitter (None: any number).
    """

    __slots__ = (
        "bind_modes",
        "credit",
        "expired",
        "locked",
        "password",
        "price",
        "push_extras",
        "push_url",
        "receivers",
        "senders",
        "transmitters",
        "user",
    )

    def __init__(
        self,
        user: str,
        password: str,
        *,
        credit: Decimal | int | str = 1000,
        price: Decimal | int | str = 1,
        senders: Iterable[str] | None = None,
        expired: bool = False,
        locked: bool = False,
        push_url: str | None = None,
        push_extras: bool = False,
        bind_modes: Iterable[str] = BIND_MODES,
        receivers: int | None = 1,
        transmitters: int | None = None,
    ) -> None:
        """Open an account; `credit` and `price` (per part) share one unit.

        Raises `ValueError` for an unknown way to bind.
        """
        self.user = user
        self.password = password
        self.credit = Decimal(credit)
        self.price = Decimal(price)
        self.senders = None if senders is None else frozenset(senders)
        self.expired = expired
        self.locked = locked
        self.push_url = push_url
        self.push_extras = push_extras
        self.bind_modes = frozenset(bind_modes)
        self.receivers = receivers
        self.transmitters = transmitters
        if unknown := self.bind_modes - BIND_MODES:
            raise ValueError(f"no way to bind: {', '.join(sorted(unknown))}")

    def may_send_as(self, sender: str) -> bool:
        """Tell whether the sender id is well-formed and allowed.

        A sender is a number of up to 16 digits or up to 11 alphanumeric characters
        (websmpp specification, parameter sid).
        """
        if _SENDER.fullmatch(sender) is None:
            return False
        return self.senders is None or sender in self.senders

    def charge(self, parts: int) -> bool:
        """Take the price of so many parts; return False if the credit is short."""
        cost = self.price * parts
        if cost > self.credit:
            return False
        self.credit -= cost
        return True
