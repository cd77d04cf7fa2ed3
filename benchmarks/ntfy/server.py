"""A server of ntfy that answers at once what an ordinary user is answered.

`python -m benchmarks.ntfy.server` prints its address, and ends with its standard input.
"""

import asyncio
import sys
from typing import Any, Final

from aiohttp import web

_LIMITS: Final = {
    "messages": 250,
    "messages_expiry_duration": 43200,
    "emails": 5,
    "calls": 0,
    "reservations": 0,
    "attachment_total_size": 20_000_000,
    "attachment_file_size": 2_000_000,
    "attachment_expiry_duration": 10800,
    "attachment_bandwidth": 200_000_000,
}
_STATS: Final = {
    "messages": 10,
    "messages_remaining": 240,
    "emails": 0,
    "emails_remaining": 5,
    "calls": 0,
    "calls_remaining": 0,
    "reservations": 0,
    "reservations_remaining": 0,
    "attachment_total_size": 0,
    "attachment_total_size_remaining": 20_000_000,
}
_ACCOUNT: Final[dict[str, Any]] = {
    "username": "bench",
    "role": "user",
    "limits": _LIMITS,
    "stats": _STATS,
}
# Only administrators are told the version.
_UNAUTHORIZED: Final = {"code": 40101, "http": 401, "error": "unauthorized"}


async def _account(_: web.Request) -> web.Response:
    return web.json_response(_ACCOUNT)


async def _version(_: web.Request) -> web.Response:
    return web.json_response(_UNAUTHORIZED, status=401)


async def _may_subscribe(_: web.Request) -> web.Response:
    return web.json_response({"success": True})


async def _subscribe(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for _ in socket:
        pass
    return socket


async def _main() -> None:
    app = web.Application()
    app.router.add_get("/v1/account", _account)
    app.router.add_get("/v1/version", _version)
    app.router.add_get("/{topic}/auth", _may_subscribe)
    app.router.add_get("/{topic}/ws", _subscribe)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    print(f"http://{host}:{port}/", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_main())
