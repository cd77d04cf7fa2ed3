"""Messages and their changes, as events, actions and templates show them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, callback

from .const import ATTR_CONFIG_ENTRY, EVENT_RECEIPT
from .gateway import Change, Message


@dataclass(slots=True)
class ReceiptNews:
    """What is told of a message that has come to something.

    Whatever it sets off in Home Assistant has its context.
    """

    state: str
    data: dict[str, Any]
    context: Context = field(default_factory=Context)


class ReceiptTeller:
    """Tells of each outcome of an account's messages: on the bus, and to listeners.

    It does not end with the entry: it has to hear what comes while the entry unloads.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Take where to tell, and whose messages these are."""
        self._hass = hass
        self._entry_id = entry_id
        self._listeners: list[Callable[[ReceiptNews], None]] = []

    @callback
    def async_listen(self, listener: Callable[[ReceiptNews], None]) -> CALLBACK_TYPE:
        """Call `listener` with each of the news; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def async_take(self, change: Change) -> None:
        """Tell of a change, if it is an outcome."""
        if not change.is_outcome:
            return
        news = ReceiptNews(str(change.message.state), change_data(change))
        self._hass.bus.async_fire(
            EVENT_RECEIPT,
            {ATTR_CONFIG_ENTRY: self._entry_id, **news.data},
            context=news.context,
        )
        for listener in self._listeners:
            listener(news)


def message_data(message: Message) -> dict[str, Any]:
    """What an automation may want to know of a message; never its text."""
    return {
        "message_id": message.id,
        "recipient": message.recipient,
        "state": str(message.state),
        "reference": message.reference,
        "provider_ids": message.provider_ids,
        "parts": len(message.parts) or None,
        "error_code": message.error_code,
        "reason": str(message.failure) if message.failure else None,
        "done_at": _iso(message.done_at),
    }


def change_data(change: Change) -> dict[str, Any]:
    """What an automation may want to know of a change."""
    data = message_data(change.message)
    data["previous_state"] = str(change.before) if change.before else None
    latency = change.message.latency
    data["latency"] = latency.total_seconds() if latency is not None else None
    return data


def message_details(message: Message) -> dict[str, Any]:
    """Everything that is known of a message, its text and the raw answer too."""
    return {
        **message_data(message),
        ATTR_CONFIG_ENTRY: message.account,
        "text": message.text,
        "sender": message.sender,
        "encoding": message.encoding.value,
        "flash": message.flash,
        "tracked": message.tracked,
        "attempts": message.attempts,
        "answer": message.answer,
        "part_states": [part.state.value for part in message.parts],
        "created_at": message.created_at.isoformat(),
        "updated_at": message.updated_at.isoformat(),
        "expires_at": message.expires_at.isoformat(),
        "schedule": _iso(message.schedule),
        "next_attempt_at": _iso(message.next_attempt_at),
        "accepted_at": _iso(message.accepted_at),
        "finished_at": _iso(message.finished_at),
    }


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
