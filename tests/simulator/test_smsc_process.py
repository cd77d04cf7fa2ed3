"""The SMSC as a process of its own, and its settings as JSON."""

import asyncio
from asyncio.subprocess import PIPE, Process
import json
import signal

import pytest

from simulator.smsc import Settings

from .esme import Esme
from .processes import first_line, process

MODULE = "simulator.smsc"


async def address(process: Process) -> tuple[str, int]:
    """Return host and port of the line that the process prints."""
    host, port = (await first_line(process)).split(":")
    return host, int(port)


async def test_it_serves_until_a_signal() -> None:
    arguments = ["--account", "me:pw:1", "--set", "id_form=hex", "--no-rules"]
    async with process(MODULE, *arguments) as server:
        esme = Esme(*await asyncio.open_connection(*await address(server)))
        await esme.bind(system_id="me", password="pw")
        assert (await esme.submit(destination_addr="96170123401")).message_id == (
            "26c7d4"
        )
        assert (await esme.take()).read.short_message.endswith(b"DELIVRD err:000")
        server.send_signal(signal.SIGTERM)
        assert await server.wait() == 0
        esme.writer.close()


async def test_it_ends_with_its_stdin() -> None:
    async with process(MODULE, "--until-stdin-closes", stdin=PIPE) as server:
        assert (await address(server))[0] == "127.0.0.1"
        assert server.stdin is not None
        server.stdin.close()
        assert await server.wait() == 0


async def test_it_ends_after_its_time() -> None:
    async with process(MODULE, "--seconds", "0.01") as server:
        assert await server.wait() == 0


def test_settings_as_json() -> None:
    given = Settings()
    changed = Settings()
    changed.change(json.loads(json.dumps(given.as_json())))
    assert changed == given


@pytest.mark.parametrize(
    "given",
    [
        [],
        {"nothing": 1},
        {"id_form": "octal"},
        {"script": [[1, "NOTHING"]]},
        {"script": [[1, 9]]},
        {"rate_status": "ESME_NOTHING"},
        {"latency": -1},
        {"receipt_id_terminated": 1},
        {"deliver_pauses": 1},
    ],
)
def test_settings_that_cannot_be_read(given: object) -> None:
    settings = Settings()
    with pytest.raises(ValueError, match=r"."):
        settings.change(given)
    assert settings == Settings()
