"""Phone numbers as people write them, and senders."""

from .comparing import digits, same_number, same_subscriber
from .plans import calling_code_of, is_international
from .reading import normalize_number
from .senders import check_sender

__all__ = [
    "calling_code_of",
    "check_sender",
    "digits",
    "is_international",
    "normalize_number",
    "same_number",
    "same_subscriber",
]
