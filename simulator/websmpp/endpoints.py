"""The four services of the websmpp platform and their paths."""

from enum import StrEnum

PREFIX = "/websmpp"


class Endpoint(StrEnum):
    """A service, named as the last part of its path."""

    SUBMIT = "websms"
    STATUS = "websmsstatus"
    BALANCE = "balanceReport"
    COVERAGE = "downloadcoverage"


PATHS = {f"{PREFIX}/{endpoint}": endpoint for endpoint in Endpoint}
