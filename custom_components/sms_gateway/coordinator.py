"""Keeps the credit of an account, and hands changes of its messages to entities.

Of a system that tells no credit, it keeps whether the account can be used.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
import logging
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.update_coordinator import (
    DataUpdateCoordinator,
    UpdateFailed,
)

from .exceptions import translation_of
from .gateway import Account, Change, Credit, Gateway, State
from .gateway.errors import (
    LoginError,
    ProviderError,
    TransientError,
    UnavailableError,
    UncertainError,
)
from .gateway.listeners import tell
from .gateway.reasons import Reason
from .receipts import ReceiptTeller
from .recipients import Recipients
from .refused_receipts import RefusedReceipts
from .settings import AppliedSettings

_LOGGER = logging.getLogger(__name__)

CHECK_TIMEOUT: Final = 5.0
"""Seconds that what waits in the journal waits for the proof of the login."""
UPDATE_INTERVAL: Final = timedelta(minutes=15)
RETRY_INTERVAL: Final = timedelta(minutes=1)
"""How often a provider that is down is looked after."""
CREDIT_PAUSE: Final = 3.0
"""Seconds from an accepted message to the look at the credit: many share one look."""
WRITE_PAUSE: Final = 0.5
"""Least seconds between two writes of the figures: a broadcast is one change to them."""
TURN: Final = 0.002
"""Seconds that listeners may take in one turn of the event loop."""

_ANY_NUMBER: Final = ""

type ChangeListener = Callable[[Change], None]
type SmsGatewayConfigEntry = ConfigEntry[AccountRuntime]


@dataclass(slots=True)
class AccountRuntime:
    """What the platforms of one entry work with."""

    gateway: Gateway
    account: Account
    coordinator: AccountCoordinator
    recipients: Recipients
    settings: AppliedSettings
    receipts: ReceiptTeller
    refused_receipts: RefusedReceipts


class AccountCoordinator(DataUpdateCoordinator[Credit | None]):
    """Polls the credit, and tells entities when a figure or a message changed."""

    config_entry: SmsGatewayConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: SmsGatewayConfigEntry,
        gateway: Gateway,
        account: Account,
    ) -> None:
        """Begin to listen to the account; it ends with the entry."""
        self._look_soon: Debouncer[object] = Debouncer(
            hass, _LOGGER, cooldown=CREDIT_PAUSE, immediate=False
        )
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=entry.title,
            request_refresh_debouncer=self._look_soon,  # type: ignore[arg-type]
        )
        self.account = account
        self._has_credit = account.provider.capabilities.credit
        self._is_told = False
        self._plan(UPDATE_INTERVAL)
        self._status = account.status
        self._connection = account.provider.connection
        self._looking = False
        self._changes: deque[Change] = deque()
        self._change_listeners: defaultdict[str, list[ChangeListener]] = defaultdict(
            list
        )
        self._writing = Debouncer(
            hass,
            _LOGGER,
            cooldown=WRITE_PAUSE,
            immediate=True,
            function=self.async_update_listeners,
        )
        entry.async_on_unload(self._writing.async_shutdown)
        entry.async_on_unload(self._hand_out_rest)
        entry.async_on_unload(gateway.listen(self._take_changes))
        entry.async_on_unload(account.listen(self._take_report))
        entry.async_on_unload(account.listen_credit(self._take_credit))

    async def async_begin(self) -> None:
        """Prove the login; what waits in the journal goes out unless it is refused."""
        try:
            async with asyncio.timeout(CHECK_TIMEOUT):
                self.async_set_updated_data(await self.account.check())
        except LoginError as error:
            self.async_set_update_error(self._failed(error))
            return
        except ProviderError as error:
            self.async_set_update_error(self._failed(error))
        except TimeoutError:
            silence = UnavailableError(Reason("no_answer"))
            self.account.note(silence)
            self.async_set_update_error(self._failed(silence))
        self.account.resume()

    @callback
    def async_listen_changes(
        self, listener: ChangeListener, numbers: Iterable[str] = (_ANY_NUMBER,)
    ) -> CALLBACK_TYPE:
        """Call `listener` with each change of a message, or of one to these numbers."""
        places = [self._change_listeners[number] for number in numbers]
        for place in places:
            place.append(listener)

        @callback
        def stop() -> None:
            for place in places:
                place.remove(listener)

        return stop

    @override
    async def _async_update_data(self) -> Credit | None:
        self._looking = True
        try:
            credit = await self.account.check()
        except ProviderError as error:
            raise self._failed(error) from error
        finally:
            self._looking = False
        self._plan(UPDATE_INTERVAL)
        return credit

    def _failed(self, error: ProviderError) -> UpdateFailed:
        """Say why there is no credit, and when to look again."""
        passes = isinstance(error, TransientError | UncertainError)
        self._plan(RETRY_INTERVAL if passes else UPDATE_INTERVAL)
        return UpdateFailed(**translation_of(error))

    def _plan(self, pause: timedelta) -> None:
        """Look at the credit again after a pause; a connection tells by itself."""
        self.update_interval = pause if self._has_credit else None

    @callback
    def _take_changes(self, changes: Sequence[Change]) -> None:
        own = [each for each in changes if each.message.account == self.account.id]
        if not own:
            return
        idle = not self._changes
        self._changes.extend(own)
        if idle:
            # Not at once: whoever waits for the journal goes on first.
            self.hass.loop.call_soon(self._hand_out)
        self._writing.async_schedule_call()
        looks = self._has_credit and not self._is_told
        if looks and any(each.message.state is State.ACCEPTED for each in own):
            self._look_soon.async_schedule_call()

    @callback
    def _hand_out(self) -> None:
        """Tell listeners of what they can hear in one turn of the event loop."""
        end = self.hass.loop.time() + TURN
        while self._changes and self.hass.loop.time() < end:
            self._tell(self._changes.popleft())
        if self._changes:
            self.hass.loop.call_soon(self._hand_out)

    @callback
    def _hand_out_rest(self) -> None:
        while self._changes:
            self._tell(self._changes.popleft())

    def _tell(self, change: Change) -> None:
        for number in (_ANY_NUMBER, change.message.recipient):
            for listener in self._change_listeners.get(number, ()):
                tell(listener, change)

    @callback
    def _take_credit(self, credit: Credit) -> None:
        """Take the credit that an answer told: nobody has to ask for it after that."""
        self._is_told = True
        self.data = credit
        self._writing.async_schedule_call()

    @callback
    def _take_report(self, error: ProviderError | None) -> None:
        """Hear how a request ended; look at the credit when it says otherwise."""
        lost = isinstance(error, UnavailableError | UncertainError)
        news = lost if self.last_update_success else error is None
        if news and not self._looking:
            self._look_soon.async_schedule_call()
        connection = self.account.provider.connection
        if self.account.status is not self._status:
            self._status = self.account.status
        elif connection == self._connection:
            return
        self._connection = connection
        self._writing.async_schedule_call()
