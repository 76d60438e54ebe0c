"""How dates, durations and numbers are written for the reader: in their language, on the company's clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal
from flask_babel import gettext, ngettext

from web.shared.language import LOCALES, language
from web.shared.services import services
from web.shared.zone import company_zone

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def local(moment: datetime) -> datetime:
    """The same instant on the company's clock."""
    return moment.astimezone(company_zone())


def day(value: date | datetime) -> str:
    """`2026年11月23日 星期一`, `Monday, 23 November 2026`."""
    pattern = "y年M月d日 EEEE" if language() == "zh" else "full"
    return format_date(_day(value), pattern, locale=_locale())


def short_day(value: date | datetime) -> str:
    """`11月23日`, with the year when it is not this one."""
    value = _day(value)
    skeleton = "MMMd" if value.year == local(services().now()).year else "yMMMd"
    return format_skeleton(skeleton, value, locale=_locale())


def month_name(value: date) -> str:
    """`3月`, `March`."""
    return format_date(value, "LLLL", locale=_locale())


def clock(moment: datetime) -> str:
    """`18:40` on the company's clock."""
    return format_time(local(moment), "HH:mm", locale=_locale())


def moment(value: datetime) -> str:
    """`11月23日 18:40`."""
    return f"{short_day(value)} {clock(value)}"


def exact(value: datetime) -> str:
    """`2026-11-23 18:40:05 +08:00`: for titles and records."""
    return local(value).isoformat(" ", "seconds")


def distance(value: datetime) -> str:
    """How far a moment is from now: `3 小时后`, `2 天前`; `刚刚` within a minute."""
    gap = value - services().now()
    if abs(gap) < MINUTE:
        return gettext("刚刚")
    words = span(abs(gap))
    return gettext("%(span)s后", span=words) if gap > timedelta(0) else gettext("%(span)s前", span=words)


def due(value: datetime) -> str:
    """What a due time means now: `还有 3 小时`, `逾期 2 天`."""
    gap = value - services().now()
    words = span(abs(gap))
    return gettext("还有 %(span)s", span=words) if gap > timedelta(0) else gettext("逾期 %(span)s", span=words)


def span(gap: timedelta) -> str:
    """A length of time in its largest whole unit."""
    if gap >= DAY:
        return ngettext("%(num)d 天", "%(num)d 天", gap // DAY)
    if gap >= HOUR:
        return ngettext("%(num)d 小时", "%(num)d 小时", gap // HOUR)
    return ngettext("%(num)d 分钟", "%(num)d 分钟", max(1, gap // MINUTE))


def number(value: Decimal | int) -> str:
    """A number with grouped thousands."""
    return format_decimal(value, locale=_locale(), decimal_quantization=False)


def count(value: int, cap: int = 1000) -> str:
    """A capped count: `999+` from `cap` on."""
    return f"{cap - 1}+" if value >= cap else str(value)


def _day(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def _locale() -> str:
    return LOCALES[language()]


FILTERS = {
    function.__name__: function
    for function in (day, short_day, month_name, clock, moment, exact, distance, due, span, number, count)
}
"""The template filters, by name."""
