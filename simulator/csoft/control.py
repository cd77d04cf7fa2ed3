"""The JSON control endpoint, for those who watch from another process.

GET  /_simulator/state                    everything but the lists
GET  /_simulator/messages?to=&offset=&limit=  messages, oldest first
GET  /_simulator/doubles?offset=&limit=   messages like an earlier one
GET  /_simulator/requests?offset=&limit=  requests, oldest first
GET  /_simulator/receipts?offset=&limit=  receipts, oldest first
GET  /_simulator/posts?offset=&limit=     posts and what they were answered
POST /_simulator/faults                   a fault or a list of them; [] ends all
POST /_simulator/settings                 changed settings
POST /_simulator/accounts                 an account to open or to change
POST /_simulator/report                   {"identifier": of a message, "report": code}
POST /_simulator/deliver                  {"user":, "sender":, "text":}: from a phone
POST /_simulator/attacks                  {"kind":, ...}: what an attacker posts
POST /_simulator/reset                    forget everything but accounts and settings

See `simulator.control` for the rest.
"""

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
from . import reports, times
from .accounts import Account
from .attacks import Attack
from .faults import Fault
from .messages import Message
from .observation import RequestRecord
from .posting import Post
from .receipts import Receipt

if TYPE_CHECKING:
    from .server import CsoftSimulator


def control(simulator: CsoftSimulator) -> ControlEndpoint:
    """Return what shows and steers a simulator."""

    def describe(message: Message) -> dict[str, object]:
        return _message(message, simulator.clock.now())

    def messages(query: dict[str, str]) -> list[object]:
        taken, to = simulator.messages, query.get("to")
        found = taken if to is None else taken.to(to)
        return [describe(each) for each in page(found, query)]

    def report(given: object) -> None:
        simulator.report(**typed(given, _REPORT, "identifier", "report"))

    def deliver(given: object) -> None:
        simulator.deliver(**typed(given, _DELIVER, "user", "sender", "text"))

    async def attack(given: object) -> None:
        values = typed(given, _ATTACK, "kind")
        user = values.pop("user", None)
        await simulator.attack(Attack(**values), user)

    return ControlEndpoint(
        views={
            "state": lambda _: _state(simulator),
            "messages": messages,
            "doubles": paged(simulator.messages.doubles, describe),
            "requests": paged(lambda: simulator.requests, _request),
            "receipts": paged(lambda: simulator.receipts, _receipt),
            "posts": paged(lambda: simulator.posts, _post),
        },
        actions={
            "faults": partial(add_rules, simulator.faults, _read_fault),
            "settings": simulator.settings.change,
            "accounts": partial(put_account, simulator.accounts, Account, _ACCOUNT),
            "report": report,
            "deliver": deliver,
            "attacks": attack,
            "reset": lambda _: simulator.reset(),
        },
    )


def _state(simulator: CsoftSimulator) -> dict[str, object]:
    """Describe everything but the lists."""
    observation = simulator.observation
    return {
        "url": simulator.url,
        "accounts": [_account(each) for each in simulator.accounts.values()],
        "messages": len(simulator.messages),
        "requests": dict(observation.counts),
        "reports": {str(code): count for code, count in observation.reports.items()},
        "malformed": dict(observation.malformed),
        "in_flight": observation.in_flight,
        "max_in_flight": observation.max_in_flight,
        "receipts": {
            "posted": len(simulator.receipts),
            "acknowledged": simulator.poster.acknowledged,
        },
        "incoming": {
            "waiting": len(simulator.mailbox.waiting),
            "collected": len(simulator.mailbox.collected),
        },
        "faults": [_fault(each) for each in simulator.faults],
        "settings": simulator.settings.as_json(),
    }


def _message(message: Message, now: float) -> dict[str, object]:
    """Describe a message with its report."""
    stage = message.stage(now)
    return {
        "identifier": message.identifier,
        "account": message.account,
        "service": message.service,
        "destination": message.destination,
        "text": message.text,
        "flash": message.flash,
        "parts": message.parts,
        "reply_to": message.submission.reply_to,
        "given": message.submission.identifier,
        "option": message.submission.option,
        "submitted": message.submitted,
        "sent": message.sent,
        "report": None if stage is None else stage.report,
    }


_FAULT: dict[str, Reader] = {
    "kind": reading.text,
    "service": reading.optional(reading.text),
    "destination": reading.optional(reading.text),
    "times": reading.optional(reading.whole),
    "every": reading.whole,
    "burst": reading.whole,
    "taken": reading.optional(reading.flag),
    "seconds": seconds,
    "code": reports.read,
    "status": reading.whole,
    "text": reading.text,
    "size": reading.whole,
}
_ACCOUNT: dict[str, Reader] = {
    "user": reading.text,
    "password": reading.text,
    "credit": reading.amount,
    "price": reading.amount,
    "currency": reading.text,
    "locked": reading.flag,
    "receipt_url": reading.optional(reading.text),
    "receipt_user": reading.optional(reading.text),
    "receipt_pin": reading.optional(reading.text),
}
_REPORT: dict[str, Reader] = {
    "identifier": reading.text,
    "report": reports.read,
    "destination": reading.optional(reading.text),
}
_DELIVER: dict[str, Reader] = {
    "user": reading.text,
    "sender": reading.text,
    "text": reading.text,
    "recipient": reading.text,
}
_ATTACK: dict[str, Reader] = {
    "kind": reading.text,
    "user": reading.optional(reading.text),
    "times": reading.whole,
    "connections": reading.whole,
    "size": reading.whole,
    "levels": reading.whole,
    "seconds": reading.number,
    "charset": reading.text,
    "system": reading.text,
}


def _read_fault(given: object) -> Fault:
    """Read a fault."""
    return Fault(**typed(given, _FAULT, "kind"))


def _fault(fault: Fault) -> dict[str, object]:
    """Describe a fault in the shape it is given in."""
    described = {name: getattr(fault, name) for name in _FAULT}
    if callable(fault.destination):
        described["destination"] = "by predicate"
    return described


def _account(account: Account) -> dict[str, object]:
    """Describe an account, without its passwords."""
    hidden = {"password", "receipt_pin"}
    described = {name: getattr(account, name) for name in _ACCOUNT.keys() - hidden}
    return described | {"credit": str(account.credit), "price": str(account.price)}


def _request(request: RequestRecord) -> dict[str, object]:
    """Describe a request."""
    return request._asdict() | {"body": request.body.decode("utf-8", "replace")}


def _receipt(receipt: Receipt) -> dict[str, object]:
    """Describe a receipt."""
    verdict = receipt.verdict
    return {
        "identifier": receipt.message.identifier,
        "destination": receipt.message.destination,
        "report": receipt.report,
        "since": times.write(receipt.stage.since),
        "attempts": receipt.attempts,
        "acknowledged": receipt.acknowledged,
        "verdict": None if verdict is None else verdict._asdict(),
    }


def _post(post: Post) -> dict[str, object]:
    """Describe a post and its answer."""
    return {
        "url": post.url,
        "headers": dict(post.content.headers),
        "body": post.content.body.decode("utf-8", "replace"),
        "status": post.status,
        "content_type": post.content_type,
        "answer": post.answer.decode("utf-8", "replace"),
        "verdicts": [each._asdict() for each in post.verdicts],
        "error": post.error,
    }
