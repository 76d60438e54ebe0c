"""One canonical text per value: equal values have equal bytes, and what was written is read back."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values import NotAValue, YearsMonths, canonical, decode, encode, format_duration, parse_duration

OFFSETS = st.timedeltas(timedelta(hours=-18), timedelta(hours=18)).map(
    lambda d: timezone(timedelta(seconds=d // timedelta(seconds=1)))
)
ZONES = st.none() | st.just(UTC) | OFFSETS | st.sampled_from([ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Paris")])
SCALARS = (
    st.none()
    | st.booleans()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes(timezones=ZONES)
    | st.times(timezones=ZONES)
    | st.timedeltas()
    | st.integers(-(10**6), 10**6).map(YearsMonths)
)
KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5) | st.sampled_from(["$date", "$", "$$x", "$months"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


@given(VALUES)
def test_what_was_written_is_read_back(value):
    again = decode(encode(value))
    assert again == canonical(value)
    assert encode(again) == encode(value)


@pytest.mark.parametrize(
    "value,text",
    [
        (Decimal("1.500"), b"1.5"),
        (Decimal("1E+3"), b"1000"),
        (Decimal("-0"), b"0"),
        (7, b"7"),
        (Decimal("1E+6000"), b"1E+6000"),
        ({"b": 1, "a": None}, b'{"a":null,"b":1}'),
        ("单价", '"单价"'.encode()),
        (date(2026, 11, 23), b'{"$date":"2026-11-23"}'),
        (time(9, 30), b'{"$time":"09:30:00"}'),
        (time(9, 30, 0, 500000), b'{"$time":"09:30:00.5"}'),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), b'{"$datetime":"2026-11-23T09:00:00Z"}'),
        (
            datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai")),
            b'{"$datetime":"2026-11-23T09:00:00@Asia/Shanghai"}',
        ),
        (timedelta(days=1, hours=-2), b'{"$duration":"PT22H"}'),
        (YearsMonths(-14), b'{"$months":"-P1Y2M"}'),
        ({"$date": "x"}, b'{"$$date":"x"}'),
        ((1, 2), b"[1,2]"),
    ],
)
def test_each_value_has_one_text(value, text):
    assert encode(value) == text


@pytest.mark.parametrize(
    "value", [1.5, object(), {1: 2}, {"a": float("nan")}, Decimal("NaN"), Decimal("Infinity"), b"x", {1, 2}]
)
def test_what_is_no_value_is_refused(value):
    with pytest.raises(NotAValue):
        encode(value)


@pytest.mark.parametrize(
    "text",
    ['{"$unknown":1}', "NaN", "1e", '{"$date":"2026-13-01"}', '{"$datetime":"2026-01-01T00:00:00@No/Where"}', "[1"],
)
def test_what_encode_would_not_write_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the codec promises no more than this
        decode(text)


@given(st.timedeltas())
def test_durations_are_read_back(value):
    assert parse_duration(format_duration(value)) == value
