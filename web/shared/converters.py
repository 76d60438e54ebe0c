"""What may stand in an address or a post, for every route at once: anything else is no page and no text of ours."""

from __future__ import annotations

from typing import IO, Any

from flask import Flask, request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter
from werkzeug.utils import cached_property

from engine.tables import LARGEST
from web.shared.addresses import NUMBER
from web.shared.forms.multipart import BoundedRequest

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


def _plain(found: MultiDict[str, str]) -> MultiDict[str, str]:
    """The same names and texts without NUL: nobody types it, and PostgreSQL has no text with it."""
    pairs = list(found.items(multi=True))
    if not any("\0" in name or "\0" in value for name, value in pairs):
        return found
    return type(found)((name.replace("\0", ""), value.replace("\0", "")) for name, value in pairs)


class _PlainForms(FormDataParser):
    def parse(self, *given: Any, **options: Any) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        stream, form, files = super().parse(*given, **options)
        return stream, _plain(form), files


class PlainRequest(BoundedRequest):
    """A request whose arguments and posted texts have no NUL."""

    form_data_parser_class = _PlainForms

    @cached_property
    def args(self) -> MultiDict[str, str]:
        return _plain(super().args)


def register(app: Flask) -> None:
    """Have every route use them; before the first route is added."""
    app.request_class = PlainRequest
    app.url_map.converters.update(default=Name, string=Name, int=Number)
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    """The address of a page has no NUL, of whichever kind its parts are."""
    if "\0" in request.path:
        raise NotFound
