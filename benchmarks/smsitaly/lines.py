"""The lines of a broadcast, as the gateway writes them."""

from collections.abc import Sequence
from secrets import token_hex
from typing import Final

from gateway.providers.smsitaly import SmsitalyLogin
from gateway.providers.smsitaly.fields import Fields
from gateway.providers.smsitaly.kept import Kept
from gateway.providers.smsitaly.packets import data_packet

TEXT: Final = "The washing machine in the cellar is done. Please hang the laundry up. "
_COUNTRY: Final = "+39"
_OPERATOR: Final = "333"


def numbers_of(turn: int, count: int) -> list[str]:
    """Return numbers that no other turn has."""
    return [f"{_COUNTRY}{_OPERATOR}{turn:02}{number:05}" for number in range(count)]


class Lines:
    """Those of one session; the login travels with the first."""

    def __init__(self, login: SmsitalyLogin) -> None:
        """Begin a session."""
        self._login: SmsitalyLogin | None = login
        self._kept = Kept()

    def of(self, numbers: Sequence[str]) -> list[bytes]:
        """Write a message to each number."""
        return [self._line(number) for number in numbers]

    def _line(self, number: str) -> bytes:
        fields = Fields(
            "Bench",
            _COUNTRY,
            _OPERATOR,
            number.removeprefix(_COUNTRY + _OPERATOR),
            TEXT,
            sms_validity="1440",
            sms_ref=token_hex(16),
        )
        login, self._login = self._login, None
        line = data_packet(self._kept.strip(fields), login)
        self._kept.take(fields)
        return line
