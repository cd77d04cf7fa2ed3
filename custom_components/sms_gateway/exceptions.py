"""The gateway's errors as Home Assistant's, translated, with the provider's words."""

from typing import Final

from homeassistant.components.notify import ATTR_MESSAGE, ATTR_TARGET
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .gateway.errors import (
    InputError,
    JournalError,
    ProviderError,
    SendFailedError,
    SmsGatewayError,
    UnknownMessageError,
)

_FIELDS: Final = {"text": ATTR_MESSAGE, "recipient": ATTR_TARGET}
"""Fields of a draft that the actions know by another name."""


def translated(error: SmsGatewayError) -> HomeAssistantError:
    """Return the error to raise from an action in place of the gateway's."""
    match error:
        case InputError():
            return ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="invalid_input",
                translation_placeholders={
                    "field": _FIELDS.get(error.field, error.field),
                    "reason": error.text,
                },
            )
        case UnknownMessageError():
            return ServiceValidationError(
                translation_domain=DOMAIN, translation_key="unknown_message"
            )
        case SendFailedError():
            return _send_failed(error)
        case ProviderError():
            return HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key=f"provider_{error.kind}",
                translation_placeholders={"reason": str(error)},
            )
        case JournalError():
            return HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="journal",
                translation_placeholders={"reason": str(error)},
            )
        case _:
            return HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="gateway",
                translation_placeholders={"reason": str(error)},
            )


def _send_failed(error: SendFailedError) -> HomeAssistantError:
    """Name the one reason, or the numbers with theirs."""
    reasons = {message.failure for message in error.failed}
    if len(reasons) == 1 and (failure := reasons.pop()):
        return HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=f"send_{failure.kind}",
            translation_placeholders={
                "reason": str(failure),
                "recipients": ", ".join(each.recipient for each in error.failed[:5]),
                "failed": str(len(error.failed)),
                "total": str(len(error.messages)),
            },
        )
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="send_several",
        translation_placeholders={
            "failed": str(len(error.failed)),
            "total": str(len(error.messages)),
            "reasons": "; ".join(
                f"{each.recipient}: {each.failure}" for each in error.failed[:5]
            ),
        },
    )
