"""The action `sms_gateway.send_message`: a value that cannot be used is named."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.sms_gateway.quoting import quoted
from custom_components.sms_gateway.services import MOST_TARGETS
from simulator.websmpp import WebsmppSimulator

from .helpers import BOB, send


@pytest.mark.parametrize(
    ("fields", "key", "words"),
    [
        ({"target": ["nobody"]}, "number_unreadable", {"number": quoted("nobody")}),
        ({"target": [BOB, "12"]}, "number_length", {"number": "12"}),
        ({"target": [""]}, "number_unreadable", {"number": ""}),
        ({"target": [{}]}, "number_unreadable", {"number": quoted("{}")}),
        (
            {"target": ["nobody", BOB, "12"]},
            "numbers_unusable",
            {"count": "2", "numbers": quoted("nobody, 12")},
        ),
        ({"message": ""}, "message_empty", {}),
        (
            {"message": "x" * 40_000},
            "message_long",
            {"count": "40000", "parts": "255"},
        ),
        ({"message": "Fire \ud83d"}, "message_surrogate", {"position": "5"}),
        (
            {"message": "grün & #", "encoding": "gsm"},
            "encoding_marks",
            {"encoding": quoted("gsm")},
        ),
        (
            {"message": "سلام", "encoding": "special"},
            "encoding_unfit",
            {"encoding": quoted("special")},
        ),
        ({"encoding": "wap_push"}, "wap_unsupported", {}),
        (
            {"sender": "Far too long a name"},
            "sender_form",
            {
                "sender": quoted("Far too long a name"),
                "digits": "16",
                "letters": "11",
            },
        ),
        ({"schedule": "2001-01-01 00:00:00"}, "schedule_past", {}),
        ({"flash": True}, "flash_unsupported", {}),
    ],
)
async def test_a_value_that_cannot_be_sent_is_named(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    fields: dict[str, Any],
    key: str,
    words: dict[str, str],
) -> None:
    with pytest.raises(ServiceValidationError) as refused:
        await send(hass, **fields)
    assert refused.value.translation_key == key
    assert refused.value.translation_placeholders == words
    assert simulator.messages_count == 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"target": []}, "target"),
        ({"target": [BOB] * (MOST_TARGETS + 1)}, "target"),
        ({"message": None}, "message"),
        ({"message": {}}, "message"),
        ({"title": []}, "title"),
        ({"sender": []}, "sender"),
        ({"encoding": "ebcdic"}, "encoding"),
        ({"encoding": 7}, "encoding"),
        ({"schedule": "soon"}, "schedule"),
        ({"validity": "soon"}, "validity"),
        ({"validity": {"seconds": 59}}, "validity"),
        ({"validity": {"days": 8}}, "validity"),
        ({"flash": "perhaps"}, "flash"),
        ({"reference": "x" * 256}, "reference"),
        ({"track": "perhaps"}, "track"),
        ({"colour": "red"}, "colour"),
        ({"config_entry_id": []}, "config_entry_id"),
    ],
)
async def test_a_value_of_a_wrong_form_is_named(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    fields: dict[str, Any],
    field: str,
) -> None:
    with pytest.raises(vol.MultipleInvalid) as refused:
        await send(hass, **fields)
    assert refused.value.path[0] == field
    assert simulator.messages_count == 0


@pytest.mark.parametrize(
    "entity_id", ["notify.nobody", "notify.other", "notify.websmpp_demo"]
)
async def test_an_entity_that_is_no_recipient_is_named(
    hass: HomeAssistant,
    account: MockConfigEntry,
    simulator: WebsmppSimulator,
    entity_registry: Any,
    entity_id: str,
) -> None:
    entity_registry.async_get_or_create(
        "notify", "ntfy", "1", suggested_object_id="other"
    )
    with pytest.raises(ServiceValidationError) as refused:
        await send(hass, target=[BOB, entity_id])
    assert refused.value.translation_key == "no_recipient"
    assert refused.value.translation_placeholders == {"entity_id": quoted(entity_id)}
    assert simulator.messages_count == 0
