"""A login and a message to write."""

from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.model import Message
from gateway.providers.smsitaly import SmsitalyLogin

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def login(**values: Any) -> SmsitalyLogin:
    """Return a login, with other values where they are given."""
    return SmsitalyLogin(**{"account": "alice", "password": "secret", **values})


def message(**values: Any) -> Message:
    """Return a message, with other values where they are given."""
    return Message(
        **{
            "id": "0" * 31 + "1",
            "account": "a",
            "recipient": "+393331234567",
            "text": "Hello",
            "sender": "Home",
            "created_at": NOW,
            "updated_at": NOW,
            "expires_at": NOW + timedelta(days=1),
            **values,
        }
    )
