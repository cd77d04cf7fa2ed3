"""Home Assistant's own API, as its frontend uses it."""

import asyncio
from collections.abc import Mapping
from itertools import count
from types import TracebackType
from typing import Any, Self

import aiohttp


class ApiError(Exception):
    """Home Assistant answered with an error; the text is its own."""


class HomeApi:
    """REST and WebSocket calls as a logged-in user."""

    def __init__(self, url: str) -> None:
        """Take the address of a running Home Assistant."""
        self._url = url
        self._session = aiohttp.ClientSession(base_url=url)
        self._ids = count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._events: dict[int, asyncio.Queue[dict[str, Any]]] = {}
        self.tokens: dict[str, Any] = {}

    async def __aenter__(self) -> Self:
        """Return this."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        if self.tokens:
            self._reader.cancel()
            await self._socket.close()
        await self._session.close()

    async def onboard(self, user: str, password: str) -> None:
        """Make the first user, as the welcome pages do, and log in."""
        client = f"{self._url}/"
        created = await self.post(
            "/api/onboarding/users",
            {
                "client_id": client,
                "name": user.capitalize(),
                "username": user,
                "password": password,
                "language": "en",
            },
        )
        form = {
            "grant_type": "authorization_code",
            "code": created["auth_code"],
            "client_id": client,
        }
        async with self._session.post("/auth/token", data=form) as response:
            self.tokens = await response.json()
        self._session.headers["Authorization"] = f"Bearer {self.tokens['access_token']}"
        await self._connect()

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post JSON and return the JSON of the answer; raises ApiError."""
        async with self._session.post(path, json=body) as response:
            if response.status >= 400:
                raise ApiError(f"{path}: {response.status} {await response.text()}")
            answer: dict[str, Any] = await response.json()
            return answer

    async def get(self, path: str) -> Any:
        """Return the JSON at a path; raises ApiError."""
        async with self._session.get(path) as response:
            if response.status >= 400:
                raise ApiError(f"{path}: {response.status} {await response.text()}")
            return await response.json()

    async def call(self, kind: str, **fields: Any) -> Any:
        """Send a WebSocket command and return its result; raises ApiError."""
        id_ = next(self._ids)
        answer = self._answers[id_] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": id_, "type": kind, **fields})
        return await answer

    async def action(
        self, name: str, data: Mapping[str, Any], *, answers: bool = True
    ) -> dict[str, Any]:
        """Perform an action, such as `notify.send_message`; returns its response."""
        domain, service = name.split(".")
        result = await self.call(
            "call_service",
            domain=domain,
            service=service,
            service_data=data,
            return_response=answers,
        )
        response: dict[str, Any] = result.get("response") or {}
        return response

    async def subscribe(self, event_type: str) -> asyncio.Queue[dict[str, Any]]:
        """Return a queue that the data of each such event will be put into."""
        id_ = next(self._ids)
        events = self._events[id_] = asyncio.Queue()
        answer = self._answers[id_] = asyncio.get_running_loop().create_future()
        await self._socket.send_json(
            {"id": id_, "type": "subscribe_events", "event_type": event_type}
        )
        await answer
        return events

    async def _connect(self) -> None:
        self._socket = await self._session.ws_connect("/api/websocket", max_msg_size=0)
        await self._socket.receive_json()
        await self._socket.send_json(
            {"type": "auth", "access_token": self.tokens["access_token"]}
        )
        await self._socket.receive_json()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            content = message.json()
            if content["type"] == "event":
                self._events[content["id"]].put_nowait(content["event"]["data"])
            elif content["type"] == "result":
                answer = self._answers.pop(content["id"])
                if content["success"]:
                    answer.set_result(content["result"] or {})
                else:
                    answer.set_exception(ApiError(content["error"]["message"]))
        for answer in self._answers.values():
            answer.set_exception(ApiError("Home Assistant closed the connection"))
