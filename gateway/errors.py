"""The error tree.

`InputError`: what the caller asked for cannot be sent; nothing was.
`ProviderError`: the provider, or the way to it, said no. Each class has a `kind`, which
names it in the journal, in translations and to users, and belongs to one family:

- final (`ProviderError` itself and most others): trying again cannot help,
- `TransientError`: the message was surely not taken; try again later,
- `UncertainError`: the message went out and no answer came back.
"""

import traceback
from typing import ClassVar

from .model import Failure, Message
from .reasons import Reason


class SmsGatewayError(Exception):
    """Base of every error that this package raises on purpose."""


class InputError(SmsGatewayError):
    """A value cannot be used; nothing was sent. `field` names it.

    `text` says what is wrong with it, and what would do.
    """

    def __init__(self, field: str, key: str, /, **values: object) -> None:
        """Take the name of the field, and the reason by its key and values."""
        self.field = field
        self.text = Reason(key, **values)
        super().__init__(self.text)

    def at(self, field: str) -> InputError:
        """Return the same error at another field, where the value came from that."""
        return type(self)(field, self.text.key, **self.text.values)


class UnsupportedError(InputError):
    """The account's system has no such feature."""


class DocumentError(SmsGatewayError):
    """What a provider brought by itself is no receipt; `field` names what is wrong."""

    def __init__(self, field: str, text: str) -> None:
        """Take the name of the field, and what to tell the provider of it."""
        super().__init__(f"{field}: {text}")
        self.field = field
        self.text = text


class UnknownAccountError(SmsGatewayError):
    """No account with this id has been added to the gateway."""


class UnknownMessageError(SmsGatewayError):
    """The journal holds no message with this id."""


class JournalError(SmsGatewayError):
    """The journal cannot be read or written; nothing was sent that it does not hold."""


class UnrecordableError(JournalError):
    """The journal works, but does not take these values: trying again cannot help."""


class SendFailedError(SmsGatewayError):
    """At least one message of a call was refused for good.

    `messages` holds all messages of the call, in order, the accepted ones too.
    """

    def __init__(self, messages: list[Message]) -> None:
        """Take all messages of the call."""
        self.messages = messages
        self.failed = [message for message in messages if message.is_refused]
        reasons = {str(message.failure) for message in self.failed}
        super().__init__(
            f"{len(self.failed)} of {len(messages)} messages refused: "
            + "; ".join(sorted(reasons))
        )


class ProviderError(SmsGatewayError):
    """The provider refused. `code` and `text` are its own; `answer` is raw.

    Where it said nothing, `text` is a `Reason` of ours.

    `field` is the value that it does not take, by the provider's own name for it, None
    where it names none.
    """

    kind: ClassVar[str] = "refused"

    def __init__(
        self,
        text: str,
        *,
        code: str | None = None,
        answer: str | None = None,
        field: str | None = None,
    ) -> None:
        """Take the provider's words; none of them may hold a secret."""
        super().__init__(f"{code}: {text}" if code else text)
        self.code = code
        self.text = text
        self.answer = answer
        self.field = field

    @property
    def failure(self) -> Failure:
        """This error as a value for the journal."""
        return Failure(self.kind, self.code, self.text)


class LoginError(ProviderError):
    """User or password is wrong; nothing will go out until the login is mended."""

    kind = "login"


class AccountExpiredError(ProviderError):
    """The account's term is over."""

    kind = "account_expired"


class BlockedError(ProviderError):
    """The account may not be used, or not in this way; the provider has to mend it."""

    kind = "blocked"


class InactiveError(ProviderError):
    """The account is not active, or not yet; it is not blocked."""

    kind = "inactive"


class AddressLockedError(ProviderError):
    """The provider does not take us from the network address that we come from."""

    kind = "address_locked"


class CreditError(ProviderError):
    """The account has no credit left for this message."""

    kind = "credit"


class RecipientError(ProviderError):
    """The provider does not take this destination."""

    kind = "recipient"


class RecipientLockedError(RecipientError):
    """The provider takes this destination, but not from this account."""

    kind = "recipient_locked"


class SenderError(ProviderError):
    """The provider does not take this sender."""

    kind = "sender"


class TextError(ProviderError):
    """The provider does not take this text or its encoding."""

    kind = "text"


class ScheduleError(ProviderError):
    """The provider does not take this delivery time."""

    kind = "schedule"


class NoRecordError(ProviderError):
    """The provider does not know this message id."""

    kind = "no_record"


class TransientError(ProviderError):
    """The provider cannot take the message now; the same request may pass later."""

    kind = "transient"


class UnavailableError(TransientError):
    """The provider cannot be reached, or its server fails."""

    kind = "unavailable"


class SessionsError(UnavailableError):
    """The account has as many sessions as the provider allows, or it thinks so."""

    kind = "sessions"


class UncertainError(ProviderError):
    """The request went out and no usable answer came; it may have been taken."""

    kind = "uncertain"


class PartlyTakenError(ProviderError):
    """A part of one request was taken: some messages, or some parts of a message.

    Such a request is never repeated: what was taken would arrive a second time.
    """

    kind = "uncertain"


def stack_of(error: BaseException) -> str:
    """Say where an unexpected error came from, for the log, without its words.

    They may quote what was being handled: a number, a text, a password.
    """
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}\n{frames}"
