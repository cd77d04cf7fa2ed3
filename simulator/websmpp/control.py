"""The JSON control endpoint, for those who watch from another process.

GET  /_simulator/state                    everything but the lists
GET  /_simulator/messages?to=&offset=&limit=  messages, oldest first
GET  /_simulator/doubles?offset=&limit=   messages like an earlier one
GET  /_simulator/requests?offset=&limit=  requests, oldest first
GET  /_simulator/receipts?offset=&limit=  push receipts, oldest first
POST /_simulator/faults                   a fault or a list of them; [] ends all
POST /_simulator/errors                   a forced error or a list; [] ends all
POST /_simulator/settings                 changed settings
POST /_simulator/accounts                 an account to open or to change
POST /_simulator/status                   {"id": part, "status": status}
POST /_simulator/reset                    forget everything but accounts and settings

See `simulator.control` for the rest.
"""

from functools import partial
from typing import TYPE_CHECKING

from .. import reading
from ..accounts import BIND_MODES, Account
from ..control import (
    ControlEndpoint,
    add_rules,
    page,
    paged,
    put_account,
    seconds,
    typed,
)
from ..reading import Reader
from .endpoints import Endpoint
from .errors import ErrorCode, ForcedError
from .faults import Fault
from .messages import Message
from .observation import RequestRecord
from .push import Receipt
from .replies import timestamp

if TYPE_CHECKING:
    from .server import WebsmppSimulator


class Control:
    """What the control endpoint shows and does."""

    def __init__(self, simulator: WebsmppSimulator) -> None:
        """Control this simulator."""
        self._simulator = simulator
        self.endpoint = ControlEndpoint(
            views={
                "state": lambda _: self._state(),
                "messages": self._messages,
                "doubles": paged(simulator.messages.doubles, self._message),
                "requests": paged(lambda: simulator.requests, _request),
                "receipts": paged(lambda: simulator.receipts, _receipt),
            },
            actions={
                "faults": partial(add_rules, simulator.faults, _read_fault),
                "errors": partial(add_rules, simulator.errors, _read_error),
                "settings": simulator.settings.change,
                "accounts": partial(put_account, simulator.accounts, Account, _ACCOUNT),
                "status": self._set_status,
                "reset": lambda _: simulator.reset(),
            },
        )

    def _state(self) -> dict[str, object]:
        """Describe everything but the lists."""
        simulator = self._simulator
        return {
            "base_url": simulator.base_url,
            "accounts": [_account(each) for each in simulator.accounts.values()],
            "messages": len(simulator.messages),
            "parts": simulator.messages.parts,
            "requests": dict(simulator.counts),
            "error_counts": dict(simulator.observation.errors),
            "in_flight": simulator.observation.in_flight,
            "max_in_flight": simulator.observation.max_in_flight,
            "receipts": {
                "sent": len(simulator.receipts),
                "acknowledged": simulator.push.acknowledged,
            },
            "faults": [_fault(each) for each in simulator.faults],
            "errors": [_error(each) for each in simulator.errors],
            "settings": simulator.settings.as_json(),
        }

    def _messages(self, query: dict[str, str]) -> list[object]:
        """Describe messages, all or those to one number."""
        messages = self._simulator.messages
        to = query.get("to")
        found = messages if to is None else messages.to(to)
        return [self._message(each) for each in page(found, query)]

    def _message(self, message: Message) -> dict[str, object]:
        """Describe a message with the status of each part."""
        now, messages = self._simulator.clock.now(), self._simulator.messages
        return {
            "account": message.account,
            "source": message.source,
            "destination": message.destination,
            "type": int(message.type),
            "text": message.text,
            "parts": message.parts,
            "ids": list(message.ids),
            "statuses": [messages.state(each, now).status for each in message.ids],
            "batch": message.batch,
            "submitted": message.submitted,
            "scheduled": message.scheduled,
            "method": message.method,
        }

    def _set_status(self, given: object) -> None:
        """Set the status of a part by hand."""
        values = typed(given, _STATUS, "id", "status")
        self._simulator.set_status(values["id"], values["status"])


def _endpoint(value: object) -> Endpoint:
    """Read the name of an endpoint."""
    return Endpoint(reading.text(value))


def _senders(value: object) -> frozenset[str]:
    """Read a list of sender ids."""
    return frozenset(reading.texts(value))


def _bind_modes(value: object) -> frozenset[str]:
    """Read a list of ways to bind."""
    read = reading.choice(*sorted(BIND_MODES))
    return frozenset(map(read, reading.texts(value)))


_RULE: dict[str, Reader] = {
    "endpoint": reading.optional(_endpoint),
    "times": reading.optional(reading.whole),
}
_FAULT: dict[str, Reader] = _RULE | {
    "kind": reading.text,
    "taken": reading.optional(reading.flag),
    "seconds": seconds,
    "status": reading.whole,
    "size": reading.whole,
    "charset": reading.text,
}
_ERROR: dict[str, Reader] = _RULE | {
    "code": lambda value: ErrorCode[reading.text(value)],
    "destination": reading.optional(reading.text),
}
_ACCOUNT: dict[str, Reader] = {
    "user": reading.text,
    "password": reading.text,
    "credit": reading.amount,
    "price": reading.amount,
    "senders": reading.optional(_senders),
    "expired": reading.flag,
    "locked": reading.flag,
    "push_url": reading.optional(reading.text),
    "push_extras": reading.flag,
    "bind_modes": _bind_modes,
    "receivers": reading.optional(reading.whole),
    "transmitters": reading.optional(reading.whole),
}
_STATUS: dict[str, Reader] = {"id": reading.whole, "status": reading.text}


def _read_fault(given: object) -> Fault:
    """Read a fault."""
    return Fault(**typed(given, _FAULT, "kind"))


def _read_error(given: object) -> ForcedError:
    """Read a forced error."""
    return ForcedError(**typed(given, _ERROR, "code"))


def _request(request: RequestRecord) -> dict[str, object]:
    """Describe a request."""
    return request._asdict()


def _account(account: Account) -> dict[str, object]:
    """Describe an account, without its password."""
    return {
        "user": account.user,
        "credit": str(account.credit),
        "price": str(account.price),
        "senders": None if account.senders is None else sorted(account.senders),
        "expired": account.expired,
        "locked": account.locked,
        "push_url": account.push_url,
        "push_extras": account.push_extras,
        "bind_modes": sorted(account.bind_modes),
        "receivers": account.receivers,
        "transmitters": account.transmitters,
    }


def _fault(fault: Fault) -> dict[str, object]:
    """Describe a fault in the shape it is given in."""
    return {name: getattr(fault, name) for name in _FAULT}


def _error(error: ForcedError) -> dict[str, object]:
    """Describe a forced error in the shape it is given in."""
    destination = error.destination
    return {
        "code": error.code.name,
        "endpoint": error.endpoint,
        "times": error.times,
        "destination": "by predicate" if callable(destination) else destination,
    }


def _receipt(receipt: Receipt) -> dict[str, object]:
    """Describe a push receipt."""
    return {
        "id": receipt.part_id,
        "destination": receipt.message.destination,
        "status": receipt.status,
        "done": timestamp(receipt.state.since),
        "attempts": receipt.attempts,
        "acknowledged": receipt.acknowledged,
    }
