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

Every POST answers with the state. What cannot be read is answered by HTTP 400, an
unknown path by 404, each with {"error": reason}.
"""

from collections.abc import Callable, Collection, Iterable
from itertools import islice
import json
from typing import TYPE_CHECKING, Any, cast

from aiohttp import web

from .. import reading
from ..accounts import BIND_MODES, Account
from ..reading import Reader
from . import parameters
from .endpoints import Endpoint
from .errors import ErrorCode, ForcedError
from .faults import Fault
from .messages import Message
from .push import Receipt
from .replies import timestamp

if TYPE_CHECKING:
    from .server import WebsmppSimulator

ROOT = "/_simulator/"
_LIMIT = 1000


class Control:
    """What the control endpoint shows and does."""

    def __init__(self, simulator: WebsmppSimulator) -> None:
        """Control this simulator."""
        self._simulator = simulator
        self._views: dict[str, Callable[[dict[str, str]], object]] = {
            "state": lambda _: self._state(),
            "messages": self._messages,
            "doubles": self._doubles,
            "requests": self._requests,
            "receipts": self._receipts,
        }
        self._actions: dict[str, Callable[[object], None]] = {
            "faults": self._add_faults,
            "errors": self._add_errors,
            "settings": simulator.settings.change,
            "accounts": self._put_account,
            "status": self._set_status,
            "reset": lambda _: simulator.reset(),
        }

    async def handle(
        self, request: web.BaseRequest, path: str, query: str
    ) -> web.Response:
        """Answer a request to the control endpoint."""
        name = path.removeprefix(ROOT)
        view, action = self._views.get(name), self._actions.get(name)
        try:
            if request.method == "GET" and view is not None:
                return web.json_response(view(parameters.from_query(query)))
            if request.method == "POST" and action is not None:
                action(json.loads(await request.read() or b"{}"))
                return web.json_response(self._state())
        except (ValueError, KeyError) as error:
            return web.json_response({"error": repr(error)}, status=400)
        return web.json_response({"error": "no such thing"}, status=404)

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
        return [self._message(each) for each in _page(found, query)]

    def _doubles(self, query: dict[str, str]) -> list[object]:
        """Describe the messages that are like an earlier one."""
        doubles = self._simulator.messages.doubles()
        return [self._message(each) for each in _page(doubles, query)]

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

    def _requests(self, query: dict[str, str]) -> list[object]:
        """Describe requests."""
        return [each._asdict() for each in _page(self._simulator.requests, query)]

    def _receipts(self, query: dict[str, str]) -> list[object]:
        """Describe push receipts."""
        return [_receipt(each) for each in _page(self._simulator.receipts, query)]

    def _add_faults(self, given: object) -> None:
        """Add faults, or end all of them."""
        faults = [Fault(**_typed(each, _FAULT, "kind")) for each in _listed(given)]
        if not faults:
            self._simulator.faults.clear()
        for fault in faults:
            self._simulator.faults.add(fault)

    def _add_errors(self, given: object) -> None:
        """Add forced errors, or end all of them."""
        errors = [
            ForcedError(**_typed(each, _ERROR, "code")) for each in _listed(given)
        ]
        if not errors:
            self._simulator.errors.clear()
        for error in errors:
            self._simulator.errors.add(error)

    def _put_account(self, given: object) -> None:
        """Change the account of this user, or open it."""
        values = _typed(given, _ACCOUNT, "user")
        accounts = self._simulator.accounts
        if values["user"] not in accounts:
            values = _typed(given, _ACCOUNT, "user", "password")
            accounts[values["user"]] = Account(**values)
        for name, value in values.items():
            setattr(accounts[values["user"]], name, value)

    def _set_status(self, given: object) -> None:
        """Set the status of a part by hand."""
        values = _typed(given, _STATUS, "id", "status")
        self._simulator.set_status(values["id"], values["status"])


def _seconds(value: object) -> float | tuple[float, float]:
    """Read a time, or a range of two."""
    if isinstance(value, list):
        low, high = reading.numbers(value)
        return low, high
    return reading.number(value)


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
    "seconds": _seconds,
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


def _typed(given: object, readers: dict[str, Reader], *required: str) -> dict[str, Any]:
    """Read an object whose values have the types that the readers see to."""
    return cast("dict[str, Any]", reading.fields(given, readers, *required))


def _listed(given: object) -> list[object]:
    """Take one thing for a list of one."""
    return given if isinstance(given, list) else [given]


def _page[T](items: Collection[T], query: dict[str, str]) -> Iterable[T]:
    """Return the items of one page."""
    offset, limit = int(query.get("offset", 0)), int(query.get("limit", _LIMIT))
    return islice(items, offset, offset + limit)


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
