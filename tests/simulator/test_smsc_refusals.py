"""What is refused for what it holds: SMPP specification v3.4, 4.4, 5.1.3 and 5.2."""

import pytest

from simulator.smsc import Account, Command, CommandStatus, SmscSimulator, Tag

from .esme import Esme, parameter


def octets(**changes: bytes) -> dict[str, bytes]:
    """Return the parts of the body of the example that raw changes are made to."""
    parts = {
        "service_type": b"\0",
        "source": b"\x05\0Test\0",
        "destination": b"\x01\x0196170123456\0",
        "esm_class": b"\0",
        "protocol_id": b"\0",
        "priority_flag": b"\0",
        "schedule_delivery_time": b"\0",
        "validity_period": b"\0",
        "registered_delivery": b"\0",
        "replace_if_present_flag": b"\0",
        "data_coding": b"\0",
        "sm_default_msg_id": b"\0",
        "short_message": b"\x02Hi",
        "parameters": b"",
    }
    assert changes.keys() <= parts.keys()
    return parts | changes


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        pytest.param("RINVSERTYP", {"service_type": b"LONGER\0"}, id="service_type"),
        pytest.param("RINVSRCTON", {"source": b"\x07\0Test\0"}, id="source ton"),
        pytest.param("RINVSRCNPI", {"source": b"\x05\x02Test\0"}, id="source npi"),
        pytest.param("RINVSRCADR", {"source": b"\x01\x01Test\0"}, id="letters, ton 1"),
        pytest.param("RINVSRCADR", {"source": b"\x05\0TwelveLetter\0"}, id="12"),
        pytest.param("RINVSRCADR", {"source": b"\x01\x01" + b"1" * 21}, id="21 octets"),
        pytest.param("RINVDSTTON", {"destination": b"\x07\x01961701\0"}, id="to ton"),
        pytest.param("RINVDSTNPI", {"destination": b"\x01\x02961701\0"}, id="to npi"),
        *(
            pytest.param("RINVDSTADR", {"destination": destination}, id=f"{name} to")
            for name, destination in {
                "nothing": b"\x01\x01\0",
                "too short": b"\x01\x019617\0",
                "too long": b"\x01\x019617012345678901\0",
                "national": b"\x01\x0103123456\0",
                "a name": b"\x05\0Test\0",
                "letters": b"\x01\x01961x0123456\0",
                "21 octets": b"\x01\x01" + b"9" * 21,
            }.items()
        ),
        pytest.param("RINVESMCLASS", {"esm_class": b"\x04"}, id="a receipt"),
        pytest.param("RINVESMCLASS", {"esm_class": b"\x40"}, id="no header"),
        pytest.param(
            "RINVESMCLASS",
            {"esm_class": b"\x40", "short_message": b"\x03\x02\x00\x03"},
            id="a header cut",
        ),
        pytest.param(
            "RINVESMCLASS",
            {"esm_class": b"\x40", "short_message": b"\x06\x05\x00\x03\x01\x02\x03"},
            id="segment 3 of 2",
        ),
        pytest.param("RINVPRTFLG", {"priority_flag": b"\x04"}, id="priority"),
        pytest.param(
            "RINVSCHED", {"schedule_delivery_time": b"160510143000000\0"}, id="15"
        ),
        pytest.param(
            "RINVEXPIRY", {"validity_period": b"161310143000000+\0"}, id="month 13"
        ),
        pytest.param("RINVREGDLVFLG", {"registered_delivery": b"\x03"}, id="receipt 3"),
        pytest.param("RINVREGDLVFLG", {"registered_delivery": b"\x20"}, id="reserved"),
        pytest.param("RINVREPFLAG", {"replace_if_present_flag": b"\x02"}, id="replace"),
        pytest.param("RINVDFTMSGID", {"sm_default_msg_id": b"\x01"}, id="predefined"),
        pytest.param("RINVMSGLEN", {"short_message": b"\x09Hi"}, id="sm_length"),
        pytest.param(
            "RINVMSGLEN", {"data_coding": b"\x08", "short_message": b"\x01A"}, id="UCS2"
        ),
        pytest.param(
            "RINVMSGLEN",
            {
                "esm_class": b"\x40",
                "short_message": b"\xa0\x05\x00\x03\x01\x02\x01" + b"x" * 154,
            },
            id="a segment too long",
        ),
        pytest.param("RINVCMDLEN", {"short_message": b""}, id="cut"),
        pytest.param("RINVOPTPARSTREAM", {"parameters": b"\x02"}, id="parameter cut"),
        pytest.param(
            "RINVOPTPARSTREAM",
            {"parameters": b"\x02\x0c\x00\x03\x01\x01"},
            id="value cut",
        ),
        pytest.param(
            "ROPTPARNOTALLWD",
            {"parameters": parameter(Tag.MESSAGE_PAYLOAD, b"Hi")},
            id="two texts",
        ),
        pytest.param(
            "RMISSINGOPTPARAM",
            {"parameters": parameter(Tag.SAR_MSG_REF_NUM, b"\0\x01")},
            id="sar without the rest",
        ),
        *(
            pytest.param(
                status,
                {
                    "parameters": parameter(Tag.SAR_MSG_REF_NUM, reference)
                    + parameter(Tag.SAR_TOTAL_SEGMENTS, b"\x02")
                    + parameter(Tag.SAR_SEGMENT_SEQNUM, number)
                },
                id=f"sar {status}",
            )
            for status, reference, number in (
                ("RINVPARLEN", b"\x01", b"\x01"),
                ("RINVOPTPARAMVAL", b"\0\x01", b"\x03"),
                ("RINVOPTPARAMVAL", b"\0\x01", b"\x00"),
            )
        ),
    ],
)
async def test_what_is_refused(
    esme: Esme,
    smsc: SmscSimulator,
    account: Account,
    status: str,
    changes: dict[str, bytes],
) -> None:
    body = b"".join(octets(**changes).values())
    response = await esme.request_raw(Command.SUBMIT_SM, body)
    assert CommandStatus(response.status).name == f"ESME_{status}"
    assert (response.command, response.body) == (Command.SUBMIT_SM_RESP, b"")
    assert smsc.messages_count == 0
    assert account.credit == 1000
    assert smsc.observation.refusals == {f"ESME_{status}": 1}


@pytest.mark.parametrize(
    "changes",
    [
        {"source": b"\0\0\0"},
        {"source": b"\x01\x01+96170000000\0"},
        {"source": b"\x03\x004040\0"},
        {"destination": b"\0\x0103123456\0"},
        {"destination": b"\x01\x01+96170123456\0"},
        {"esm_class": b"\x03"},
        {"service_type": b"CMT\0"},
        {"short_message": b"\0"},
        {"parameters": parameter(0x1500, b"vendor's")},
    ],
)
async def test_what_is_not_refused(esme: Esme, changes: dict[str, bytes]) -> None:
    body = b"".join(octets(**changes).values())
    response = await esme.request_raw(Command.SUBMIT_SM, body)
    assert response.status == CommandStatus.ESME_ROK


async def test_a_reserved_data_coding(esme: Esme, smsc: SmscSimulator) -> None:
    assert (await esme.submit(data_coding=0x0C)).status == 0x0000_0104
    smsc.settings.change({"coding_status": "ESME_RSUBMITFAIL"})
    response = await esme.submit(data_coding=0x80)
    assert response.status == CommandStatus.ESME_RSUBMITFAIL
