"""Binding and unbinding: SMPP specification v3.4, clauses 2.2, 4.1 and 4.2."""

import asyncio

import pytest

from simulator.smsc import (
    Account,
    BindMode,
    Command,
    CommandStatus,
    ManualClock,
    SmscSimulator,
)
from simulator.websmpp import WebsmppSimulator

from .conftest import Platform
from .esme import RESPONSE, Esme, Pdu, raw

MODES = ["transmitter", "receiver", "transceiver"]


async def bind(
    smsc: SmscSimulator, mode: str = "transceiver", **changes: object
) -> Pdu:
    """Return the response to a bind by a connection of its own."""
    async with Esme.connect(smsc) as esme:
        return await esme.bind(mode, **changes)


@pytest.mark.parametrize("mode", MODES)
async def test_the_ways_to_bind(smsc: SmscSimulator, mode: str) -> None:
    async with Esme.connect(smsc) as esme:
        response = await esme.bind(mode)
        assert response.status == CommandStatus.ESME_ROK
        assert response.read.command == f"bind_{mode}_resp"
        assert response.read.system_id == b"SMSC"
        assert response.read.sc_interface_version == 0x34
        (session,) = smsc.bound("testUser")
        assert session.mode == mode


async def test_what_the_smsc_tells_of_itself(smsc: SmscSimulator) -> None:
    smsc.settings.change({"system_id": "AMS", "sc_interface_version": None})
    assert (await bind(smsc)).body == b"AMS\0"


async def test_an_older_esme_gets_no_optional_parameters(smsc: SmscSimulator) -> None:
    async with Esme.connect(smsc) as esme:
        body = b"testUser\x0012345\0\0\x33\0\0\0"
        response = await esme.request_raw(Command.BIND_TRANSCEIVER, body)
        assert response.body == b"SMSC\0"
        await esme.submit()
        smsc.set_state("2541524", "DELIVRD")
        receipt = await esme.take()
        assert receipt.read.receipted_message_id is None


@pytest.mark.parametrize(
    ("changes", "precise"),
    [
        pytest.param(
            {"system_id": "nobody"}, CommandStatus.ESME_RINVSYSID, id="unknown"
        ),
        pytest.param(
            {"password": "wrong"}, CommandStatus.ESME_RINVPASWD, id="wrong password"
        ),
    ],
)
async def test_wrong_logins(
    smsc: SmscSimulator, changes: dict[str, str], precise: int
) -> None:
    response = await bind(smsc, **changes)
    assert (response.status, response.body) == (precise, b"")
    smsc.settings.change({"bind_refusals": "general"})
    assert (await bind(smsc, **changes)).status == CommandStatus.ESME_RBINDFAIL
    assert smsc.bound("testUser") == []


async def test_system_types(smsc: SmscSimulator) -> None:
    """That of AMS is NULL (AMS specification)."""
    assert (await bind(smsc, system_type="VMA")).status == CommandStatus.ESME_ROK
    smsc.settings.change({"system_type": ""})
    response = await bind(smsc, "transmitter", system_type="VMA")
    assert response.status == CommandStatus.ESME_RINVSYSTYP
    assert (await bind(smsc, "transmitter")).status == CommandStatus.ESME_ROK


async def test_another_attempt_in_the_same_connection(smsc: SmscSimulator) -> None:
    async with Esme.connect(smsc) as esme:
        await esme.bind(password="wrong")
        assert (await esme.bind()).status == CommandStatus.ESME_ROK


async def test_a_close_after_a_refused_bind(smsc: SmscSimulator) -> None:
    smsc.settings.change({"after_refused_bind": "close"})
    async with Esme.connect(smsc) as esme:
        await esme.bind(password="wrong")
        assert await esme.is_closed()
    assert (await bind(smsc, "transmitter")).status == CommandStatus.ESME_ROK


@pytest.mark.parametrize("kind", ["expired", "locked"])
async def test_accounts_that_may_not_bind(
    smsc: SmscSimulator, account: Account, kind: str
) -> None:
    setattr(account, kind, True)
    assert (await bind(smsc)).status == CommandStatus.ESME_RBINDFAIL
    smsc.settings.change({f"{kind}_status": 0x0000_0401})
    assert (await bind(smsc)).status == 0x0000_0401


async def test_ways_that_are_not_allowed(smsc: SmscSimulator, account: Account) -> None:
    account.bind_modes = frozenset({"transmitter"})
    assert (await bind(smsc, "receiver")).status == CommandStatus.ESME_RBINDFAIL
    assert (await bind(smsc, "transmitter")).status == CommandStatus.ESME_ROK


def test_no_such_way() -> None:
    with pytest.raises(ValueError, match="no way to bind: sideways"):
        Account("me", "pw", bind_modes=["sideways"])


async def test_one_receiver_beside_many_transmitters(smsc: SmscSimulator) -> None:
    """Users may bind one TRx or Rx session, with several Tx (AMS specification)."""
    async with (
        Esme.connect(smsc) as first,
        Esme.connect(smsc) as second,
        Esme.connect(smsc) as third,
    ):
        assert (await first.bind("receiver")).status == CommandStatus.ESME_ROK
        assert (await second.bind("transmitter")).status == CommandStatus.ESME_ROK
        assert (await third.bind("transmitter")).status == CommandStatus.ESME_ROK
        assert (await bind(smsc)).status == CommandStatus.ESME_RALYBND
        smsc.settings.change({"surplus_status": "ESME_RBINDFAIL"})
        assert (await bind(smsc)).status == CommandStatus.ESME_RBINDFAIL
        first.writer.close()
        await smsc.wait_for(lambda s: len(s.bound("testUser")) == 2)
        assert (await bind(smsc)).status == CommandStatus.ESME_ROK


async def test_how_many_transmitters_there_may_be(
    smsc: SmscSimulator, account: Account, esme: Esme
) -> None:
    account.transmitters = 0
    assert (await bind(smsc, "transmitter")).status == CommandStatus.ESME_RALYBND
    account.receivers = None
    assert (await bind(smsc, "receiver")).status == CommandStatus.ESME_ROK


async def test_a_second_bind_in_a_session(esme: Esme) -> None:
    assert (await esme.bind("transmitter")).status == CommandStatus.ESME_RALYBND


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"", CommandStatus.ESME_RINVCMDLEN, id="empty"),
        pytest.param(b"testUser\x00123", CommandStatus.ESME_RINVCMDLEN, id="cut"),
        pytest.param(b"u" * 16, CommandStatus.ESME_RINVSYSID, id="system_id"),
        pytest.param(b"u\0" + b"p" * 9, CommandStatus.ESME_RINVPASWD, id="password"),
        pytest.param(
            b"u\0p\0" + b"t" * 13, CommandStatus.ESME_RINVSYSTYP, id="system_type"
        ),
        pytest.param(
            b"testUser\x0012345\0\0\x34\0\0\0\0",
            CommandStatus.ESME_RINVCMDLEN,
            id="an octet too much",
        ),
    ],
)
async def test_malformed_binds(smsc: SmscSimulator, body: bytes, status: int) -> None:
    async with Esme.connect(smsc) as esme:
        response = await esme.request_raw(Command.BIND_RECEIVER, body)
        assert (response.command, response.status) == (
            Command.BIND_RECEIVER_RESP,
            status,
        )


async def test_a_connection_that_is_not_bound_in_time(
    smsc: SmscSimulator, clock: ManualClock
) -> None:
    async with Esme.connect(smsc) as esme, Esme.connect(smsc) as bound:
        await bound.bind()
        await smsc.wait_for(lambda s: len(s.sessions) == 2)
        clock.advance(30)
        assert await esme.is_closed()
        assert (await bound.request("enquire_link")).status == CommandStatus.ESME_ROK


class TestUnbind:
    """Ending a session."""

    async def test_by_the_esme(self, esme: Esme, smsc: SmscSimulator) -> None:
        response = await esme.request("unbind")
        assert response[:2] == (Command.UNBIND_RESP, CommandStatus.ESME_ROK)
        assert await esme.is_closed()
        assert smsc.bound("testUser") == []

    async def test_without_a_close(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.settings.change({"after_unbind": "silent", "unbound_enquiry": "answer"})
        await esme.request("unbind")
        esme.send("enquire_link")
        assert await esme.is_silent(smsc)

    async def test_before_a_bind(self, smsc: SmscSimulator) -> None:
        async with Esme.connect(smsc) as esme:
            response = await esme.request("unbind")
            assert response.status == CommandStatus.ESME_RINVBNDSTS

    async def test_by_the_smsc(self, esme: Esme, smsc: SmscSimulator) -> None:
        smsc.sessions[0].unbind()
        request = await esme.receive()
        assert request.command == Command.UNBIND
        esme.answer(request)
        assert await esme.is_closed()

    async def test_by_the_smsc_without_an_answer(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        smsc.sessions[0].unbind()
        await esme.receive()
        clock.advance(10)
        assert await esme.is_closed()

    async def test_nothing_is_delivered_after_it(
        self, esme: Esme, smsc: SmscSimulator
    ) -> None:
        smsc.sessions[0].unbind()
        await esme.receive()
        smsc.originate("testUser", "96170123456", "4040", "Hi")
        assert smsc.deliveries.waiting("testUser") == 1


@pytest.mark.parametrize(
    ("mode", "command"),
    [
        *(
            (mode, command)
            for mode in (None, "receiver")
            for command in (
                Command.SUBMIT_SM,
                Command.DATA_SM,
                Command.QUERY_SM,
                Command.CANCEL_SM,
                Command.REPLACE_SM,
            )
        ),
        (None, Command.ENQUIRE_LINK),
        (None, Command.UNBIND),
    ],
)
async def test_requests_in_a_wrong_state(
    smsc: SmscSimulator, mode: str | None, command: Command
) -> None:
    """Table 2-1 of the specification."""
    async with Esme.connect(smsc) as esme:
        if mode is not None:
            await esme.bind(mode)
        response = await esme.request_raw(command)
        assert response.command == command | RESPONSE
        assert response.status == CommandStatus.ESME_RINVBNDSTS


async def test_outbind(smsc: SmscSimulator) -> None:
    """Clause 4.1.7: the SMSC connects, and the ESME binds as a receiver."""
    accepted: asyncio.Queue[Esme] = asyncio.Queue()
    listening = await asyncio.start_server(
        lambda reader, writer: accepted.put_nowait(Esme(reader, writer)), "127.0.0.1"
    )
    async with listening:
        host, port = listening.sockets[0].getsockname()
        session = await smsc.outbind(host, port, "secret")
        esme = await accepted.get()
        request = await esme.receive()
        assert request.command == Command.OUTBIND
        assert request.body == b"SMSC\0secret\0"
        await esme.bind("receiver")
        assert session.mode is BindMode.RECEIVER
        smsc.originate("testUser", "96170123456", "4040", "Hi")
        assert (await esme.take()).read.short_message == b"Hi"
        await smsc.wait_for(lambda s: s.deliveries.acknowledged == 1)
        await smsc.stop()
        assert await esme.is_closed()
        esme.writer.close()


async def test_one_account_on_two_systems(
    esme: Esme, account: Account, clock: ManualClock
) -> None:
    """The AMS platform has websmpp and SMPP for one login."""
    async with (
        WebsmppSimulator([account], clock=clock) as simulator,
        Platform.connect(simulator) as platform,
    ):
        await esme.submit()
        login = "userid=testUser&password=12345"
        assert await platform.get("balanceReport", login) == "999"
        await platform.submit()
    assert account.credit == 998


async def test_it_stops_with_open_connections(account: Account) -> None:
    async with SmscSimulator([account]) as smsc, Esme.connect(smsc) as esme:
        await esme.bind()
        await smsc.stop()
        assert await esme.is_closed()
        assert smsc.sessions == []


async def test_it_stops_with_what_it_has_just_accepted(account: Account) -> None:
    async with SmscSimulator([account]) as smsc:
        _, writer = await asyncio.open_connection(smsc.host, smsc.port)
        writer.write(raw(Command.ENQUIRE_LINK, 0, 1))
    writer.close()
