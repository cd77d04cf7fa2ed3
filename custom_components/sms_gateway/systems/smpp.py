"""SMPP 3.4, as the forms see it."""

from collections.abc import Mapping
from ssl import SSLContext
from typing import Any, ClassVar, Final, override

from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_SSL,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.util.ssl import client_context, client_context_no_verify
import voluptuous as vol

from ..const import (
    CONF_ADDRESS_RANGE,
    CONF_BIND_MODE,
    CONF_DESTINATION_NPI,
    CONF_DESTINATION_TON,
    CONF_LONG_TEXT,
    CONF_RATE,
    CONF_SOURCE_NPI,
    CONF_SOURCE_TON,
    CONF_SYSTEM_ID,
    CONF_SYSTEM_TYPE,
    CONF_TRANSMITTERS,
    CONF_WINDOW,
    SECTION_ADVANCED,
)
from ..gateway.errors import InputError
from ..gateway.providers import Provider
from ..gateway.providers.smpp import (
    DEFAULT_PORT,
    BindMode,
    LongText,
    Numbering,
    SmppLogin,
    SmppProvider,
)
from .fields import PASSWORD, number, read_host
from .system import System

_WINDOW: Final = 10
_WHOLE_FORM: Final = "base"


class SmppSystem(System):
    """A short message service centre, over sessions that stay."""

    name: ClassVar[str] = "smpp"
    manufacturer: ClassVar[str] = "SMSC"
    model: ClassVar[str] = "SMPP 3.4"
    capabilities = SmppProvider.capabilities
    address_field: ClassVar[str] = CONF_HOST
    login_fields: ClassVar[frozenset[str]] = frozenset({CONF_SYSTEM_ID, CONF_PASSWORD})
    error_fields: ClassVar[Mapping[str, str]] = {
        "ESME_RINVPASWD": CONF_PASSWORD,
        "ESME_RINVSYSID": CONF_SYSTEM_ID,
        "ESME_RINVSYSTYP": CONF_SYSTEM_TYPE,
        # The address is right, and what is wrong they do not say.
        "ESME_RALYBND": _WHOLE_FORM,
        "ESME_RBINDFAIL": _WHOLE_FORM,
    }

    @property
    @override
    def login_schema(self) -> vol.Schema:
        return vol.Schema(
            {
                vol.Required(CONF_HOST): TextSelector(),
                vol.Required(CONF_PORT, default=DEFAULT_PORT): number(1, 65535),
                vol.Required(CONF_SSL, default=False): BooleanSelector(),
                vol.Required(CONF_VERIFY_SSL, default=True): BooleanSelector(),
                vol.Required(CONF_SYSTEM_ID): TextSelector(
                    TextSelectorConfig(autocomplete="username")
                ),
                vol.Required(CONF_PASSWORD): PASSWORD,
                vol.Required(SECTION_ADVANCED): section(
                    vol.Schema(
                        {
                            vol.Required(
                                CONF_BIND_MODE, default=BindMode.TRANSCEIVER
                            ): SelectSelector(
                                SelectSelectorConfig(
                                    options=list(BindMode),
                                    translation_key=CONF_BIND_MODE,
                                )
                            ),
                            vol.Required(CONF_TRANSMITTERS, default=1): number(1, 20),
                            vol.Optional(CONF_SYSTEM_TYPE): TextSelector(),
                            vol.Optional(CONF_ADDRESS_RANGE): TextSelector(),
                        }
                    ),
                    {"collapsed": True},
                ),
            }
        )

    @override
    def option_schema(self, data: Mapping[str, Any]) -> dict[vol.Marker, Any]:
        octet = number(0, 255)
        return {
            vol.Required(CONF_WINDOW, default=_WINDOW): number(1, 1000),
            vol.Optional(CONF_RATE): NumberSelector(
                NumberSelectorConfig(
                    min=0.1,
                    max=10_000,
                    step="any",
                    mode=NumberSelectorMode.BOX,
                    unit_of_measurement="/s",
                )
            ),
            vol.Required(CONF_LONG_TEXT, default=LongText.UDH): SelectSelector(
                SelectSelectorConfig(
                    options=list(LongText), translation_key=CONF_LONG_TEXT
                )
            ),
            vol.Optional(CONF_SOURCE_TON): octet,
            vol.Optional(CONF_SOURCE_NPI): octet,
            vol.Optional(CONF_DESTINATION_TON): octet,
            vol.Optional(CONF_DESTINATION_NPI): octet,
        }

    @override
    def in_flight(self, data: Mapping[str, Any], options: Mapping[str, Any]) -> int:
        login = _login(data, options)
        sessions = 1 if login.mode is BindMode.TRANSCEIVER else login.transmitters
        return login.window * sessions

    @override
    def normalize(self, data: Mapping[str, Any]) -> dict[str, Any]:
        system_id = data[CONF_SYSTEM_ID].strip()
        if not system_id:
            raise InputError(CONF_SYSTEM_ID, "system_id_empty")
        advanced = data[SECTION_ADVANCED]
        login = {
            CONF_HOST: read_host(CONF_HOST, data[CONF_HOST]),
            CONF_PORT: int(data[CONF_PORT]),
            CONF_SSL: data[CONF_SSL],
            CONF_VERIFY_SSL: data[CONF_VERIFY_SSL],
            CONF_SYSTEM_ID: system_id,
            CONF_PASSWORD: data[CONF_PASSWORD],
            SECTION_ADVANCED: {
                CONF_BIND_MODE: advanced[CONF_BIND_MODE],
                CONF_TRANSMITTERS: int(advanced[CONF_TRANSMITTERS]),
                CONF_SYSTEM_TYPE: advanced.get(CONF_SYSTEM_TYPE, "").strip(),
                CONF_ADDRESS_RANGE: advanced.get(CONF_ADDRESS_RANGE, "").strip(),
            },
        }
        SmppProvider(_login(login, {}))
        return login

    @override
    def unique_id(self, data: Mapping[str, Any]) -> str:
        return f"{self.name}:{data[CONF_SYSTEM_ID]}@{data[CONF_HOST]}:{data[CONF_PORT]}"

    @override
    def title(self, data: Mapping[str, Any]) -> str:
        return f"{self.name} {data[CONF_SYSTEM_ID]}"

    @override
    async def provider(
        self,
        hass: HomeAssistant,
        data: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> Provider:
        return SmppProvider(_login(data, options))


def _login(data: Mapping[str, Any], options: Mapping[str, Any]) -> SmppLogin:
    bind: Mapping[str, Any] = data[SECTION_ADVANCED]
    sending: Mapping[str, Any] = options.get(SECTION_ADVANCED, {})
    return SmppLogin(
        host=data[CONF_HOST],
        port=data[CONF_PORT],
        system_id=data[CONF_SYSTEM_ID],
        password=data[CONF_PASSWORD],
        system_type=bind[CONF_SYSTEM_TYPE],
        address_range=bind[CONF_ADDRESS_RANGE],
        mode=BindMode(bind[CONF_BIND_MODE]),
        transmitters=bind[CONF_TRANSMITTERS],
        tls=_tls(data),
        window=int(sending.get(CONF_WINDOW, _WINDOW)),
        rate=sending.get(CONF_RATE),
        long_text=LongText(sending.get(CONF_LONG_TEXT, LongText.UDH)),
        source=_numbering(sending, CONF_SOURCE_TON, CONF_SOURCE_NPI),
        destination=_numbering(sending, CONF_DESTINATION_TON, CONF_DESTINATION_NPI),
    )


def _tls(data: Mapping[str, Any]) -> SSLContext | None:
    """Return one of the contexts that Home Assistant keeps: to make one blocks."""
    if not data[CONF_SSL]:
        return None
    return client_context() if data[CONF_VERIFY_SSL] else client_context_no_verify()


def _numbering(options: Mapping[str, Any], ton: str, npi: str) -> Numbering | None:
    """Return what the options say; what only one of the two says is 0 for the other."""
    if ton not in options and npi not in options:
        return None
    return Numbering(int(options.get(ton, 0)), int(options.get(npi, 0)))


SYSTEM: Final[System] = SmppSystem()
