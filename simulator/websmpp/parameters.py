"""The parameters of a request, read the way the platform reads them."""

from urllib.parse import unquote_plus

from .errors import ErrorCode, RefusedError


def read(method: str, query: str, body: str) -> dict[str, str]:
    """Read the parameters of a request; the body counts only if there is no query.

    Raises `RefusedError` for a method other than GET and POST, and if there is nothing.
    """
    if method not in {"GET", "POST"}:
        raise RefusedError(ErrorCode.HTTP16)
    parameters = from_query(query) if query or method == "GET" else from_body(body)
    if not parameters:
        raise RefusedError(ErrorCode.HTTP01)
    return parameters


def from_query(query: str) -> dict[str, str]:
    """Split a query string at `&` and decode the values; the first of a name counts."""
    parameters: dict[str, str] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name:
            parameters.setdefault(_decode(name), _decode(value))
    return parameters


def from_body(body: str) -> dict[str, str]:
    """Decode a form body as a whole and then split it; the last of a name counts.

    Observed on AMS servers: an encoded `&` in a value ends the value there, and what
    follows it can add or replace parameters.
    """
    parameters: dict[str, str] = {}
    for pair in _decode(body).split("&"):
        name, _, value = pair.partition("=")
        if name:
            parameters[name] = value
    return parameters


def _decode(text: str) -> str:
    """Undo the URL encoding of UTF-8 text; broken bytes become U+FFFD."""
    return unquote_plus(text) if "%" in text or "+" in text else text
