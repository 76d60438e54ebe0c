"""What is asked of who stands in for whom, wherever it is set: the days, and the colleagues to choose from."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from company.people.substitutes import BadPeriod
from web.shared.zone import company_zone

MOST_COLLEAGUES = 1000
"""Colleagues offered as substitutes."""


def period(first: str, last: str) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last, on the company's clock. Raises BadPeriod."""
    try:
        days = date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1)
        starts, ends = (datetime.combine(day, time(), company_zone()) for day in days)
    except (ValueError, OverflowError):
        raise BadPeriod from None
    return starts, ends
