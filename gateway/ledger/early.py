"""Receipts that came before the provider id of their message was known."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Final

from ..journal import EarlyReceipt

LIMIT: Final = 10_000
"""Provider ids that may wait at once; the oldest goes first, as in a flood of fakes."""

type Key = tuple[str, str]


class EarlyReceipts:
    """What waits, by account and provider id; a mirror of the journal's table."""

    def __init__(self) -> None:
        """Begin with none."""
        self._waiting: OrderedDict[Key, list[EarlyReceipt]] = OrderedDict()
        self._any_base: set[Key] = set()
        self._any_account: defaultdict[str, set[str]] = defaultdict(set)

    def __len__(self) -> int:
        """Count the provider ids that wait."""
        return len(self._waiting)

    @property
    def any_base(self) -> bool:
        """Whether a receipt waits whose id may be written otherwise."""
        return bool(self._any_base)

    def accounts(self, provider_id: str) -> set[str]:
        """Return the accounts whose receipts for this id may be for any account."""
        return self._any_account.get(provider_id, set())

    def waiting(self, key: Key) -> list[EarlyReceipt]:
        """Return the receipts that wait under this key, in order of arrival."""
        return self._waiting.get(key, [])

    def overflow(self, coming: Iterable[EarlyReceipt]) -> list[Key]:
        """Return the keys that must go to make room for those that are coming."""
        new = set(map(key_of, coming)) - self._waiting.keys()
        excess = max(0, len(self._waiting) + len(new) - LIMIT)
        return list(islice(self._waiting, excess))

    def add(self, receipts: Iterable[EarlyReceipt]) -> None:
        """Keep these; one state of one provider id waits once."""
        for early in receipts:
            waiting = self._waiting.setdefault(key_of(early), [])
            if early.receipt.any_base:
                self._any_base.add(key_of(early))
            if early.receipt.any_account:
                self._any_account[early.receipt.provider_id].add(early.account)
            if all(each.receipt.state != early.receipt.state for each in waiting):
                waiting.append(early)

    def remove(self, keys: Iterable[Key]) -> None:
        """Forget what waits under these keys."""
        for key in keys:
            self._waiting.pop(key, None)
            self._any_base.discard(key)
            account, provider_id = key
            if accounts := self._any_account.get(provider_id):
                accounts.discard(account)
                if not accounts:
                    del self._any_account[provider_id]

    def prune(self, account: str, before: datetime) -> None:
        """Forget what an account has waited for since before that time."""
        self.remove(
            [
                key
                for key, waiting in self._waiting.items()
                if key[0] == account and waiting[-1].received_at < before
            ]
        )

    def forget_account(self, account: str) -> None:
        """Forget what waits for an account."""
        self.remove([key for key in self._waiting if key[0] == account])


def key_of(early: EarlyReceipt) -> Key:
    """Return what an early receipt waits under."""
    return early.account, early.receipt.provider_id
