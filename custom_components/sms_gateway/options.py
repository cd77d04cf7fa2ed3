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
    CONF_IN_FLIGHT,
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
from .gateway.numbers import check_sender
from .systems import System

DEFAULT_LOW_CREDIT: Final = 10

REGION_SELECTOR: Final = CountrySelector(
    CountrySelectorConfig(countries=sorted(phonenumbers.SUPPORTED_REGIONS))
)


def _number(least: float, most: float, unit: str | None = None) -> NumberSelector:
    config = NumberSelectorConfig(
        min=least, max=most, step=1, mode=NumberSelectorMode.BOX
    )
    if unit:
        config["unit_of_measurement"] = unit
    return NumberSelector(config)


def options_schema(system: System) -> vol.Schema:
    """Build the form for the options of an account at this system."""
    return vol.Schema(
        {
            vol.Optional(CONF_SENDER): TextSelector(),
            vol.Optional(CONF_REGION): REGION_SELECTOR,
            vol.Required(CONF_LOW_CREDIT, default=DEFAULT_LOW_CREDIT): NumberSelector(
                NumberSelectorConfig(
                    min=0, max=1_000_000, step="any", mode=NumberSelectorMode.BOX
                )
            ),
            vol.Required(CONF_TIME_TO_LIVE, default=24): _number(1, 168, "h"),
            vol.Required(SECTION_ADVANCED): section(
                vol.Schema(
                    {
                        vol.Required(
                            CONF_ON_UNCERTAIN, default=OnUncertain.RESEND
                        ): SelectSelector(
                            SelectSelectorConfig(
                                options=list(OnUncertain),
                                translation_key=CONF_ON_UNCERTAIN,
                            )
                        ),
                        vol.Required(CONF_IN_FLIGHT, default=8): _number(1, 100),
                        vol.Required(CONF_TRACK_HOURS, default=48): _number(
                            1, 720, "h"
                        ),
                        vol.Required(CONF_KEEP_DAYS, default=30): _number(1, 3650, "d"),
                        **system.option_schema,
                    }
                ),
                {"collapsed": True},
            ),
        }
    )


def normalize_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Bring what the form gave into its stored form; raises InputError."""
    stored = {**options}
    if sender := stored.get(CONF_SENDER, "").strip():
        stored[CONF_SENDER] = check_sender(sender)
    else:
        stored.pop(CONF_SENDER, None)
    return stored


def account_options(options: Mapping[str, Any]) -> AccountOptions:
    """Turn stored options into the gateway's."""
    advanced = options.get(SECTION_ADVANCED, {})
    return AccountOptions(
        sender=options.get(CONF_SENDER),
        region=options.get(CONF_REGION),
        in_flight=int(advanced.get(CONF_IN_FLIGHT, 8)),
        on_uncertain=OnUncertain(advanced.get(CONF_ON_UNCERTAIN, OnUncertain.RESEND)),
        time_to_live=timedelta(hours=options.get(CONF_TIME_TO_LIVE, 24)),
        track_for=timedelta(hours=advanced.get(CONF_TRACK_HOURS, 48)),
        keep_for=timedelta(days=advanced.get(CONF_KEEP_DAYS, 30)),
    )
