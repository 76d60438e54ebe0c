"""What may stand in an address, for every route at once: anything else is no page of ours, on either database."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.exceptions import NotFound
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

from engine.tables import LARGEST
from web.addresses import NUMBER

LONGEST = 300
"""Characters of one part of an address: more than the name of anything."""


class Name(UnicodeConverter):
    """A key, a number or a file's name: `<key>`."""

    def __init__(self, routes: Map) -> None:
        super().__init__(routes, maxlength=LONGEST)


class Number(IntegerConverter):
    """A row's number: `<int:number>`."""

    regex = NUMBER.pattern

    def __init__(self, routes: Map) -> None:
        super().__init__(routes, max=LARGEST)


def register(app: Flask) -> None:
    """Have every route use them; before the first route is added."""
    app.url_map.converters.update(default=Name, string=Name, int=Number)
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """No text of ours has NUL in it, and PostgreSQL does not even take the question."""
    if "\0" in request.path or b"%00" in request.query_string or b"\0" in request.query_string:
        raise NotFound
