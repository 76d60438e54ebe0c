"""Who asks: the one place where a browser's cookie becomes an actor.

A page that needs somebody is marked `login_required` and asks `current_actor`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from company.people import sessions
from company.people.directory import live_actor
from company.people.sessions import LiveSession
from engine.actor import Actor
from engine.history.calendars import zone_in_force
from web.shared import form_secret
from web.shared.language import language, settle_language
from web.shared.services import services

COOKIE = "cf_session"
OWN_PASSWORD = "me.password"  # noqa: S105 - the endpoint where one chooses a password
AnyView = TypeVar("AnyView", bound=Callable[..., Any])


class LoginRequired(Exception):
    """Nobody is logged in on a page that needs somebody; the application answers it with the way to the log-in."""


def register(app: Flask) -> None:
    """Find out before every page who asks."""
    app.before_request(identify)


def identify() -> None:
    """Find out who asks: `g.actor`, `g.login`, `g.person_language` and `g.zone` for the rest of the request."""
    token = request.cookies.get(COOKIE)
    if not token or request.endpoint == "static":
        return
    now = services().now()
    with services().db.reading() as session:
        login = sessions.session_person(session, token, now)
        if login:
            g.login, g.person_language, g.asked_at = login, login.language, now
            g.zone = zone_in_force(session)
            settle_language()
            g.actor = live_actor(session, login.person, _called(login), now)
            form_secret.keep(login.person)


def current_actor() -> Actor:
    """Who asks; only on pages that are `login_required`."""
    actor: Actor = g.actor
    return actor


def current_login() -> LiveSession:
    """The session of whoever asks; only on pages that are `login_required`."""
    login: LiveSession = g.login
    return login


def login_required(view: AnyView) -> AnyView:
    """A page for people who are logged in; others log in first and come back to it."""
    return _guarded(view, visit=True)


def login_watched(view: AnyView) -> AnyView:
    """Like `login_required`, for what an open page asks by itself: it does not keep a session alive."""
    return _guarded(view, visit=False)


def turned_away(*, visit: bool = True) -> ResponseReturnValue | None:
    """The way to choosing an own password, for whoever must do so first; None lets the person in.

    For a whole blueprint, as its `before_request`. `visit` keeps the session alive. Raises LoginRequired.
    """
    if "actor" not in g:
        raise LoginRequired
    if current_login().password_temporary and request.endpoint != OWN_PASSWORD:
        return redirect(url_for(OWN_PASSWORD), 303)
    if visit:
        # A session counts as seen when it was asked for: one that ran out while this page was made stays ended.
        sessions.touch(services().db, current_login(), g.asked_at)
    return None


def _guarded(view: AnyView, *, visit: bool) -> AnyView:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        answer = turned_away(visit=visit)
        return view(*args, **kwargs) if answer is None else answer

    return guarded  # type: ignore[return-value]  # wraps keeps the view's signature


def _called(login: LiveSession) -> str:
    return login.name if language() == "zh" else login.name_en or login.name
