"""The actions of the integration."""

import asyncio
from base64 import b64encode
from collections.abc import Sequence
from itertools import batched
from typing import Any, Final

from homeassistant.components.notify import ATTR_MESSAGE, ATTR_TARGET, ATTR_TITLE
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv, service
from homeassistant.util.json import JsonValueType
import voluptuous as vol

from .const import (
    ATTR_CONFIG_ENTRY,
    ATTR_ENCODING,
    ATTR_FORMAT,
    ATTR_MESSAGE_ID,
    ATTR_REFRESH,
    DOMAIN,
)
from .coordinator import SmsGatewayConfigEntry
from .drafts import DRAFT_FIELDS, drafts_from
from .exceptions import translated, validation_error
from .gateway import Message
from .gateway.errors import SendFailedError, SmsGatewayError
from .receipts import message_data, message_details
from .sending import async_try, with_title
from .systems import can_send
from .targets import TARGETS, find_recipient, is_entity, resolve_targets

SERVICE_SEND_MESSAGE: Final = "send_message"
SERVICE_GET_MESSAGE: Final = "get_message"
SERVICE_CANCEL_MESSAGE: Final = "cancel_message"
SERVICE_GET_COVERAGE: Final = "get_coverage"

MOST_TARGETS: Final = 10_000
"""Numbers and recipients of one call, as many as a websmpp server takes at once."""

_CHUNK: Final = 250
"""Messages of an answer laid out in one turn of the event loop."""
_CSV: Final = "csv"
_COVERAGE_FORMS: Final = {"xls": 1, "pdf": 2, _CSV: 3}

_SEND_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(ATTR_CONFIG_ENTRY): cv.string,
        vol.Required(ATTR_TARGET): vol.All(
            TARGETS, vol.Length(min=1, max=MOST_TARGETS)
        ),
        vol.Required(ATTR_MESSAGE): cv.string,
        vol.Optional(ATTR_TITLE): cv.string,
        **DRAFT_FIELDS,
    }
)
_GET_MESSAGE_SCHEMA: Final = vol.Schema(
    {
        vol.Required(ATTR_MESSAGE_ID): cv.string,
        vol.Optional(ATTR_REFRESH, default=False): cv.boolean,
    }
)
_CANCEL_MESSAGE_SCHEMA: Final = vol.Schema({vol.Required(ATTR_MESSAGE_ID): cv.string})
_GET_COVERAGE_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(ATTR_CONFIG_ENTRY): cv.string,
        vol.Optional(ATTR_FORMAT, default=_CSV): vol.In(_COVERAGE_FORMS),
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_SEND_MESSAGE,
        _send_message,
        _SEND_SCHEMA,
        SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_MESSAGE,
        _get_message,
        _GET_MESSAGE_SCHEMA,
        SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_CANCEL_MESSAGE,
        _cancel_message,
        _CANCEL_MESSAGE_SCHEMA,
        SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_COVERAGE,
        _get_coverage,
        _GET_COVERAGE_SCHEMA,
        SupportsResponse.ONLY,
    )


async def _send_message(call: ServiceCall) -> ServiceResponse:
    """Send to numbers and recipients; answers with one row for each message.

    A refused message raises, unless the caller takes the answer and others went out.
    """
    targets: list[Any] = call.data[ATTR_TARGET]
    entry = _entry(call, targets)
    text = with_title(call.data[ATTR_MESSAGE], call.data.get(ATTR_TITLE))
    resolved = resolve_targets(call.hass, entry, targets)
    messages = await async_try(entry, drafts_from(text, resolved, call.data))
    refused = sum(message.is_refused for message in messages)
    if refused and (refused == len(messages) or not call.return_response):
        raise translated(SendFailedError(messages))
    if not call.return_response:
        return None
    account = entry.runtime_data.account
    measure = account.provider.measure(text, call.data[ATTR_ENCODING])
    return {
        "messages": await _rows(messages),
        "parts_per_message": measure.parts,
    }


async def _rows(messages: Sequence[Message]) -> list[JsonValueType]:
    """Return what is answered of each message, a few in each turn of the event loop."""
    rows: list[JsonValueType] = []
    for chunk in batched(messages, _CHUNK, strict=False):
        rows += map(message_data, chunk)
        await asyncio.sleep(0)
    return rows


async def _get_message(call: ServiceCall) -> ServiceResponse:
    """Answer with everything that is known of a message, or that the provider knows."""
    gateway = _loaded(call.hass)[0].runtime_data.gateway
    look = gateway.query if call.data[ATTR_REFRESH] else gateway.get
    try:
        message = await look(call.data[ATTR_MESSAGE_ID])
    except SmsGatewayError as error:
        raise translated(error) from error
    return message_details(message)


async def _cancel_message(call: ServiceCall) -> ServiceResponse:
    """Take a message back, and answer with what became of it."""
    gateway = _loaded(call.hass)[0].runtime_data.gateway
    try:
        message = await gateway.cancel(call.data[ATTR_MESSAGE_ID])
    except SmsGatewayError as error:
        raise translated(error) from error
    return message_data(message) if call.return_response else None


async def _get_coverage(call: ServiceCall) -> ServiceResponse:
    """Answer with the networks that an account reaches."""
    entry = _entry(call, [])
    try:
        coverage = await entry.runtime_data.account.coverage(
            _COVERAGE_FORMS[call.data[ATTR_FORMAT]]
        )
    except SmsGatewayError as error:
        raise translated(error) from error
    if call.data[ATTR_FORMAT] == _CSV:
        header, *rows = coverage.rows or ((),)
        return {"networks": [dict(zip(header, row, strict=False)) for row in rows]}
    return {
        "content_type": coverage.content_type,
        "content_base64": b64encode(coverage.content).decode(),
    }


def _entry(call: ServiceCall, targets: list[Any]) -> SmsGatewayConfigEntry:
    """Choose the account: the one that is named, the recipients', or the only one.

    Raises ServiceValidationError when that is none, or none that is loaded.
    """
    entry_id: str | None = call.data.get(ATTR_CONFIG_ENTRY)
    if entry_id is None:
        owners = {
            find_recipient(call.hass, target)[0].entry_id
            for target in targets
            if is_entity(target)
        }
        loaded = _loaded(call.hass)
        candidates = owners or {
            entry.entry_id
            for entry in [each for each in loaded if can_send(each.data)] or loaded
        }
        if len(candidates) > 1:
            raise validation_error("choose_account")
        entry_id = candidates.pop()
    entry: SmsGatewayConfigEntry = service.async_get_config_entry(
        call.hass, DOMAIN, entry_id
    )
    return entry


def _loaded(hass: HomeAssistant) -> list[SmsGatewayConfigEntry]:
    """Return the accounts that can be used; raises ServiceValidationError for none."""
    entries: list[SmsGatewayConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    if not entries:
        raise validation_error("no_account")
    return entries
