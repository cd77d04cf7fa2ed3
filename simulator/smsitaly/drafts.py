"""The message that a session is about to send."""

from collections.abc import Mapping

from . import dates, texts
from .accounts import Account
from .fields import DATES, FORMS, KEPT, MANDATORY, Field, InvalidFieldError, recipient
from .settings import Settings


class Draft:
    """The fields of the next message, and those kept of messages sent.

    A message that is refused for its recipient counts as not sent: nothing of it is
    kept.
    """

    def __init__(self, account: Account, settings: Settings) -> None:
        """Start with nothing."""
        self._account = account
        self._settings = settings
        self._given: dict[Field, str] = {}
        self._kept: dict[Field, str] = {}

    def put(self, field: Field, value: str) -> str:
        """Take a value, or what is kept or the default in the place of an empty one.

        Returns what it came to; raises `InvalidFieldError`.
        """
        if not value:
            kept = self._kept.get(field) if field in KEPT else None
            value = kept or FORMS[field].default
            if field in MANDATORY and not value:
                raise InvalidFieldError(field)
        elif not (FORMS[field].fits(value) and self._is_allowed(field, value)):
            raise InvalidFieldError(field)
        if field is Field.TEXT_MESSAGE:
            texts.octets_of(self._given.get(Field.SMS_TYPE, ""), value)
        elif field in DATES:
            dates.check(self._given | {field: value}, field)
        self._given[field] = value
        return value

    def recipient_of(self, packet: Mapping[Field, str] | None) -> str:
        """Return the number that the next message is for, or that a packet is for."""
        given = self._given if packet is None else packet
        return recipient(
            self._kept | {field: value for field, value in given.items() if value}
        )

    def complete(self) -> dict[Field, str]:
        """Return all fields; raises `InvalidFieldError` for what is mandatory."""
        values = {field: form.default for field, form in FORMS.items()}
        values |= self._kept | self._given
        for field in MANDATORY:
            if not values[field]:
                raise InvalidFieldError(field)
        return values

    def clear(self) -> None:
        """Begin the next message without having sent this one."""
        self._given.clear()

    def sent(self) -> None:
        """Begin the next message after having sent this one."""
        every = self._settings.optional_fields == "kept"
        for field, value in self._given.items():
            if field in KEPT and self._settings.kept_values == "first":
                self._kept.setdefault(field, value)
            elif field in KEPT or (every and field is not Field.PHONE_NUMBER):
                self._kept[field] = value
        self._given.clear()

    def _is_allowed(self, field: Field, value: str) -> bool:
        """Tell whether the account may use a value."""
        account = self._account
        match field:
            case Field.COUNTRY_CODE:
                allowed = account.country_codes
            case Field.GSM_CODE:
                allowed = account.gsm_codes
            case Field.SENDER:
                allowed = account.senders
            case _:
                return True
        return allowed is None or value in allowed
