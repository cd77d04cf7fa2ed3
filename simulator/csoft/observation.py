"""What can be seen from outside: requests, counts, and waiting for events."""

from collections import Counter
import time
from typing import Final, NamedTuple, override

from ..traffic import Traffic

UNREAD: Final = "unread"
"""The name under which requests are counted that could not be read."""


class RequestRecord(NamedTuple):
    """A request as it came: `arrived` is by `time.monotonic()`.

    `service` is the name of a `Service`, or `unread`.
    """

    arrived: float
    service: str
    target: str
    content_type: str
    body: bytes


class Observation(Traffic[RequestRecord]):
    """The record of what happened; of requests, the last 100,000.

    `reports` counts the codes that were answered, `malformed` what was refused by SOAP
    faults, by the faultstring.
    """

    def __init__(self) -> None:
        """Start with nothing seen."""
        super().__init__()
        self.reports: Counter[int] = Counter()
        self.malformed: Counter[str] = Counter()

    def record(self, service: str, target: str, content_type: str, body: bytes) -> None:
        """Keep a request that has arrived completely."""
        arrived = time.monotonic()
        record = RequestRecord(arrived, service, target, content_type, body)
        self.keep(service, record)

    @override
    def clear(self) -> None:
        """Forget what was seen; requests in flight stay counted."""
        super().clear()
        self.reports.clear()
        self.malformed.clear()
