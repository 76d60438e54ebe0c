"""The secret behind the protection of a browser's forms (CSRF). It names the person, and every log-in renews it."""

from __future__ import annotations

import secrets

from flask import current_app, request
from flask import session as browser_session
from itsdangerous import BadData, URLSafeTimedSerializer

FIELD = "csrf_token"
"""Where Flask-WTF keeps the secret in the session, and its token in a form."""


def renew(person: str) -> None:
    """Begin anew at a log-in: what was in the browser before, such as a planted secret, counts for nothing."""
    browser_session.clear()
    browser_session[FIELD] = f"{secrets.token_hex(20)}.{person}"


def keep(person: str) -> None:
    """Give a browser whose secret is lost, or is somebody else's, a new one."""
    if _named(browser_session.get(FIELD)) != person:
        renew(person)


def author() -> str | None:
    """On whose page this request's form was, by the signature of its token; None where that does not say."""
    signer = URLSafeTimedSerializer(current_app.secret_key or "", salt="wtf-csrf-token")  # as Flask-WTF signs
    try:
        return _named(signer.loads(request.form.get(FIELD, "")))
    except BadData:
        return None


def _named(secret: object) -> str | None:
    """The person a secret is of; None for one from before the log-in."""
    return secret.partition(".")[2] or None if isinstance(secret, str) else None
