"""The gate as a process of its own."""

import asyncio
from asyncio.subprocess import PIPE, Process
import signal

from .processes import first_line, process
from .smsitaly_client import GateClient, data

MODULE = "simulator.smsitaly"


async def connect(process: Process) -> GateClient:
    """Connect to where the process says that it listens."""
    address, control = (await first_line(process)).split()
    assert control.startswith("http://127.0.0.1:")
    host, port = address.split(":")
    return GateClient(*await asyncio.open_connection(host, int(port)))


async def test_it_serves_until_a_signal() -> None:
    arguments = ["--account", "me:pw:5", "--set", "default_notes=false"]
    async with process(MODULE, *arguments) as server:
        client = await connect(server)
        assert (await client.receive()).startswith("+OK 01 [Connection 1 With ")
        answer = await client.log_in("me", "pw")
        assert answer == "+OK 01 5 [ID ACCOUNT: 0000 STATUS: Active]"
        assert await client.ask("Delivery=1") == "+OK 01 [DELIVERY: 1]"
        assert (await client.ask(data())).startswith("+OK 01 4 ")
        server.send_signal(signal.SIGTERM)
        assert await server.wait() == 0
        client.writer.close()


async def test_it_ends_with_its_stdin() -> None:
    async with process(MODULE, "--until-stdin-closes", stdin=PIPE) as server:
        assert (await first_line(server)).startswith("127.0.0.1:")
        assert server.stdin is not None
        server.stdin.close()
        assert await server.wait() == 0


async def test_it_ends_after_its_time() -> None:
    async with process(MODULE, "--seconds", "0.01") as server:
        assert await server.wait() == 0
