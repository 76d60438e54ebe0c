"""Administration: who did not receive what was sent out, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from company.notifications.deliveries import Delivery, Undelivered, undelivered
from company.people import directory
from web.shared.language import in_language, language
from web.shared.services import services

pages = Blueprint("deliveries", __name__, url_prefix="/deliveries")


@dataclass(frozen=True, slots=True)
class Lost:
    """A delivery that came to nothing, in words; `person` is the account whose address it is, if anybody's."""

    delivery: Delivery
    to: str
    person: str | None
    about: str
    number: str
    outcome: str


@pages.get("", endpoint="show")
def list_undelivered() -> str:
    """What was refused or given up, newest first."""
    with services().db.reading() as session:
        page = undelivered(session, after=request.args.get("after"))
        names = directory.names(session, {each.person for each in page.items if each.person}, language())
    return render_template("admin/deliveries.html", page=page, lost=[_told(each, names) for each in page.items])


def _told(each: Undelivered, names: dict[str, str]) -> Lost:
    delivery = each.delivery
    to = {"webhook": "Webhook", "stamp": _("时间戳服务")}.get(delivery.receiver, delivery.receiver)
    anchor = _("锚点 %(number)s", number=delivery.anchor_id)
    about = anchor if delivery.anchor_id else in_language(each.subject, each.subject_en)
    refused = delivery.state == "refused"
    outcome = _("被拒绝，不再重试") if refused else _("试了 %(times)s 次都没收下，已放弃", times=delivery.attempts)
    return Lost(delivery, names.get(each.person or "", to), each.person, about, each.number, outcome)
