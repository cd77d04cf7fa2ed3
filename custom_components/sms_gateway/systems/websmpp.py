"""websmpp HTTP, as the forms and the webhook see it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar, Final, override

from aiohttp import hdrs, web
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant
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

from ..const import CONF_GMT_FORMAT, CONF_IN_FLIGHT, SECTION_ADVANCED
from ..gateway.errors import DocumentError, InputError, SmsGatewayError
from ..gateway.providers import Provider
from ..gateway.providers.websmpp import (
    ACKNOWLEDGEMENT,
    EXAMPLE_URL,
    GmtFormat,
    WebsmppLogin,
    WebsmppProvider,
    read_push,
    read_url,
)
from .fields import PASSWORD, number
from .receiver import Claim, Receiver, Reply
from .system import System

_IN_FLIGHT: Final = 8


class WebsmppSystem(System):
    """The web interface of the AMS platform."""

    name: ClassVar[str] = "websmpp"
    manufacturer: ClassVar[str] = "AMS"
    model: ClassVar[str] = "websmpp HTTP"
    capabilities = WebsmppProvider.capabilities
    address_field: ClassVar[str] = CONF_URL
    login_fields: ClassVar[frozenset[str]] = frozenset({CONF_USERNAME, CONF_PASSWORD})
    error_fields: ClassVar[Mapping[str, str]] = {
        "HTTP04": CONF_PASSWORD,
        "HTTP05": CONF_USERNAME,
        "HTTP28": CONF_PASSWORD,
    }
    examples: ClassVar[Mapping[str, str]] = {"example": EXAMPLE_URL}
    webhook_step: ClassVar[str | None] = "webhook"
    options_step: ClassVar[str] = "init"

    @property
    @override
    def login_schema(self) -> vol.Schema:
        return vol.Schema(
            {
                vol.Required(CONF_URL): TextSelector(
                    TextSelectorConfig(type=TextSelectorType.URL, autocomplete="url")
                ),
                vol.Required(CONF_VERIFY_SSL, default=True): BooleanSelector(),
                vol.Required(CONF_USERNAME): TextSelector(
                    TextSelectorConfig(autocomplete="username")
                ),
                vol.Required(CONF_PASSWORD): PASSWORD,
            }
        )

    @override
    def option_schema(self, data: Mapping[str, Any]) -> dict[vol.Marker, Any]:
        return {
            vol.Required(CONF_IN_FLIGHT, default=_IN_FLIGHT): number(1, 100),
            vol.Required(CONF_GMT_FORMAT, default=GmtFormat.UTC): SelectSelector(
                SelectSelectorConfig(
                    options=list(GmtFormat), translation_key=CONF_GMT_FORMAT
                )
            ),
        }

    @override
    def receiver(
        self, data: Mapping[str, Any], options: Mapping[str, Any]
    ) -> Receiver | None:
        return _PushReceiver()

    @override
    def in_flight(self, data: Mapping[str, Any], options: Mapping[str, Any]) -> int:
        advanced = options.get(SECTION_ADVANCED, {})
        return int(advanced.get(CONF_IN_FLIGHT, _IN_FLIGHT))

    @override
    def normalize(self, data: Mapping[str, Any]) -> dict[str, Any]:
        user = data[CONF_USERNAME].strip()
        if not user:
            raise InputError(CONF_USERNAME, "username_empty")
        if not data[CONF_PASSWORD]:
            raise InputError(CONF_PASSWORD, "password_empty")
        return {
            CONF_URL: str(read_url(data[CONF_URL])),
            CONF_VERIFY_SSL: data[CONF_VERIFY_SSL],
            CONF_USERNAME: user,
            CONF_PASSWORD: data[CONF_PASSWORD],
        }

    @override
    def unique_id(self, data: Mapping[str, Any]) -> str:
        return f"{self.name}:{data[CONF_USERNAME]}@{URL(data[CONF_URL]).host}"

    @override
    def title(self, data: Mapping[str, Any]) -> str:
        return f"{self.name} {data[CONF_USERNAME]}"

    @override
    async def provider(
        self,
        hass: HomeAssistant,
        data: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> Provider:
        advanced = options.get(SECTION_ADVANCED, {})
        return WebsmppProvider(
            async_get_clientsession(hass, data[CONF_VERIFY_SSL]),
            WebsmppLogin(
                url=URL(data[CONF_URL]),
                user=data[CONF_USERNAME],
                password=data[CONF_PASSWORD],
                gmt_format=GmtFormat(advanced.get(CONF_GMT_FORMAT, GmtFormat.UTC)),
            ),
        )


class _PushReceiver(Receiver):
    """Takes receipts that are pushed, one by one, in the query of an address."""

    method: ClassVar[str] = hdrs.METH_GET

    @override
    async def reply(self, request: web.Request, claim: Claim) -> Reply:
        try:
            receipt = read_push(request.query)
        except DocumentError as error:
            return Reply(web.Response(status=HTTPStatus.BAD_REQUEST, text=str(error)))
        try:
            await claim(receipt)
        except SmsGatewayError:
            # Without the word that it waits for, the provider brings it again.
            return Reply(web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE))
        return Reply(web.Response(text=ACKNOWLEDGEMENT))


SYSTEM: Final[System] = WebsmppSystem()
