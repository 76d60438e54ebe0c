"""The values of the product and their one canonical codec.

A value is None, bool, str, Decimal, date, time, datetime, timedelta (a FEEL days-and-time duration),
YearsMonths (a FEEL years-and-months duration), a list of values or a dict with string keys. State,
history, hashes and the API all write values with `encode` and read them with `decode`, so equal
values have equal bytes everywhere: numbers lose trailing zeros, keys are sorted, temporal values
are tagged maps (`{"$date": "2026-11-23"}`) in the text forms FEEL uses, and a key that starts with
`$` is written with a second one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import ClauseflowError

MAX_PLAIN_DIGITS = 40
"""Numbers longer than this many digits are written with an exponent, so `1e6000` stays short."""


class NotAValue(ClauseflowError):
    """Something that state and history cannot hold."""

    zh = "{where}：{kind} 不是可以保存的值。"
    en = "{where}: a {kind} is not a value that can be stored."


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A FEEL years-and-months duration, as a signed number of months."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        body = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (body or "0M")


Value = Any
"""None | bool | str | Decimal | date | time | datetime | timedelta | YearsMonths | list | dict."""


def canonical(value: Value, where: str = "value") -> Value:
    """The canonical form of a value: ints and floats-free decimals normalised, maps sorted by key.

    Raises NotAValue for anything that is not a value (floats, functions, foreign objects).
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Decimal):
        return _number(value, where)
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, (datetime, date, time, timedelta, YearsMonths)):
        return value
    if isinstance(value, (list, tuple)):
        return [canonical(item, where) for item in value]
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise NotAValue(where=where, kind=type(key).__name__)
        return {key: canonical(value[key], where) for key in sorted(value)}
    raise NotAValue(where=where, kind=type(value).__name__)


_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Nothing is ever rounded in this context: normalising in it only drops zeros at the end."""


def _number(value: Decimal, where: str) -> Decimal:
    if not value.is_finite():
        raise NotAValue(where=where, kind=str(value))
    return value.normalize(_EXACT) if value else Decimal(0)


def encode(value: Value) -> bytes:
    """The one canonical UTF-8 JSON text of a value. Raises NotAValue."""
    return _text(value).encode()


def _text(value: Value) -> str:
    # Every step encodes its state, input and effects: this is written for speed.
    return _WRITERS[type(value)](value)


def _map(found: dict[Any, Value]) -> str:
    try:
        keys = sorted(found)
    except TypeError:
        raise NotAValue(where="map key", kind="non-text key") from None
    return "{" + ",".join([_key(key) + ":" + _WRITERS[type(found[key])](found[key]) for key in keys]) + "}"


def _list(found: Iterable[Value]) -> str:
    return "[" + ",".join([_WRITERS[type(item)](item) for item in found]) + "]"


def _integer(value: int) -> str:
    return str(value) if -_SHORT < value < _SHORT else format_number(Decimal(value))


_SHORT = 10**18


def _unusual(value: Value) -> str:
    """Temporal values, and subclasses of text and int."""
    if isinstance(value, int):
        return _integer(int(value))
    tag = _tag_of(value)
    if tag:
        return '{"$' + tag + '":' + _quoted(format_temporal(value)) + "}"
    if isinstance(value, str):
        return _quoted(str(value))
    raise NotAValue(where="value", kind=type(value).__name__)


@lru_cache(4096)  # the names of variables and effects come again and again
def _key(key: str) -> str:
    if not isinstance(key, str):
        raise NotAValue(where="map key", kind="non-text key")
    return _quoted("$" + key if key.startswith("$") else key)


_quoted = json.encoder.encode_basestring
"""JSON quoting that leaves Chinese readable. Lone surrogates fail later, at `.encode()`, as UnicodeEncodeError."""


def _tag_of(value: Value) -> str | None:
    if isinstance(value, datetime):
        return "datetime"
    if isinstance(value, date):
        return "date"
    if isinstance(value, time):
        return "time"
    if isinstance(value, timedelta):
        return "duration"
    if isinstance(value, YearsMonths):
        return "months"
    return None


def decode(data: bytes | str) -> Value:
    """The value that `encode` wrote. Raises ValueError for text that `encode` would not write."""
    return _decoder.decode(data if isinstance(data, str) else data.decode())


def _decimal(text: str) -> Decimal:
    if text.isdigit() and text[-1] != "0":
        return Decimal(text)
    try:
        return _number(Decimal(text), "number")
    except InvalidOperation as error:
        raise ValueError(text) from error


def _constant(text: str) -> None:
    raise ValueError(f"{text} is not a value")


def _untag(found: dict[str, Any]) -> Value:
    if len(found) == 1:
        ((key, inner),) = found.items()
        if key in _READERS:
            return _READERS[key](inner)
    for key in found:
        if key[:1] == "$":
            return {_plain_key(key): inner for key, inner in found.items()}
    return found


def _plain_key(key: str) -> str:
    if key.startswith("$$"):
        return key[1:]
    if key.startswith("$"):
        raise ValueError(f"unknown tag {key}")
    return key


_PLAIN = re.compile(r"(?!-0$)-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?", re.ASCII)
"""What `str` writes of most numbers, and canonical when it is not too long."""


def format_number(value: Decimal) -> str:
    """Canonical JSON number text: no trailing zeros, an exponent only beyond MAX_PLAIN_DIGITS digits."""
    text = str(value)
    if len(text) <= MAX_PLAIN_DIGITS and ((text.isdigit() and text[0] != "0") or _PLAIN.fullmatch(text)):
        return text
    value = _number(value, "number")
    digits, exponent = len(value.as_tuple().digits), value.as_tuple().exponent
    assert isinstance(exponent, int)
    plain = digits + exponent if exponent >= 0 else max(digits, -exponent + 1)
    return f"{value:f}" if plain <= MAX_PLAIN_DIGITS else f"{value:E}"


class _Writers(dict[type, Callable[[Any], str]]):
    def __missing__(self, _: type) -> Callable[[Any], str]:
        return _unusual


_WRITERS = _Writers(
    {
        type(None): lambda _: "null",
        bool: lambda value: "true" if value else "false",
        str: _quoted,
        Decimal: format_number,
        dict: _map,
        list: _list,
        tuple: _list,
        int: _integer,
    }
)


def format_temporal(value: date | time | datetime | timedelta | YearsMonths) -> str:
    """The text FEEL's `string()` gives for a temporal value, zone ids kept as `@Europe/Paris`."""
    if isinstance(value, datetime):
        return _clock_text(value) + _zone_text(value.tzinfo, value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return _clock_text(value) + _zone_text(value.tzinfo, None)
    if isinstance(value, timedelta):
        return format_duration(value)
    return str(value)


def _clock_text(value: datetime | time) -> str:
    """ISO 8601 without the zone, and without zeros at the end of the seconds' fraction."""
    text = value.replace(tzinfo=None).isoformat()
    return text.rstrip("0") if value.microsecond else text


def _zone_text(zone: tzinfo | None, at: datetime | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo) and zone.key != "UTC":
        return f"@{zone.key}"
    offset = zone.utcoffset(at)
    if not offset:
        return "Z"
    seconds = int(offset.total_seconds())
    sign = "-" if seconds < 0 else "+"
    hours, rest = divmod(abs(seconds), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{sign}{hours:02d}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")


def format_duration(value: timedelta) -> str:
    """ISO 8601 text of a days-and-time duration, normalised as FEEL prints it (`P1DT2H`, `PT0S`)."""
    sign = "-" if value < timedelta(0) else ""
    value = abs(value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{value.microseconds:06d}".rstrip("0") if value.microseconds else ""
    clock = (
        (f"{hours}H" if hours else "")
        + (f"{minutes}M" if minutes else "")
        + (f"{seconds}{fraction}S" if seconds or fraction else "")
    )
    days = f"{value.days}D" if value.days else ""
    body = days + (f"T{clock}" if clock else "")
    return f"{sign}P{body}" if body else "PT0S"


_DURATION = re.compile(r"(-)?P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII)
_MONTHS = re.compile(r"(-)?P(?=.)(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_ZONE = re.compile(r"(.*?)(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]+)?", re.ASCII | re.DOTALL)


def parse_duration(text: str) -> timedelta:
    """A days-and-time duration from ISO 8601. Raises ValueError (years and months are another type)."""
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError(text)
    sign, days, hours, minutes, seconds, fraction = match.groups()
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        total = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=micro,
        )
    except OverflowError as error:
        raise ValueError(text) from error
    return -total if sign else total


def parse_years_months(text: str) -> YearsMonths:
    """A years-and-months duration from ISO 8601. Raises ValueError."""
    match = _MONTHS.fullmatch(text)
    if not match:
        raise ValueError(text)
    sign, years, months = match.groups()
    total = int(years or 0) * 12 + int(months or 0)
    return YearsMonths(-total if sign else total)


def parse_datetime(text: str) -> datetime:
    """A date and time from FEEL's text form, with an offset, `Z` or `@Zone/Id` if given. Raises ValueError."""
    local, zone = _split_zone(text)
    return datetime.fromisoformat(local).replace(tzinfo=zone)


def parse_time(text: str) -> time:
    """A time of day from FEEL's text form. Raises ValueError."""
    local, zone = _split_zone(text)
    return time.fromisoformat(local).replace(tzinfo=zone)


def _split_zone(text: str) -> tuple[str, tzinfo | None]:
    match = _ZONE.fullmatch(text)
    if not match:
        raise ValueError(text)
    local, zone = match.groups()
    if zone is None:
        return local, None
    if zone == "Z":
        return local, UTC
    if zone.startswith("@"):
        try:
            return local, ZoneInfo(zone[1:])
        except (KeyError, OSError, ValueError) as error:
            raise ValueError(text) from error
    parts = [int(part) for part in zone[1:].split(":")]
    offset = timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2] if len(parts) > 2 else 0)
    return local, timezone(-offset if zone[0] == "-" else offset)


_READERS = {
    "$date": date.fromisoformat,
    "$time": parse_time,
    "$datetime": parse_datetime,
    "$duration": parse_duration,
    "$months": parse_years_months,
}

_decoder = json.JSONDecoder(object_hook=_untag, parse_float=_decimal, parse_int=_decimal, parse_constant=_constant)
