"""Which bytes are which characters, in a post or an answer.

Source: RFC 7303, clause 3: a byte order mark says it first, then the `charset` of the
content type, then the XML declaration; else it is UTF-8. Charsets are those of a short
list, loaded beforehand: whoever posts does not choose which code is run.
"""

import codecs
import re
from typing import Final

from ...errors import DocumentError

_NAMES: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "iso8859-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_CODECS: Final = {name: codecs.lookup(codec) for name, codec in _NAMES.items()}
_MARKS: Final = (
    (codecs.BOM_UTF8, codecs.lookup("utf-8-sig")),
    (codecs.BOM_UTF16_LE, codecs.lookup("utf-16")),
    (codecs.BOM_UTF16_BE, codecs.lookup("utf-16")),
    # The first character of a document without a mark (XML 1.0, appendix F).
    (b"<\0", codecs.lookup("utf-16-le")),
    (b"\0<", codecs.lookup("utf-16-be")),
)
_WIDER_THAN_ASCII: Final = re.compile(
    r"iso-?8859-\d{1,2}|(windows-|cp)\d{3,4}|ansi-x3\.4-19\d\d|koi8-[ru]|macintosh"
)
"""Charsets that need not be known to read ASCII in them."""
_PARAMETER: Final = re.compile(
    r";\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII
)
_DECLARATION: Final = re.compile(
    rb"\s*<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([\w.:-]{1,40})"
)
_DECLARED_IN: Final = 256
"""Bytes in which a declaration is looked for."""


class UnreadableError(DocumentError):
    """What came cannot be read at all; the text repeats nothing of it."""


def decode(content: bytes, content_type: str | None, *, errors: str = "strict") -> str:
    """Return the characters; raises UnreadableError (field `charset`)."""
    codec = _codec(content, content_type)
    try:
        return codec.decode(content, errors)[0]
    except UnicodeError:
        raise UnreadableError("charset", "does not fit the bytes") from None


def _codec(content: bytes, content_type: str | None) -> codecs.CodecInfo:
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return codec
    name = "utf-8"
    if content_type and (given := _PARAMETER.search(content_type)):
        name = given[1]
    elif declared := _DECLARATION.match(content[:_DECLARED_IN]):
        name = declared[1].decode("ascii")
    name = name.lower().replace("_", "-")
    if known := _CODECS.get(name):
        return known
    if _WIDER_THAN_ASCII.fullmatch(name) and content.isascii():
        return _CODECS["ascii"]
    raise UnreadableError("charset", "is not known")
