"""Logging in, in both interfaces."""

from typing import TYPE_CHECKING

from . import refusals
from .accounts import Account, Status
from .answers import Answer, positive
from .refusals import RefusedError

if TYPE_CHECKING:
    from .centre import Centre
    from .session import Session


class Login:
    """Who may have a session."""

    def __init__(self, centre: Centre) -> None:
        """Log in to the accounts of this gate."""
        self._centre = centre

    def find(self, user: str) -> Account:
        """Return an account; raises `RefusedError` if there is none."""
        account = self._centre.accounts.get(user)
        if account is None:
            raise RefusedError(refusals.ACCOUNT_NOT_VALID)
        return account

    def admit(
        self, session: Session, user: str, password: str, *, by_packet: bool
    ) -> Answer:
        """Log a session in; raises `RefusedError`."""
        account = self.find(user)
        if account.password != password:
            raise RefusedError(refusals.ACCOUNT_NOT_VALID)
        self._check_address(account, session.ip)
        if account.status == Status.BLOCKED:
            raise RefusedError(refusals.ACCOUNT_BLOCKED)
        strict = by_packet or self._centre.settings.inactive_login == "refuse"
        # The table of the ASCII interface has no answer against an inactive account.
        if strict and account.status != Status.ACTIVE:
            raise RefusedError(refusals.ACCOUNT_NOT_ACTIVE)
        others = len(self._centre.logged_in(user))
        if others >= self._centre.settings.sessions_per_account:
            raise RefusedError(refusals.TOO_MANY_SESSIONS)
        if account.is_spent:
            raise RefusedError(refusals.NO_CREDIT)
        session.log_in(account)
        return positive(
            f"ID ACCOUNT: {account.number} STATUS: {account.status}", account.balance
        )

    def _check_address(self, account: Account, ip: str) -> None:
        """See that the account may be used over TCP, and from this address."""
        if not account.tcp_allowed:
            raise RefusedError(refusals.TCP_NOT_ALLOWED)
        if ip in account.locked_ips:
            raise RefusedError(refusals.IP_LOCKED)
        if account.ips is not None and ip not in account.ips:
            raise RefusedError(refusals.IP_NOT_AVAILABLE)
