"""The gateway's errors as Home Assistant's, translated, with the provider's words."""

from typing import Final, TypedDict

from homeassistant.core import async_get_hass
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import async_get_cached_translations

from .const import DOMAIN
from .gateway import Failure
from .gateway.errors import (
    InputError,
    ProviderError,
    SendFailedError,
    SmsGatewayError,
    UnknownMessageError,
)
from .gateway.reasons import Reason
from .quoting import all_quoted, quoted

_NAMED: Final = 5
"""Messages that one error names."""


class Translation(TypedDict):
    """What Home Assistant's errors take in place of a sentence."""

    translation_domain: str
    translation_key: str
    translation_placeholders: dict[str, str]


def translated(error: SmsGatewayError) -> HomeAssistantError:
    """Return the error to raise from an action in place of the gateway's."""
    if isinstance(error, InputError | UnknownMessageError):
        return ServiceValidationError(**translation_of(error))
    return HomeAssistantError(**translation_of(error))


def translation_of(error: SmsGatewayError) -> Translation:
    """Say an error in the user's language; a provider's words stay as they are."""
    match error:
        case InputError():
            return _own(error.text)
        case UnknownMessageError():
            return _sentence("unknown_message")
        case SendFailedError():
            return _send_failed(error)
        case ProviderError(text=Reason() as reason):
            return _own(reason)
        case ProviderError():
            return _sentence(f"provider_{error.kind}", reason=error)
    said = next(iter(error.args), None)
    if isinstance(said, Reason):
        return _own(said)
    return _sentence("gateway", reason=error)


def validation_error(key: str, **words: object) -> ServiceValidationError:
    """Return the error for what the integration itself does not take."""
    return ServiceValidationError(**_sentence(key, **words))


def _own(reason: Reason) -> Translation:
    return _sentence(reason.key, **reason.values)


def _sentence(key: str, **words: object) -> Translation:
    return Translation(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=all_quoted(**words),
    )


def _send_failed(error: SendFailedError) -> Translation:
    """Name the one reason, or the numbers with theirs."""
    counts = {"failed": len(error.failed), "total": len(error.messages)}
    reasons = {message.failure for message in error.failed}
    failure = reasons.pop() if len(reasons) == 1 else None
    own = failure.text if failure and isinstance(failure.text, Reason) else None
    if failure and not own:
        recipients = ", ".join(each.recipient for each in error.failed[:_NAMED])
        return _sentence(
            f"send_{failure.kind}", reason=failure, recipients=recipients, **counts
        )
    if own and counts["total"] == 1:
        return _own(own)
    each_reason = "; ".join(
        f"{quoted(each.recipient)}: {_said(each.failure)}"
        for each in error.failed[:_NAMED]
    )
    translation = _sentence("send_several", **counts)
    # It is made of sentences: each of them has its own direction.
    translation["translation_placeholders"]["reasons"] = each_reason
    return translation


def _said(failure: Failure | None) -> str:
    """Say one reason of several, ours in Home Assistant's language."""
    if failure is None or not isinstance(failure.text, Reason):
        return quoted(failure)
    reason = failure.text
    hass = async_get_hass()
    sentences = async_get_cached_translations(
        hass, hass.config.language, "exceptions", DOMAIN
    )
    sentence = sentences.get(f"component.{DOMAIN}.exceptions.{reason.key}.message")
    return sentence.format_map(all_quoted(**reason.values)) if sentence else str(reason)
