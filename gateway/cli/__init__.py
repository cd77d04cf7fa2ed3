"""`python -m gateway`: try an account without Home Assistant.

The user name comes from `--user` or SMS_GATEWAY_USER, the password from
SMS_GATEWAY_PASSWORD or a prompt, never from the command line, where other users of the
machine could read it.

Exit codes: 0 done, 1 the provider or the way to it said no, or with `--wait` a message
did not arrive, 2 a value cannot be used. With `--json` there is one JSON object on
standard output, or in its place one with `error` on standard error.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from getpass import getpass
import os
from pathlib import Path
import sys
import tempfile
from typing import Any, Final, NamedTuple

import aiohttp

from ..account import AccountOptions
from ..errors import InputError, SendFailedError, SmsGatewayError
from ..gateway import Gateway
from ..model import Change, Draft, Encoding, Message, State
from ..providers import Provider
from ..systems import SYSTEMS, Access, System
from .given import STANDARD_INPUT, given_numbers, see_login
from .telling import UNUSABLE, complain, progress, refuse, row, tell

DONE: Final = 0
REFUSED: Final = 1

_ACCOUNT: Final = "cli"
_COVERAGE_FORMS: Final = {"xls": 1, "pdf": 2, "csv": 3}


class _Command(NamedTuple):
    """What can be done at a system."""

    title: str
    run: Callable[[Provider, argparse.Namespace], Awaitable[int]]
    add_options: Callable[[argparse.ArgumentParser], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        if "number" in options:
            options.number = given_numbers(options)
        if STANDARD_INPUT in vars(options).get("from_input", ()):
            see_login(options)
        user = options.user or os.environ.get("SMS_GATEWAY_USER") or input("User: ")
        password = os.environ.get("SMS_GATEWAY_PASSWORD")
        if password is None:
            password = getpass("Password: ")
        return asyncio.run(run(options, user, password))
    except InputError as error:
        return refuse(options, error)
    except OSError as error:
        return complain(options, {"text": str(error)}, UNUSABLE)
    except KeyboardInterrupt, EOFError:
        return complain(options, {"text": "interrupted"}, REFUSED)


async def run(options: argparse.Namespace, user: str, password: str) -> int:
    """Carry out a command; errors become one sentence on stderr."""
    try:
        async with AsyncExitStack() as stack:
            connector = aiohttp.TCPConnector(ssl=not options.insecure)
            session = await stack.enter_async_context(
                aiohttp.ClientSession(connector=connector)
            )
            access = Access(session, user, password, insecure=options.insecure)
            provider = SYSTEMS[options.system].build(access, options)
            stack.push_async_callback(provider.close)
            code: int = await options.command(provider, options)
            return code
    except InputError as error:
        return refuse(options, error)
    except SmsGatewayError as error:
        return complain(options, {"text": str(error)}, REFUSED)
    except OSError as error:
        words = error.strerror or type(error).__name__
        return complain(options, {"text": words}, REFUSED)


async def _balance(provider: Provider, options: argparse.Namespace) -> int:
    credit = await provider.balance()
    amount = f"{credit.amount:f}"
    if options.json:
        tell({"amount": amount, "currency": credit.currency})
    else:
        print(f"{amount} {credit.currency or 'credits'}")
    return DONE


async def _status(provider: Provider, options: argparse.Namespace) -> int:
    async with AsyncExitStack() as stack:
        if provider.connection is not None:
            gateway = await _open(stack, None)
            await _connect(gateway, provider, AccountOptions())
        rows: list[dict[str, Any]] = []
        for provider_id in options.provider_id:
            receipt = await provider.status(provider_id, options.sender)
            code = receipt.error_code
            rows.append(
                {"provider_id": provider_id, "state": receipt.state, "error_code": code}
            )
            if not options.json:
                print(f"{provider_id} {receipt.state}{f' {code}' if code else ''}")
        if options.json:
            tell({"messages": rows})
    return DONE


async def _coverage(provider: Provider, options: argparse.Namespace) -> int:
    coverage = await provider.coverage(_COVERAGE_FORMS[options.format])
    if options.output:
        await asyncio.to_thread(options.output.write_bytes, coverage.content)
        size, kind = len(coverage.content), coverage.content_type
        if options.json:
            tell({"file": str(options.output), "bytes": size, "content_type": kind})
        else:
            print(f"{size} bytes of {kind}")
    elif coverage.rows and options.json:
        tell({"rows": coverage.rows})
    elif coverage.rows:
        for row in coverage.rows:
            print("\t".join(row))
    else:
        raise InputError("output", "output_binary", format=options.format)
    return DONE


async def _send(provider: Provider, options: argparse.Namespace) -> int:
    can = provider.capabilities
    hears = can.receipts and (can.polls or provider.connection is not None)
    if options.wait and not hears:
        raise InputError("wait", "receipts_unsupported")
    draft = Draft(
        recipients=options.number,
        text=options.text,
        sender=options.sender,
        encoding=options.encoding,
        schedule=options.schedule,
    )
    provider.check(draft)
    measure = provider.measure(draft.text, draft.encoding)
    alphabet = "GSM 03.38" if measure.gsm else "UCS-2"
    if not options.json:
        print(f"{measure.parts} part(s) for each number, {alphabet}", flush=True)
    async with AsyncExitStack() as stack:
        gateway = await _open(stack, options.journal)
        outcomes = _Outcomes(gateway, show=_pass if options.json else _show)
        await _connect(gateway, provider, AccountOptions(region=options.region))
        shows = sys.stderr.isatty() and not options.json
        async with progress(lambda: outcomes.taken, len(draft.recipients), shown=shows):
            try:
                messages = await gateway.send(_ACCOUNT, draft)
            except SendFailedError as error:
                messages = error.messages
        for message in messages:
            outcomes.show(message)
        messages = await outcomes.wait(messages, options.wait)
    if options.json:
        rows = list(map(row, messages))
        tell({"parts": measure.parts, "alphabet": alphabet, "messages": rows})
    return DONE if all(map(_arrives(options.wait), messages)) else REFUSED


def _arrives(wait: float) -> Callable[[Message], bool]:
    """Whether a message came as far as it was waited for."""
    if wait:
        return lambda message: message.state is State.DELIVERED
    return lambda message: not message.is_refused and message.accepted_at is not None


async def _open(stack: AsyncExitStack, journal: Path | None) -> Gateway:
    """Open a gateway for as long as the stack; without a path its journal is removed."""
    path = journal or Path(
        stack.enter_context(tempfile.TemporaryDirectory()), "journal.db"
    )
    gateway = await Gateway.open(path)
    stack.push_async_callback(gateway.close)
    return gateway


async def _connect(
    gateway: Gateway, provider: Provider, options: AccountOptions
) -> None:
    """Add the account; wait for its connection, where it has one."""
    account = await gateway.add_account(_ACCOUNT, provider, options)
    if provider.connection is not None:
        await account.check()


class _Outcomes:
    """Waits until messages have come to their end, and shows it."""

    def __init__(self, gateway: Gateway, *, show: Callable[[Message], None]) -> None:
        self.show = show
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
                            self.show(message)
        except TimeoutError:
            pass
        return [self._newest[id_] for id_ in shown]

    @property
    def taken(self) -> int:
        """How many messages are not in the outbox any more."""
        return sum(each.state is not State.QUEUED for each in self._newest.values())

    def _take(self, changes: Sequence[Change]) -> None:
        self._newest.update((each.message.id, each.message) for each in changes)
        self._changed.set()


def _show(message: Message) -> None:
    ids = ",".join(message.provider_ids) or "-"
    reason = f" ({message.failure})" if message.failure else ""
    print(f"{message.recipient} {ids} {message.state}{reason}", flush=True)


def _pass(_message: Message) -> None:
    """Show nothing: one JSON object is told in the end."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gateway",
        description="Try an SMS account. The password comes from "
        "SMS_GATEWAY_PASSWORD or a prompt.",
    )
    systems = parser.add_subparsers(dest="system", required=True, metavar="SYSTEM")

    for name, system in SYSTEMS.items():
        _add_commands(systems.add_parser(name, help=system.title), system)
    return parser


def _add_commands(parser: argparse.ArgumentParser, system: System) -> None:
    """Add what can be done at a system, each with the options of its login."""
    login = argparse.ArgumentParser(add_help=False)
    system.add_options(login)
    login.add_argument("--user", help="user name (default: SMS_GATEWAY_USER)")
    login.add_argument(
        "--insecure", action="store_true", help="do not check the certificate"
    )
    login.add_argument(
        "--json", action="store_true", help="answer with one JSON object"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in system.commands:
        title, run_command, add_options = _COMMANDS[name]
        command = commands.add_parser(name, help=title, parents=[login])
        command.set_defaults(command=run_command)
        add_options(command)


def _add_status(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("provider_id", nargs="+", metavar="PROVIDER_ID")
    parser.add_argument("--sender", help="of the messages, where the system asks")


def _add_coverage(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=_COVERAGE_FORMS, default="csv")
    parser.add_argument("--output", type=Path, metavar="FILE")


def _add_send(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "number", nargs="*", metavar="NUMBER", help="- reads them from standard input"
    )
    parser.add_argument(
        "--numbers-from",
        action="append",
        default=[],
        metavar="FILE",
        help="a number a line; may be given again, - is standard input",
    )
    parser.add_argument("--text", required=True)
    parser.add_argument("--sender", help="number or up to 11 characters")
    parser.add_argument("--region", help="country of national numbers, such as LB")
    parser.add_argument(
        "--encoding", type=Encoding, choices=list(Encoding), default=Encoding.AUTO
    )
    parser.add_argument(
        "--schedule",
        type=_time,
        metavar="TIME",
        help="ISO 8601, such as 2030-05-10T14:22+05:30; without an offset, local time",
    )
    parser.add_argument(
        "--wait",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="wait so long for the receipts; exit with 1 if a message has not arrived",
    )
    parser.add_argument(
        "--journal",
        type=Path,
        metavar="FILE",
        help="keep what was sent there (default: a file that is removed)",
    )


def _time(text: str) -> datetime:
    """Read a time; raises ValueError, which argparse tells."""
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.astimezone()


_COMMANDS: Final[dict[str, _Command]] = {
    "balance": _Command("show the credit", _balance, lambda _: None),
    "status": _Command("ask what became of messages", _status, _add_status),
    "coverage": _Command("fetch the networks reached", _coverage, _add_coverage),
    "send": _Command("send a text", _send, _add_send),
}
