"""`Timestamp1`: a time with its zone, or none."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, strategies as st
import pytest

from gateway.providers.csoft.times import read_time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2002-08-27T13:38:00Z", datetime(2002, 8, 27, 13, 38, tzinfo=UTC)),
        ("2002-08-27T14:38:00+01:00", datetime(2002, 8, 27, 13, 38, tzinfo=UTC)),
        ("2002-08-27 13:38:00.5Z", datetime(2002, 8, 27, 13, 38, 0, 500_000, UTC)),
        ("2002-08-27T13:38:00", None),
        ("27/08/2002 13:38", None),
        ("0001-01-01T00:00:00+23:59", None),
        ("", None),
        ("1" * 5000, None),
    ],
)
def test_times(text: str, time: datetime | None) -> None:
    assert read_time(text) == time


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.integers(-14 * 60, 14 * 60).map(
        lambda ahead: timezone(timedelta(minutes=ahead))
    ),
)
def test_every_time_is_read_back_in_utc(time: datetime, zone: timezone) -> None:
    try:
        written = time.astimezone(zone).isoformat()
    except OverflowError:
        return
    found = read_time(written)
    assert found == time
    assert found.tzinfo is UTC


@given(st.text(max_size=60))
def test_any_text_is_a_time_or_none(text: str) -> None:
    read_time(text)
