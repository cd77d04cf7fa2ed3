"""What the specification's codes and words come to, and outcomes in short."""

from gateway.errors import (
    AccountExpiredError,
    CreditError,
    LoginError,
    NoRecordError,
    ProviderError,
    RecipientError,
    ScheduleError,
    SenderError,
    TextError,
    TransientError,
)
from gateway.model import State
from gateway.providers import Outcome

CLASSES = {
    1: ProviderError,
    2: ProviderError,
    3: TransientError,
    4: LoginError,
    5: LoginError,
    6: SenderError,
    7: TextError,
    8: NoRecordError,
    9: RecipientError,
    10: ProviderError,
    11: TransientError,
    12: TransientError,
    13: TransientError,
    14: TransientError,
    15: ProviderError,
    16: ProviderError,
    17: TextError,
    18: CreditError,
    19: TextError,
    20: TextError,
    21: TextError,
    22: ScheduleError,
    23: TransientError,
    24: ProviderError,
    25: NoRecordError,
    26: AccountExpiredError,
    27: ProviderError,
    28: LoginError,
}
STATES = {
    "ATES": State.ENROUTE,
    "DELIVRD": State.DELIVERED,
    "UNDELIV": State.UNDELIVERABLE,
    "EXPIRED": State.EXPIRED,
    "REJECTD": State.REJECTED,
    "ACCEPTD": State.ACCEPTED,
    "DELETED": State.DELETED,
    "UNKNOWN": State.UNKNOWN,
}


def summary(outcomes: list[Outcome]) -> list[str]:
    """Return the ids or the code of each."""
    return [
        f"{each.code}" if isinstance(each, ProviderError) else "+".join(each)
        for each in outcomes
    ]
