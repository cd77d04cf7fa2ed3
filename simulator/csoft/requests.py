"""The requests of the system, and how they are written in SOAP and as a form.

What is known of the schema: the elements of operations are qualified, all below them
are not, and stand in this order; none is asked for by the schema itself. The system
has more than is read here.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qs

from . import documents, times
from .documents import Children, MalformedError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE: Final = "http://www.csoft.co.uk/dtd/sendsms5.xsd"
"""The namespace of the elements of operations."""

_DELIVERY_OPTIONS: Final = frozenset({"Default", "Premier", "LeastCost", "Economy"})
_LONGEST_DELAY: Final = 65_535
_LONGEST_IDENTIFIER: Final = 15


class Service(StrEnum):
    """What can be asked for: the operations by SOAP, and sending by a form."""

    SUBMIT = "SubmitMessage"
    CREDIT = "AvailableCredit"
    COLLECT = "CollectMessages"
    FORM = "sendsms"


class Submission(NamedTuple):
    """What `SubmitMessage` is given; None and empty where it is not.

    `send_at` is in seconds since 1970. `delay` has the unit of the settings.
    """

    recipients: tuple[str, ...] = ()
    text: str = ""
    flash: bool = False
    reply_to: str = ""
    identifier: str = ""
    send_at: float | None = None
    delay: int = 0
    option: str = "Default"


class Request(NamedTuple):
    """What is asked for, by whom; a submission if a message is to be sent."""

    service: Service
    user: str
    pin: str
    submission: Submission | None = None

    @property
    def destination(self) -> str | None:
        """The first number that a message is to be sent to."""
        if self.submission is None or not self.submission.recipients:
            return None
        return self.submission.recipients[0]


def read_soap(octets: bytes, charset: str | None, *, several: bool) -> Request:
    """Read an operation; `several` is whether `SendTo` may stand more than once.

    Raises `MalformedError`.
    """
    element = documents.operation(octets, charset)
    for service in (Service.SUBMIT, Service.CREDIT, Service.COLLECT):
        if element.tag == f"{{{NAMESPACE}}}{service}":
            break
    else:
        raise MalformedError(f"there is no operation {element.tag}")
    with Children(element) as children:
        user = children.text("Username") or ""
        pin = children.text("PIN") or ""
        submission = None
        if service is Service.SUBMIT:
            submission = _submission(children, several=several)
    return Request(service, user, pin, submission)


def read_form(octets: bytes) -> Request:
    """Read a form in UTF-8; raises `MalformedError` if it is none."""
    try:
        fields = parse_qs(
            octets.decode("ascii"), keep_blank_values=True, errors="strict"
        )
    except UnicodeError as error:
        raise MalformedError(f"not a form in UTF-8: {error}") from error
    values = {name: given[0] for name, given in fields.items()}
    return Request(
        Service.FORM,
        values.get("Username", ""),
        values.get("PIN", ""),
        Submission((values.get("SendTo", ""),), values.get("Message", "")),
    )


def _submission(children: Children, *, several: bool) -> Submission:
    """Read what follows the login in `SubmitMessage`."""
    recipients, options = _recipient(children.take("Recipient"), several=several)
    text, flash = _message(children.take("Message"))
    reply_to = children.text("ReplyTo") or ""
    identifier = children.text("MessageIdentifier") or ""
    if len(identifier) > _LONGEST_IDENTIFIER:
        raise MalformedError(f"MessageIdentifier is too long: {identifier}")
    return Submission(recipients, text, flash, reply_to, identifier, *options)


def _recipient(
    element: Element | None, *, several: bool
) -> tuple[tuple[str, ...], tuple[float | None, int, str]]:
    """Read `Recipient`: the numbers, and the options of the sending."""
    recipients: list[str] = []
    options: tuple[float | None, int, str] = (None, 0, "Default")
    if element is not None:
        with Children(element) as children:
            while (number := children.text("SendTo")) is not None:
                recipients.append(number)
                if not several:
                    break
            given = children.take("SendOptions")
            if given is not None:
                options = _options(given)
    return tuple(recipients), options


def _options(element: Element) -> tuple[float | None, int, str]:
    """Read `SendOptions`."""
    with Children(element) as children:
        send_at = children.text("SendTimeAbsolute")
        delay = children.text("SendTimeDelay")
        option = children.text("DeliveryOption")
    try:
        moment = None if send_at is None else times.read(send_at)
    except ValueError as error:
        raise MalformedError(f"SendTimeAbsolute is no dateTime: {send_at}") from error
    if delay is not None and not (delay.isascii() and delay.isdecimal()):
        raise MalformedError(f"SendTimeDelay is no unsignedShort: {delay}")
    wait = int(delay or 0)
    if wait > _LONGEST_DELAY:
        raise MalformedError(f"SendTimeDelay is no unsignedShort: {delay}")
    if option is not None and option not in _DELIVERY_OPTIONS:
        raise MalformedError(f"there is no DeliveryOption {option}")
    return moment, wait, option or "Default"


def _message(element: Element | None) -> tuple[str, bool]:
    """Read `Message`: the text, and whether it is shown at once."""
    if element is None:
        return "", False
    with Children(element) as children:
        text, flash = children.text("TextMessage"), children.text("FlashMessage")
    if (text is None) == (flash is None):
        raise MalformedError("Message has one of TextMessage and FlashMessage")
    return text or flash or "", flash is not None
