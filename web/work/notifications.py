"""Notifications: what the cases told the reader and the roles they hold, and what their diary says."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from company.calendar.appointments import appointments_of
from company.notifications.store import count_unread, mark_read, notifications_for
from web.shared.addresses import whole_number
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required

pages = Blueprint("notifications", __name__, url_prefix="/notifications")


@pages.get("")
@login_required
def show() -> str:
    """What the reader was told, newest first, beside what is ahead."""
    reader, now = current_actor().id, services().now()
    with services().db.reading() as session:
        page = notifications_for(session, reader, after=request.args.get("after"))
        unread = count_unread(session, reader)
        ahead = appointments_of(session, reader, now)
    return render_template("notifications/show.html", page=page, unread=unread, ahead=ahead)


@pages.post("/read")
@login_required
def read() -> Response:
    """The reader has read these."""
    ids = filter(None, map(whole_number, request.form.getlist("id")[:100]))
    mark_read(services().db, current_actor().id, services().now(), list(ids))
    flash(_("已标为已读。"))
    return redirect(url_for("notifications.show"), 303)
