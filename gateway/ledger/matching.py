"""Whether a receipt and a message can belong together."""

from ..model import Message, Receipt
from ..numbers import same_number


def agrees(message: Message, receipt: Receipt) -> bool:
    """Whether a receipt names the message's number, if it names one.

    Some servers mix up who sent and who received.
    """
    if receipt.recipient is None or same_number(receipt.recipient, message.recipient):
        return True
    return receipt.sender is not None and same_number(receipt.sender, message.recipient)


def is_for_any(receipt: Receipt) -> bool:
    """Whether a receipt may be for any account: it must name the number then."""
    return receipt.any_account and receipt.recipient is not None
