"""Receipts that came before the provider id of their message was known."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from datetime import datetime
from itertools import islice
from typing import Final

from ..journal import EarlyReceipt, Identity

LIMIT: Final = 10_000
"""Receipts that may wait at once; the oldest goes first, as in a flood of fakes."""

type Key = tuple[str, str]
"""An account and a provider id."""
type Index[K: Hashable] = defaultdict[K, dict[Identity, EarlyReceipt]]


class EarlyReceipts:
    """What waits, in order of arrival; a mirror of the journal's table."""

    def __init__(self) -> None:
        """Begin with none."""
        self._waiting: dict[Identity, EarlyReceipt] = {}
        self._by_key: Index[Key] = defaultdict(dict)
        self._any_base: set[Identity] = set()
        self._any_account: Index[str] = defaultdict(dict)

    def __len__(self) -> int:
        """Count the receipts that wait."""
        return len(self._waiting)

    @property
    def any_base(self) -> bool:
        """Whether a receipt waits whose id may be written otherwise."""
        return bool(self._any_base)

    def accounts(self, provider_id: str) -> set[str]:
        """Return the accounts whose receipts for this id may be for any account."""
        return {each.account for each in self._any_account.get(provider_id, ())}

    def waiting(self, key: Key) -> Collection[EarlyReceipt]:
        """Return the receipts that wait under this key, in order of arrival."""
        return self._by_key[key].values() if key in self._by_key else ()

    def overflow(self, coming: Iterable[EarlyReceipt]) -> list[Identity]:
        """Return those that must go to make room for those that are coming."""
        new = {each.identity for each in coming} - self._waiting.keys()
        excess = max(0, len(self._waiting) + len(new) - LIMIT)
        return list(islice(self._waiting, excess))

    def add(self, receipts: Iterable[EarlyReceipt]) -> None:
        """Keep these; the same one waits once."""
        for early in receipts:
            identity = early.identity
            if identity in self._waiting:
                continue
            self._waiting[identity] = self._by_key[key_of(early)][identity] = early
            if early.receipt.any_base:
                self._any_base.add(identity)
            if early.receipt.any_account:
                self._any_account[identity.provider_id][identity] = early

    def remove(self, identities: Iterable[Identity]) -> None:
        """Forget these, if they wait."""
        for identity in identities:
            early = self._waiting.pop(identity, None)
            if early is None:
                continue
            self._any_base.discard(identity)
            _take_out(self._by_key, key_of(early), identity)
            if early.receipt.any_account:
                _take_out(self._any_account, identity.provider_id, identity)

    def prune(self, account: str, before: datetime) -> None:
        """Forget what an account has waited for since before that time."""
        self.remove(
            [
                identity
                for identity, early in self._waiting.items()
                if identity.account == account and early.received_at < before
            ]
        )

    def forget_account(self, account: str) -> None:
        """Forget what waits for an account."""
        self.remove([each for each in self._waiting if each.account == account])


def key_of(early: EarlyReceipt) -> Key:
    """Return what an early receipt waits under."""
    return early.account, early.receipt.provider_id


def _take_out[K: Hashable](index: Index[K], key: K, identity: Identity) -> None:
    """Forget one in an index; a key under which nothing is left goes with it."""
    del index[key][identity]
    if not index[key]:
        del index[key]
