"""What the browser that asks for a log-in carries, signed so that nobody makes it up.

`cf_known` says which accounts have been logged in to from it, by hashes; `cf_turn` when it was told to try again.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask import request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from company.people.login import TURN_LASTS, Carried, account_of
from company.people.sessions import ABSOLUTE
from company.people.throttle import subject
from web.shared.services import services

KNOWN, TURN = "cf_known", "cf_turn"
MOST_KNOWN = 10
"""Accounts a shared browser is known by."""
REMEMBERED = 52 * ABSOLUTE


def carried(account: str) -> Carried:
    """What the browser was given before that counts for the account."""
    known, turn = _read(KNOWN), _read(TURN)
    mark = known.get("mark", "")
    told = turn.get("turn") if turn.get("of") == _hash("turn", account) else None
    return Carried(
        mark if _hash(mark, account) in known.get("of", ()) else "", datetime.fromisoformat(told) if told else None
    )


def remember_account(answer: Response, account: str) -> None:
    """Know this browser from now on as one from which the account was logged in to; its turn is over."""
    known = _read(KNOWN)
    mark = known.get("mark") or secrets.token_urlsafe(16)
    one = _hash(mark, account)
    others = [each for each in known.get("of", ()) if each != one]
    _give(answer, KNOWN, {"mark": mark, "of": [one, *others][:MOST_KNOWN]}, REMEMBERED.total_seconds())
    answer.delete_cookie(TURN, secure=services().secure_cookies, httponly=True, samesite="Lax")


def remember_turn(answer: Response, account: str, turn: datetime) -> None:
    """Let the browser show when it was told to try again."""
    lasts = turn + TURN_LASTS - services().now()
    _give(answer, TURN, {"of": _hash("turn", account), "turn": turn.isoformat()}, lasts.total_seconds())


def _hash(mark: str, account: str) -> str:
    """Who shares a browser does not read there whose accounts it is known by."""
    return subject(mark, account_of(account)).hex()[:32]


def _signer(name: str) -> URLSafeSerializer:
    return URLSafeSerializer(services().secret, salt=name)


def _read(name: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = _signer(name).loads(request.cookies.get(name, ""))
    except BadData:
        return {}
    return found


def _give(answer: Response, name: str, value: dict[str, Any], seconds: float) -> None:
    answer.set_cookie(name, str(_signer(name).dumps(value)), max_age=int(seconds), httponly=True, samesite="Lax",
                      secure=services().secure_cookies)  # fmt: skip
