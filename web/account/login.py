"""Logging in and out, and the log-in page that whoever must be known first is led to."""

from __future__ import annotations

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from company.people import directory, sessions
from company.people.login import LoginFailed, LoginThrottled, check_login
from web.account.browser import carried, remember_account, remember_turn
from web.account.devices import device
from web.account.recalled import recalled
from web.shared import form_secret
from web.shared.addresses import local_path
from web.shared.errors import page as error_page
from web.shared.kept_form import KeptForm
from web.shared.language import language
from web.shared.network import network_address
from web.shared.services import services
from web.shared.signed_in import COOKIE, LoginRequired

pages = Blueprint("auth", __name__)
pages.add_app_template_filter(device)


@pages.get("/login")
def login() -> ResponseReturnValue:
    """The log-in page; somebody who is logged in goes on."""
    return redirect(_destination(), 303) if "actor" in g else log_in_page(200)


@pages.post("/login")
def log_in() -> ResponseReturnValue:
    """Check account and password, open a session, go on to where the person wanted to go."""
    now, address = services().now(), network_address()
    account, password = request.form.get("account", ""), request.form.get("password", "")
    try:
        person = check_login(services().db, now, account, password, address, carried(account))
    except LoginThrottled as error:
        refused = make_response(log_in_page(error.status, error.text(language())))
        refused.headers["Retry-After"] = str(error.facts["seconds"])
        remember_turn(refused, account, error.facts["turn"])
        return refused
    except LoginFailed as error:
        return log_in_page(error.status, error.text(language()))
    form_secret.renew(person)
    answer = make_response(_welcome(person))
    token = sessions.open_session(services().db, now, person, request.user_agent.string, request.remote_addr or "")
    _remember(answer, token)
    remember_account(answer, person)
    return answer


@pages.post("/logout")
def logout() -> Response:
    """End the session, here and in the database."""
    sessions.log_out(services().db, request.cookies.get(COOKIE, ""), services().now())
    browser_session.clear()
    answer = redirect(url_for("auth.login"), 303)
    answer.delete_cookie(COOKIE, secure=services().secure_cookies, httponly=True, samesite="Lax")
    return answer


def ask_again(author: str | None = None) -> ResponseReturnValue:
    """The log-in page for a form whose session is gone, carrying what was typed by `author`, if that is known."""
    with services().db.reading() as session:
        kept = KeptForm.posted(author or sessions.last_person(session, request.cookies.get(COOKIE, "")))
    return log_in_page(401, _("登录已过期。请重新登录，您填写的内容不会丢。"), kept)


@pages.app_errorhandler(LoginRequired)
def ask_to_log_in(_required: LoginRequired) -> ResponseReturnValue:
    """The way to the log-in page and back; a form that was posted is kept."""
    if request.method == "POST":
        return ask_again()
    accepted = request.headers.get("Accept", "text/html")
    if "text/html" not in accepted:
        return error_page(401, _("登录已过期，请重新登录。"))
    return redirect(url_for("auth.login", next=request.full_path.rstrip("?")), 303)


def log_in_page(status: int, sentence: str | None = None, kept: KeptForm | None = None) -> tuple[str, int]:
    """The log-in page, with what it must say and the form it carries on."""
    kept = kept or KeptForm.read(request.form.get("kept"))
    next_page = None if kept else request.values.get("next")
    shown = render_template(
        "auth/login.html",
        sentence=sentence,
        account=request.form.get("account", "") if request.endpoint == "auth.log_in" else "",
        kept=kept,
        next=local_path(next_page, "/") if next_page else None,
    )
    return shown, status


def _welcome(person: str) -> ResponseReturnValue:
    """Where a person goes who has just logged in: on, or back to the form that was waiting for them."""
    kept = KeptForm.read(request.form.get("kept"))
    if kept is None:
        return redirect(_destination(), 303)
    if kept.person not in (None, person):
        flash(_("之前那份表单是另一位同事填写的，没有提交。"), "warn")
        return redirect(url_for("auth.login"), 303)
    with services().db.reading() as session:
        g.person_language = directory.person(session, person).language
    return resume_page(kept, _("提交时登录已过期，所以还没有提交。现在可以接着提交；系统会像第一次那样检查。"), person)


def resume_page(kept: KeptForm, why: str, person: str | None = None) -> str:
    """A form that was not submitted, in words, to be submitted now. `person` reads it, if not who asks."""
    reader = person or (g.actor.id if "actor" in g else None)
    with services().db.reading() as session:
        lines = recalled(session, reader, kept) if reader else []
    return render_template("auth/resume.html", kept=kept, lines=lines, why=why, home="inbox" if reader else "portal")


def _remember(answer: Response, token: str) -> None:
    answer.set_cookie(
        COOKIE,
        token,
        max_age=sessions.ABSOLUTE,
        httponly=True,
        samesite="Lax",
        secure=services().secure_cookies,
    )


def _destination() -> str:
    return local_path(request.values.get("next"))
