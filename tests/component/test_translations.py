"""What is said is there to be said in every language."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components.sms_gateway as component
from custom_components.sms_gateway.exceptions import translated
from custom_components.sms_gateway.gateway import (
    AccountStatus,
    Failure,
    Message,
    State,
    errors,
)
from custom_components.sms_gateway.gateway.ledger.lifecycle import (
    CANCELLED_UNSENT,
    EXPIRED_UNSENT,
)
from custom_components.sms_gateway.gateway.outbox import INTERRUPTED
from custom_components.sms_gateway.gateway.reasons import Reason
from custom_components.sms_gateway.quoting import quoted

FOLDER = Path(component.__file__).parent
LANGUAGES = sorted(path.stem for path in (FOLDER / "translations").glob("*.json"))


def texts(language: str) -> dict[str, Any]:
    path = FOLDER / "translations" / f"{language}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def kinds() -> Iterator[type[errors.ProviderError]]:
    classes = [errors.ProviderError]
    while classes:
        found = classes.pop()
        yield found
        classes += found.__subclasses__()


def refused(failure: Failure) -> Message:
    now = dt_util.utcnow()
    return Message(
        id="1",
        account="a",
        recipient="+9613123456",
        text="Fire",
        created_at=now,
        updated_at=now,
        expires_at=now,
        state=State.FAILED,
        failure=failure,
    )


@pytest.mark.parametrize(
    "error",
    [
        errors.InputError("message", "message_empty"),
        errors.InputError("recipient", "number_length", number="12"),
        errors.UnsupportedError("flash", "flash_unsupported"),
        errors.UnknownAccountError("none"),
        errors.UnknownMessageError("none"),
        errors.JournalError("full"),
        errors.JournalError(Reason("journal_full")),
        errors.UnavailableError(Reason("cannot_connect", words="refused")),
        *(kind("no", code="HTTP01") for kind in kinds()),
        *(
            errors.SendFailedError([refused(failure)])
            for failure in (
                *(kind("no").failure for kind in kinds()),
                CANCELLED_UNSENT,
                EXPIRED_UNSENT,
                INTERRUPTED,
            )
        ),
        errors.SendFailedError(
            [refused(Failure("text", None, "a")), refused(Failure("sender", None, "b"))]
        ),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_error_of_the_gateway_can_be_told(error: errors.SmsGatewayError) -> None:
    raised = translated(error)
    message = texts("en")["exceptions"][raised.translation_key]["message"]
    assert placeholders(message) <= set(raised.translation_placeholders or {})


@pytest.mark.parametrize(
    ("error", "key", "words"),
    [
        (
            errors.InputError("recipient", "number_length", number="+961"),
            "number_length",
            {"number": "\u2068+961\u2069"},
        ),
        (errors.JournalError(Reason("journal_full")), "journal_full", {}),
        (errors.JournalError("full"), "gateway", {"reason": "\u2068full\u2069"}),
        (
            errors.UnavailableError(Reason("cannot_connect", words="refused")),
            "cannot_connect",
            {"words": "\u2068refused\u2069"},
        ),
        (
            errors.SenderError("no", code="HTTP06"),
            "provider_sender",
            {"reason": "\u2068HTTP06: no\u2069"},
        ),
        (
            errors.SendFailedError([refused(Failure("sender", "HTTP06", "no"))]),
            "send_sender",
            {
                "reason": "\u2068HTTP06: no\u2069",
                "failed": "1",
                "total": "1",
                "recipients": "\u2068+9613123456\u2069",
            },
        ),
        (errors.SendFailedError([refused(EXPIRED_UNSENT)]), "expired_unsent", {}),
    ],
)
def test_our_words_are_a_key_and_the_words_of_others_stay_and_are_set_apart(
    error: errors.SmsGatewayError, key: str, words: dict[str, str]
) -> None:
    raised = translated(error)
    assert raised.translation_key == key
    assert raised.translation_placeholders == words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("+9613123456", "\u2068+9613123456\u2069"),
        ("سطح", "\u2068سطح\u2069"),
        ("112", "112"),
        (7, "7"),
        ("", ""),
    ],
)
def test_all_but_bare_digits_keep_their_own_direction(words: object, said: str) -> None:
    assert quoted(words) == said


async def test_of_several_reasons_ours_are_in_the_language_of_home_assistant(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    hass.config.language = "de"
    assert await hass.config_entries.async_setup(entry.entry_id)
    theirs = Failure("sender", "HTTP06", "no")
    several = errors.SendFailedError([refused(INTERRUPTED), refused(theirs)])
    raised = translated(several)
    assert raised.translation_key == "send_several"
    ours = texts("de")["exceptions"]["interrupted"]["message"]
    number = "\u2068+9613123456\u2069"
    assert raised.translation_placeholders == {
        "failed": "2",
        "total": "2",
        "reasons": f"{number}: {ours}; {number}: \u2068HTTP06: no\u2069",
    }


def test_every_key_in_the_code_has_its_text() -> None:
    used = {
        node.value.value
        for path in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword)
        and node.arg == "translation_key"
        and isinstance(node.value, ast.Constant)
    }
    english = texts("en")
    known = set(english["exceptions"]) | set(english["issues"])
    for platform in english["entity"].values():
        known |= set(platform)
    known |= set(english["selector"]) | {"recipient"}
    assert used <= known


def test_every_state_and_event_has_a_name() -> None:
    english = texts("en")["entity"]
    states = {state.value for state in State}
    assert set(english["sensor"]["last_state"]["state"]) == states
    assert set(english["sensor"]["status"]["state"]) == set(AccountStatus)
    event = english["event"]["receipt"]["state_attributes"]["event_type"]["state"]
    assert set(event) == states - {"queued"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same(language: str) -> None:
    def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
        if isinstance(tree, str):
            yield path, tree
        else:
            for key, value in tree.items():
                yield from leaves(value, f"{path}.{key}")

    english = dict(leaves(texts("en")))
    own = dict(leaves(texts(language)))
    assert own.keys() == english.keys()
    for key, text in own.items():
        assert text.strip(), key
        assert placeholders(text) == placeholders(english[key]), key
