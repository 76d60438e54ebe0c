"""How a reader wants the pages: language and light or dark, remembered in cookies."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from web.shared import language
from web.shared.addresses import local_path
from web.shared.services import services

pages = Blueprint("preferences", __name__)

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "cf_theme"
_YEAR = 365 * 24 * 3600


@pages.post("/preferences")
def choose() -> Response:
    """Remember `language` or `theme` and go back to the page `next`."""
    chosen = {language.COOKIE: request.form.get("language"), THEME_COOKIE: request.form.get("theme")}
    allowed = {language.COOKIE: services().languages, THEME_COOKIE: THEMES}
    answer = redirect(local_path(request.form.get("next")), 303)
    for cookie, value in chosen.items():
        if value is None:
            continue
        if value not in allowed[cookie]:
            abort(400)
        answer.set_cookie(cookie, value, max_age=_YEAR, secure=services().secure_cookies, httponly=True, samesite="Lax")
    return answer


def theme() -> str:
    """The reader's theme; "auto" follows the device."""
    chosen = request.cookies.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"
