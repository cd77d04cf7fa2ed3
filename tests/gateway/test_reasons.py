"""Our own sentences: each has a key, and gets the values that it speaks of."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple, override

import pytest

from gateway import Gateway, State
from gateway.errors import (
    DocumentError,
    InputError,
    TransientError,
    UnsupportedError,
)
from gateway.model import Failure
from gateway.providers.csoft import CsoftLogin, ReceiptLogin, read_url
from gateway.providers.smpp.commands import Command
from gateway.providers.smpp.encode import Bind
from gateway.providers.smsitaly import SmsitalyLogin
from gateway.reasons import FAILURES, INPUTS, Reason

from .clock import ManualClock
from .conftest import AddAccount
from .helpers import FakeProvider, draft, settle

ROOT = Path(__file__).parents[2]
SOURCES = [
    *(ROOT / "gateway").rglob("*.py"),
    *(
        path
        for path in (ROOT / "custom_components/sms_gateway").rglob("*.py")
        if "gateway"
        not in path.relative_to(ROOT / "custom_components/sms_gateway").parts
    ),
]


class Call(NamedTuple):
    """Where a sentence is said: its key, or how that is put together."""

    place: str
    name: str
    key: ast.expr
    values: frozenset[str]
    is_open: bool

    @override
    def __str__(self) -> str:
        return f"{self.place}-{ast.unparse(self.key)}"


def _calls() -> Iterator[Call]:
    """Find what says a sentence: the key stands behind the field, where there is one."""
    positions = {"Reason": 0, "InputError": 1, "UnsupportedError": 1, "_refusal": 0}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id=name)) if name in positions:
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                case _:
                    continue
            values = {each.arg for each in node.keywords if each.arg}
            if name == "_refusal":
                values.add("number")
            yield Call(
                place,
                name,
                node.args[positions[name]],
                frozenset(values),
                any(each.arg is None for each in node.keywords),
            )


CALLS = list(_calls())
LITERAL = [each for each in CALLS if isinstance(each.key, ast.Constant)]


def _placeholders(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


def _sentences(call: Call) -> dict[str, str]:
    return FAILURES if call.name == "Reason" else INPUTS


@pytest.mark.parametrize("call", LITERAL, ids=str)
def test_a_sentence_gets_the_values_that_it_speaks_of(call: Call) -> None:
    assert isinstance(call.key, ast.Constant)
    known = INPUTS | FAILURES if call.place.startswith("custom") else _sentences(call)
    assert call.key.value in known
    assert not call.is_open
    assert call.values == _placeholders(known[call.key.value])


def _written(key: ast.expr) -> set[str]:
    """Return the sentences that a key may name, which is put together."""
    match key:
        case ast.IfExp(body=body, orelse=other):
            return _written(body) | _written(other)
        case ast.Constant(value=str(text)):
            return {text}
        case ast.JoinedStr(values=parts):
            ends = [each.value for each in parts if isinstance(each, ast.Constant)]
            start = ends[0] if isinstance(parts[0], ast.Constant) else ""
            end = ends[-1] if isinstance(parts[-1], ast.Constant) else ""
            return {
                each
                for each in INPUTS
                if each.startswith(str(start)) and each.endswith(str(end))
            }
    return set()


def test_every_sentence_is_said_somewhere() -> None:
    said = set().union(*(_written(call.key) for call in CALLS))
    assert said >= FAILURES.keys() | INPUTS.keys()


@pytest.mark.parametrize(
    ("sentences", "key"),
    [(name, key) for name, each in (("i", INPUTS), ("f", FAILURES)) for key in each],
)
def test_a_sentence_is_no_template_of_anything_else(sentences: str, key: str) -> None:
    sentence = (INPUTS if sentences == "i" else FAILURES)[key]
    for _, _, form, conversion in Formatter().parse(sentence):
        assert not form
        assert conversion is None
    assert not sentence.endswith(".")


def test_a_key_that_means_two_things_says_the_same() -> None:
    for key in INPUTS.keys() & FAILURES.keys():
        assert INPUTS[key] == FAILURES[key]


def test_a_reason_is_its_sentence() -> None:
    reason = Reason("message_parts", parts=256, most=255)
    sentence = "the message would take 256 parts, at most 255 can be sent"
    assert isinstance(reason, str)
    assert reason == sentence
    assert str(reason) == f"{reason}" == sentence
    assert hash(reason) == hash(sentence)
    assert reason.key == "message_parts"
    assert reason.values == {"parts": "256", "most": "255"}


def test_what_is_said_of_a_value_may_look_like_a_placeholder() -> None:
    reason = Reason("number_unreadable", number="{key} {0} %s")
    assert reason == "'{key} {0} %s' is no phone number; write it such as +9613123456"


def test_a_sentence_that_nobody_has_written_cannot_be_said() -> None:
    with pytest.raises(KeyError):
        Reason("number_unknown")
    with pytest.raises(KeyError):
        InputError("recipient", "number_unknown")


def test_a_sentence_without_its_values_cannot_be_said() -> None:
    with pytest.raises(KeyError):
        Reason("number_length")


@pytest.mark.parametrize("kind", [InputError, UnsupportedError])
def test_an_input_error_is_its_sentence(kind: type[InputError]) -> None:
    error = kind("sender", "sender_form", sender="x", digits=16, letters=11)
    assert str(error) == error.text
    assert error.text == Reason("sender_form", sender="x", digits=16, letters=11)
    moved = error.at("from")
    assert type(moved) is kind
    assert (moved.field, error.field) == ("from", "sender")
    assert (str(moved), moved.text.key) == (str(error), "sender_form")
    assert moved.text.values == error.text.values


def test_a_document_error_names_its_field_to_the_provider() -> None:
    error = DocumentError("Status", "must have 1 to 64 characters")
    assert str(error) == "Status: must have 1 to 64 characters"
    assert not issubclass(DocumentError, InputError)


def test_a_reason_stays_itself_in_a_failure() -> None:
    reason = Reason("no_answer")
    failure = TransientError(reason).failure
    assert failure.text is reason
    assert str(failure) == "no answer in time"
    assert failure == Failure("transient", None, "no answer in time")


async def test_the_journal_keeps_a_reason_as_its_sentence(
    gateway: Gateway,
    add_account: AddAccount,
    provider: FakeProvider,
    clock: ManualClock,
) -> None:
    await add_account()
    provider.answers.append(TransientError(Reason("connection_lost")))
    [message] = await gateway.send("a", draft())
    assert message.failure
    assert message.failure.text == Reason("connection_lost")
    kept = await gateway.get(message.id)
    assert kept.failure == message.failure
    assert type(kept.failure.text) is str
    clock.advance(3)
    await settle(gateway)
    assert (await gateway.get(message.id)).state is State.ACCEPTED


async def test_a_fault_of_ours_is_told_by_its_kind_only(
    gateway: Gateway, add_account: AddAccount, provider: FakeProvider
) -> None:
    await add_account()
    provider.answers.append(ValueError("secret"))
    [message] = await gateway.send("a", draft())
    assert message.failure
    assert message.failure.text == Reason("internal", name="ValueError")


BIND = {"system_id": "u", "password": "p"}


@pytest.mark.parametrize(
    ("wrong", "field", "key"),
    [
        (lambda: CsoftLogin(username="", pin="p"), "username", "username_empty"),
        (lambda: CsoftLogin(username="u", pin=""), "pin", "pin_empty"),
        (lambda: CsoftLogin(username="\0", pin="p"), "username", "username_characters"),
        (lambda: CsoftLogin(username="u", pin="\0"), "pin", "pin_characters"),
        (lambda: ReceiptLogin(pin=""), "receipt_pin", "receipt_pin_length"),
        (
            lambda: ReceiptLogin(username=""),
            "receipt_username",
            "receipt_username_length",
        ),
        (lambda: read_url("ftp://x"), "url", "url_form"),
        (lambda: read_url("http://u:p@x"), "url", "url_login"),
        (
            lambda: read_url("http://[", "secondary_url"),
            "secondary_url",
            "secondary_url_form",
        ),
        (
            lambda: read_url("http://x?y", "secondary_url"),
            "secondary_url",
            "secondary_url_login",
        ),
    ],
)
def test_a_login_that_cannot_be_is_refused_in_words_of_its_field(
    wrong: object, field: str, key: str
) -> None:
    assert callable(wrong)
    with pytest.raises(InputError) as error:
        wrong()
    assert (error.value.field, error.value.text.key) == (field, key)


@pytest.mark.parametrize("field", ["account", "password"])
@pytest.mark.parametrize(
    ("value", "key"),
    [("", "empty"), ("x" * 21, "length"), ("Ω", "characters"), ("\1", "characters")],
)
def test_a_login_of_smsitaly_is_refused_in_words_of_its_field(
    field: str, value: str, key: str
) -> None:
    login: dict[str, Any] = {"account": "a", "password": "p", field: value}
    with pytest.raises(InputError) as error:
        SmsitalyLogin(**login)
    assert (error.value.field, error.value.text.key) == (field, f"{field}_{key}")


@pytest.mark.parametrize(
    ("field", "most"),
    [("system_id", 15), ("password", 8), ("system_type", 12), ("address_range", 40)],
)
def test_a_bind_is_refused_in_words_of_its_field(field: str, most: int) -> None:
    for value, key in (("x" * (most + 1), "length"), ("é", "characters")):
        with pytest.raises(InputError) as error:
            Bind(**BIND | {field: value}).encode(Command.BIND_TRANSCEIVER)
        assert (error.value.field, error.value.text.key) == (field, f"{field}_{key}")
