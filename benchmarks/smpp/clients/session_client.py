"""Our own session, without a gateway."""

import asyncio
from asyncio import AbstractEventLoop, Future
from dataclasses import dataclass
import sys

from gateway.ledger import Recording
from gateway.model import Encoding
from gateway.providers.smpp.addresses import address_of
from gateway.providers.smpp.commands import Command
from gateway.providers.smpp.encode import Bind, SubmitTemplate
from gateway.providers.smpp.pdus import Address
from gateway.providers.smpp.session import Session
from gateway.providers.smpp.timers import Timers
from gateway.providers.smpp.user_data import LongText, user_data

from .rounds import TEXT, next_number, serve


@dataclass(frozen=True, slots=True)
class _Message:
    """One message, as the link has them."""

    template: SubmitTemplate
    destination: Address

    def stamp(self, sequence: int) -> bytes:
        return self.template.stamp(sequence, self.destination)


class _Round:
    """Keeps the window full until all messages have their response."""

    def __init__(self, session: Session, template: SubmitTemplate, count: int) -> None:
        self.done: Future[None] = asyncio.get_running_loop().create_future()
        self._session = session
        self._template = template
        self._unsent = self._unanswered = count

    def pump(self) -> None:
        while self._unsent and self._session.is_free:
            self._unsent -= 1
            message = _Message(self._template, address_of(f"+{next_number()}"))
            self._session.send(
                Command.SUBMIT_SM, message.stamp, self._answered, self._lost
            )

    def _answered(self, status: int, _body: bytes) -> None:
        if status:
            raise RuntimeError(f"the SMSC refuses: {status}")
        self._unanswered -= 1
        if not self._unanswered:
            self.done.set_result(None)

    def _lost(self) -> None:
        raise RuntimeError("the SMSC has gone")


async def _connect(port: int, window: int) -> Session:
    return await Session.connect(
        "127.0.0.1",
        port,
        Bind(system_id="bench", password="bench"),
        Command.BIND_TRANSCEIVER,
        timers=Timers(),
        window=window,
        take=lambda _delivery: Recording(),
        ended=lambda _session: None,
    )


async def _send(session: Session, template: SubmitTemplate, count: int) -> None:
    round_ = _Round(session, template, count)
    session.on_free(round_.pump)
    round_.pump()
    await round_.done


def main() -> None:
    """Be the client."""
    port, window = map(int, sys.argv[1:])
    [data] = user_data(TEXT, Encoding.AUTO, flash=False, long_text=LongText.UDH)
    template = SubmitTemplate.encode(address_of("Bench"), data)
    loop: AbstractEventLoop = asyncio.new_event_loop()
    session = loop.run_until_complete(_connect(port, window))
    serve(lambda count: loop.run_until_complete(_send(session, template, count)))
    loop.run_until_complete(session.unbind(1))
    loop.close()


if __name__ == "__main__":
    main()
