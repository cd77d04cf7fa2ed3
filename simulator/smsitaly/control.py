"""The JSON control endpoint, on a port of its own.

GET  /_simulator/state                    everything but the lists
GET  /_simulator/messages?to=&offset=&limit=  messages, oldest first
GET  /_simulator/doubles?offset=&limit=   messages like an earlier one
GET  /_simulator/exchanges?offset=&limit= lines and what they were answered
GET  /_simulator/sessions?offset=&limit=  sessions and why they ended
POST /_simulator/faults                   a fault or a list of them; [] ends all
POST /_simulator/settings                 changed settings
POST /_simulator/accounts                 an account to open or to change
POST /_simulator/connections              {"accept": whether connections are accepted}
POST /_simulator/shutdown                 {"user": whose sessions end by -ERR 102}
POST /_simulator/reset_connections        {"user": whose connections are reset}
POST /_simulator/reset                    forget everything but accounts and settings

Where a user is asked for, null means all. See `simulator.control` for the rest.
"""

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from .. import reading
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
from .accounts import Account, Status
from .faults import Fault
from .messages import Message
from .observation import Exchange

if TYPE_CHECKING:
    from .server import SmsItalySimulator


def control(simulator: SmsItalySimulator) -> ControlEndpoint:
    """Return what shows and steers a simulator."""

    def messages(query: dict[str, str]) -> list[object]:
        taken, to = simulator.messages, query.get("to")
        return [
            _message(each)
            for each in page(taken if to is None else taken.to(to), query)
        ]

    async def connections(given: object) -> None:
        if typed(given, {"accept": reading.flag}, "accept")["accept"]:
            await simulator.accept_connections()
        else:
            simulator.refuse_connections()

    observation = simulator.observation
    return ControlEndpoint(
        views={
            "state": lambda _: _state(simulator),
            "messages": messages,
            "doubles": paged(simulator.messages.doubles, _message),
            "exchanges": paged(lambda: observation.exchanges, _exchange),
            "sessions": paged(lambda: observation.sessions, asdict),
        },
        actions={
            "faults": partial(add_rules, simulator.faults, _read_fault),
            "settings": simulator.settings.change,
            "accounts": partial(put_account, simulator.accounts, Account, _ACCOUNT),
            "connections": connections,
            "shutdown": lambda given: simulator.shut_down(_user(given)),
            "reset_connections": lambda given: simulator.break_off(_user(given)),
            "reset": lambda _: simulator.reset(),
        },
    )


def _state(simulator: SmsItalySimulator) -> dict[str, object]:
    """Describe everything but the lists."""
    observation = simulator.observation
    return {
        "host": simulator.host,
        "port": simulator.port,
        "accounts": [_account(each) for each in simulator.accounts.values()],
        "messages": len(simulator.messages),
        "open": len(simulator.sessions),
        "max_open": observation.max_open,
        "sessions": len(observation.sessions),
        "lines": dict(observation.counts),
        "errors": {str(code): count for code, count in observation.errors.items()},
        "faults": [_fault(each) for each in simulator.faults],
        "settings": simulator.settings.as_json(),
    }


def _message(message: Message) -> dict[str, object]:
    """Describe a message."""
    return {
        "account": message.account,
        "session": message.session,
        "interface": message.interface,
        "recipient": message.recipient,
        "sender": message.sender,
        "text": message.text,
        "octets": message.octets.hex(),
        "header": message.header.hex(),
        "parts": message.parts,
        "fields": dict(message.fields),
        "taken": message.taken,
        "scheduled": message.scheduled,
    }


def _exchange(exchange: Exchange) -> dict[str, object]:
    """Describe a line and its answer."""
    answer = exchange.answer
    return exchange._asdict() | {"answer": None if answer is None else answer.line}


def _allowed(value: object) -> frozenset[str]:
    """Read a list of what is allowed, or locked."""
    return frozenset(reading.texts(value))


def _status(value: object) -> Status:
    """Read a status."""
    return Status(reading.text(value))


_FAULT: dict[str, Reader] = {
    "kind": reading.text,
    "command": reading.optional(reading.text),
    "destination": reading.optional(reading.text),
    "times": reading.optional(reading.whole),
    "every": reading.whole,
    "burst": reading.whole,
    "chance": reading.number,
    "taken": reading.optional(reading.flag),
    "seconds": seconds,
    "code": reading.whole,
    "ends": reading.optional(reading.flag),
    "answer": reading.optional(reading.text),
    "size": reading.whole,
    "hold": reading.whole,
}
_ACCOUNT: dict[str, Reader] = {
    "user": reading.text,
    "password": reading.text,
    "credit": reading.amount,
    "price": reading.amount,
    "senders": reading.optional(_allowed),
    "number": reading.text,
    "status": _status,
    "country_codes": reading.optional(_allowed),
    "gsm_codes": reading.optional(_allowed),
    "locked_recipients": _allowed,
    "locked_ips": _allowed,
    "ips": reading.optional(_allowed),
    "tcp_allowed": reading.flag,
}


def _read_fault(given: object) -> Fault:
    """Read a fault."""
    return Fault(**typed(given, _FAULT, "kind"))


def _user(given: object) -> str | None:
    """Read whose sessions are meant, None for all."""
    user: str | None = typed(given, {"user": reading.optional(reading.text)}).get(
        "user"
    )
    return user


def _fault(fault: Fault) -> dict[str, object]:
    """Describe a fault in the shape it is given in."""
    described = {name: getattr(fault, name) for name in _FAULT}
    if callable(fault.destination):
        described["destination"] = "by predicate"
    return described


def _account(account: Account) -> dict[str, object]:
    """Describe an account, without its password."""
    described: dict[str, object] = {}
    for name in _ACCOUNT.keys() - {"password"}:
        value = getattr(account, name)
        if isinstance(value, frozenset):
            value = sorted(value)
        described[name] = value
    return described | {"credit": str(account.credit), "price": str(account.price)}
