"""`working hours` and `working days` count by the calendar the caller names."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from engine.calendar import Calendar
from engine.feel import evaluate

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(SHANGHAI, (((time(9), time(17)),),) * 5 + ((), ()))
FRIDAY = datetime(2026, 11, 20, 16, 0, tzinfo=SHANGHAI)


def value(text: str, **more: object) -> object:
    return evaluate(text, {"start": FRIDAY.replace(hour=9)}, now=FRIDAY, calendar=CALENDAR, **more)


def test_working_hours():
    assert value("working hours(2)") == datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
    assert value("working hours(0.5)") == FRIDAY.replace(minute=30)
    assert value("working hours(n: 9, from: start)") == datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
    assert value("working hours(-8)") == datetime(2026, 11, 19, 16, 0, tzinfo=SHANGHAI)


def test_working_days():
    assert value("working days(1)") == datetime(2026, 11, 23, 16, 0, tzinfo=SHANGHAI)
    assert value("working days(5, start)") == datetime(2026, 11, 27, 9, 0, tzinfo=SHANGHAI)
    assert value("working days(1.5)") is None


def test_without_a_calendar_there_is_no_working_time():
    warnings: list[str] = []
    assert evaluate("working hours(2)", now=FRIDAY, warnings=warnings) is None
    assert warnings == ["no working calendar was given"]


def test_a_number_beyond_all_plans_is_null():
    assert value("working days(1e6)") is None
    assert value("working hours(1e6)") is None
