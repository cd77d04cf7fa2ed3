"""What nobody but an attacker, or a broken server, posts to an account's URL."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
import re
from typing import Final

from . import forms
from .forms import Content, ReceiptForm, Told
from .posting import WHOLE, Pace

_FORM: Final = ReceiptForm()
_HEADERS: Final = (("Content-Type", "text/soap"),)
_TAGS: Final = (
    "Username",
    "PIN",
    "Timestamp1",
    "SentTo",
    "MessageIdentifier",
    "Report",
)
_TOO_LONG: Final = 65 * 1024 + 1
_LONG_NAMESPACE: Final = 32 * 1024
_ENTITIES: Final = 10
"""Entities of the bomb, each of which is ten of the one before."""


class AttackKind(StrEnum):
    """What is posted, otherwise like a receipt."""

    DTD = "dtd"
    """It has a document type."""
    ENTITY_BOMB = "entity_bomb"
    """Its Report is an entity of thousands of millions of characters."""
    EXTERNAL_ENTITY = "external_entity"
    """Its MessageIdentifier is an entity that stands at the URL `system`."""
    OVERSIZED = "oversized"
    """It is `size` bytes long (0: 65 KiB and one), of which most are a comment."""
    DEEP = "deep"
    """It has `levels` elements within each other."""
    LONG_NAMESPACE = "long_namespace"
    """It has a thousand elements in a namespace of 32 KiB."""
    BROKEN = "broken"
    """It ends in its middle."""
    WRONG_ENCODING = "wrong_encoding"
    """It says that it is in `charset`, and is in UTF-8."""
    WRONG_CREDENTIALS = "wrong_credentials"
    """Its Username and PIN are others than those that were configured."""
    UNKNOWN_IDS = "unknown_ids"
    """It is of a message that nobody has sent, of another one each time."""
    MISSING_TAGS = "missing_tags"
    """It lacks a tag: one post for each of them, and one that lacks all."""
    REPEATED_TAGS = "repeated_tags"
    """It has a tag twice, with two values: one post for each tag."""
    STRANGE_VALUES = "strange_values"
    """It has a value that is none: one post for each."""
    EMPTY = "empty"
    """It is empty."""
    SLOW = "slow"
    """It comes in pieces of `size` bytes (0: of one), each after `seconds`."""
    STALLED = "stalled"
    """Its second half never comes."""


@dataclass(slots=True, frozen=True, kw_only=True)
class Attack:
    """Posts of a kind, all of them `times` times, `connections` at once."""

    kind: AttackKind
    times: int = 1
    connections: int = 1
    size: int = 0
    levels: int = 100_000
    seconds: float = 0.01
    charset: str = "UTF-16"
    system: str = "file:///etc/hostname"

    def __post_init__(self) -> None:
        """Take a kind by its bare name too; raise `ValueError` on nonsense."""
        object.__setattr__(self, "kind", AttackKind(self.kind))
        if self.times < 1 or self.connections < 1:
            raise ValueError("times and connections must be at least 1")

    def contents(self, told: Told) -> Iterator[Content]:
        """Iterate over what is posted, in the place of this receipt."""
        for index in range(self.times):
            for text in _WRITERS[self.kind](self, told, index):
                yield Content(_HEADERS, text.encode())

    def pace(self, content: Content) -> Pace:
        """Return how a body is sent."""
        match self.kind:
            case AttackKind.SLOW:
                return Pace(self.size or 1, self.seconds)
            case AttackKind.STALLED:
                return Pace(-(-len(content.body) // 2), whole=False)
            case _:
                return WHOLE


type _Writer = Callable[[Attack, Told, int], Iterable[str]]


def _sound(told: Told) -> str:
    """Return a sound document."""
    return forms.compose([told], _FORM).body.decode()


def _plain(_: Attack, told: Told, _index: int) -> Iterable[str]:
    """Write what is only sent otherwise."""
    return [_sound(told)]


def _dtd(_: Attack, told: Told, _index: int) -> Iterable[str]:
    """Write a document type that declares nothing."""
    return [_with_dtd(_sound(told))]


def _entity_bomb(_: Attack, told: Told, _index: int) -> Iterable[str]:
    """Write entities made of each other."""
    entities = ['<!ENTITY e0 "0000000000">'] + [
        f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">'
        for number in range(1, _ENTITIES)
    ]
    text = _with_value(_sound(told), "Report", f"&e{_ENTITIES - 1};")
    return [_with_dtd(text, *entities)]


def _external_entity(attack: Attack, told: Told, _: int) -> Iterable[str]:
    """Write an entity that stands elsewhere."""
    text = _with_value(_sound(told), "MessageIdentifier", "&e;")
    return [_with_dtd(text, f'<!ENTITY e SYSTEM "{attack.system}">')]


def _oversized(attack: Attack, told: Told, _: int) -> Iterable[str]:
    """Write a long comment."""
    text = _sound(told)
    filling = "x" * ((attack.size or _TOO_LONG) - len(text) - len("<!---->"))
    return [_before(text, "<ns2:Submit", f"<!--{filling}-->")]


def _deep(attack: Attack, told: Told, _: int) -> Iterable[str]:
    """Write elements within each other."""
    nested = "<a>" * attack.levels + "</a>" * attack.levels
    return [_before(_sound(told), "</ns2:Submit", nested)]


def _long_namespace(_: Attack, told: Told, _index: int) -> Iterable[str]:
    """Write many names, each of which is long in full."""
    names = "".join(f"<a{number}/>" for number in range(1000))
    inside = f'<x xmlns="{"u" * _LONG_NAMESPACE}">{names}</x>'
    return [_before(_sound(told), "</ns2:Submit", inside)]


def _broken(_: Attack, told: Told, _index: int) -> Iterable[str]:
    """Write the first half."""
    text = _sound(told)
    return [text[: len(text) // 2]]


def _wrong_encoding(attack: Attack, told: Told, _: int) -> Iterable[str]:
    """Write another encoding into the XML declaration."""
    return [_sound(told).replace('"UTF-8"', f'"{attack.charset}"', 1)]


def _wrong_credentials(_: Attack, told: Told, index: int) -> Iterable[str]:
    """Write credentials that nobody configured."""
    return [_sound(told._replace(user="Mallory", pin=f"guess {index}"))]


def _unknown_ids(_: Attack, told: Told, index: int) -> Iterable[str]:
    """Write an identifier that nobody was given."""
    return [_sound(told._replace(identifier=f"EEEE{index:011}"))]


def _missing_tags(_: Attack, told: Told, _index: int) -> Iterator[str]:
    """Leave out one tag after another, and all of them."""
    text = bare = _sound(told)
    for tag in _TAGS:
        bare = _element(tag).sub("", bare)
        yield _element(tag).sub("", text)
    yield bare


def _repeated_tags(_: Attack, told: Told, _index: int) -> Iterator[str]:
    """Write one tag after another twice."""
    text = _sound(told)
    for tag in _TAGS:
        found = _element(tag).search(text)
        if found is not None:
            yield _before(text, found[0], f"<{tag}>7</{tag}>\n")


def _strange_values(_: Attack, told: Told, _index: int) -> Iterator[str]:
    """Write one strange value after another."""
    for changed in (
        told._replace(report=""),
        told._replace(report="delivered"),
        told._replace(report="0.0"),
        told._replace(report="9" * 5000),
        told._replace(report="٠"),
        told._replace(timestamp=""),
        told._replace(timestamp="yesterday"),
        told._replace(timestamp="2002-13-27T13:38:00Z"),
        told._replace(timestamp="9999-12-31T23:59:59-14:00"),
        told._replace(sent_to=""),
        told._replace(sent_to="Robert'); --"),
        told._replace(sent_to="4" * 5000),
        told._replace(identifier=""),
        told._replace(identifier=f" {told.identifier}\n"),
        told._replace(identifier="%00\u202e<script>"),
        told._replace(identifier="A" * 5000),
    ):
        yield _sound(changed)


def _empty(_: Attack, _told: Told, _index: int) -> Iterable[str]:
    """Write nothing."""
    return [""]


_WRITERS: Final[Mapping[AttackKind, _Writer]] = {
    AttackKind.DTD: _dtd,
    AttackKind.ENTITY_BOMB: _entity_bomb,
    AttackKind.EXTERNAL_ENTITY: _external_entity,
    AttackKind.OVERSIZED: _oversized,
    AttackKind.DEEP: _deep,
    AttackKind.LONG_NAMESPACE: _long_namespace,
    AttackKind.BROKEN: _broken,
    AttackKind.WRONG_ENCODING: _wrong_encoding,
    AttackKind.WRONG_CREDENTIALS: _wrong_credentials,
    AttackKind.UNKNOWN_IDS: _unknown_ids,
    AttackKind.MISSING_TAGS: _missing_tags,
    AttackKind.REPEATED_TAGS: _repeated_tags,
    AttackKind.STRANGE_VALUES: _strange_values,
    AttackKind.EMPTY: _empty,
    AttackKind.SLOW: _plain,
    AttackKind.STALLED: _plain,
}


def _element(tag: str) -> re.Pattern[str]:
    """Return what finds an element, with the end of its line."""
    return re.compile(f"<{tag} [^>]*>([^<]*)</{tag}>\n")


def _with_value(text: str, tag: str, value: str) -> str:
    """Return a document with this as the value of an element, unescaped."""
    return _element(tag).sub(f"<{tag}>{value}</{tag}>\n", text)


def _with_dtd(text: str, *entities: str) -> str:
    """Return a document with a document type that declares entities."""
    inside = f" [{''.join(entities)}]" if entities else ""
    return _before(
        text, "<SOAP-ENV:Envelope", f"<!DOCTYPE SOAP-ENV:Envelope{inside}>\n"
    )


def _before(text: str, mark: str, insertion: str) -> str:
    """Return a text with an insertion before the first mark."""
    return text.replace(mark, f"{insertion}{mark}", 1)
