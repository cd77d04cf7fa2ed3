"""Delivery receipts: SMPP specification v3.4, clause 5.2.12 and appendix B."""

from datetime import UTC, datetime
from functools import lru_cache, partial
import random

from ..networks import network_of
from . import ids
from .centre import Centre
from .deliveries import Delivery
from .messages import Message, Stage
from .octets import cstring
from .pdus import ShortMessage
from .settings import Settings
from .states import MessageState
from .tags import VENDOR_TAGS, Tag

_RECEIPT, _NOTIFICATION = 0x04, 0x20
"""The message types in esm_class (clause 5.2.12)."""
_ALWAYS, _ON_FAILURE, _INTERMEDIATE = 0x01, 0x02, 0x10
"""The bits of registered_delivery (clause 5.2.17)."""
_GSM = 3
_SHOWN = 20

# What phones' networks report is not specified: one number for each bad end.
_ERROR_NUMBERS = {
    MessageState.UNDELIVERABLE: "001",
    MessageState.EXPIRED: "002",
    MessageState.REJECTED: "003",
    MessageState.DELETED: "004",
    MessageState.UNKNOWN: "005",
}


class Receipts:
    """Sends receipts, each when it is due."""

    def __init__(self, centre: Centre) -> None:
        """Send by the deliveries of this SMSC."""
        self._centre = centre
        self._settings = centre.settings
        self._gathered: list[Delivery] = []
        self._random = random.Random(0)

    def plan(self, message: Message) -> None:
        """Send the receipts of a message when its script comes to them, or at once."""
        early = self._settings.receipt_timing == "early"
        for stage in message.course():
            if not _is_wanted(message, stage.state):
                continue
            if early:
                self.tell(message, stage)
            else:
                self._centre.agenda.at(
                    stage.since + self._settings.receipt_delay,
                    partial(self._fall_due, message, stage, message.revision),
                )
        if early:
            # They are to overtake the response, which may go by another session.
            for session in self._centre.bound(message.user):
                session.flush()

    def tell(self, message: Message, stage: Stage) -> None:
        """Send the receipt of a stage now, if it is wanted."""
        settings = self._settings
        if settings.receipt_timing == "never" or not _is_wanted(message, stage.state):
            return
        for _ in range(settings.receipt_copies):
            receipt = compose(message, stage, settings)
            delivery = Delivery(message.user, receipt, message, stage.state)
            if settings.receipt_order == "due":
                self._centre.deliveries.post(delivery)
            else:
                self._gather(delivery)

    def clear(self) -> None:
        """Drop what waits for others to change its place with."""
        self._gathered.clear()

    def _fall_due(self, message: Message, stage: Stage, revision: int) -> None:
        """Send a receipt that was planned, unless the message's course has changed."""
        if message.revision == revision:
            self.tell(message, stage)

    def _gather(self, delivery: Delivery) -> None:
        """Wait for others to change places with."""
        if not self._gathered:
            self._centre.agenda.after(self._settings.receipt_window, self._release)
        self._gathered.append(delivery)

    def _release(self) -> None:
        """Send what was gathered, in the order of the settings."""
        deliveries, self._gathered = self._gathered, []
        if self._settings.receipt_order == "shuffled":
            self._random.shuffle(deliveries)
        else:
            deliveries.reverse()
        for delivery in deliveries:
            self._centre.deliveries.post(delivery)


def compose(message: Message, stage: Stage, settings: Settings) -> ShortMessage:
    """Return the receipt of a stage of a message."""
    source, destination = message.pdu.destination, message.pdu.source
    if settings.receipt_addresses == "as_submitted":
        source, destination = destination, source
    form = settings.receipt_id_form
    receipt_id = (
        message.message_id if form is None else ids.write_id(message.number, form)
    )
    text, parameters = b"", {}
    if settings.receipt_content != "parameters":
        text = _text(message, stage, receipt_id, settings)
    if settings.receipt_content != "text":
        parameters = _parameters(stage.state, receipt_id, settings)
    if settings.receipt_vendor_parameters:
        parameters |= VENDOR_TAGS
    return ShortMessage(
        source,
        destination,
        text,
        settings.receipt_coding,
        _NOTIFICATION if stage.state is MessageState.ENROUTE else _RECEIPT,
        service_type=settings.receipt_service_type,
        parameters=parameters,
    )


def error_number(state: MessageState) -> str:
    """Return the network's error number, 000 for none."""
    return _ERROR_NUMBERS.get(state, "000")


def _is_wanted(message: Message, state: MessageState) -> bool:
    """Tell whether the sender asked to be told of a state (clause 5.2.17)."""
    wanted = message.pdu.registered_delivery
    if state is MessageState.ENROUTE:
        return bool(wanted & _INTERMEDIATE)
    if wanted & _ALWAYS:
        return True
    return bool(wanted & _ON_FAILURE) and state in _ERROR_NUMBERS


def _text(message: Message, stage: Stage, receipt_id: str, settings: Settings) -> bytes:
    """Return the text of a receipt; its forms are the SMSCs' own (appendix B)."""
    state = stage.state
    submitted = _date(message.submitted, seconds=settings.receipt_seconds)
    done = _date(stage.since, seconds=settings.receipt_seconds)
    network = ""
    if settings.receipt_network:
        found = network_of(message.destination)
        network = f"mcc:{found.mcc} mnc:{found.mnc} "
    error = "null" if settings.receipt_error == "null" else error_number(state)
    end = f"{network}stat:{state.word} err:{error}"
    dates = f"submit date:{submitted} done date:{done}"
    counts = after = ""
    if settings.receipt_text != "short":
        counts = "sub:001 "
    if settings.receipt_text == "appendix_b":
        counts += f"dlvrd:{int(state is MessageState.DELIVERED):03} "
        after = f" text:{message.text[:_SHOWN]}"
    text = f"id:{receipt_id} {counts}{dates} {end}{after}"
    return text.encode("ascii", "replace")


def _parameters(
    state: MessageState, receipt_id: str, settings: Settings
) -> dict[int, bytes]:
    """Return the optional parameters of a receipt (5.3.2.12, 5.3.2.31, 5.3.2.35)."""
    parameters: dict[int, bytes] = {
        Tag.RECEIPTED_MESSAGE_ID: (
            cstring(receipt_id)
            if settings.receipt_id_terminated
            else receipt_id.encode()
        ),
        Tag.MESSAGE_STATE: bytes((state,)),
    }
    if state in _ERROR_NUMBERS:
        number = int(error_number(state))
        parameters[Tag.NETWORK_ERROR_CODE] = bytes((_GSM, 0, number))
    return parameters


def _date(moment: float, *, seconds: bool) -> str:
    """Write a moment (seconds since 1970) as YYMMDDhhmm or YYMMDDhhmmss in GMT."""
    return _second(int(moment)) if seconds else _minute(int(moment) // 60)


@lru_cache
def _minute(minute: int) -> str:
    """Write a minute since 1970."""
    return f"{datetime.fromtimestamp(minute * 60, UTC):%y%m%d%H%M}"


@lru_cache
def _second(second: int) -> str:
    """Write a second since 1970."""
    return f"{datetime.fromtimestamp(second, UTC):%y%m%d%H%M%S}"
