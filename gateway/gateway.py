"""The gateway: accounts, what they send, and what became of it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from copy import replace
from datetime import datetime, timedelta
from itertools import batched
import logging
from pathlib import Path
from typing import Final, Self
import uuid

from .account import Account, AccountOptions
from .clock import Clock, SystemClock
from .errors import (
    InputError,
    SendFailedError,
    UnknownAccountError,
    UnknownMessageError,
    stack_of,
)
from .journal import Journal
from .ledger import Ledger, Listener
from .model import Change, Draft, Message, Receipt
from .numbers import check_sender, normalize_number, same_number
from .providers import Provider
from .text import check_text

_LOGGER = logging.getLogger(__name__)

CHUNK: Final = 100
"""Messages made in one turn of the event loop."""
NAMED_NUMBERS: Final = 5
"""Invalid numbers that one error names."""


class Gateway:
    """Sends drafts through accounts and tells what became of each message.

    Everything is recorded in the journal before it is sent or told.
    """

    def __init__(self, journal: Journal, clock: Clock) -> None:
        """Take an open journal; use `Gateway.open`."""
        self._journal = journal
        self._clock = clock
        self._ledger = Ledger(journal, clock)
        self._ledger.listen(self._hand_out)
        self._accounts: dict[str, Account] = {}

    @classmethod
    async def open(cls, path: Path, clock: Clock | None = None) -> Self:
        """Open the gateway with the journal at `path`; raises JournalError."""
        return cls(await Journal.open(path), clock or SystemClock())

    async def close(self) -> None:
        """Stop all accounts and close the journal."""
        for error in await asyncio.gather(
            *map(self.remove_account, list(self._accounts)), return_exceptions=True
        ):
            if error is not None:
                _LOGGER.error("An account did not stop: %s", stack_of(error))
        await self._ledger.close()
        await self._journal.close()

    async def hold_file(self, *, held: bool) -> None:
        """Let the journal's file be copied, or end that; raises JournalError.

        Nothing waits for it: messages are recorded and sent as ever.
        """
        await self._journal.hold_file(held=held)

    @property
    def accounts(self) -> Sequence[Account]:
        """The accounts, in the order of their adding."""
        return list(self._accounts.values())

    def account(self, account_id: str) -> Account:
        """Return an account; raises UnknownAccountError."""
        try:
            return self._accounts[account_id]
        except KeyError:
            raise UnknownAccountError(f"no account {account_id}") from None

    async def add_account(
        self,
        account_id: str,
        provider: Provider,
        options: AccountOptions | None = None,
        *,
        resume: bool = True,
    ) -> Account:
        """Add an account and resume what the journal holds for it.

        Without `resume`, what was not sent yet waits for `Account.resume`. An account
        with the same id is removed first. Raises JournalError.
        """
        if account_id in self._accounts:
            await self.remove_account(account_id)
        account = Account(
            account_id,
            provider,
            options or AccountOptions(),
            self._journal,
            self._ledger,
            self._clock,
            self._has_twin,
        )
        await account.load()
        # Between these two nothing may wait: changes are handed out from here on.
        self._accounts[account_id] = account
        await account.start()
        if resume:
            account.resume()
        return account

    async def remove_account(self, account_id: str) -> None:
        """Stop an account; the journal keeps its messages."""
        account = self.account(account_id)
        try:
            await account.stop()
        finally:
            if self._accounts.get(account_id) is account:
                del self._accounts[account_id]

    async def forget_account(self, account_id: str) -> None:
        """Remove from the journal everything of an account that is not added."""
        await self._ledger.forget_account(account_id)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each batch of changes; the answer ends that."""
        return self._ledger.listen(listener)

    async def check(self, account_id: str, draft: Draft) -> None:
        """Raise InputError when a value of the draft cannot be used."""
        await self._compose(self.account(account_id), draft)

    async def send(self, account_id: str, draft: Draft) -> list[Message]:
        """Send a draft; returns its messages after the first try of each.

        A message that is `queued` then waits for the provider and is tried again. A
        call that is cancelled leaves its messages to go out.
        Raises InputError, and sends nothing, when a value of the draft cannot be used;
        SendFailedError when the provider refused at least one message for good;
        JournalError, and sends nothing, when the journal cannot be written.
        """
        account = self.account(account_id)
        messages = await self._compose(account, draft)
        sent = await account.send(messages)
        if any(message.is_refused for message in sent):
            raise SendFailedError(sent)
        return sent

    async def receive(self, account_id: str, receipt: Receipt) -> Message | None:
        """Take a receipt that the provider brought.

        Returns its message when the journal holds the change, or None when no message
        is known by that id: the receipt waits for it then. Raises JournalError.
        """
        return await self.account(account_id).receive(receipt)

    async def claim(self, account_id: str, receipt: Receipt) -> bool:
        """Take a receipt as `receive` does; returns whether a message is meant by it.

        One that is being sent to the receipt's number may be: a receipt can overtake
        the answer that names the id.
        """
        account = self.account(account_id)
        accounts = self.accounts if receipt.any_account else (account,)
        sending = [message for each in accounts for message in each.outbox.sending]
        if await account.receive(receipt):
            return True
        return any(
            receipt.recipient is None or same_number(receipt.recipient, each.recipient)
            for each in sending
        )

    async def get(self, message_id: str) -> Message:
        """Return a message by our own id; raises UnknownMessageError."""
        message = await self._journal.get(message_id)
        if message is None:
            raise UnknownMessageError(f"no message {message_id}")
        return message

    async def query(self, message_id: str) -> Message:
        """Ask the provider after a message now, and return what is known then.

        Raises UnknownMessageError, UnsupportedError for a system that answers no
        enquiries, ProviderError, JournalError.
        """
        message = await self.get(message_id)
        return await self.account(message.account).query(message)

    async def cancel(self, message_id: str) -> Message:
        """Take a message back: it becomes `deleted`, unless a part has arrived.

        Raises UnknownMessageError, InputError when it is too late, UnsupportedError for
        a system that takes nothing back, ProviderError when the provider refuses,
        JournalError.
        """
        message = await self.get(message_id)
        return await self.account(message.account).cancel(message)

    async def _compose(self, account: Account, draft: Draft) -> list[Message]:
        """Check every value of the draft and make one message for each number."""
        draft = replace(draft, sender=draft.sender or account.options.sender)
        now = self._clock.now()
        check_text(draft.text)
        if draft.sender:
            draft = replace(draft, sender=check_sender(draft.sender))
        if draft.schedule and (draft.schedule.tzinfo is None or draft.schedule <= now):
            raise InputError("schedule", "schedule_past")
        account.provider.check(draft)
        expires_at = _expiry(draft, now, account.options.time_to_live)
        numbers = await _numbers(draft.recipients, account.options.region)
        messages: list[Message] = []
        for chunk in batched(numbers, CHUNK, strict=False):
            messages += [
                Message(
                    id=uuid.uuid7().hex,
                    account=account.id,
                    recipient=recipient,
                    text=draft.text,
                    sender=draft.sender,
                    encoding=draft.encoding,
                    schedule=draft.schedule,
                    flash=draft.flash,
                    reference=draft.reference,
                    tracked=draft.track,
                    created_at=now,
                    updated_at=now,
                    expires_at=expires_at,
                )
                for recipient in chunk
            ]
            await asyncio.sleep(0)
        return messages

    def _has_twin(self, account: Account) -> bool:
        """Whether another account has the same login, in another system perhaps."""
        login = account.provider.shared_login
        return login is not None and any(
            each is not account and each.provider.shared_login == login
            for each in self._accounts.values()
        )

    def _hand_out(self, changes: Sequence[Change]) -> None:
        by_account: defaultdict[str, list[Change]] = defaultdict(list)
        for change in changes:
            by_account[change.message.account].append(change)
        for account_id, own in by_account.items():
            if account := self._accounts.get(account_id):
                account.take_changes(own)


def _expiry(draft: Draft, now: datetime, time_to_live: timedelta) -> datetime:
    validity = time_to_live if draft.validity is None else draft.validity
    if validity <= timedelta():
        raise InputError("validity", "validity_short")
    try:
        return max(now, draft.schedule or now) + validity
    except OverflowError:
        raise InputError("validity", "validity_long") from None


async def _numbers(recipients: Sequence[str | int], region: str | None) -> list[str]:
    """Return each number once, in order; raises one InputError for all bad ones."""
    numbers: dict[str, None] = {}
    refused: list[InputError] = []
    for chunk in batched(recipients, CHUNK, strict=False):
        for recipient in chunk:
            try:
                numbers[normalize_number(recipient, region)] = None
            except InputError as error:
                refused.append(error)
        await asyncio.sleep(0)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        named = [error.text.values["number"] for error in refused[:NAMED_NUMBERS]]
        more = ["…"] if len(refused) > NAMED_NUMBERS else []
        raise InputError(
            "recipient",
            "numbers_unusable",
            count=len(refused),
            numbers=", ".join(named + more),
        )
    if not numbers:
        raise InputError("recipient", "numbers_missing")
    return list(numbers)
