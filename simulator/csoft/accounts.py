"""The accounts: a login, a credit, and where receipts go."""

from decimal import Decimal

from .. import accounts


class Account(accounts.Account):
    """A login, its credit, and where its receipts are posted (None: nowhere).

    `user` and `password` are what requests call Username and PIN. `receipt_user` and
    `receipt_pin` are what receipts carry by these names, None where they were not
    configured.
    """

    __slots__ = ("currency", "receipt_pin", "receipt_url", "receipt_user")

    def __init__(
        self,
        user: str,
        password: str,
        *,
        credit: Decimal | int | str = 1000,
        price: Decimal | int | str = 1,
        currency: str = "UKL",
        locked: bool = False,
        receipt_url: str | None = None,
        receipt_user: str | None = None,
        receipt_pin: str | None = None,
    ) -> None:
        """Open an account; `credit` and `price` (per part) share one unit."""
        super().__init__(user, password, credit=credit, price=price, locked=locked)
        self.currency = currency
        self.receipt_url = receipt_url
        self.receipt_user = receipt_user
        self.receipt_pin = receipt_pin
