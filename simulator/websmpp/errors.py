"""The error codes HTTP01 to HTTP28, and errors forced by configuration."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from .endpoints import Endpoint
from .rules import EndpointRule, EndpointRules


class ErrorCode(Enum):
    """An error of the platform (websmpp specification, section Response Format).

    HTTP27 and HTTP28 are beyond the specification and were observed on AMS servers.
    """

    HTTP01 = "Invalid HTTP URL Format"
    HTTP02 = "Invalid query string"
    HTTP03 = "Message Submission Failed"
    HTTP04 = "Invalid Password"
    HTTP05 = "Invalid System ID"
    HTTP06 = "Invalid Sender ID"
    HTTP07 = "Invalid Type"
    HTTP08 = "Invalid Message ID"
    HTTP09 = "Invalid Destination Address"
    HTTP10 = "Invalid number of messages"
    HTTP11 = "Requested service is unavailable"
    HTTP12 = "Submit Failed"
    HTTP13 = "Query request failed"
    HTTP14 = "Bind failed"
    HTTP15 = "Not Authorized for the request"
    HTTP16 = "Invalid Request"
    HTTP17 = "Invalid Message Length"
    HTTP18 = "INSUFFICIENT CREDITS/BALANCE"
    HTTP19 = "Invalid DATA CODING SCHEME"
    HTTP20 = "Invalid ESM"
    HTTP21 = "Invalid HEADER"
    HTTP22 = "Invalid Schedule Time"
    HTTP23 = "Routing Error"
    HTTP24 = "Exceeded number of Destination"
    HTTP25 = "No Record Found"
    HTTP26 = "Account Expired"
    HTTP27 = "Request Refused"
    HTTP28 = "Password Expired"

    @property
    def line(self) -> str:
        """The line that reports the error."""
        return f"ERROR - {self.name} --> {self.value}"


ABORTING = frozenset(
    {
        ErrorCode.HTTP06,
        ErrorCode.HTTP14,
        ErrorCode.HTTP17,
        ErrorCode.HTTP18,
        ErrorCode.HTTP26,
    }
)
"""Errors after which the remaining recipients get no line (observed)."""


class RefusedError(Exception):
    """The request as a whole is refused."""

    def __init__(self, code: ErrorCode) -> None:
        """Name the error that the reply reports."""
        super().__init__(code.line)
        self.code = code


@dataclass(slots=True, kw_only=True, eq=False)
class ForcedError(EndpointRule):
    """An error that is reported whatever the request says.

    Without a destination it answers whole requests, before they are looked at. With
    one (a pattern such as `*99`, or a predicate) it answers for those recipients of
    submissions, each of them one of the `times`: HTTP06/14/17/18/26 end the
    submission there, every other code passes the recipient over.
    """

    code: ErrorCode
    destination: str | Callable[[str], bool] | None = None

    def concerns(self, destination: str) -> bool:
        """Tell whether the error is forced for this recipient."""
        if callable(self.destination):
            return self.destination(destination)
        return self.destination is not None and fnmatchcase(
            destination, self.destination
        )


class ForcedErrors(EndpointRules[ForcedError]):
    """The errors in force."""

    def check_request(self, endpoint: Endpoint) -> None:
        """Raise `RefusedError` if an error is forced for whole requests."""
        rule = self.take_at(endpoint, lambda rule: rule.destination is None)
        if rule is not None:
            raise RefusedError(rule.code)

    def for_recipient(self, destination: str) -> ErrorCode | None:
        """Return the error forced for a recipient of a submission."""
        rule = self.take_at(Endpoint.SUBMIT, lambda rule: rule.concerns(destination))
        return None if rule is None else rule.code
