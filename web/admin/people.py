"""Administration: people, where they are logged in, and the log of what administrators did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from company.people import audit_log, directory, sessions
from company.people.change_person import Details, InvalidPerson, add_person, change_person, set_active, set_roles
from company.people.departments import all_departments
from company.people.held_tasks import held_tasks
from company.people.passwords import reset_password
from company.people.roles import all_roles
from company.people.substitutes import add_substitute, end_substitute, substitutions
from engine.errors import ClauseflowError, Refused
from web.admin import calendar, deliveries, roles, running
from web.admin.person_words import ACTS, act_details
from web.shared.errors import page as error_page
from web.shared.language import language
from web.shared.services import services
from web.shared.signed_in import current_actor, turned_away
from web.shared.standing_in import MOST_COLLEAGUES, period

pages = Blueprint("admin", __name__, url_prefix="/admin")
pages.register_blueprint(roles.pages)
pages.register_blueprint(calendar.pages)
pages.register_blueprint(running.pages)
pages.register_blueprint(deliveries.pages)

STATES = {"active": True, "inactive": False}


@pages.before_request
def administrators_only() -> ResponseReturnValue | None:
    """Nobody else sees or does anything here; auditors read the log."""
    answer = turned_away()
    if answer is None and not (request.endpoint == "admin.log" and current_actor().may("audit")):
        current_actor().require("administer")
    return answer


@pages.errorhandler(directory.NoSuchPerson)
def nobody(error: directory.NoSuchPerson) -> ResponseReturnValue:
    """The address names somebody who is not there."""
    return error_page(404, error.text(language()))


@pages.get("/people", endpoint="people")
def list_people() -> str:
    """The people, searched and filtered."""
    asked = {name: request.args.get(name, "").strip() for name in ("q", "role", "state", "after")}
    with services().db.reading() as session:
        page = directory.find_people(
            session,
            search=asked["q"][:100],
            role=asked["role"] or None,
            active=STATES.get(asked["state"]),
            after=asked["after"] or None,
        )
        known = all_roles(session)
    kept = {name: text for name, text in asked.items() if text and name != "after"}
    role_names = {role.key: role for role in known}
    return render_template("admin/people.html", page=page, roles=known, role_names=role_names, asked=asked, kept=kept)


@pages.get("/new-person")
def new_person() -> str:
    """The form for a new person."""
    return _new_person_page({}, [], {})


@pages.post("/new-person")
def add() -> ResponseReturnValue:
    """Add a person and show the password to give them."""
    typed, chosen = request.form.to_dict(), request.form.getlist("roles")
    account = typed.get("account", "").strip()
    try:
        password = add_person(services().db, current_actor(), services().now(), account, Details.read(typed), chosen)
    except InvalidPerson as refused:
        return _new_person_page(typed, chosen, _wrong(refused)), 422
    return _password_page(account, password)


@pages.get("/people/<account>")
def person(account: str) -> str:
    """One person: data, roles, substitutes, sessions, what was done."""
    return _person_page(account)


@pages.post("/people/<account>")
def change(account: str) -> ResponseReturnValue:
    """Write other details."""
    typed = request.form.to_dict()
    try:
        change_person(services().db, current_actor(), services().now(), account, Details.read(typed))
    except InvalidPerson as refused:
        return _person_page(account, typed=typed, wrong=_wrong(refused)), 422
    return _saved(account, _("资料已保存。"))


@pages.post("/people/<account>/roles")
def give_roles(account: str) -> ResponseReturnValue:
    """Give the person exactly the roles ticked."""
    return _act(account, _("角色已调整。"), set_roles, account, request.form.getlist("roles"), released=True)


@pages.get("/people/<account>/deactivate")
def ask_to_deactivate(account: str) -> str:
    """What deactivating an account does: which tasks go back to their groups."""
    now = services().now()
    with services().db.reading() as session:
        found = directory.person(session, account)
        held = held_tasks(session, account, now)
        logged_in = len(sessions.live_sessions(session, now, account))
    return render_template("admin/deactivate.html", found=found, held=held, logged_in=logged_in)


@pages.post("/people/<account>/active")
def let_in_or_out(account: str) -> ResponseReturnValue:
    """Deactivate an account or activate it again."""
    active = request.form.get("active") == "yes"
    said = _("账号已启用。") if active else _("账号已停用，其登录已全部退出。")
    return _act(account, said, set_active, account, active, released=True)


@pages.post("/people/<account>/password")
def reset(account: str) -> str:
    """Reset the password and show the new one, once."""
    return _password_page(account, reset_password(services().db, current_actor(), services().now(), account))


@pages.post("/people/<account>/substitutes")
def substitute(account: str) -> ResponseReturnValue:
    """Let somebody stand in for a person who cannot say so themselves."""
    form = request.form

    def add_for_days(db: Any, actor: Any, now: Any) -> None:
        days = period(form.get("from", ""), form.get("until", ""))
        add_substitute(db, actor, now, account, form.get("substitute", ""), *days, form.get("reason", ""))

    return _act(account, _("已设定代理。"), add_for_days)


@pages.post("/people/<account>/substitutes/<int:number>/end")
def end(account: str, number: int) -> ResponseReturnValue:
    """End a substitution."""
    return _act(account, _("代理已结束。"), end_substitute, number)


@pages.get("/sessions", endpoint="sessions")
def list_sessions() -> str:
    """Who is logged in."""
    with services().db.reading() as session:
        found = sessions.live_sessions(session, services().now())
    return render_template("admin/sessions.html", found=found)


@pages.post("/sessions/<int:number>/end")
def end_session(number: int) -> Response:
    """Log somebody out."""
    sessions.revoke(services().db, current_actor(), services().now(), number)
    flash(_("该登录已退出。"))
    return redirect(url_for("admin.sessions"), 303)


@pages.get("/log")
def log() -> str:
    """What was done to people and roles."""
    subject = request.args.get("subject") or None
    with services().db.reading() as session:
        page = audit_log.acts(session, subject=subject, after=request.args.get("after"))
        concerned = {act.actor for act in page.items} | {act.subject for act in page.items}
        names = directory.names(session, concerned, language())
    return render_template("admin/log.html", page=page, names=names, subject=subject, acts=ACTS, details=act_details)


def _act(
    account: str, said: str, command: Callable[..., Any], *arguments: Any, released: bool = False
) -> ResponseReturnValue:
    """Do something to a person and show them again, with what was done or why not.

    `released`: the command gives how many of their tasks went back to the groups.
    """
    try:
        given = command(services().db, current_actor(), services().now(), *arguments)
    except ClauseflowError as error:
        return _person_page(account, refused=error.text(language())), error.status
    return _saved(account, said + (_("手上的 %(count)d 项任务已回到组里。", count=given) if released and given else ""))


def _saved(account: str, said: str) -> Response:
    flash(said)
    return redirect(url_for("admin.person", account=account), 303)


def _wrong(refused: Refused) -> dict[str, str]:
    return {problem.where: problem.text(language()) for problem in refused.problems}


def _password_page(account: str, password: str) -> str:
    return render_template("admin/password.html", account=account, password=password)


def _new_person_page(typed: dict[str, str], chosen: list[str], wrong: dict[str, str]) -> str:
    with services().db.reading() as session:
        known, departments = all_roles(session), all_departments(session)
    return render_template(
        "admin/new_person.html", values=typed, chosen=chosen, wrong=wrong, roles=known, departments=departments
    )


def _person_page(account: str, **context: Any) -> str:
    now = services().now()
    with services().db.reading() as session:
        found = directory.person(session, account)
        standing_in = substitutions(session, account, now)
        acts = audit_log.acts(session, subject=account, limit=10).items
        involved = {act.actor for act in acts} | {x for one in standing_in for x in (one.principal, one.substitute)}
        context |= {
            "found": found,
            "roles": all_roles(session),
            "departments": all_departments(session),
            "substitutions": standing_in,
            "colleagues": directory.find_people(session, active=True, limit=MOST_COLLEAGUES).items,
            "sessions": sessions.live_sessions(session, now, account),
            "acts": acts,
            "names": directory.names(session, involved, language()),
        }
    typed = context.get("typed", {})
    written = Details.of(found)
    values = {name: typed.get(name, getattr(written, name)) for name in written.__dataclass_fields__}
    return render_template("admin/person.html", values=values, words=ACTS, details=act_details, **context)
