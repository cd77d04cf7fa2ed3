"""The accounts of the platform."""

from collections.abc import Iterable
from decimal import Decimal
import re

_SENDER = re.compile(r"\+?[0-9]{1,16}|[A-Za-z0-9 ._-]{1,11}")


class Account:
    """A login, its credit and what it may do.

    `senders` None allows any sender of valid form. `push_url` is where receipts are
    sent by GET; with `push_extras` they carry `mcc`, `mnc` and `BatchId` too.
    """

    __slots__ = (
        "credit",
        "expired",
        "password",
        "price",
        "push_extras",
        "push_url",
        "senders",
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
        push_url: str | None = None,
        push_extras: bool = False,
    ) -> None:
        """Open an account; `credit` and `price` (per part) share one unit."""
        self.user = user
        self.password = password
        self.credit = Decimal(credit)
        self.price = Decimal(price)
        self.senders = None if senders is None else frozenset(senders)
        self.expired = expired
        self.push_url = push_url
        self.push_extras = push_extras

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
