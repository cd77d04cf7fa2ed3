"""The accounts of the SMS gate: a credit, a status, and what may be sent whence."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from .. import accounts

_LONGEST = 20
"""Characters of an account's name and of its password."""


class Status(StrEnum):
    """The status of an account, as SmsQuery=Status tells it."""

    ACTIVE = "Active"
    INACTIVE = "Inactive"
    EXPIRED = "Expired"
    BLOCKED = "Blocked"
    STANDBY = "Standby"


class Account(accounts.Account):
    """A login, its credit and what it may do.

    `number` is the ID ACCOUNT of the answer to a login. `country_codes`, `gsm_codes`
    and `senders` None allow all that are well-formed; `locked_recipients` are whole
    numbers, as `+3933312345`. It may not log in from `locked_ips`, nor from any other
    address than `ips` (None: from all), nor at all unless `tcp_allowed`.
    """

    __slots__ = (
        "country_codes",
        "gsm_codes",
        "ips",
        "locked_ips",
        "locked_recipients",
        "number",
        "status",
        "tcp_allowed",
    )

    def __init__(
        self,
        user: str,
        password: str,
        *,
        credit: Decimal | int | str = 1000,
        price: Decimal | int | str = 1,
        senders: Iterable[str] | None = None,
        number: str = "0000",
        status: Status | str = Status.ACTIVE,
        country_codes: Iterable[str] | None = None,
        gsm_codes: Iterable[str] | None = None,
        locked_recipients: Iterable[str] = (),
        locked_ips: Iterable[str] = (),
        ips: Iterable[str] | None = None,
        tcp_allowed: bool = True,
    ) -> None:
        """Open an account; `credit` and `price` (per part) share one unit.

        Raises `ValueError` for an unknown status, and if name or password have not 1 to
        20 characters.
        """
        super().__init__(user, password, credit=credit, price=price, senders=senders)
        self.number = number
        self.status = Status(status)
        self.country_codes = _set(country_codes)
        self.gsm_codes = _set(gsm_codes)
        self.locked_recipients = frozenset(locked_recipients)
        self.locked_ips = frozenset(locked_ips)
        self.ips = _set(ips)
        self.tcp_allowed = tcp_allowed
        if not (0 < len(user) <= _LONGEST and 0 < len(password) <= _LONGEST):
            raise ValueError("account and password have 1 to 20 characters")

    @property
    def balance(self) -> int:
        """The credit as answers tell it, in whole units."""
        return int(self.credit)

    @property
    def is_spent(self) -> bool:
        """Whether not even one part can be paid."""
        return self.credit < self.price


def _set(values: Iterable[str] | None) -> frozenset[str] | None:
    """Return a set of what is allowed, None where everything is."""
    return None if values is None else frozenset(values)
