"""Dates, times of day, and both together in the company's zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from typing_extensions import override

from engine.forms.formats import local
from engine.forms.kinds.base import UNSURE, ComponentKind, Field, LineInput, Quick
from engine.forms.read.attributes import ComponentAttributes
from engine.forms.scope import FormScope
from engine.forms.words import Wrong
from engine.values import Value, format_temporal, parse_datetime

_CLOCK = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(_CLOCK)
_DATETIME = re.compile(
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]{_CLOCK}(?:Z|[+-][0-9]{{2}}:[0-9]{{2}}|@[A-Za-z0-9_+/-]+)?"
)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－：", "0123456789-:")


@dataclass(frozen=True, slots=True)
class TemporalSettings:
    """`subtype` is date, time or datetime; `interval` in minutes."""

    subtype: str
    interval: int | None
    from_today: bool


class Temporal(ComponentKind):
    """`datetime`: by its subtype a date, a time of day without zone, or an instant in the zone of the environment."""

    ordered = True
    template = "line"

    @override
    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> TemporalSettings:
        subtype = attributes.text("subtype") or "date"
        if subtype not in _READERS:
            attributes.complain(
                "attribute", "subtype 应为 date、time 或 datetime。", "subtype must be date, time or datetime."
            )
            subtype = "date"
        interval = attributes.whole("timeInterval", 1, 60) if subtype != "date" else None
        return TemporalSettings(subtype, interval, attributes.flag("disallowPassedDates"))

    @override
    def written(self, component: Field, text: str) -> Value:
        return text.strip().partition("T")[0] if component.settings.subtype == "date" else text.strip()

    @override
    def read(self, component: Field, raw: Value, scope: FormScope) -> date | time | datetime | None:
        if raw is None:
            return None
        if isinstance(raw, str):
            raw = raw.strip().translate(_FULL_WIDTH)
            if not raw:
                return None
        settings: TemporalSettings = component.settings
        try:
            return _READERS[settings.subtype](raw, scope)
        except (ValueError, OverflowError) as error:
            raise Wrong(f"not_a_{settings.subtype}") from error

    @override
    def quick(self, settings: TemporalSettings) -> Quick:
        """Of dates only: an instant needs the zone around it."""
        return super().quick(settings) if settings.subtype != "date" or settings.from_today else _quick_date

    @override
    def judge(self, component: Field, value: Value, scope: FormScope) -> None:
        settings: TemporalSettings = component.settings
        if settings.from_today and not isinstance(value, time) and _before_today(value, scope):
            raise Wrong("past_date")
        if settings.interval and _off_grid(value, settings.interval):
            raise Wrong("time_interval", limit=settings.interval)

    @override
    def control(self, component: Field, raw: Value, scope: FormScope) -> str:
        zone = scope.environment.zone
        if isinstance(raw, datetime) and zone and raw.tzinfo:
            return local(raw, zone).replace(tzinfo=None).isoformat()
        if isinstance(raw, (date, time)):
            return format_temporal(raw)
        return raw if isinstance(raw, str) else super().control(component, raw, scope)

    @override
    def input(self, component: Field, control: str) -> LineInput:
        """The browser's own picker, unless it would blank what was typed."""
        settings: TemporalSettings = component.settings
        pattern, type_ = _PICKERS[settings.subtype]
        if control and not pattern.fullmatch(control):
            return LineInput()
        return LineInput(type_, step=_step(control, settings))

    @override
    def schema(self, component: Field) -> dict[str, Value]:
        name = {"date": "date", "time": "time", "datetime": "date-time"}[component.settings.subtype]
        return {"type": ["string", "null"], "format": name}


def _read_date(raw: Value, *args: FormScope) -> date:
    if isinstance(raw, str) and _DATE.fullmatch(raw):
        return date.fromisoformat(raw)
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    raise ValueError(raw)


def _quick_date(raw: Value) -> Value:
    if type(raw) is not str or not raw:
        return None if raw is None or raw == "" else UNSURE
    try:
        found = date.fromisoformat(raw)
    except ValueError:
        return UNSURE
    return found if found.isoformat() == raw else UNSURE


def _read_time(raw: Value, *args: FormScope) -> time:
    if isinstance(raw, str) and _TIME.fullmatch(raw):
        return time.fromisoformat(raw)
    if isinstance(raw, time) and raw.tzinfo is None:
        return raw
    raise ValueError(raw)


def _read_datetime(raw: Value, scope: FormScope) -> datetime:
    if isinstance(raw, str) and _DATETIME.fullmatch(raw):
        raw = parse_datetime(raw)
    if not isinstance(raw, datetime):
        raise ValueError(raw)
    zone = scope.environment.zone
    if zone is None:
        return raw
    return raw.astimezone(zone) if raw.tzinfo else raw.replace(tzinfo=zone)


_PICKERS = {
    "date": (_DATE, "date"),
    "time": (_TIME, "time"),
    "datetime": (re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}"), "datetime-local"),
}


def _step(control: str, settings: TemporalSettings) -> str:
    """Seconds between the times offered; minutes are enough unless the value has seconds."""
    if settings.subtype == "date":
        return ""
    if control.count(":") == 2:
        return "any" if "." in control else "1"
    return str(settings.interval * 60) if settings.interval else ""


_READERS: dict[str, Callable[[Value, FormScope], date | time | datetime]] = {
    "date": _read_date,
    "time": _read_time,
    "datetime": _read_datetime,
}


def _before_today(value: date, scope: FormScope) -> bool:
    now = scope.environment.now
    if now is None:
        return False
    today = (now.astimezone(scope.environment.zone) if scope.environment.zone else now).date()
    return (value.date() if isinstance(value, datetime) else value) < today


def _off_grid(value: time | datetime, interval: int) -> bool:
    return bool((value.hour * 60 + value.minute) % interval or value.second or value.microsecond)
