"""Administration of the working calendar: a year's days and the weekly hours, and every version there ever was."""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from company.calendar.versions import (
    Difference,
    InvalidDays,
    NoSuchVersion,
    Version,
    differences,
    form,
    save_year,
    unknown_years,
    values_of,
    versions,
    written,
)
from company.people import directory
from engine.calendar import Calendar
from engine.errors import ClauseflowError
from web.shared.addresses import whole_number
from web.shared.errors import page as error_page
from web.shared.formats import local
from web.shared.forms.sheet import Sheet, draft_key
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor

pages = Blueprint("calendar", __name__)

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Past:
    """A version as the list shows it, with what it changed."""

    version: Version
    changed: list[Difference]


@pages.get("/calendar")
def show() -> str:
    """A year of the version in force, or of the version asked for, which can only be read."""
    return _page(_year())


@pages.post("/calendar")
def save() -> ResponseReturnValue:
    """Save a year as a new version; a refusal keeps what was typed."""
    year, sheet = _year(), Sheet(form())
    raw = sheet.posted()
    redrawn = sheet.with_row_button(raw)
    if redrawn is not None:
        return _page(year, redrawn)
    based_on = request.form.get("_based_on", "")
    try:
        saved = save_year(services().db, current_actor(), services().now(), based_on, year, raw)
    except InvalidDays as refused:
        return _page(year, sheet.draw(raw, refused.problems)), 422
    except ClauseflowError as refused:
        return _page(year, sheet.draw(raw), refused.text(language())), refused.status
    flash(_("工作日历已保存为新版本。") if saved else _("没有改动，未产生新版本。"), "ok")
    flash(draft_key("calendar", year), "draft")
    return redirect(url_for("admin.calendar.show", year=year), 303)


@pages.errorhandler(NoSuchVersion)
def nothing(error: NoSuchVersion) -> ResponseReturnValue:
    """The address names a version that is not there."""
    return error_page(404, error.text(language()))


def _year() -> int:
    asked = whole_number(request.args.get("year", ""))
    return asked if asked and FIRST_YEAR <= asked <= LAST_YEAR else local(services().now()).year


def _chosen(found: Sequence[Version]) -> Version:
    asked = request.args.get("version", "") or str(len(found) or 1)
    number = whole_number(asked)
    if number and number <= len(found):
        return found[number - 1]
    raise NoSuchVersion(version=asked[:20])


def _page(year: int, controls: Markup | None = None, refused: str | None = None) -> str:
    with services().db.reading() as session:
        found = versions(session)
        names = directory.names(session, {version.actor for version in found}, language())
    shown = _chosen(found)
    in_force = shown is found[-1]
    opened = Sheet(form(), values_of(shown.calendar, year))
    firsts = [Past(found[0], [])]
    past = firsts + [Past(after, differences(before.calendar, after.calendar)) for before, after in pairwise(found)]
    return render_template(
        "admin/calendar.html",
        year=year,
        version=shown,
        in_force=in_force,
        based_on=request.form.get("_based_on") or shown.hash,
        controls=controls or opened.draw(),
        refused=refused,
        unknown=unknown_years(found[-1].calendar, local(services().now()).date()),
        year_view=[_month(shown.calendar, year, month) for month in range(1, 13)],
        past=list(reversed(past)),
        names=names,
        weekdays=[_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
        draft=draft_key("calendar", year),
    )


def _month(calendar: Calendar, year: int, month: int) -> Mapping[str, Any]:
    """A month as weeks of days; a day of another month is None."""
    weeks = months.Calendar().monthdatescalendar(year, month)
    return {
        "first": date(year, month, 1),
        "weeks": [[_day(calendar, day) if day.month == month else None for day in week] for week in weeks],
    }


def _day(calendar: Calendar, day: date) -> Mapping[str, Any]:
    hours = calendar.hours_of(day)
    looks = (
        ("special", day in calendar.special),
        ("holiday", day in calendar.holidays),
        ("swap", day in calendar.workdays),
        ("free", not hours),
    )
    return {"day": day, "look": next((look for look, so in looks if so), "usual"), "hours": written(hours)}
