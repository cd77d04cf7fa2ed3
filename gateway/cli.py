"""`python -m gateway`: try an account without Home Assistant.

The user name comes from `--user` or SMS_GATEWAY_USER, the password from
SMS_GATEWAY_PASSWORD or a prompt, never from the command line, where other users of the
machine could read it.

Exit codes: 0 done, 1 the provider or the way to it said no, 2 a value cannot be used.
"""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from getpass import getpass
import os
from pathlib import Path
import sys
import tempfile
from typing import Final

import aiohttp

from .account import AccountOptions
from .errors import InputError, SendFailedError, SmsGatewayError
from .gateway import Gateway
from .model import Change, Draft, Encoding, Message
from .providers import Provider
from .providers.websmpp import (
    DEFAULT_URL,
    GmtFormat,
    WebsmppLogin,
    WebsmppProvider,
    read_url,
)

DONE: Final = 0
REFUSED: Final = 1
UNUSABLE: Final = 2

_ACCOUNT: Final = "cli"
_COVERAGE_FORMS: Final = {"xls": 1, "pdf": 2, "csv": 3}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        user = options.user or os.environ.get("SMS_GATEWAY_USER") or input("User: ")
        password = os.environ.get("SMS_GATEWAY_PASSWORD")
        if password is None:
            password = getpass("Password: ")
        return asyncio.run(run(options, user, password))
    except KeyboardInterrupt, EOFError:
        return _complain("interrupted", REFUSED)


async def run(options: argparse.Namespace, user: str, password: str) -> int:
    """Carry out a command; errors become one sentence on stderr."""
    try:
        async with AsyncExitStack() as stack:
            connector = aiohttp.TCPConnector(ssl=not options.insecure)
            session = await stack.enter_async_context(
                aiohttp.ClientSession(connector=connector)
            )
            provider = _SYSTEMS[options.system](session, options, user, password)
            stack.push_async_callback(provider.close)
            code: int = await options.command(provider, options)
            return code
    except InputError as error:
        return _complain(str(error), UNUSABLE)
    except SmsGatewayError as error:
        return _complain(str(error), REFUSED)
    except OSError as error:
        return _complain(error.strerror or type(error).__name__, REFUSED)


async def _balance(provider: Provider, _options: argparse.Namespace) -> int:
    credit = await provider.balance()
    print(f"{credit.amount:f} {credit.currency or 'credits'}")
    return DONE


async def _status(provider: Provider, options: argparse.Namespace) -> int:
    for provider_id in options.provider_id:
        receipt = await provider.status(provider_id)
        code = f" {receipt.error_code}" if receipt.error_code else ""
        print(f"{provider_id} {receipt.state}{code}")
    return DONE


async def _coverage(provider: Provider, options: argparse.Namespace) -> int:
    coverage = await provider.coverage(_COVERAGE_FORMS[options.format])
    if options.output:
        await asyncio.to_thread(options.output.write_bytes, coverage.content)
        print(f"{len(coverage.content)} bytes of {coverage.content_type}")
    elif coverage.rows:
        for row in coverage.rows:
            print("\t".join(row))
    else:
        raise InputError("output", f"{options.format} is no text; name a file")
    return DONE


async def _send(provider: Provider, options: argparse.Namespace) -> int:
    draft = Draft(
        recipients=options.number,
        text=options.text,
        sender=options.sender,
        encoding=options.encoding,
        schedule=options.schedule,
    )
    measure = provider.measure(draft.text, draft.encoding)
    alphabet = "GSM 03.38" if measure.gsm else "UCS-2"
    print(f"{measure.parts} part(s) for each number, {alphabet}", flush=True)
    async with AsyncExitStack() as stack:
        path = options.journal or Path(
            stack.enter_context(tempfile.TemporaryDirectory()), "journal.db"
        )
        gateway = await Gateway.open(path)
        stack.push_async_callback(gateway.close)
        outcomes = _Outcomes(gateway)
        await gateway.add_account(
            _ACCOUNT, provider, AccountOptions(region=options.region)
        )
        try:
            messages = await gateway.send(_ACCOUNT, draft)
        except SendFailedError as error:
            messages = error.messages
        for message in messages:
            _show(message)
        messages = await outcomes.wait(messages, options.wait)
    if any(message.is_refused or message.accepted_at is None for message in messages):
        return REFUSED
    return DONE


class _Outcomes:
    """Waits until messages have come to their end, and shows it."""

    def __init__(self, gateway: Gateway) -> None:
        self._newest: dict[str, Message] = {}
        self._changed = asyncio.Event()
        gateway.listen(self._take)

    async def wait(self, messages: Sequence[Message], seconds: float) -> list[Message]:
        """Wait for so long at most; returns the messages as they are then."""
        self._newest.update((message.id, message) for message in messages)
        shown = {message.id: message.state for message in messages}
        try:
            async with asyncio.timeout(seconds):
                while not all(self._newest[id_].state.is_final for id_ in shown):
                    self._changed.clear()
                    await self._changed.wait()
                    for id_, state in shown.items():
                        message = self._newest[id_]
                        if message.state is not state:
                            shown[id_] = message.state
                            _show(message)
        except TimeoutError:
            pass
        return [self._newest[id_] for id_ in shown]

    def _take(self, changes: Sequence[Change]) -> None:
        self._newest.update((each.message.id, each.message) for each in changes)
        self._changed.set()


def _show(message: Message) -> None:
    ids = ",".join(part.provider_id for part in message.parts) or "-"
    reason = f" ({message.failure})" if message.failure else ""
    print(f"{message.recipient} {ids} {message.state}{reason}", flush=True)


def _complain(sentence: str, code: int) -> int:
    print(f"error: {sentence}", file=sys.stderr)
    return code


def _websmpp(
    session: aiohttp.ClientSession,
    options: argparse.Namespace,
    user: str,
    password: str,
) -> Provider:
    return WebsmppProvider(
        session,
        WebsmppLogin(
            url=read_url(options.url),
            user=user,
            password=password,
            gmt_format=options.gmt_format,
        ),
    )


_SYSTEMS: Final[dict[str, Callable[..., Provider]]] = {"websmpp": _websmpp}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gateway",
        description="Try an SMS account. The password comes from "
        "SMS_GATEWAY_PASSWORD or a prompt.",
    )
    systems = parser.add_subparsers(dest="system", required=True, metavar="SYSTEM")

    login = argparse.ArgumentParser(add_help=False)
    login.add_argument(
        "--url", default=DEFAULT_URL, help="base address (default: %(default)s)"
    )
    login.add_argument(
        "--gmt-format",
        type=GmtFormat,
        choices=list(GmtFormat),
        default=GmtFormat.UTC,
        help="how delivery times are written (default: %(default)s)",
    )
    _add_commands(
        systems.add_parser("websmpp", help="websmpp HTTP of an AMS platform"), login
    )
    return parser


def _add_commands(
    system: argparse.ArgumentParser, login: argparse.ArgumentParser
) -> None:
    """Add what every system can do; `login` has the options of this one's login."""
    login.add_argument("--user", help="user name (default: SMS_GATEWAY_USER)")
    login.add_argument(
        "--insecure", action="store_true", help="do not check the certificate"
    )
    commands = system.add_subparsers(required=True, metavar="COMMAND")

    balance = commands.add_parser("balance", help="show the credit", parents=[login])
    balance.set_defaults(command=_balance)

    status = commands.add_parser(
        "status", help="ask what became of messages", parents=[login]
    )
    status.add_argument("provider_id", nargs="+", metavar="PROVIDER_ID")
    status.set_defaults(command=_status)

    coverage = commands.add_parser(
        "coverage", help="fetch the networks reached", parents=[login]
    )
    coverage.add_argument("--format", choices=_COVERAGE_FORMS, default="csv")
    coverage.add_argument("--output", type=Path, metavar="FILE")
    coverage.set_defaults(command=_coverage)

    send = commands.add_parser("send", help="send a text", parents=[login])
    send.add_argument("number", nargs="+", metavar="NUMBER")
    send.add_argument("--text", required=True)
    send.add_argument("--sender", help="number or up to 11 characters")
    send.add_argument("--region", help="country of national numbers, such as LB")
    send.add_argument(
        "--encoding", type=Encoding, choices=list(Encoding), default=Encoding.AUTO
    )
    send.add_argument(
        "--schedule",
        type=_time,
        metavar="TIME",
        help="ISO 8601, such as 2030-05-10T14:22+05:30; without an offset, local time",
    )
    send.add_argument(
        "--wait",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="wait so long for the receipts",
    )
    send.add_argument(
        "--journal",
        type=Path,
        metavar="FILE",
        help="keep what was sent there (default: a file that is removed)",
    )
    send.set_defaults(command=_send)


def _time(text: str) -> datetime:
    """Read a time; raises ValueError, which argparse tells."""
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.astimezone()
