"""The receipt that the specification prints, to a Home Assistant of its own process."""

import asyncio
from pathlib import Path

import pytest
from yarl import URL

from demo.accounts import add_csoft_account
from demo.api import HomeApi
from demo.home import start_home, stop_home, wait_until_up, write_configuration
from simulator.csoft import Account, CsoftSimulator

from ..gateway.csoft.helpers import EXAMPLE, EXAMPLE_ANSWER, IDENTIFIER, SENT_TO
from .conftest import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]


async def post(url: URL, body: bytes) -> bytes:
    """Post as the specification does, over a socket; returns all that comes back."""
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = (
        f"POST {url.raw_path} HTTP/1.0\r\nHost: www.another.com:80\r\n"
        f"Content-Type: text/soap\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_the_specifications_receipt_gets_the_specifications_answer(
    folder: Path, free_port: int
) -> None:
    (folder / "custom_components").symlink_to(ROOT / "custom_components")
    write_configuration(folder, free_port)
    home = f"http://127.0.0.1:{free_port}"
    account = Account("demo", "demo", credit=10)
    process = await start_home(folder)
    try:
        await wait_until_up(process, folder, home)
        async with CsoftSimulator([account]) as host, HomeApi(home) as api:
            await api.onboard("demo", "demo")
            entry = await add_csoft_account(api, host.url, "demo", "demo")
            assert entry.webhook_url
            host.settings.first_number = int(IDENTIFIER, 16)
            answered = await api.action(
                "sms_gateway.send_message", {"target": f"+{SENT_TO}", "message": "Fire"}
            )
            (sent,) = answered["messages"]
            assert sent["provider_ids"] == [IDENTIFIER]

            webhook = URL(home).with_path(URL(entry.webhook_url).path)
            head, _, body = (await post(webhook, EXAMPLE.encode())).partition(
                b"\r\n\r\n"
            )
            assert head.splitlines()[0].endswith(b" 200 OK")
            assert b"\r\nContent-Type: text/soap; charset=utf-8" in head
            assert body.decode() == EXAMPLE_ANSWER
            message = await api.action(
                "sms_gateway.get_message", {"message_id": sent["message_id"]}
            )
            assert message["state"] == "delivered"
    finally:
        await stop_home(process)
