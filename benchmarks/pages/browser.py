"""A browser without a window: one connection that stays open, cookies, and the token of the page a form was on."""

from __future__ import annotations

import re
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')


class Unexpected(AssertionError):
    """An answer with another status than the expected one."""

    def __init__(self, method: str, place: str, status: int) -> None:
        super().__init__(f"{method} {place}: {status}")
        self.status = status


class Browser:
    """One person's browser at a server of this machine."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.location = ""

    def move(self, port: int) -> None:
        """Ask another server from now on, as the same person."""
        self.connection.close()
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def log_in(self, account: str, password: str) -> None:
        """Log in by the page for it; when that fails, who was logged in before still is."""
        before, self.cookies = self.cookies, {}
        try:
            page = self.ask("GET", "/login", 200)
            self.ask("POST", "/login", 303, page, {"account": account, "password": password})
        except BaseException:
            self.cookies = before
            raise

    def ask(
        self, method: str, place: str, expected: int, page: bytes = b"", typed: dict[str, str] | None = None
    ) -> bytes:
        """The body of an answer; a POST sends the token of the page it was typed on. Raises Unexpected."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if typed is not None:
            token = TOKEN.search(page)
            assert token, f"{place} has no form"
            body = urlencode({"csrf_token": token[1].decode(), **typed})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, place, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != expected:
            raise Unexpected(method, place, answer.status)
        self.location = answer.headers.get("Location", "")
        for line in answer.headers.get_all("Set-Cookie", ()):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return content
