"""What may stand in an address or a post, for every route at once: anything else is no page and no text of ours."""

from __future__ import annotations

from typing import IO, Any

from flask import Flask, Request, request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.formparser import FormDataParser
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


class _WithoutNul(FormDataParser):
    """Takes NUL out of what is posted: nobody types it, and PostgreSQL has no text with it."""

    def parse(self, *given: Any, **options: Any) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        stream, form, files = super().parse(*given, **options)
        if any("\0" in name or "\0" in value for name, value in form.items(multi=True)):
            form = self.cls((name.replace("\0", ""), value.replace("\0", "")) for name, value in form.items(multi=True))
        return stream, form, files


class PlainRequest(Request):
    """A request whose posted texts have no NUL."""

    form_data_parser_class = _WithoutNul


def register(app: Flask) -> None:
    """Have every route use them; before the first route is added."""
    app.request_class = PlainRequest
    app.url_map.converters.update(default=Name, string=Name, int=Number)
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """No text of ours has NUL in it, and PostgreSQL does not even take the question."""
    if "\0" in request.path or b"%00" in request.query_string or b"\0" in request.query_string:
        raise NotFound
