"""The octets of PDUs, against smpplib as a second opinion."""

from contextlib import suppress

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest
from smpplib import command_codes, consts, gsm
from smpplib.command import factory

from simulator import alphabet
from simulator.smsc import (
    Address,
    Command,
    CommandStatus,
    MessageState,
    ShortMessage,
    Tag,
    pdus,
)
from simulator.smsc.statuses import RefusedError
from simulator.smsc.times import read_time, write_time

from .esme import Pdu

# A busy machine is no fault of what is tested.
patient = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
octet = st.integers(0, 255)
letters = st.characters(min_codepoint=1, max_codepoint=127)


def words(longest: int) -> st.SearchStrategy[str]:
    """Return texts for C-Octet Strings."""
    return st.text(letters, max_size=longest)


addresses = st.builds(Address, octet, octet, words(20))
times = st.just("") | st.text(letters, min_size=16, max_size=16)
messages = st.builds(
    ShortMessage,
    source=addresses,
    destination=addresses,
    short_message=st.binary(max_size=254),
    data_coding=octet,
    esm_class=octet,
    registered_delivery=octet,
    service_type=words(5),
    protocol_id=octet,
    priority_flag=octet,
    schedule_delivery_time=times,
    validity_period=times,
    replace_if_present_flag=octet,
    sm_default_msg_id=octet,
    parameters=st.dictionaries(st.integers(0, 0xFFFF), st.binary(max_size=300)),
)


@patient
@given(messages)
def test_what_is_written_is_read(message: ShortMessage) -> None:
    body = pdus.write_short_message(message)
    assert pdus.read_short_message(body) == message


@patient
@given(st.binary(max_size=200))
def test_nothing_else_is_raised(body: bytes) -> None:
    for read in (
        pdus.read_bind,
        pdus.read_short_message,
        pdus.read_data_message,
        pdus.read_query,
        pdus.read_cancel,
        pdus.read_replace,
        pdus.read_nothing,
    ):
        with suppress(RefusedError):
            read(body)


@patient
@given(messages, st.integers(0, 80))
def test_a_cut_body_is_refused(message: ShortMessage, count: int) -> None:
    body = pdus.write_short_message(message._replace(parameters={}))
    with pytest.raises(RefusedError):
        pdus.read_short_message(body[: min(count, len(body) - 1)])


@patient
@given(messages)
def test_smpplib_reads_what_is_written(message: ShortMessage) -> None:
    message = message._replace(
        parameters={
            Tag.RECEIPTED_MESSAGE_ID: b"2541524\0",
            Tag.MESSAGE_STATE: b"\x02",
            Tag.MESSAGE_PAYLOAD: b"long",
        }
    )
    body = pdus.write_short_message(message)
    read = Pdu(Command.DELIVER_SM, 0, 1, body).read
    for name in (
        "data_coding",
        "esm_class",
        "registered_delivery",
        "protocol_id",
        "priority_flag",
        "replace_if_present_flag",
        "sm_default_msg_id",
    ):
        assert getattr(read, name) == getattr(message, name)
    for name in ("service_type", "schedule_delivery_time", "validity_period"):
        assert getattr(read, name).decode() == getattr(message, name)
    assert read.short_message == message.short_message
    assert read.source_addr.decode() == message.source.digits
    assert read.destination_addr.decode() == message.destination.digits
    assert (read.dest_addr_ton, read.dest_addr_npi) == message.destination[:2]
    assert read.receipted_message_id == b"2541524"
    assert read.message_state == MessageState.DELIVERED
    assert read.message_payload == b"long"


@patient
@given(
    st.fixed_dictionaries(
        {
            "service_type": words(5),
            "source_addr_ton": octet,
            "source_addr_npi": octet,
            "source_addr": words(20),
            "dest_addr_ton": octet,
            "dest_addr_npi": octet,
            "destination_addr": words(20),
            "esm_class": octet,
            "registered_delivery": octet,
            "data_coding": octet,
            "sar_msg_ref_num": st.integers(0, 0xFFFF),
        }
    ),
    st.sampled_from(["submit_sm", "data_sm"]),
)
def test_what_smpplib_writes_is_read(fields: dict[str, object], name: str) -> None:
    pdu = factory(name, sequence=1, **fields)
    if name == "submit_sm":
        pdu.schedule_delivery_time = pdu.validity_period = ""
        pdu.short_message = b"Hi"
        message = pdus.read_short_message(pdu.generate()[16:])
        assert message.short_message == b"Hi"
    else:
        message = pdus.read_data_message(pdu.generate()[16:])
    assert message.service_type == fields["service_type"]
    source = [fields[f"source_addr{end}"] for end in ("_ton", "_npi", "")]
    assert list(message.source) == source
    assert message.destination.digits == fields["destination_addr"]
    assert message.esm_class == fields["esm_class"]
    assert message.data_coding == fields["data_coding"]
    assert message.registered_delivery == fields["registered_delivery"]
    reference = message.parameters[Tag.SAR_MSG_REF_NUM]
    assert int.from_bytes(reference) == fields["sar_msg_ref_num"]


def test_the_statuses() -> None:
    theirs = {
        name.removeprefix("SMPP_"): value
        for name, value in vars(consts).items()
        if name.startswith("SMPP_ESME_")
    }
    assert {each.name: each.value for each in CommandStatus} == theirs


def test_the_commands() -> None:
    theirs = {name.upper(): code for name, code in command_codes.commands.items()}
    ours = {each.name: each.value for each in Command}
    assert (
        ours.items()
        >= {name: code for name, code in theirs.items() if name in ours}.items()
    )
    assert ours.keys() - theirs.keys() <= {"SUBMIT_MULTI", "SUBMIT_MULTI_RESP"}


def test_the_states_and_tags() -> None:
    for state in MessageState:
        assert getattr(consts, f"SMPP_MESSAGE_STATE_{state.name}") == state
    for tag in Tag:
        assert consts.OPTIONAL_PARAMS[tag.name.lower()] == tag


@patient
@given(st.text(st.sampled_from(sorted(alphabet.CHARACTERS)), max_size=200))
def test_the_alphabet(text: str) -> None:
    octets = alphabet.encode(text)
    assert alphabet.decode(octets) == text
    # smpplib has no section sign, and another form feed.
    if not {"§", "\f"} & set(text):
        assert gsm.gsm_encode(text) == octets


@patient
@given(st.binary(max_size=50))
def test_any_octets_have_a_text(octets: bytes) -> None:
    assert len(alphabet.decode(octets)) <= len(octets)


@patient
@given(st.integers(1_000_000_000, 4_000_000_000))
def test_times(moment: int) -> None:
    assert read_time(write_time(moment), 0) == moment


def test_relative_months_end_with_the_month() -> None:
    end_of_january = read_time("160131120000000+", 0)
    assert end_of_january is not None
    later = read_time("000100000000000R", end_of_january)
    assert later is not None
    assert write_time(later) == "160229120000000+"
