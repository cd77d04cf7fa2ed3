"""Fragments of incoming messages."""

from typing import Any

from gateway.model import Fragment, Place

SENDER = "+9613123456"


def fragment(text: str = "Hi", place: Place | None = None, **changes: Any) -> Fragment:
    """Return a fragment in UCS-2 from `SENDER` to us."""
    fields: dict[str, Any] = {
        "sender": SENDER,
        "recipient": "4040",
        "octets": text.encode("utf-16-be", "surrogatepass"),
        "charset": "utf-16-be",
        "place": place,
    }
    return Fragment(**fields | changes)


def parts(*texts: str, reference: int = 7) -> list[Fragment]:
    """Return the parts of one message."""
    return [
        fragment(text, Place(reference, len(texts), number))
        for number, text in enumerate(texts, start=1)
    ]
