"""How every surface of the integration sends."""

from collections.abc import Iterable

from .coordinator import SmsGatewayConfigEntry
from .exceptions import translated, validation_error
from .gateway import Draft, Message
from .gateway.errors import InputError, SendFailedError, SmsGatewayError
from .systems import can_send


def with_title(message: str, title: str | None) -> str:
    """Put the title, which an SMS has no field for, on a line of its own."""
    return f"{title}\n{message}" if title else message


async def async_send(entry: SmsGatewayConfigEntry, drafts: Iterable[Draft]) -> None:
    """Send drafts through the entry's account.

    Raises ServiceValidationError for a value that cannot be used, HomeAssistantError
    when the provider refused a message. One that waits for the provider is no error.
    """
    messages = await async_try(entry, drafts)
    if any(message.is_refused for message in messages):
        raise translated(SendFailedError(messages))


async def async_try(
    entry: SmsGatewayConfigEntry, drafts: Iterable[Draft]
) -> list[Message]:
    """Send drafts, all or none, and return refused messages among the others.

    Raises as `async_send`, but not for refused messages.
    """
    if not can_send(entry.data):
        raise validation_error("account_receipts_only", account=entry.title)
    messages: list[Message] = []
    try:
        drafts = list(drafts)
        if not drafts:
            raise InputError("target", "recipients_missing")
        gateway = entry.runtime_data.gateway
        if len(drafts) > 1:
            for draft in drafts:
                await gateway.check(entry.entry_id, draft)
        for draft in drafts:
            try:
                messages += await gateway.send(entry.entry_id, draft)
            except SendFailedError as error:
                messages += error.messages
    except SmsGatewayError as error:
        raise translated(error) from error
    return messages
