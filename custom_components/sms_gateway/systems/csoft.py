"""Connection Software, as the forms and the webhook see it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final, override

from aiohttp import hdrs, web
from homeassistant.const import CONF_PIN, CONF_URL, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol
from yarl import URL

from ..const import (
    CONF_ANY_ACCOUNT,
    CONF_COLLECT_EVERY,
    CONF_DELIVERY_OPTION,
    CONF_RECEIPT_PIN,
    CONF_RECEIPT_USERNAME,
    CONF_SECONDARY_URL,
    SECTION_ADVANCED,
)
from ..gateway.errors import InputError
from ..gateway.providers import Provider
from ..gateway.providers.csoft import (
    BACKUP_URL,
    MOST_BYTES,
    PRIMARY_URL,
    CsoftLogin,
    CsoftProvider,
    DeliveryOption,
    ReceiptLogin,
    read_url,
    take_post,
)
from .bodies import BodyError, read_body, refuse
from .fields import PASSWORD, number, with_optional
from .receiver import Claim, Receiver, Reply
from .system import System, can_send

_IN_FLIGHT: Final = 8
_SERVERS: Final = {CONF_URL: PRIMARY_URL, CONF_SECONDARY_URL: BACKUP_URL}
_UNSET: Final = "–"
_URL: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.URL, autocomplete="url")
)
_DELIVERY_OPTIONS: Final = {
    "default": DeliveryOption.DEFAULT,
    "premier": DeliveryOption.PREMIER,
    "least_cost": DeliveryOption.LEAST_COST,
    "economy": DeliveryOption.ECONOMY,
}


class CsoftSystem(System):
    """SOAP: receipts come to the webhook, and with a login messages go out."""

    name: ClassVar[str] = "csoft"
    manufacturer: ClassVar[str] = "Connection Software"
    model: ClassVar[str] = "SOAP 5.7"
    capabilities = CsoftProvider.capabilities
    address_field: ClassVar[str] = CONF_URL
    login_fields: ClassVar[frozenset[str]] = frozenset({CONF_USERNAME, CONF_PIN})
    secret: ClassVar[str] = CONF_PIN
    reauth_step: ClassVar[str] = "reauth_pin"
    suggestions: ClassVar[Mapping[str, Any]] = {
        SECTION_ADVANCED: {CONF_SECONDARY_URL: BACKUP_URL}
    }
    needs_sender: ClassVar[bool] = False
    has_currency: ClassVar[bool] = True
    webhook_step: ClassVar[str | None] = "soap_webhook"
    options_step: ClassVar[str] = "soap_webhook"

    @property
    @override
    def login_schema(self) -> vol.Schema:
        return vol.Schema(
            {
                vol.Required(CONF_USERNAME): TextSelector(
                    TextSelectorConfig(autocomplete="username")
                ),
                vol.Required(CONF_PIN): PASSWORD,
                **self.receipts_schema.schema,
                vol.Required(SECTION_ADVANCED): section(
                    vol.Schema(
                        {
                            vol.Required(CONF_URL, default=PRIMARY_URL): _URL,
                            vol.Optional(CONF_SECONDARY_URL): _URL,
                        }
                    ),
                    {"collapsed": True},
                ),
            }
        )

    @property
    @override
    def receipts_schema(self) -> vol.Schema:
        return vol.Schema(
            {
                vol.Optional(CONF_RECEIPT_USERNAME): TextSelector(),
                vol.Optional(CONF_RECEIPT_PIN): TextSelector(),
            }
        )

    @override
    def change_schema(self, data: Mapping[str, Any]) -> vol.Schema:
        if can_send(data):
            return super().change_schema(data)
        # It may become an account that sends.
        return with_optional(self.login_schema, CONF_USERNAME, CONF_PIN)

    @override
    def option_schema(self, data: Mapping[str, Any]) -> dict[vol.Marker, Any]:
        sending: dict[vol.Marker, Any] = {
            vol.Required(CONF_DELIVERY_OPTION, default="default"): SelectSelector(
                SelectSelectorConfig(
                    options=list(_DELIVERY_OPTIONS),
                    translation_key=CONF_DELIVERY_OPTION,
                )
            ),
            vol.Optional(CONF_COLLECT_EVERY): number(1, 1440, "min"),
        }
        return {
            **(sending if can_send(data) else {}),
            vol.Required(CONF_ANY_ACCOUNT, default=False): BooleanSelector(),
        }

    @override
    def in_flight(self, data: Mapping[str, Any], options: Mapping[str, Any]) -> int:
        return _IN_FLIGHT

    @override
    def receiver(
        self, data: Mapping[str, Any], options: Mapping[str, Any]
    ) -> Receiver | None:
        advanced = options.get(SECTION_ADVANCED, {})
        return _SoapReceiver(
            _receipt_login(data), any_account=advanced.get(CONF_ANY_ACCOUNT, False)
        )

    @override
    def webhook_words(self, data: Mapping[str, Any]) -> dict[str, str]:
        return {
            field: data[field] or _UNSET
            for field in (CONF_RECEIPT_USERNAME, CONF_RECEIPT_PIN)
        }

    @override
    def normalize(self, data: Mapping[str, Any]) -> dict[str, Any]:
        advanced = data.get(SECTION_ADVANCED, _SERVERS)
        login = {
            CONF_USERNAME: data.get(CONF_USERNAME, "").strip(),
            CONF_PIN: data.get(CONF_PIN, "").strip(),
            CONF_RECEIPT_USERNAME: data.get(CONF_RECEIPT_USERNAME, "").strip(),
            CONF_RECEIPT_PIN: data.get(CONF_RECEIPT_PIN, "").strip(),
            SECTION_ADVANCED: {
                CONF_URL: str(read_url(advanced[CONF_URL])),
                CONF_SECONDARY_URL: _secondary_url(advanced),
            },
        }
        if login[CONF_PIN] and not login[CONF_USERNAME]:
            raise InputError(CONF_USERNAME, "username_empty")
        _login(login, {})
        _receipt_login(login)
        return login

    @override
    def unique_id(self, data: Mapping[str, Any]) -> str:
        host = URL(data[SECTION_ADVANCED][CONF_URL]).host
        user = data[CONF_USERNAME] or f"receipts:{data[CONF_RECEIPT_USERNAME]}"
        return f"{self.name}:{user}@{host}"

    @override
    def title(self, data: Mapping[str, Any]) -> str:
        return f"{self.name} {data[CONF_USERNAME] or 'receipts'}"

    @override
    async def provider(
        self,
        hass: HomeAssistant,
        data: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> Provider:
        return CsoftProvider(async_get_clientsession(hass), _login(data, options))


class _SoapReceiver(Receiver):
    """Takes receipts by SOAP, or as a form."""

    method: ClassVar[str] = hdrs.METH_POST

    def __init__(self, login: ReceiptLogin, *, any_account: bool) -> None:
        self._login = login
        self._any_account = any_account

    @override
    async def reply(self, request: web.Request, claim: Claim) -> Reply:
        try:
            body = await read_body(request, MOST_BYTES)
        except BodyError as error:
            return Reply(refuse(request, error.status))
        answer = await take_post(
            body,
            request.headers.get(hdrs.CONTENT_TYPE),
            claim,
            login=self._login,
            any_account=self._any_account,
        )
        response = web.Response(
            status=answer.status,
            body=answer.body,
            headers={hdrs.CONTENT_TYPE: answer.content_type},
        )
        return Reply(response, answer.refused)


def _login(data: Mapping[str, Any], options: Mapping[str, Any]) -> CsoftLogin | None:
    """Put the login for sending together; raises InputError, which names the field.

    None for an account that takes receipts only.
    """
    if not data[CONF_USERNAME]:
        return None
    servers: Mapping[str, Any] = data[SECTION_ADVANCED]
    sending: Mapping[str, Any] = options.get(SECTION_ADVANCED, {})
    minutes = sending.get(CONF_COLLECT_EVERY)
    urls = filter(None, (servers[CONF_URL], servers[CONF_SECONDARY_URL]))
    return CsoftLogin(
        urls=tuple(map(URL, urls)),
        username=data[CONF_USERNAME],
        pin=data[CONF_PIN],
        delivery_option=_DELIVERY_OPTIONS[sending.get(CONF_DELIVERY_OPTION, "default")],
        collect_every=60 * minutes if minutes else None,
    )


def _receipt_login(data: Mapping[str, Any]) -> ReceiptLogin:
    """Put together what receipts have to bring; raises InputError."""
    return ReceiptLogin(
        username=data[CONF_RECEIPT_USERNAME] or None, pin=data[CONF_RECEIPT_PIN] or None
    )


def _secondary_url(servers: Mapping[str, Any]) -> str:
    url: str = servers.get(CONF_SECONDARY_URL, "").strip()
    return url and str(read_url(url, CONF_SECONDARY_URL))


SYSTEM: Final[System] = CsoftSystem()
