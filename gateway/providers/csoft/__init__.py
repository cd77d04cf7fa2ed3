"""Connection Software: receipts posted by SOAP, and sending by SOAP."""

from .login import (
    BACKUP_URL,
    PRIMARY_URL,
    CsoftLogin,
    DeliveryOption,
    ReceiptLogin,
    read_url,
)
from .provider import CsoftProvider
from .receipts import MOST_BYTES, Posted, read_post
from .webhook import Claim, PostAnswer, take_post

__all__ = [
    "BACKUP_URL",
    "MOST_BYTES",
    "PRIMARY_URL",
    "Claim",
    "CsoftLogin",
    "CsoftProvider",
    "DeliveryOption",
    "PostAnswer",
    "Posted",
    "ReceiptLogin",
    "read_post",
    "read_url",
    "take_post",
]
