"""Senders: what the phone shows in place of a number, or a number."""

from typing import Final

from ..errors import InputError

_LETTERS: Final = 11
_DIGITS: Final = 16


def check_sender(sender: str) -> str:
    """Return `sender` in the form that goes on the wire.

    A sender is 1 to 11 printable ASCII characters with a letter among them, or a
    number of up to 16 digits, whose plus sign is dropped. Raises InputError (field
    `sender`) otherwise.
    """
    text = sender.strip()
    bare = text.removeprefix("+").replace(" ", "")
    if bare.isascii() and bare.isdigit() and len(bare) <= _DIGITS:
        return bare
    if (
        0 < len(text) <= _LETTERS
        and text.isascii()
        and text.isprintable()
        and any(map(str.isalpha, text))
    ):
        return text
    raise InputError(
        "sender", "sender_form", sender=sender, digits=_DIGITS, letters=_LETTERS
    )
