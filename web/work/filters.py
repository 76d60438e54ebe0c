"""Filters of the inbox that people keep under names of their own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from company.saved_filters import BadFilterName, SavedFilter, TooManyFilters, remove_filter, save_filter
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required
from web.work.inbox import InboxFilter

pages = Blueprint("filters", __name__, url_prefix="/inbox/filters")


@pages.post("/save")
@login_required
def save() -> Response:
    """Keep what the address asks under the name that was typed."""
    asked, name = InboxFilter.asked(), request.form.get("name", "").strip()
    wanted = SavedFilter(name, asked.view, asked.search, asked.process)
    try:
        save_filter(services().db, current_actor(), wanted)
    except (BadFilterName, TooManyFilters) as refused:
        flash(refused.text(language()), "problem")
    else:
        flash(_("已保存筛选“%(name)s”。", name=name), "ok")
    return _back(asked)


@pages.post("/remove")
@login_required
def remove() -> Response:
    """Forget the filter `name`."""
    remove_filter(services().db, current_actor(), request.form.get("name", ""))
    flash(_("已删除筛选。"), "ok")
    return _back(InboxFilter.asked())


def _back(asked: InboxFilter) -> Response:
    address: dict[str, Any] = {**asked.address(after=None)}
    return redirect(url_for("inbox.show", **address), 303)
