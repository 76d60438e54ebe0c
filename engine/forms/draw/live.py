"""What changes on an open page while somebody types: the answer to the enhancement script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.forms.context import FormEnvironment
from engine.forms.draw.views import DrawnPage, View, views
from engine.forms.judge.settling import settle
from engine.forms.model import Form
from engine.forms.words import say
from engine.values import Value


def evaluate(
    form: Form,
    values: Mapping[str, Value],
    context: Mapping[str, Value],
    *,
    language: str,
    environment: FormEnvironment = FormEnvironment(),  # noqa: B008  # immutable
) -> dict[str, dict[str, Value]]:
    """How the form would stand with these raw values, by the names in `data-cf`, ready for JSON.

    `hidden` and `required` map names to true or false, `values` computed fields to their text, `texts`
    to the paragraphs of their formula. It hints; `validate` decides.
    """
    settled = settle(form.level, values, context, environment)
    page = DrawnPage(form, language)
    found: dict[str, dict[str, Value]] = {"hidden": {}, "required": {}, "values": {}, "texts": {}}
    for view in _every(views(page, form.level.components, settled, settled.scope, "")):
        found["hidden"][view.name] = view.hidden
        _note(view, found)
    return found


def _note(view: View, found: dict[str, dict[str, Value]]) -> None:
    if view.readonly:
        found["values"][view.name] = view.text or say(
            "uncomputed" if view.component.kind.computed else "none", view.language
        )
    elif view.state is not None:
        found["required"][view.name] = view.required
    elif (paragraphs := view.paragraphs()) is not None:
        found["texts"][view.name] = paragraphs


def _every(found: Iterator[View]) -> Iterator[View]:
    for view in found:
        yield view
        yield from _every(view.inside())
        if view.component.row:
            for _, members in view.rows():
                yield from _every(members)
