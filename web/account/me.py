"""One's own page: data, password, language, who stands in for a while, where one is logged in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from company.people import directory, passwords, sessions
from company.people.change_person import Details, InvalidPerson, change_own_data
from company.people.roles import all_roles
from company.people.substitutes import add_substitute, end_substitute, substitutions
from engine.errors import ClauseflowError
from web.shared import language
from web.shared.services import services
from web.shared.signed_in import current_actor, current_login, login_required
from web.shared.standing_in import MOST_COLLEAGUES, period

pages = Blueprint("me", __name__)

_A_YEAR = timedelta(days=365)


class PasswordsDiffer(ClauseflowError):
    """The new password was not typed the same way twice."""

    status = 422
    zh = "两次输入的新密码不一样。"
    en = "The two new passwords are not the same."


@pages.get("/me")
@login_required
def show() -> str:
    """Everything about oneself."""
    return _page()


@pages.post("/me")
@login_required
def change() -> Response | tuple[str, int]:
    """Change one's own data."""
    try:
        change_own_data(services().db, current_actor(), services().now(), request.form.to_dict())
    except InvalidPerson as refused:
        wrong = {problem.where: problem.text(language.language()) for problem in refused.problems}
        return _page(typed=request.form.to_dict(), wrong=wrong), 422
    flash(_("资料已保存。"))
    return redirect(url_for("me.show"), 303)


@pages.post("/me/language")
@login_required
def choose_language() -> Response:
    """Read everything in this language, here and wherever one logs in next."""
    chosen = {"language": request.form.get("language", "")}
    change_own_data(services().db, current_actor(), services().now(), chosen)
    answer = redirect(url_for("me.show"), 303)
    answer.set_cookie(
        language.COOKIE,
        chosen["language"],
        max_age=_A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=services().secure_cookies,
    )
    return answer


@pages.route("/me/password", methods=["GET", "POST"])
@login_required
def password() -> ResponseReturnValue:
    """Choose another password; other browsers are logged out."""
    if request.method == "GET":
        return _password_page(None)
    present, new = request.form.get("present", ""), request.form.get("new", "")
    try:
        if new != request.form.get("again", ""):
            raise PasswordsDiffer
        passwords.change_password(
            services().db, current_actor(), services().now(), present, new, keep_session=current_login().id
        )
    except passwords.PresentPasswordThrottled as error:
        return (
            _password_page(error.text(language.language())),
            error.status,
            {"Retry-After": str(error.facts["seconds"])},
        )
    except (PasswordsDiffer, passwords.WrongPassword, passwords.WeakPassword) as error:
        return _password_page(error.text(language.language())), error.status
    flash(_("密码已修改，其他设备上的登录已退出。"))
    return redirect(url_for("me.show"), 303)


@pages.post("/me/substitutes")
@login_required
def substitute() -> Response | tuple[str, int]:
    """Let a colleague stand in from one day to another, both included."""
    form, actor = request.form, current_actor()
    try:
        starts, ends = period(form.get("from", ""), form.get("until", ""))
        add_substitute(services().db, actor, services().now(), actor.id, form.get("substitute", ""), starts, ends,
                       form.get("reason", ""))  # fmt: skip
    except ClauseflowError as error:
        return _page(typed=form.to_dict(), refused=error.text(language.language())), error.status
    flash(_("已设定代理。"))
    return redirect(url_for("me.show", _anchor="substitutes"), 303)


@pages.post("/me/substitutes/<int:number>/end")
@login_required
def end(number: int) -> Response:
    """End a substitution of one's own."""
    return _done(end_substitute, number, _("代理已结束。"), "substitutes")


@pages.post("/me/sessions/<int:number>/end")
@login_required
def log_out_elsewhere(number: int) -> Response:
    """End a session of one's own."""
    return _done(sessions.revoke, number, _("已退出该设备上的登录。"), "sessions")


def _done(command: Callable[..., None], number: int, said: str, anchor: str) -> Response:
    command(services().db, current_actor(), services().now(), number)
    flash(said)
    return redirect(url_for("me.show", _anchor=anchor), 303)


def _page(**context: Any) -> str:
    actor, now = current_actor(), services().now()
    with services().db.reading() as session:
        mine = directory.person(session, actor.id)
        standing_in = substitutions(session, actor.id, now)
        involved = {account for one in standing_in for account in (one.principal, one.substitute)}
        context |= {
            "mine": mine,
            "roles": [role for role in all_roles(session) if role.key in mine.roles],
            "substitutions": standing_in,
            "names": directory.names(session, involved, language.language()),
            "colleagues": directory.find_people(session, active=True, limit=MOST_COLLEAGUES).items,
            "sessions": sessions.live_sessions(session, now, actor.id),
        }
    typed = context.setdefault("typed", {})
    written = Details.of(mine)
    values = {name: typed.get(name, getattr(written, name)) for name in written.__dataclass_fields__}
    return render_template("me/show.html", values=values, this_session=current_login().id, **context)


def _password_page(refused: str | None) -> str:
    return render_template(
        "me/password.html",
        refused=refused,
        temporary=current_login().password_temporary,
        shortest=passwords.SHORTEST,
    )
