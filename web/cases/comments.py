"""Comments on a case, written on its page or on a task's; both show them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from company.comments import CommentTooLong, EmptyComment, Talk, add_comment, comments_on
from engine.actor import Actor
from engine.queries import CaseHead, may_see
from engine.session import Session
from web.shared.addresses import local_path
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor, login_required

pages = Blueprint("comments", __name__, url_prefix="/cases")


def talk(session: Session, actor: Actor, head: CaseHead) -> Talk | None:
    """What people say about a case; None for somebody who may work on it but not see it."""
    return comments_on(session, head.number) if may_see(actor, head) else None


@pages.post("/<number>/comments")
@login_required
def write(number: str) -> Response | tuple[str, int]:
    """Add a comment and go back to the page it was written on; a refused one stays to be put right."""
    text = request.form.get("text", "")
    back = local_path(request.form.get("next"), url_for("cases.show", number=number))
    try:
        add_comment(services().db, current_actor(), services().now(), number, text)
    except (EmptyComment, CommentTooLong) as refused:
        sentence = refused.text(language())
        return render_template("comments/again.html", number=number, typed=text, back=back, sentence=sentence), 422
    flash(_("已发表评论。"), "ok")
    return redirect(back, 303)
