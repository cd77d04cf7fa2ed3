"""Errors at the fields of a form that they are about."""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from homeassistant.data_entry_flow import section
import voluptuous as vol

from .gateway.errors import InputError, ProviderError
from .gateway.reasons import Reason
from .quoting import all_quoted

WHOLE_FORM: Final = "base"


class FormErrors(NamedTuple):
    """What a form is shown again with."""

    errors: dict[str, str] = {}  # noqa: RUF012 - nobody changes it
    words: dict[str, str] = {}  # noqa: RUF012

    def in_form(self, schema: vol.Schema) -> vol.Schema:
        """Return the form with those sections open that an error is in."""
        return vol.Schema(
            {
                key: section(value.schema, {"collapsed": False})
                if isinstance(value, section) and str(key) in self.errors
                else value
                for key, value in schema.schema.items()
            }
        )


def input_error(error: InputError, schema: vol.Schema) -> FormErrors:
    """Tell a value that cannot be used, at its field."""
    return _at({error.field}, schema, error.text)


def provider_error(
    error: ProviderError, schema: vol.Schema, fields: Iterable[str], key: str
) -> FormErrors:
    """Tell what a provider said, by a sentence of ours or in its own words."""
    if isinstance(error.text, Reason):
        return _at(fields, schema, error.text)
    places = _places(fields, schema)
    return FormErrors(dict.fromkeys(places, key), all_quoted(reason=error))


def _at(fields: Iterable[str], schema: vol.Schema, reason: Reason) -> FormErrors:
    errors = dict.fromkeys(_places(fields, schema), reason.key)
    return FormErrors(errors, all_quoted(**reason.values))


def _places(fields: Iterable[str], schema: vol.Schema) -> Collection[str]:
    """Return where the frontend shows an error: it shows none inside a section."""
    places = {}
    for key, value in schema.schema.items():
        inside = map(str, value.schema.schema) if isinstance(value, section) else ()
        for field in (str(key), *inside):
            places[field] = str(key)
    return {places[field] for field in fields if field in places} or {WHOLE_FORM}
