"""Push receipts: telling the account's own URL what became of its messages."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
import random

import aiohttp

from ..accounts import Account
from ..clock import Clock, Timer
from ..networks import network_of
from .messages import Message, Messages, State
from .replies import timestamp
from .settings import Settings
from .statuses import Status

_ACKNOWLEDGEMENT = b"ok"


@dataclass(slots=True, eq=False)
class Receipt:
    """A status of one part on its way to the account's URL."""

    message: Message
    part_id: int
    state: State
    attempts: int = 0
    acknowledged: bool = False

    @property
    def status(self) -> Status:
        """The status it tells."""
        return self.state.status


class Push:
    """Sends receipts, again if need be, each when it is due."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        messages: Messages,
        settings: Settings,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        """Send for these accounts; `changed` is called after every attempt."""
        self.receipts: list[Receipt] = []
        self.acknowledged = 0
        self._accounts = accounts
        self._messages = messages
        self._settings = settings
        self._clock = clock
        self._changed = changed
        self._timers: set[Timer] = set()
        self._queue: asyncio.Queue[Receipt] = asyncio.Queue()
        self._workers: list[asyncio.Task[None]] = []
        self._session: aiohttp.ClientSession | None = None
        self._random = random.Random(0)

    def start(self) -> None:
        """Begin to send."""
        # The default resolver starts a thread that outlives the session.
        connector = aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver())
        self._session = aiohttp.ClientSession(connector=connector)
        self._workers = [
            asyncio.create_task(self._work())
            for _ in range(max(1, self._settings.push_connections))
        ]

    async def stop(self) -> None:
        """Drop what is not sent yet and end."""
        self.clear()
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def clear(self) -> None:
        """Drop all receipts, sent or not."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        while not self._queue.empty():
            self._queue.get_nowait()
        self.receipts.clear()
        self.acknowledged = 0

    def plan(self, message: Message) -> None:
        """Send the receipts of a new message when its script comes to them."""
        if self._url(message) is None:
            return
        for step in message.script:
            moment = message.sent + step.after
            for part_id in message.ids:
                receipt = Receipt(message, part_id, State(step.status, moment))
                self._at(moment + self._settings.push_delay, receipt)

    async def send_early(self, message: Message) -> None:
        """Send the receipts of a new message at once and wait for the answers."""
        if self._url(message) is None:
            return
        for step in message.script:
            for part_id in message.ids:
                state = State(step.status, message.sent + step.after)
                await self._send(Receipt(message, part_id, state))

    def tell(self, message: Message, part_id: int, state: State) -> None:
        """Send the receipt of a status that was set by hand."""
        if self._url(message) is not None:
            self._queue.put_nowait(Receipt(message, part_id, state))

    def _url(self, message: Message) -> str | None:
        """Return where receipts of a message go, None if nowhere."""
        account = self._accounts.get(message.account)
        if account is None or self._settings.push_timing == "never":
            return None
        return account.push_url

    def _at(self, moment: float, receipt: Receipt) -> None:
        """Put a receipt into the queue when it is due."""

        def fire() -> None:
            self._timers.discard(timer)
            by_hand = self._messages.is_set_by_hand(receipt.part_id)
            if receipt.attempts > 0 or not by_hand:
                self._queue.put_nowait(receipt)

        timer = self._clock.call_at(moment, fire)
        self._timers.add(timer)

    async def _work(self) -> None:
        """Send what comes into the queue, in the order of the settings."""
        while True:
            receipts = [await self._queue.get()]
            if self._settings.push_order != "due":
                await asyncio.sleep(self._settings.push_window)
                while not self._queue.empty():
                    receipts.append(self._queue.get_nowait())
                if self._settings.push_order == "reversed":
                    receipts.reverse()
                else:
                    self._random.shuffle(receipts)
            for receipt in receipts:
                await self._send(receipt)

    async def _send(self, receipt: Receipt) -> None:
        """Make one attempt with all copies, and plan the next one if it failed."""
        url = self._url(receipt.message)
        if url is None:
            return
        if receipt.attempts == 0:
            self.receipts.append(receipt)
        receipt.attempts += 1
        for _ in range(self._settings.push_copies):
            if await self._get(url, self._parameters(receipt)):
                receipt.acknowledged = True
        self.acknowledged += receipt.acknowledged
        pauses = self._settings.push_pauses
        if not receipt.acknowledged and receipt.attempts <= len(pauses):
            self._at(self._clock.now() + pauses[receipt.attempts - 1], receipt)
        self._changed()

    async def _get(self, url: str, parameters: Mapping[str, str]) -> bool:
        """Return whether the account's server acknowledged: `ok` is in the body."""
        if self._session is None:
            return False
        timeout = aiohttp.ClientTimeout(total=self._settings.push_timeout)
        try:
            async with self._session.get(
                url, params=parameters, timeout=timeout
            ) as response:
                return _ACKNOWLEDGEMENT in await response.read()
        except aiohttp.ClientError, TimeoutError:
            return False

    def _parameters(self, receipt: Receipt) -> dict[str, str]:
        """Return the parameters of a receipt (observed on AMS servers)."""
        message = receipt.message
        parameters = {
            "MessageId": str(receipt.part_id),
            "Source": message.source,
            "Destination": message.destination,
            "Status": receipt.status.value,
            "SubmitDate": timestamp(message.submitted),
            "DoneDate": timestamp(receipt.state.since),
        }
        if self._accounts[message.account].push_extras:
            network = network_of(message.destination)
            parameters |= {
                "mcc": network.mcc,
                "mnc": network.mnc,
                "BatchId": str(message.batch),
            }
        return parameters
