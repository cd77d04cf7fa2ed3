"""Our own reasons for saying no, each a sentence with a key.

What a provider says is passed on as it is. What we say ourselves has to reach people in
their own language: a border that has one, such as Home Assistant's, says a `Reason` by
its key and values. Where there is none, as on the command line, it is the English
sentence, for it is a string.

`INPUTS` are about a value that somebody gave: `InputError` carries them. `FAILURES` are
about the provider, the way to it, or the journal.
"""

from typing import Final, Self

NUMBERS: Final = {
    "number_ambiguous": "'{number}' can mean {readings}; write the one that is meant "
    "with its plus sign",
    "number_bare": "{number} came without quotes, or out of a template, and has lost "
    "its plus sign or a zero; write it in quotes, such as '+9613123456', and a "
    "template as a list, such as {template}",
    "number_country": "'{number}' has no country code; write it with one, such as "
    "+9613123456",
    "number_length": "'{number}' has the wrong length or prefix for its country",
    "number_octal": "{number} was probably {written}, which YAML reads as another "
    "number; write it in quotes: '{written}'",
    "number_unreadable": "'{number}' is no phone number; write it such as +9613123456",
    "numbers_missing": "there is no number; give at least one",
}
SENDERS: Final = {
    "sender_form": "the sender '{sender}' must be a number of up to {digits} digits, "
    "or up to {letters} Latin letters, digits and signs",
    "sender_missing": "this system needs a sender; name one",
}
DRAFTS: Final = {
    "cancel_unsupported": "this system takes no message back",
    "coverage_format": "the format must be 1 (XLS), 2 (PDF) or 3 (CSV)",
    "coverage_unsupported": "this system has no list of networks",
    "credit_unsupported": "this system tells no credit",
    "encoding_ascii": "the encoding '{encoding}' takes printable ASCII characters only",
    "encoding_marks": "the encoding '{encoding}' cannot carry & or #; use 'auto' or "
    "'unicode'",
    "encoding_unfit": "the encoding '{encoding}' cannot carry this text; use 'auto' or "
    "'unicode'",
    "enquiry_unsupported": "this system cannot be asked what became of a message",
    "flash_encoding": "a flash message cannot have the encoding '{encoding}'",
    "flash_unsupported": "this system has no flash messages",
    "message_character": "the message has a character that cannot be sent here: "
    "{character}",
    "message_empty": "the message is empty",
    "message_ended": "the message is {state} already",
    "message_long": "the message has {count} characters, more than {parts} parts hold",
    "message_octets": "the message takes {count} octets, at most {most} can be sent",
    "message_parts": "the message would take {parts} parts, at most {most} can be sent",
    "message_surrogate": "the message has half of a character at position {position}",
    "message_uncertain": "nobody knows whether the message was sent",
    "numbers_unusable": "{count} numbers cannot be used: {numbers}",
    "receipts_only": "this account takes receipts only, it has no login to send with",
    "recipients_missing": "there is nobody to send to; give a number or a recipient",
    "schedule_past": "the delivery time must be in the future",
    "schedule_unsupported": "this system has no scheduled messages",
    "track_unsupported": "this system has no requests for many numbers",
    "validity_long": "the validity is too long",
    "validity_short": "the validity must be longer than nothing",
    "value_characters": "{name} must be ASCII characters without NUL",
    "value_length": "{name} must have at most {most} characters",
    "wap_unsupported": "this system has no WAP messages",
}
LOGINS: Final = {
    "account_characters": "the account has a character that the server cannot read",
    "account_empty": "the account is empty",
    "account_length": "the account must have at most {most} characters",
    "address_range_characters": "the address range must be ASCII characters",
    "address_range_length": "the address range must have at most {most} characters",
    "host_form": "the server is no name or address of one",
    "password_characters": "the password has a character that the server cannot read",
    "password_empty": "the password is empty",
    "password_length": "the password must have at most {most} characters",
    "pin_characters": "the PIN has a character that the server cannot read",
    "pin_empty": "the PIN is empty",
    "receipt_pin_length": "the PIN of receipts must have 1 to {most} characters",
    "receipt_username_length": "the username of receipts must have 1 to {most} "
    "characters",
    "secondary_host_form": "the second server is no name or address of one",
    "secondary_url_form": "the second server must be written such as {example}",
    "secondary_url_login": "the address of the second server must end with its path; "
    "the login has its own fields",
    "system_id_characters": "the system ID must be ASCII characters",
    "system_id_empty": "the system ID is empty",
    "system_id_length": "the system ID must have at most {most} characters",
    "system_type_characters": "the system type must be ASCII characters",
    "system_type_length": "the system type must have at most {most} characters",
    "url_form": "the address must be written such as {example}",
    "url_login": "the address must end with its path; the login has its own fields",
    "username_characters": "the username has a character that the server cannot read",
    "username_empty": "the username is empty",
}
OPTIONS: Final = {
    "gateway_characters": "the routing has a character that the server cannot read",
    "gateway_packets": "the routing goes with packets, not with ASCII commands",
    "mail_to_characters": "the mail address has a character that the server cannot "
    "read",
    "mail_to_form": "it must be one mail address, such as alice@example.org",
    "network_code_characters": "the network code has a character that the server "
    "cannot read",
    "network_code_packets": "the network code goes with packets, not with ASCII "
    "commands",
    "time_zone_unknown": "there is no time zone of that name",
}
RECIPIENTS: Final = {
    "name_empty": "the name is empty",
}
COMMAND_LINE: Final = {
    "numbers_refused": "{reasons}",
    "receipts_unsupported": "this system tells nothing here of what becomes of a message",
    "user_unasked": "the numbers come from standard input, so the user name cannot; "
    "give --user or SMS_GATEWAY_USER",
    "output_binary": "{format} is no text; name a file to write it to",
    "server_form": "a server must be written such as {example}",
}
INPUTS: Final = (
    NUMBERS | SENDERS | DRAFTS | LOGINS | OPTIONS | RECIPIENTS | COMMAND_LINE
)
CONNECTING: Final = {
    "account_closed": "the account is closed",
    "answer_endless": "an answer has no end",
    "answer_unreadable": "the provider's answer cannot be read",
    "cannot_connect": "cannot connect: {words}",
    "connection_closed": "the connection is closed",
    "connection_ended": "the provider ended the connection",
    "connection_lost": "the connection was lost",
    "credit_untold": "the answer holds no credit",
    "no_answer": "no answer in time",
    "no_server": "there is no server",
    "not_connected": "not connected",
}
SUBMITTING: Final = {
    "being_sent": "the message is being sent at this moment; try again",
    "cancelled_unsent": "taken back before it was sent",
    "destination_country": "'{number}' begins with no known country code",
    "destination_short": "this system needs a country code: it takes no short codes",
    "expired_unsent": "not sent within its time to live",
    "internal": "internal error: {name}",
    "interrupted": "interrupted before the answer came",
    "partly_counted": "the answer names {ids} parts for {count} numbers",
    "partly_taken": "{taken} of {total} parts were taken: {words}",
    "receipts_only": "this account takes receipts only, it has no login to send with",
}
JOURNAL: Final = {
    "journal_closed": "the journal is closed",
    "journal_full": "no more messages can be taken now",
    "journal_interrupted": "the journal was interrupted",
    "journal_newer": "the journal has version {version}, this release knows up to "
    "{known}: update SMS Gateway, or move the file away",
    "journal_unopened": "cannot open {path}: {words}",
    "journal_unreadable": "the journal cannot be read: {words}",
    "journal_unrecordable": "the journal cannot hold a value: {name}",
    "journal_unwritable": "the journal cannot be written: {words}",
    "message_unrecorded": "this step cannot be recorded",
}
FAILURES: Final = CONNECTING | SUBMITTING | JOURNAL
_SENTENCES: Final = INPUTS | FAILURES


class Reason(str):
    """One of our own sentences: English, and known by `key` and `values`.

    Raises KeyError for a key that nobody has written a sentence for.
    """

    __slots__ = ("key", "values")

    key: str
    values: dict[str, str]

    def __new__(cls, key: str, /, **values: object) -> Self:
        """Say a sentence with these values in it."""
        texts = {name: str(value) for name, value in values.items()}
        reason = super().__new__(cls, _SENTENCES[key].format_map(texts))
        reason.key = key
        reason.values = texts
        return reason
