"""The Markdown people write in the form editor, as HTML: paragraphs, bold, lists and links; all else as typed.

Headings become bold paragraphs, because the page around the form has an outline of its own; a single `*` stays, because
help explains formulas with it. HTML is escaped like any text, and an address that is not `http`, `https` or `mailto`
makes no link.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from engine.forms.words import Words

LONGEST = 5_000
"""Longer texts are shown as typed: what follows from brackets grows faster than the text."""

_LINK = re.compile(r"https?://[^/\s]|mailto:[^\s]", re.IGNORECASE)
_CJK = "\u2e80"
"""From here on characters are written without spaces between words, punctuation among them."""


def marked(words: Words) -> Words:
    """A text in both languages as HTML, each in paragraphs."""
    return Words(_html(words.zh), _html(words.en))


def marked_hint(words: Words) -> Words:
    """The same for help beside a field: a single paragraph stands without `<p>`."""
    return Words(_alone(_html(words.zh)), _alone(_html(words.en)))


def _alone(html: Markup) -> Markup:
    one = html.count("<p>") == 1 and html.startswith("<p>") and html.endswith("</p>")
    return Markup(html[3:-4]) if one else html  # noqa: S704  # still what `_html` made


@lru_cache(maxsize=4096)
def _html(text: str) -> Markup:
    if not text:
        return Markup("")
    if len(text) > LONGEST:
        return Markup("<p>") + escape(text) + Markup("</p>")
    return Markup(_MARKDOWN.render(text).strip())  # noqa: S704  # the renderer escapes all but the tags of its own rules


class _Renderer(RendererHTML):
    """Our own tags where Markdown's would not fit a form."""

    def heading_open(self, *args: Any) -> str:
        return "<p><strong>"

    def heading_close(self, *args: Any) -> str:
        return "</strong></p>\n"

    def em_open(self, *args: Any) -> str:
        """A single `*` stays as typed: where runs of unlike length meet, the library pairs one all the same."""
        return "*"

    em_close = em_open

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A link leaves the form, with what is typed in it, where it is."""
        tokens[idx].attrs = {"href": tokens[idx].attrs["href"], "target": "_blank", "rel": "noopener noreferrer"}
        return self.renderToken(tokens, idx, options, env)


def _emphasis(state: StateInline, silent: bool) -> bool:
    """CommonMark's rule for `**`, also between characters without spaces: `**注意：**请` is bold there, too."""
    if silent or not state.src.startswith("**", state.pos):
        return False
    run = state.scanDelims(state.pos, True)
    before, after = state.src[state.pos - 1 : state.pos], state.src[state.pos + run.length : state.pos + run.length + 1]
    dense = before >= _CJK or after >= _CJK
    opens = run.can_open or (dense and after.strip() != "")
    closes = run.can_close or (dense and before.strip() != "")
    for _ in range(run.length):
        token = state.push("text", "", 0)
        token.content = "*"
        state.delimiters.append(Delimiter(ord("*"), run.length, len(state.tokens) - 1, -1, opens, closes))
    state.pos += run.length
    return True


def _of_our_rules() -> MarkdownIt:
    found = MarkdownIt("zero", {"breaks": True}, renderer_cls=_Renderer)
    found.enable(["heading", "list", "newline", "escape", "emphasis", "link", "autolink"])
    found.inline.ruler.at("emphasis", _emphasis)
    found.validateLink = lambda url: _LINK.match(url) is not None  # type: ignore[method-assign]  # as it is meant to be
    return found


_MARKDOWN = _of_our_rules()
