"""What the tests of the webhook say in one word."""

from collections.abc import Awaitable, Callable
import logging

from homeassistant.core import HomeAssistant
import pytest

from simulator.csoft import CsoftSimulator

from ...gateway.csoft.helpers import IDENTIFIER, SENT_TO
from ..helpers import CSOFT_WEBHOOK_ID, send

PATH = f"/api/webhook/{CSOFT_WEBHOOK_ID}"
METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]

type Talk = Callable[[bytes], Awaitable[bytes]]
"""Sends bytes, and returns the head and the body of the answer."""


def loud(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged; Home Assistant keeps the access log switched off."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno > logging.DEBUG and record.name != "aiohttp.access"
    ]


async def send_the_examples(hass: HomeAssistant, host: CsoftSimulator) -> str:
    """Send the message that the example is a receipt of; returns our id of it."""
    host.settings.first_number = int(IDENTIFIER, 16)
    (sent,) = (await send(hass, target=[f"+{SENT_TO}"]))["messages"]
    assert sent["provider_ids"] == [IDENTIFIER]
    message_id: str = sent["message_id"]
    return message_id


def written(method: str, body: bytes, **headers: str) -> bytes:
    """Write a request."""
    lines = [f"{method} {PATH} HTTP/1.1", "Host: a", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
