"""Whatever anybody posts: it is answered, and does nothing else."""

from homeassistant.core import HomeAssistant
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sms_gateway.gateway.providers.csoft import MOST_BYTES
from custom_components.sms_gateway.systems import bodies
from simulator.csoft import Attack, AttackKind, CsoftSimulator

from ...gateway.csoft.helpers import EXAMPLE
from .helpers import METHODS, Talk, loud, written

BODIES = st.one_of(
    st.binary(max_size=2000),
    st.tuples(
        st.integers(0, len(EXAMPLE)), st.binary(max_size=40), st.integers(0, 200)
    ).map(lambda cut: _mangled(*cut)),
    st.integers(MOST_BYTES - 2, MOST_BYTES + 2).map(lambda size: b"<" * size),
)
CONTENT_TYPES = st.one_of(
    st.sampled_from(
        [
            "text/soap",
            "text/xml; charset=utf-16",
            "application/x-www-form-urlencoded; charset=idna",
            "multipart/form-data; boundary=a",
        ]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
)


def _mangled(place: int, octets: bytes, cut: int) -> bytes:
    """Put something into the example, in the place of a part of it."""
    sound = EXAMPLE.encode()
    return sound[:place] + octets + sound[place + cut :]


FUZZ = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("kind", AttackKind)
async def test_no_attack_does_anything_but_be_answered(
    hass: HomeAssistant,
    csoft_account: MockConfigEntry,
    posting: CsoftSimulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: AttackKind,
) -> None:
    monkeypatch.setattr(bodies, "TIMEOUT", 0.5)
    posting.settings.receipt_timeout = 1.0
    posts = await posting.attack(Attack(kind=kind, size=64, seconds=0.001))
    assert all(
        post.status in {200, 400, 408, 413} for post in posts if post.status is not None
    )
    assert loud(caplog) == []


@given(method=st.sampled_from(METHODS), content_type=CONTENT_TYPES, body=BODIES)
@FUZZ
async def test_whatever_comes_is_answered_and_nothing_is_logged(
    talk: Talk,
    caplog: pytest.LogCaptureFixture,
    method: str,
    content_type: str,
    body: bytes,
) -> None:
    answer = await talk(written(method, body, Content_Type=content_type))
    # Home Assistant itself answers other methods than those of its webhooks.
    assert int(answer.split()[1]) in {200, 400, 403, 405, 413}
    assert loud(caplog) == []
