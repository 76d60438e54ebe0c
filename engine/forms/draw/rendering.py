"""Drawing a form as accessible HTML that needs no JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from engine.errors import Problem
from engine.forms.context import FileRef, FormEnvironment
from engine.forms.draw.views import DrawnPage, View, views
from engine.forms.judge.posting import control_name
from engine.forms.judge.settling import settle
from engine.forms.model import Form
from engine.forms.words import INTERFACE, say
from engine.values import Value

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def initial(
    form: Form,
    context: Mapping[str, Value],
    environment: FormEnvironment = FormEnvironment(),  # noqa: B008  # immutable
) -> dict[str, Value]:
    """What the form opens with: existing variables, else defaults and first empty rows, and what is computed."""
    settled = settle(form.level, {}, context, environment)
    return {key: settled.states[key].raw for key in form.keys}


def render(
    form: Form,
    values: Mapping[str, Value],
    context: Mapping[str, Value],
    problems: Sequence[Problem] = (),
    *,
    language: str,
    id_prefix: str = "",
    environment: FormEnvironment = FormEnvironment(),  # noqa: B008  # immutable
) -> Markup:
    """The controls of the form as HTML, to stand inside the page's `<form method="post" novalidate>`.

    `values` are raw (what was typed, readable or not) or typed; fields missing in it show what the form opens
    with. `problems` are listed at the top, linked to their fields, and beside them.
    """
    settled = settle(form.level, values, context, environment)
    errors: dict[str, list[str]] = {}
    for problem in problems:
        errors.setdefault(control_name(problem.where), []).append(problem.text(language))
    page = DrawnPage(form, language, id_prefix, errors)
    body = draw_all(views(page, form.level.components, settled, settled.scope, ""))
    heading = say("summary", language, count=len(problems))
    has_rows = any(component.row for component in form.fields)
    return Markup(  # noqa: S704  # an autoescaped template's output
        _TEMPLATES.get_template("form.html").render(
            page=page,
            summary=_summary(page, problems, body),
            heading=heading,
            live=form.level.has_rules,
            has_rows=has_rows,
            body=body,
            words=_script_words(page),
        )
    )


def _summary(page: DrawnPage, problems: Sequence[Problem], body: Markup) -> list[tuple[str, str]]:
    """The sentences at the top, each with the id of its field, "" when the page does not show it."""
    ids = ((problem, page.id_prefix + control_name(problem.where)) for problem in problems)
    return [(problem.text(page.language), id_ if f' id="{Markup.escape(id_)}"' in body else "") for problem, id_ in ids]


def _script_words(page: DrawnPage) -> dict[str, str]:
    """The few words the enhancement script says."""
    return {
        name: INTERFACE[name].text(page.language)
        for name in INTERFACE
        if name.startswith("draft_") or name in ("sending", "required")
    }


def draw_all(found: Iterable[View]) -> Markup:
    """Components below each other, those of one line beside each other."""
    parts: list[str] = []
    for line, members in groupby(found, key=lambda view: view.component.line or id(view)):
        drawn = Markup("").join(draw(view) for view in members)
        parts.append(Markup('<div class="cf-line">{}</div>').format(drawn) if isinstance(line, str) else drawn)
    return Markup("").join(parts)


def draw(view: View) -> Markup:
    """One component."""
    drawn: Markup = _macro(view.template)(view)
    return drawn


def linked(files: Sequence[FileRef], environment: FormEnvironment) -> Markup:
    """Stored files below each other, each opened by its name or its small picture, as far as somebody serves them."""
    drawn = template("kept.html").render(files=[(file["name"], *environment.places(file)) for file in files])
    return Markup(drawn)  # noqa: S704  # an autoescaped template's output


def template(name: str) -> Template:
    """One of our templates, to render as a whole."""
    return _TEMPLATES.get_template(name)


def template_names() -> list[str]:
    """The templates there are, as kinds name them."""
    return [name.removesuffix(".html") for name in _TEMPLATES.list_templates()]


@cache
def _macro(name: str) -> Callable[[View], Markup]:
    """The macro `draw` of a template; calling it is several times faster than rendering the template."""
    draw_one: Callable[[View], Markup] = _TEMPLATES.get_template(f"{name}.html").module.draw  # type: ignore[attr-defined]
    return draw_one


_TEMPLATES.globals["draw_all"] = draw_all
