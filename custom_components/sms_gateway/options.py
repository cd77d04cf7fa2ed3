"""The options of an account, as a form and as the gateway takes them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    CountrySelector,
    CountrySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
)
import phonenumbers
import voluptuous as vol

from .const import (
    CONF_KEEP_DAYS,
    CONF_LOW_CREDIT,
    CONF_ON_UNCERTAIN,
    CONF_REGION,
    CONF_SENDER,
    CONF_TIME_TO_LIVE,
    CONF_TRACK_HOURS,
    SECTION_ADVANCED,
)
from .gateway import AccountOptions, OnUncertain
from .gateway.errors import InputError
from .gateway.numbers import check_sender
from .systems import System, can_send
from .systems.fields import number

DEFAULT_LOW_CREDIT: Final = 10

REGION_SELECTOR: Final = CountrySelector(
    CountrySelectorConfig(countries=sorted(phonenumbers.SUPPORTED_REGIONS))
)
_LOW_CREDIT: Final[dict[vol.Marker, Any]] = {
    vol.Required(CONF_LOW_CREDIT, default=DEFAULT_LOW_CREDIT): NumberSelector(
        NumberSelectorConfig(
            min=0, max=1_000_000, step="any", mode=NumberSelectorMode.BOX
        )
    )
}
_TRACK_HOURS: Final[dict[vol.Marker, Any]] = {
    vol.Required(CONF_TRACK_HOURS, default=48): number(1, 720, "h")
}


def options_schema(system: System, data: Mapping[str, Any]) -> vol.Schema:
    """Build the form for the options of an account at this system."""
    if not can_send(data):
        return vol.Schema({vol.Required(SECTION_ADVANCED): _advanced(system, data, {})})
    can = system.capabilities
    sending: dict[vol.Marker, Any] = {
        vol.Required(CONF_ON_UNCERTAIN, default=OnUncertain.RESEND): SelectSelector(
            SelectSelectorConfig(
                options=list(OnUncertain), translation_key=CONF_ON_UNCERTAIN
            )
        ),
        **(_TRACK_HOURS if can.polls else {}),
    }
    return vol.Schema(
        {
            vol.Optional(CONF_SENDER): TextSelector(),
            vol.Optional(CONF_REGION): REGION_SELECTOR,
            **(_LOW_CREDIT if can.credit else {}),
            vol.Required(CONF_TIME_TO_LIVE, default=24): number(1, 168, "h"),
            vol.Required(SECTION_ADVANCED): _advanced(system, data, sending),
        }
    )


def _advanced(
    system: System, data: Mapping[str, Any], sending: dict[vol.Marker, Any]
) -> section:
    fields = {
        **sending,
        vol.Required(CONF_KEEP_DAYS, default=30): number(1, 3650, "d"),
        **system.option_schema(data),
    }
    return section(vol.Schema(fields), {"collapsed": True})


def normalize_options(
    system: System, data: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[str, Any]:
    """Bring what the form gave into its stored form; raises InputError.

    `data` is the login that the options are for.
    """
    stored = {**options}
    if sender := stored.get(CONF_SENDER, "").strip():
        stored[CONF_SENDER] = check_sender(sender)
    elif system.needs_sender and can_send(data):
        raise InputError(CONF_SENDER, "sender_missing")
    else:
        stored.pop(CONF_SENDER, None)
    return stored


def account_options(
    system: System, data: Mapping[str, Any], options: Mapping[str, Any]
) -> AccountOptions:
    """Turn the stored options of an account at this system into the gateway's."""
    advanced = options.get(SECTION_ADVANCED, {})
    return AccountOptions(
        sender=options.get(CONF_SENDER),
        region=options.get(CONF_REGION),
        in_flight=system.in_flight(data, options),
        on_uncertain=OnUncertain(advanced.get(CONF_ON_UNCERTAIN, OnUncertain.RESEND)),
        time_to_live=timedelta(hours=options.get(CONF_TIME_TO_LIVE, 24)),
        track_for=timedelta(hours=advanced.get(CONF_TRACK_HOURS, 48)),
        keep_for=timedelta(days=advanced.get(CONF_KEEP_DAYS, 30)),
    )
