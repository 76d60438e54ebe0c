"""The headers every answer carries; a page that needs more sets its own before."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.wrappers import Response

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}

_A_YEAR = "public, max-age=31536000, immutable"


def protect(app: Flask, secure: bool) -> None:
    """Set the headers on every answer; `secure` adds strict transport security."""

    @app.after_request
    def add_headers(answer: Response) -> Response:
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        if secure:
            answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint == "static":
            answer.headers["Cache-Control"] = _A_YEAR if "v" in request.args else "no-cache"
        else:
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer
