"""Checked reading of JSON values, for the control endpoint and the command line.

Every reader takes a value of any type and returns it typed, or raises `ValueError`.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import get_args

from .scripts import Script, Step

type Reader = Callable[[object], object]


def text(value: object) -> str:
    """Read a string."""
    if not isinstance(value, str):
        raise _unfit("a string", value)
    return value


def flag(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise _unfit("true or false", value)
    return value


def whole(value: object) -> int:
    """Read a whole number of at least 0."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _unfit("a whole number of at least 0", value)
    return value


def number(value: object) -> float:
    """Read a number of at least 0, as of seconds."""
    if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
        raise _unfit("a number of at least 0", value)
    return float(value)


def numbers(value: object) -> tuple[float, ...]:
    """Read a list of numbers of at least 0."""
    if not isinstance(value, list | tuple):
        raise _unfit("a list of numbers", value)
    return tuple(number(each) for each in value)


def amount(value: object) -> Decimal:
    """Read an amount of credit, a string or a number."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise _unfit("an amount", value)
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise _unfit("an amount", value) from error


def texts(value: object) -> list[str]:
    """Read a list of strings."""
    if not isinstance(value, list):
        raise _unfit("a list of strings", value)
    return [text(each) for each in value]


def optional[T](reader: Callable[[object], T]) -> Callable[[object], T | None]:
    """Make a reader that reads null as None."""
    return lambda value: None if value is None else reader(value)


def choice(*choices: str) -> Callable[[object], str]:
    """Make a reader of one of some words."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            raise _unfit("one of " + ", ".join(choices), value)
        return value

    return read


def word_of(alias: object) -> Reader:
    """Make a reader of one of the words of a `type` alias of literals."""
    return choice(*get_args(getattr(alias, "__value__", None)))


def script[S](
    status: Callable[[object], S],
) -> Callable[[object], Script[S]]:
    """Make a reader of a script: a list of `[seconds, status]`."""

    def read(value: object) -> Script[S]:
        if not isinstance(value, list):
            raise _unfit("a list of [seconds, status]", value)
        steps = []
        for step in value:
            match step:
                case [seconds, name]:
                    steps.append(Step(number(seconds), status(name)))
                case _:
                    raise _unfit("[seconds, status]", step)
        return tuple(sorted(steps, key=lambda step: step.after))

    return read


def scripts[S](
    status: Callable[[object], S],
) -> Callable[[object], dict[str, Script[S]]]:
    """Make a reader of an object from the ends of numbers to scripts."""
    read = script(status)
    return lambda value: {end: read(steps) for end, steps in record(value).items()}


def record(value: object) -> dict[str, object]:
    """Read an object."""
    if not isinstance(value, dict):
        raise _unfit("an object", value)
    return value


def fields(
    value: object, readers: dict[str, Reader], *required: str
) -> dict[str, object]:
    """Read an object of known keys, each by its reader, some of them required."""
    found = {}
    for name, each in record(value).items():
        reader = readers.get(name)
        if reader is None:
            raise _unfit("one of " + ", ".join(readers), name)
        found[name] = reader(each)
    for name in required:
        if name not in found:
            raise _unfit(f"a value of {name}", value)
    return found


def _unfit(expected: str, value: object) -> ValueError:
    """Say what was expected and what came."""
    return ValueError(f"expected {expected}, not {value!r}")
