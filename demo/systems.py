"""The systems of the demo: each with its simulated provider and a Home Assistant account."""

from abc import ABC, abstractmethod
import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
import time
from typing import Any, ClassVar, Final, override

from simulator import csoft, smsc, smsitaly, websmpp

from .accounts import (
    add_csoft_account,
    add_recipient,
    add_smpp_account,
    add_smsitaly_account,
    add_websmpp_account,
)
from .api import ApiError, HomeApi

RECEIPT_TIMEOUT: Final = 45.0
_NUMBERS: Final = ("+9613000111", "+9613000222", "+9613000333")


@dataclass(frozen=True, slots=True)
class Result:
    """What a round of messages came to; `delivered` is None where no receipts come."""

    system: str
    sent: int
    delivered: int | None
    credit: str
    seconds: float

    @property
    def is_complete(self) -> bool:
        """Whether every message was sent, and its receipt came where one does."""
        return self.sent == len(_NUMBERS) and self.delivered in (None, self.sent)

    @override
    def __str__(self) -> str:
        """One line: system, sent, delivered, credit, seconds."""
        delivered = "-" if self.delivered is None else self.delivered
        return (
            f"{self.system} {self.sent} {delivered} {self.credit} {self.seconds:.1f}s"
        )


class DemoSystem(ABC):
    """One system: its provider, its account, and a round of messages through it."""

    name: ClassVar[str]
    tells_receipts: ClassVar[bool] = True

    def __init__(self, api: HomeApi) -> None:
        """Take the Home Assistant that is to send."""
        self._api = api
        self._entry_id = ""

    @abstractmethod
    async def set_up(self, stack: AsyncExitStack) -> None:
        """Start the provider, and set the account up by Home Assistant's flow."""

    @abstractmethod
    async def credit(self) -> str:
        """Return the credit that Home Assistant shows; `-` where none is told."""

    async def add_recipient(self, name: str, *numbers: str) -> None:
        """Add a recipient to the account."""
        await add_recipient(self._api, self._entry_id, name, numbers)

    async def send_round(self) -> Result:
        """Send to three numbers by one action, and wait for the receipts there are."""
        receipts = await self._api.subscribe("sms_gateway_receipt")
        start = time.monotonic()
        try:
            answer = await self._api.action(
                "sms_gateway.send_message",
                {
                    "config_entry_id": self._entry_id,
                    "target": list(_NUMBERS),
                    "message": "The washing machine is done.",
                },
            )
        except ApiError as error:
            print(f"{self.name}: {error}")
            return Result(self.name, 0, 0, "?", time.monotonic() - start)
        accepted = {
            row["message_id"]
            for row in answer["messages"]
            if row["state"] not in ("queued", "failed")
        }
        delivered = None
        if self.tells_receipts:
            delivered = len(await self._delivered(receipts, accepted))
        seconds = time.monotonic() - start
        return Result(self.name, len(accepted), delivered, await self.credit(), seconds)

    async def _wait_for_state(self, entity_id: str, wanted: str) -> str:
        """Return the state of an entity, once it is as wanted or will never be."""
        state = "?"
        try:
            async with asyncio.timeout(RECEIPT_TIMEOUT):
                while state != wanted:
                    state = (await self._api.get(f"/api/states/{entity_id}"))["state"]
                    await asyncio.sleep(0.05)
        except TimeoutError:
            print(f"{self.name}: {entity_id} is {state}, the provider says {wanted}")
        return state

    async def _delivered(
        self, receipts: asyncio.Queue[dict[str, Any]], wanted: set[str]
    ) -> set[str]:
        delivered: set[str] = set()
        try:
            async with asyncio.timeout(RECEIPT_TIMEOUT):
                while delivered != wanted:
                    receipt = await receipts.get()
                    if receipt["state"] == "delivered":
                        delivered |= {receipt["message_id"]} & wanted
        except TimeoutError:
            print(f"{self.name}: {len(wanted - delivered)} receipts did not come")
        return delivered


class WebsmppDemo(DemoSystem):
    """websmpp HTTP, with receipts pushed to Home Assistant's webhook."""

    name = "websmpp"

    @override
    async def set_up(self, stack: AsyncExitStack) -> None:
        account = self._account = websmpp.Account("demo", "demo", credit=100)
        provider = await stack.enter_async_context(websmpp.WebsmppSimulator([account]))
        entry = await add_websmpp_account(
            self._api, provider.base_url, account.user, account.password
        )
        account.push_url = entry.webhook_url
        self._entry_id = entry.id

    @override
    async def credit(self) -> str:
        sensor = "sensor.websmpp_demo_credit"
        return await self._wait_for_state(sensor, f"{self._account.credit}")


class SmppDemo(DemoSystem):
    """SMPP 3.4, with receipts by deliver_sm."""

    name = "smpp"

    @override
    async def set_up(self, stack: AsyncExitStack) -> None:
        account = smsc.Account("demo", "demo", credit=100)
        provider = await stack.enter_async_context(smsc.SmscSimulator([account]))
        entry = await add_smpp_account(
            self._api, provider.host, provider.port, account.user, account.password
        )
        self._entry_id = entry.id

    @override
    async def credit(self) -> str:
        return "-"


class SmsitalyDemo(DemoSystem):
    """smsitaly TCP, which tells the credit with every message and no receipts."""

    name = "smsitaly"
    tells_receipts = False

    @override
    async def set_up(self, stack: AsyncExitStack) -> None:
        account = self._account = smsitaly.Account("demo", "demo", credit=100)
        provider = await stack.enter_async_context(
            smsitaly.SmsItalySimulator([account])
        )
        entry = await add_smsitaly_account(
            self._api, provider.host, provider.port, account.user, account.password
        )
        self._entry_id = entry.id

    @override
    async def credit(self) -> str:
        sensor = "sensor.smsitaly_demo_credit"
        return await self._wait_for_state(sensor, f"{self._account.credit}")


class CsoftDemo(DemoSystem):
    """Connection Software, with receipts posted to Home Assistant's webhook."""

    name = "csoft"

    @override
    async def set_up(self, stack: AsyncExitStack) -> None:
        account = self._account = csoft.Account("demo", "demo", credit=100)
        provider = await stack.enter_async_context(csoft.CsoftSimulator([account]))
        entry = await add_csoft_account(
            self._api, provider.url, account.user, account.password
        )
        account.receipt_url = entry.webhook_url
        self._entry_id = entry.id

    @override
    async def credit(self) -> str:
        sensor = "sensor.csoft_demo_credit"
        return await self._wait_for_state(sensor, f"{self._account.credit:.4f}")


SYSTEMS: Final[tuple[type[DemoSystem], ...]] = (
    WebsmppDemo,
    SmppDemo,
    SmsitalyDemo,
    CsoftDemo,
)


async def furnish(api: HomeApi, systems: list[DemoSystem]) -> None:
    """Give the visitor something to look at."""
    await api.call(
        "frontend/set_system_data",
        key="core",
        value={"default_panel": "sms-gateway"},
    )
    for system in systems:
        await system.add_recipient("Alice", "+9613000444")
        await system.add_recipient("Night watch", "+9613000555", "+9613000701")
        await system.send_round()
