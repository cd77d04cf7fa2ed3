"""Receipts: when each is due, and posting it until it is acknowledged."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import batched
import random

from ..agenda import Agenda
from . import forms, posting, times
from .accounts import Account
from .attacks import Attack
from .forms import Content, Told
from .messages import Message, Stage
from .posting import WHOLE, Pace, Post, Verdict
from .reports import Report
from .settings import Settings

_OK = 200


@dataclass(slots=True, eq=False)
class Receipt:
    """A report of one message on its way to the account's URL.

    `verdict` is the last that the receiver gave of it, None while there is none.
    """

    message: Message
    stage: Stage
    attempts: int = field(default=0, init=False)
    acknowledged: bool = field(default=False, init=False)
    verdict: Verdict | None = field(default=None, init=False)

    @property
    def report(self) -> int:
        """The code it tells."""
        return self.stage.report


class Receipts:
    """Posts receipts, again if need be, each when it is due."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        settings: Settings,
        agenda: Agenda,
        changed: Callable[[], None],
    ) -> None:
        """Post for these accounts; `changed` is called after every post."""
        self.tried: list[Receipt] = []
        """All that were posted at least once."""
        self.posts: list[Post] = []
        """All posts, oldest first, those of attacks too."""
        self.acknowledged = 0
        self._accounts = accounts
        self._settings = settings
        self._agenda = agenda
        self._changed = changed
        self._gathered: list[Receipt] = []
        self._queue: asyncio.Queue[list[Receipt]] = asyncio.Queue()
        self._workers: list[asyncio.Task[None]] = []
        self._random = random.Random(0)
        self._clearings = 0

    def start(self) -> None:
        """Begin to post."""
        self._workers = [
            asyncio.create_task(self._work())
            for _ in range(max(1, self._settings.receipt_connections))
        ]

    async def stop(self) -> None:
        """Drop what is not posted yet and end."""
        self.clear()
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def clear(self) -> None:
        """Drop all receipts, posted or not."""
        self._agenda.clear()
        self._gathered.clear()
        while not self._queue.empty():
            self._queue.get_nowait()
        self.tried.clear()
        self.posts.clear()
        self.acknowledged = 0
        self._clearings += 1

    def plan(self, message: Message) -> None:
        """Post the receipts of a message when its script comes to them."""
        if self._url(message) is None:
            return
        for stage in message.course():
            self._agenda.at(
                stage.since + self._settings.receipt_delay,
                partial(self._fall_due, message, stage),
            )

    async def post_early(self, message: Message) -> None:
        """Post the receipts of a new message now, and wait for the answers."""
        if self._url(message) is None:
            return
        for stage in message.course():
            reached = Stage(stage.report, message.submitted)
            await self._attempt([Receipt(message, reached)])

    def tell(self, message: Message, stage: Stage) -> None:
        """Post the receipt of a stage, once others have taken their places."""
        if self._url(message) is None:
            return
        receipt = Receipt(message, stage)
        if self._settings.receipt_order == "due" and self._batch == 1:
            self._queue.put_nowait([receipt])
            return
        if not self._gathered:
            self._agenda.after(self._settings.receipt_window, self._release)
        self._gathered.append(receipt)

    async def post(self, url: str, content: Content, pace: Pace = WHOLE) -> Post:
        """Post anything, and keep and return the post with its answer."""
        clearings, settings = self._clearings, self._settings
        limit = settings.receipt_timeout
        post = await posting.send(url, content, settings, limit, pace)
        if clearings == self._clearings:
            self.posts.append(post)
            self._changed()
        return post

    async def attack(self, attack: Attack, user: str | None = None) -> list[Post]:
        """Post what an attacker does, and return the posts in their order.

        It goes to the URL of this account, or of the first that has one, and is made of
        the account's last receipt. Raises `ValueError` if there is no such URL.
        """
        account, url = self._receiving(user)
        places = asyncio.Semaphore(attack.connections)

        async def one(content: Content) -> Post:
            async with places:
                return await self.post(url, content, attack.pace(content))

        contents = attack.contents(self._last_told(account))
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(content)) for content in contents]
        return [task.result() for task in tasks]

    def url_of(self, user: str | None) -> str:
        """Return the URL of this account, or of the first that has one.

        Raises `ValueError` if there is none.
        """
        return self._receiving(user)[1]

    def _receiving(self, user: str | None) -> tuple[Account, str]:
        """Return an account that has a URL, and that; raises `ValueError`."""
        for account in self._accounts.values():
            url = account.receipt_url
            if url is not None and user in (None, account.user):
                return account, url
        raise ValueError("there is no account with a URL for receipts")

    def _last_told(self, account: Account) -> Told:
        """Return what the account's last receipt tells, or one of nothing known."""
        for receipt in reversed(self.tried):
            if receipt.message.account == account.user:
                return self._told(receipt)
        return Told(
            account.receipt_user,
            account.receipt_pin,
            times.write(self._agenda.now()),
            "447700900123",
            "3C7D98A4",
            "0",
        )

    def _url(self, message: Message) -> str | None:
        """Return where receipts of a message go, None if nowhere."""
        account = self._accounts.get(message.account)
        if account is None or self._settings.receipt_timing == "never":
            return None
        return account.receipt_url

    @property
    def _batch(self) -> int:
        """How many receipts go into one request; a form has room for one."""
        if self._settings.receipt_encoding == "form":
            return 1
        return max(1, self._settings.receipt_batch)

    def _fall_due(self, message: Message, stage: Stage) -> None:
        """Post a receipt that was planned, unless the message's course has changed."""
        if message.fixed is None:
            self.tell(message, stage)

    def _release(self) -> None:
        """Post what was gathered, in the order and the number of the settings."""
        receipts, self._gathered = self._gathered, []
        if self._settings.receipt_order == "reversed":
            receipts.reverse()
        elif self._settings.receipt_order == "shuffled":
            self._random.shuffle(receipts)
        for together in _by_account(receipts):
            for batch in batched(together, self._batch, strict=False):
                self._queue.put_nowait(list(batch))

    async def _work(self) -> None:
        """Post what comes into the queue."""
        while True:
            await self._attempt(await self._queue.get())

    async def _attempt(self, receipts: list[Receipt]) -> None:
        """Make one attempt with all copies, and plan the next one if it failed."""
        url, clearings = self._url(receipts[0].message), self._clearings
        if url is None:
            return
        for receipt in receipts:
            if receipt.attempts == 0:
                self.tried.append(receipt)
            receipt.attempts += 1
        content = forms.compose(map(self._told, receipts), self._settings)
        for _ in range(self._settings.receipt_copies):
            post = await self.post(url, content)
            if clearings != self._clearings:
                return
            for receipt in receipts:
                self._take(receipt, post)
        self._again([each for each in receipts if not each.acknowledged])
        self._changed()

    def _take(self, receipt: Receipt, post: Post) -> None:
        """Take what a post says of a receipt."""
        receipt.verdict = _verdict(receipt, post)
        if receipt.acknowledged:
            return
        match self._settings.receipt_acknowledgement:
            case "answer":
                receipt.acknowledged = post.status is not None
            case "status":
                receipt.acknowledged = post.status == _OK
            case _:
                report = None if receipt.verdict is None else receipt.verdict.report
                receipt.acknowledged = post.status == _OK and report == Report.OK
        self.acknowledged += receipt.acknowledged

    def _again(self, receipts: list[Receipt]) -> None:
        """Make another attempt later, if there is to be one."""
        pauses = self._settings.receipt_pauses
        if receipts and receipts[0].attempts <= len(pauses):
            again = partial(self._queue.put_nowait, receipts)
            self._agenda.after(pauses[receipts[0].attempts - 1], again)

    def _told(self, receipt: Receipt) -> Told:
        """Return what a receipt tells."""
        account = self._accounts[receipt.message.account]
        return Told(
            account.receipt_user,
            account.receipt_pin,
            times.write(receipt.stage.since),
            receipt.message.destination,
            receipt.message.identifier,
            str(receipt.report),
        )


def _by_account(receipts: Iterable[Receipt]) -> Iterator[list[Receipt]]:
    """Put together what goes to one account, in the order as it is."""
    found: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        found.setdefault(receipt.message.account, []).append(receipt)
    yield from found.values()


def _verdict(receipt: Receipt, post: Post) -> Verdict | None:
    """Return what a post says of a receipt; a verdict without an id is of all."""
    for verdict in post.verdicts:
        if verdict.identifier in (None, receipt.message.identifier):
            return verdict
    return None
