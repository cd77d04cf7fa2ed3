"""Times as SMPP writes them (clause 7.1): those that we write are read back."""

from datetime import UTC, datetime

from hypothesis import given, strategies as st
import pytest

from gateway.providers.smpp.times import absolute, read_absolute


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("261122181500000+", datetime(2026, 11, 22, 18, 15, tzinfo=UTC)),
        ("261122181500704+", datetime(2026, 11, 22, 17, 15, 0, 700_000, UTC)),
        ("261122181500022-", datetime(2026, 11, 22, 23, 45, tzinfo=UTC)),
        ("261322181500000+", None),
        ("261122181500049+", None),
        ("000000020000000R", None),
        ("2611221815", None),
        ("", None),
    ],
)
def test_absolute_times(text: str, time: datetime | None) -> None:
    assert read_absolute(text) == time


@given(
    st.integers(0, 3_000_000_000).map(
        lambda seconds: datetime.fromtimestamp(seconds, UTC)
    )
)
def test_what_we_write_is_read_back(time: datetime) -> None:
    assert read_absolute(absolute(time)) == time
