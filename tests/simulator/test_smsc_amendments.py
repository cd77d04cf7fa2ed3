"""query_sm, cancel_sm and replace_sm: SMPP specification v3.4, 4.8 to 4.10."""

import pytest

from simulator.smsc import (
    Account,
    Command,
    CommandStatus,
    ManualClock,
    MessageState,
    SmscSimulator,
)

from .esme import Esme, Pdu

SOURCE = b"\x05\0Test\0"
DESTINATION = b"\x01\x0196170123456\0"
NOWHERE = b"\0\0\0"


async def query(esme: Esme, message_id: str, source: str = "Test") -> Pdu:
    """Return the answer to a query."""
    return await esme.request(
        "query_sm", message_id=message_id, source_addr_ton=5, source_addr=source
    )


async def cancel(
    esme: Esme,
    message_id: bytes,
    source: bytes = SOURCE,
    destination: bytes = NOWHERE,
    service_type: bytes = b"",
) -> int:
    """Return the status that answers a cancellation."""
    body = service_type + b"\0" + message_id + b"\0" + source + destination
    response = await esme.request_raw(Command.CANCEL_SM, body)
    assert (response.command, response.body) == (Command.CANCEL_SM_RESP, b"")
    return response.status


async def replace(
    esme: Esme,
    message_id: bytes = b"2541524",
    source: bytes = SOURCE,
    times: bytes = b"\0\0",
    end: bytes = b"\x01\0\x05newer",
) -> int:
    """Return the status that answers a replacement."""
    body = message_id + b"\0" + source + times + end
    response = await esme.request_raw(Command.REPLACE_SM, body)
    assert (response.command, response.body) == (Command.REPLACE_SM_RESP, b"")
    return response.status


class TestQuery:
    """Asking for the state of a message."""

    async def test_before_and_after_the_final_state(
        self, esme: Esme, clock: ManualClock
    ) -> None:
        await esme.submit(destination_addr="96170123401", registered_delivery=0)
        before = await query(esme, "2541524")
        assert before.command == Command.QUERY_SM_RESP
        assert before.body == b"2541524\0\0\x01\x00"
        clock.advance(61)
        after = await query(esme, "2541524")
        assert after.body == b"2541524\x00160510140000000+\0\x05\x01"

    async def test_an_unknown_message(self, esme: Esme) -> None:
        response = await query(esme, "1")
        assert (response.status, response.body) == (CommandStatus.ESME_RINVMSGID, b"")

    async def test_another_source(self, esme: Esme) -> None:
        await esme.submit()
        response = await query(esme, "2541524", "Other")
        assert response.status == CommandStatus.ESME_RQUERYFAIL

    async def test_the_message_of_another_account(
        self, esme: Esme, smsc: SmscSimulator
    ) -> None:
        smsc.accounts["other"] = Account("other", "pw")
        await esme.submit()
        async with Esme.connect(smsc) as other:
            await other.bind(system_id="other", password="pw")
            response = await query(other, "2541524")
            assert response.status == CommandStatus.ESME_RINVMSGID

    async def test_a_body_too_long(self, esme: Esme) -> None:
        body = b"2541524\0" + SOURCE + b"\0"
        response = await esme.request_raw(Command.QUERY_SM, body)
        assert response.status == CommandStatus.ESME_RINVCMDLEN


class TestCancel:
    """Cancelling messages that are not yet delivered."""

    @pytest.mark.parametrize("destination", [NOWHERE, DESTINATION])
    async def test_one_message(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock, destination: bytes
    ) -> None:
        await esme.submit()
        assert await cancel(esme, b"2541524", destination=destination) == 0
        receipt = await esme.take()
        assert receipt.read.message_state == MessageState.DELETED
        clock.advance(1)
        assert await esme.is_silent(smsc)
        state = smsc.messages[0].stage(clock.now()).state
        assert state is MessageState.DELETED

    async def test_one_that_is_delivered(self, esme: Esme, clock: ManualClock) -> None:
        await esme.submit(registered_delivery=0)
        clock.advance(1)
        assert await cancel(esme, b"2541524") == CommandStatus.ESME_RCANCELFAIL

    async def test_one_that_is_unknown(self, esme: Esme) -> None:
        assert await cancel(esme, b"1") == CommandStatus.ESME_RINVMSGID

    async def test_other_addresses(self, esme: Esme) -> None:
        await esme.submit()
        failed = CommandStatus.ESME_RCANCELFAIL
        assert await cancel(esme, b"2541524", b"\x05\0Other\0") == failed
        other = b"\x01\x0196170000000\0"
        assert await cancel(esme, b"2541524", destination=other) == failed

    async def test_all_that_fit(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        """Without a message_id, the addresses and the service_type say which."""
        for changes in (
            {},
            {"service_type": "CMT"},
            {"source_addr": "Other"},
            {"destination_addr": "96170123499"},
            {},
        ):
            await esme.submit(registered_delivery=0, **changes)
        deleted = MessageState.DELETED

        def cancelled() -> list[bool]:
            states = [each.stage(clock.now()).state for each in smsc.messages]
            return [state is deleted for state in states]

        assert await cancel(esme, b"", SOURCE, DESTINATION, b"CMT") == 0
        assert cancelled() == [False, True, False, False, False]
        assert await cancel(esme, b"", SOURCE, DESTINATION) == 0
        assert cancelled() == [True, True, False, False, True]
        failed = await cancel(esme, b"", SOURCE, DESTINATION)
        assert failed == CommandStatus.ESME_RCANCELFAIL


class TestReplace:
    """Replacing a message that is not yet delivered."""

    async def test_text_and_receipt(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        await esme.submit(registered_delivery=0)
        assert await replace(esme) == 0
        assert smsc.messages_count == 1
        assert smsc.messages[0].text == "newer"
        clock.advance(1)
        assert (await esme.take()).read.receipted_message_id == b"2541524"

    async def test_there_is_one_receipt(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        await esme.submit()
        await replace(esme)
        clock.advance(1)
        await esme.take()
        assert await esme.is_silent(smsc)

    async def test_times(
        self, esme: Esme, smsc: SmscSimulator, clock: ManualClock
    ) -> None:
        await esme.submit()
        times = b"000000001000000R\x00000000002000000R\0"
        assert await replace(esme, times=times) == 0
        message = smsc.messages[0]
        assert message.sent == clock.now() + 600
        assert message.expires == clock.now() + 1200
        assert await replace(esme) == 0
        assert message.sent == clock.now() + 600
        clock.advance(600)
        assert await esme.is_silent(smsc)
        clock.advance(0.2)
        await esme.take()

    async def test_a_payload_by_a_short_message(
        self, esme: Esme, smsc: SmscSimulator
    ) -> None:
        await esme.submit(short_message=None, message_payload=b"older")
        assert await replace(esme) == 0
        assert smsc.messages[0].text == "newer"

    async def test_one_that_is_delivered(self, esme: Esme, clock: ManualClock) -> None:
        await esme.submit(registered_delivery=0)
        clock.advance(1)
        assert await replace(esme) == CommandStatus.ESME_RREPLACEFAIL

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"message_id": b"1"}, CommandStatus.ESME_RINVMSGID),
            ({"source": b"\x05\0Other\0"}, CommandStatus.ESME_RREPLACEFAIL),
            ({"times": b"soon\0\0"}, CommandStatus.ESME_RINVSCHED),
            ({"times": b"\0soon\0"}, CommandStatus.ESME_RINVEXPIRY),
            ({"end": b"\x03\0\x05newer"}, CommandStatus.ESME_RINVREGDLVFLG),
            ({"end": b"\x01\x01\x05newer"}, CommandStatus.ESME_RINVDFTMSGID),
            ({"end": b"\x01\0\x06newer"}, CommandStatus.ESME_RINVMSGLEN),
            ({"end": b"\x01\0\x05newer!"}, CommandStatus.ESME_RINVCMDLEN),
        ],
    )
    async def test_what_is_refused(
        self,
        esme: Esme,
        smsc: SmscSimulator,
        changes: dict[str, bytes],
        status: int,
    ) -> None:
        await esme.submit()
        assert await replace(esme, **changes) == status
        assert smsc.messages[0].text == "testing English message"
