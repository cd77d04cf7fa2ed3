"""What the tests of the gateway share: a provider that does as told, and waiting."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any, override

import pytest

from gateway import Account, AccountOptions, Gateway, OnUncertain
from gateway.errors import InputError, ProviderError, TransientError
from gateway.journal import Journal
from gateway.model import Credit, Draft, Encoding, Message, Receipt, State, Submission
from gateway.providers import Capabilities, Coverage, Outcome, Provider
from gateway.text import Measure, measure

from .clock import START

NUMBER = "+9613123456"
BUSY = TransientError("busy", code="HTTP11")
HOLD = {"on_uncertain": OnUncertain.HOLD}


def make_message(**changes: Any) -> Message:
    """Return a queued message to `NUMBER`."""
    message = Message(
        id="m1",
        account="a",
        recipient=NUMBER,
        text="Fire",
        created_at=START,
        updated_at=START,
        expires_at=START + timedelta(hours=24),
        sender="Home",
    )
    return replace(message, **changes)


def make_receipt(
    provider_id: str = "1", state: State = State.DELIVERED, **more: Any
) -> Receipt:
    return Receipt(provider_id=provider_id, state=state, **more)


def numbers(amount: int, first: int = 0) -> list[str]:
    """Return so many valid numbers."""
    return [f"+96170{number:06}" for number in range(first, first + amount)]


def draft(*recipients: str, text: str = "Fire", **more: Any) -> Draft:
    return Draft(recipients=recipients or (NUMBER,), text=text, **more)


@contextmanager
def refused(
    field: str, key: str, kind: type[InputError] = InputError, /, **values: object
) -> Iterator[None]:
    """Expect that a value of this field is refused, for this reason."""
    with pytest.raises(kind) as error:
        yield
    text = error.value.text
    assert (error.value.field, text.key) == (field, key)
    named = {name: text.values.get(name) for name in values}
    assert named == {name: str(value) for name, value in values.items()}


async def eventually(condition: Callable[[], Any], seconds: float = 60) -> None:
    """Wait until the condition holds; it is looked at again and again."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - not everything has an event
            await asyncio.sleep(0.001)


async def settle(gateway: Gateway) -> None:
    """Wait until nothing is being sent or asked, and all of it is recorded."""
    await eventually(
        lambda: (
            not any(
                account.outbox._workers or account.tracker._workers
                for account in gateway.accounts
            )
        )
    )
    await gateway._ledger.settle()


async def restart(gateway: Gateway, provider: Provider, **options: Any) -> Account:
    await gateway.remove_account("a")
    return await gateway.add_account(
        "a", provider, AccountOptions(sender="Home", **options)
    )


class FakeProvider(Provider):
    """Answers submissions with what is in `answers`, or takes them.

    While `gate` is clear, requests stay open. `statuses` answers enquiries.
    """

    capabilities = Capabilities(schedule=True, polls=True)

    def __init__(self) -> None:
        self.login: str | None = None
        self.answers: deque[Any] = deque()
        self.always: Any = None
        self.requests: list[Sequence[Message]] = []
        self.asked: list[str] = []
        self.statuses: dict[str, State | Exception] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.open = 0
        self.most_open = 0
        self.limit = 100
        self.closed = False
        self.cancelled: list[str] = []
        self.cancel_errors: dict[str, ProviderError] = {}
        self.credit = Credit(Decimal(100))
        self.balance_error: ProviderError | None = None
        self._ids = count(1)

    @property
    @override
    def shared_login(self) -> str | None:
        return self.login

    @override
    def measure(self, text: str, encoding: Encoding) -> Measure:
        return measure(text)

    @override
    def bulk_limit(self, message: Message) -> int:
        return self.limit

    @override
    async def submit(self, message: Message) -> Submission:
        async with self._request([message]):
            answer = self._answer()
            return answer or Submission((str(next(self._ids)),), "ok")

    @override
    async def submit_bulk(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        async with self._request(messages):
            answer = self._answer()
            return answer or [(str(next(self._ids)),) for _ in messages]

    @override
    async def status(self, provider_id: str, sender: str | None = None) -> Receipt:
        self.asked.append(provider_id)
        async with self._request(()):
            answer = self.statuses.get(provider_id, State.ACCEPTED)
            if isinstance(answer, Exception):
                raise answer
            return Receipt(provider_id=provider_id, state=answer)

    @override
    async def cancel(self, provider_id: str, message: Message) -> None:
        if error := self.cancel_errors.get(provider_id):
            raise error
        self.cancelled.append(provider_id)

    @override
    async def balance(self) -> Credit:
        if self.balance_error:
            raise self.balance_error
        return self.credit

    @override
    async def coverage(self, form: int) -> Coverage:
        return Coverage("text/csv", b"", ())

    @override
    async def close(self) -> None:
        self.closed = True

    def _answer(self) -> Any:
        answer = self.answers.popleft() if self.answers else self.always
        if isinstance(answer, Exception):
            raise answer
        return answer

    @asynccontextmanager
    async def _request(self, messages: Sequence[Message]) -> Any:
        if messages:
            self.requests.append(messages)
        self.open += 1
        self.most_open = max(self.open, self.most_open)
        try:
            await self.gate.wait()
            yield
        finally:
            self.open -= 1


class FaultyConnection:
    """SQLite's connection under a journal; some methods fail while `error` is set."""

    def __init__(self, journal: Journal, *failing: str) -> None:
        self._connection = journal._db._connection
        self._failing = failing
        self.error: Exception | None = None
        self.calls: Counter[str] = Counter()
        # It only passes on what it is asked for, by whatever name.
        journal._db._connection = self  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Any:
        self.calls[name] += 1
        if self.error is not None and name in self._failing:
            return self._fail
        return getattr(self._connection, name)

    def _fail(self, *_: Any) -> None:
        if self.error is not None:
            raise self.error
