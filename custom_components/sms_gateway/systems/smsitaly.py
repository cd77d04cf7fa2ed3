"""smsitaly TCP, as the forms see it."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from typing import Any, ClassVar, Final, override

from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_TIME_ZONE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ..const import (
    CONF_ACCOUNT,
    CONF_GATEWAY,
    CONF_INTERFACE,
    CONF_KEEP_ALIVE,
    CONF_LONG_TEXT,
    CONF_MAIL_TO,
    CONF_NETWORK_CODE,
    CONF_RECEIPTS,
    CONF_SECONDARY_HOST,
    CONF_SECONDARY_PORT,
    CONF_UNICODE,
    SECTION_ADVANCED,
)
from ..gateway.errors import InputError
from ..gateway.providers import Provider
from ..gateway.providers.smsitaly import (
    DEFAULT_PORT,
    PRIMARY_HOST,
    SECONDARY_HOST,
    Host,
    Interface,
    LongText,
    SmsitalyLogin,
    SmsitalyProvider,
    Unicode,
)
from .fields import PASSWORD, number, read_host
from .system import System

_IN_FLIGHT: Final = 8
"""One string is under way at a time; the others are ready for their turn."""
_TIME_ZONE: Final = "Europe/Rome"


class SmsitalySystem(System):
    """An SMS gate, over the one session that an account may have."""

    name: ClassVar[str] = "smsitaly"
    manufacturer: ClassVar[str] = "smsitaly"
    model: ClassVar[str] = "SMS Gate Server 2.3.1"
    capabilities = SmsitalyProvider.capabilities
    address_field: ClassVar[str] = CONF_HOST
    login_fields: ClassVar[frozenset[str]] = frozenset({CONF_ACCOUNT, CONF_PASSWORD})
    suggestions: ClassVar[Mapping[str, Any]] = {
        SECTION_ADVANCED: {CONF_SECONDARY_HOST: SECONDARY_HOST}
    }

    @property
    @override
    def login_schema(self) -> vol.Schema:
        port = number(1, 65535)
        return vol.Schema(
            {
                vol.Required(CONF_ACCOUNT): TextSelector(
                    TextSelectorConfig(autocomplete="username")
                ),
                vol.Required(CONF_PASSWORD): PASSWORD,
                vol.Required(SECTION_ADVANCED): section(
                    vol.Schema(
                        {
                            vol.Required(
                                CONF_HOST, default=PRIMARY_HOST
                            ): TextSelector(),
                            vol.Required(CONF_PORT, default=DEFAULT_PORT): port,
                            vol.Optional(CONF_SECONDARY_HOST): TextSelector(),
                            vol.Required(
                                CONF_SECONDARY_PORT, default=DEFAULT_PORT
                            ): port,
                            vol.Required(
                                CONF_INTERFACE, default=Interface.PACKET
                            ): SelectSelector(
                                SelectSelectorConfig(
                                    options=list(Interface),
                                    translation_key=CONF_INTERFACE,
                                )
                            ),
                        }
                    ),
                    {"collapsed": True},
                ),
            }
        )

    @override
    def option_schema(self, data: Mapping[str, Any]) -> dict[vol.Marker, Any]:
        return {
            vol.Required(CONF_LONG_TEXT, default=LongText.UDH): SelectSelector(
                SelectSelectorConfig(
                    options=list(LongText), translation_key=CONF_LONG_TEXT
                )
            ),
            vol.Required(CONF_UNICODE, default=Unicode.UCS): SelectSelector(
                SelectSelectorConfig(
                    options=list(Unicode), translation_key=CONF_UNICODE
                )
            ),
            vol.Required(CONF_RECEIPTS, default=False): BooleanSelector(),
            vol.Optional(CONF_MAIL_TO): TextSelector(
                TextSelectorConfig(type=TextSelectorType.EMAIL)
            ),
            vol.Optional(CONF_GATEWAY): TextSelector(),
            vol.Optional(CONF_NETWORK_CODE): TextSelector(),
            vol.Required(CONF_TIME_ZONE, default=_TIME_ZONE): TextSelector(),
            vol.Required(CONF_KEEP_ALIVE, default=False): BooleanSelector(),
        }

    @override
    def in_flight(self, data: Mapping[str, Any], options: Mapping[str, Any]) -> int:
        return _IN_FLIGHT

    @override
    def normalize(self, data: Mapping[str, Any]) -> dict[str, Any]:
        advanced = data[SECTION_ADVANCED]
        secondary = advanced.get(CONF_SECONDARY_HOST, "").strip()
        login = {
            CONF_ACCOUNT: data[CONF_ACCOUNT].strip(),
            CONF_PASSWORD: data[CONF_PASSWORD],
            SECTION_ADVANCED: {
                CONF_HOST: read_host(CONF_HOST, advanced[CONF_HOST]),
                CONF_PORT: int(advanced[CONF_PORT]),
                CONF_SECONDARY_HOST: secondary
                and read_host(CONF_SECONDARY_HOST, secondary),
                CONF_SECONDARY_PORT: int(advanced[CONF_SECONDARY_PORT]),
                CONF_INTERFACE: advanced[CONF_INTERFACE],
            },
        }
        _login(login, {}, UTC)
        return login

    @override
    def unique_id(self, data: Mapping[str, Any]) -> str:
        # Whichever of its servers is the first: an account may have one session.
        return f"{self.name}:{data[CONF_ACCOUNT]}"

    @override
    def title(self, data: Mapping[str, Any]) -> str:
        return f"{self.name} {data[CONF_ACCOUNT]}"

    @override
    async def check_options(
        self, data: Mapping[str, Any], options: Mapping[str, Any]
    ) -> None:
        login = _login(data, options, await _time_zone(options))
        if login.interface is Interface.PACKET:
            return
        for name in (CONF_GATEWAY, CONF_NETWORK_CODE):
            if options.get(SECTION_ADVANCED, {}).get(name, "").strip():
                raise InputError(name, f"{name}_packets")

    @override
    async def provider(
        self,
        hass: HomeAssistant,
        data: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> Provider:
        return SmsitalyProvider(_login(data, options, await _time_zone(options)))


def _login(
    data: Mapping[str, Any], options: Mapping[str, Any], time_zone: tzinfo
) -> SmsitalyLogin:
    """Put the login together; raises InputError, which names the field."""
    server: Mapping[str, Any] = data[SECTION_ADVANCED]
    sending: Mapping[str, Any] = options.get(SECTION_ADVANCED, {})
    hosts = [Host(server[CONF_HOST], server[CONF_PORT])]
    if secondary := server[CONF_SECONDARY_HOST]:
        hosts.append(Host(secondary, server[CONF_SECONDARY_PORT]))
    return SmsitalyLogin(
        hosts=tuple(hosts),
        account=data[CONF_ACCOUNT],
        password=data[CONF_PASSWORD],
        interface=Interface(server[CONF_INTERFACE]),
        long_text=LongText(sending.get(CONF_LONG_TEXT, LongText.UDH)),
        unicode=Unicode(sending.get(CONF_UNICODE, Unicode.UCS)),
        time_zone=time_zone,
        gateway=sending.get(CONF_GATEWAY, "").strip(),
        network_code=sending.get(CONF_NETWORK_CODE, "").strip(),
        receipts=sending.get(CONF_RECEIPTS, False),
        mail_to=sending.get(CONF_MAIL_TO, "").strip(),
        keep_alive=sending.get(CONF_KEEP_ALIVE, False),
    )


async def _time_zone(options: Mapping[str, Any]) -> tzinfo:
    """Read the zone of the server's clock, in a thread; raises InputError."""
    name: str = options.get(SECTION_ADVANCED, {}).get(CONF_TIME_ZONE, _TIME_ZONE)
    try:
        zone = await dt_util.async_get_time_zone(name.strip())
    except ValueError, OSError:
        # A name that is no name of a file, or one of a folder.
        zone = None
    if zone is None:
        raise InputError(CONF_TIME_ZONE, "time_zone_unknown")
    return zone


SYSTEM: Final[System] = SmsitalySystem()
