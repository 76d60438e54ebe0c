"""The reader's language: which it is, and the texts in it.

Texts are written in Chinese in templates and code; `translations/en/LC_MESSAGES/messages.po` gives the
English. The file is read as it is, so there is no compiled copy that could be older.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import g, has_request_context, request
from flask_babel import Babel, Domain, get_locale
from markupsafe import Markup

from engine.forms.formats import own_half
from web.shared.services import services

LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB"}
COOKIE = "cf_language"
CATALOGUES = Path(__file__).parent / "translations"


def language() -> str:
    """The language of this request: the reader's choice, else the person's, else the browser's; "zh" or "en"."""
    if not has_request_context():
        return "zh"
    chosen: str | None = g.get("language")
    return chosen or _choice()


def settle_language() -> None:
    """Keep the language for the rest of the request, once it is known who asks."""
    g.language = _choice()


def _choice() -> str:
    known = services().languages
    for wanted in (request.cookies.get(COOKIE), g.get("person_language")):
        if wanted in known:
            return wanted
    return request.accept_languages.best_match(known) or known[0]


def in_language(zh: str, en: str) -> str:
    """Of a name that data carries in both languages, the reader's; Chinese where English is missing."""
    return zh if language() == "zh" else en or zh


def in_own_half(text: str) -> str:
    """Of a text that a diagram wrote in both languages, `中文 · English`, the reader's half."""
    return own_half(text, language())


def text(zh: str, **facts: object) -> Markup:
    """A text of a template in the reader's language, as Jinja's own `_` gives it; drawn a few dozen times a page."""
    return _markup(language(), zh) % facts if facts else _plain(language(), zh)


@lru_cache(maxsize=4096)
def _plain(code: str, zh: str) -> Markup:
    return _markup(code, zh) % {}


@lru_cache(maxsize=4096)
def _markup(code: str, zh: str) -> Markup:
    return Markup(_catalogue(code).gettext(zh))  # noqa: S704  # the texts are ours


class Catalogue(Domain):
    """The texts of all languages, each file read once."""

    def get_translations(self) -> NullTranslations:
        return _catalogue(str(get_locale())[:2])


class Texts(Babel):
    """Flask-Babel with our catalogue: its own reads compiled files, again in every request."""

    _domain = Catalogue()

    @property
    def domain_instance(self) -> Domain:
        return self._domain


@lru_cache
def _catalogue(code: str) -> NullTranslations:
    path = CATALOGUES / code / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return Translations(fp=compiled)
