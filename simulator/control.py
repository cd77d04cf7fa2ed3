"""The JSON control endpoint of a simulator, for those who watch from another process.

What it shows is asked for by GET, what it does by POST, which answers with the state.
What cannot be read is answered by HTTP 400, an unknown path by 404, each with
{"error": reason}.
"""

from asyncio import BaseProtocol
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from functools import partial
from inspect import isawaitable
from itertools import islice
import json
from typing import Any, Final, cast
from urllib.parse import parse_qsl

from aiohttp import web

from . import reading
from .listening import Listening
from .reading import Reader
from .rules import Rule, Rules

ROOT: Final = "/_simulator/"
_LIMIT: Final = 1000
_GRACE: Final = 0.1
"""Seconds that open requests get to finish when the server stops."""

type View = Callable[[dict[str, str]], object]
type Action = Callable[[object], Awaitable[None] | None]


class ControlEndpoint:
    """What is shown and done under `/_simulator/`; `state` has to be among the views."""

    def __init__(
        self, views: Mapping[str, View], actions: Mapping[str, Action]
    ) -> None:
        """Show and do this, by the last part of the path."""
        self._views = views
        self._actions = actions

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answer a request."""
        path, _, query = request.raw_path.partition("?")
        name = path.removeprefix(ROOT)
        view, action = self._views.get(name), self._actions.get(name)
        try:
            if request.method == "GET" and view is not None:
                return web.json_response(view(dict(parse_qsl(query))))
            if request.method == "POST" and action is not None:
                done = action(json.loads(await request.read() or b"{}"))
                if isawaitable(done):
                    await done
                return web.json_response(self._views["state"]({}))
        except (ValueError, KeyError) as error:
            return web.json_response({"error": repr(error)}, status=400)
        return web.json_response({"error": "no such thing"}, status=404)


class ControlServer:
    """A control endpoint on a port of its own."""

    def __init__(self, endpoint: ControlEndpoint, port: int) -> None:
        """Serve this endpoint; port 0 takes a free one."""
        self._endpoint = endpoint
        self._listening = Listening(self._connection, port)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._listening.port

    async def start(self) -> None:
        """Listen; raises `OSError` if the port is taken."""
        self._http = web.Server(
            self._endpoint.handle, access_log=None, handler_cancellation=True
        )
        await self._listening.start()

    async def stop(self) -> None:
        """Close all connections."""
        await self._listening.stop(lambda: self._http.shutdown(_GRACE))

    def _connection(self) -> BaseProtocol:
        return self._http()


def seconds(value: object) -> float | tuple[float, float]:
    """Read a time, or a range of two."""
    if isinstance(value, list):
        low, high = reading.numbers(value)
        return low, high
    return reading.number(value)


def typed(given: object, readers: dict[str, Reader], *required: str) -> dict[str, Any]:
    """Read an object whose values have the types that the readers see to."""
    return cast("dict[str, Any]", reading.fields(given, readers, *required))


def add_rules[R: Rule](
    rules: Rules[R], make: Callable[[object], R], given: object
) -> None:
    """Add a rule or a list of them, or end all of them by an empty list."""
    made = [make(each) for each in (given if isinstance(given, list) else [given])]
    if not made:
        rules.clear()
    for rule in made:
        rules.add(rule)


def put_account[A](
    accounts: dict[str, A],
    kind: Callable[..., A],
    readers: dict[str, Reader],
    given: object,
) -> None:
    """Change the account of this user, or open it."""
    values = typed(given, readers, "user")
    if values["user"] not in accounts:
        values = typed(given, readers, "user", "password")
        accounts[values["user"]] = kind(**values)
    for name, value in values.items():
        setattr(accounts[values["user"]], name, value)


def page[T](items: Collection[T], query: dict[str, str]) -> Iterable[T]:
    """Return the items of one page."""
    offset, limit = int(query.get("offset", 0)), int(query.get("limit", _LIMIT))
    return islice(items, offset, offset + limit)


def paged[T](
    items: Callable[[], Collection[T]], describe: Callable[[T], object]
) -> View:
    """Make the view of a list."""
    return partial(_paged, items, describe)


def _paged[T](
    items: Callable[[], Collection[T]],
    describe: Callable[[T], object],
    query: dict[str, str],
) -> list[object]:
    """Describe the items of one page."""
    return [describe(each) for each in page(items(), query)]
