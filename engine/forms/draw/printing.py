"""A form as the regulated paper: filled in, or blank to be written on by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from engine.forms.context import FileRef, FormEnvironment
from engine.forms.draw.rendering import template
from engine.forms.draw.views import DrawnPage, View, views
from engine.forms.judge.settling import Settled, settle
from engine.forms.kinds.files import kept
from engine.forms.model import Component, Form
from engine.values import Value

BLANK_ROWS = 5
"""Lines for writing in a list of a blank copy."""

BLANK_CELLS = 2
"""Lines in a table, which a case fills with what it knows."""


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """What the paper's template draws from."""

    page: DrawnPage
    settled: Settled
    blank: bool

    def components(self) -> Iterator[View]:
        """What is printed, in order: a blank copy shows also what a condition may hide."""
        return self._shown(self.page.form.level.components)

    def inside(self, group: View) -> Iterator[View]:
        """The components of a group."""
        return self._shown(group.component.components)

    def _shown(self, components: tuple[Component, ...]) -> Iterator[View]:
        if not self.blank:
            found = views(self.page, components, self.settled, self.settled.scope, "")
            return (view for view in found if not view.hidden and _says(view))
        every = (View(self.page, component, self.settled, self.settled.scope, "") for component in components)
        return (view for view in every if not view.component.kind.computed and _says(view))

    def look(self, view: View) -> str:
        """The part of the template that prints a component."""
        return "list" if view.component.row else view.component.kind.printed

    def choices(self, view: View) -> list[str]:
        """The boxes of a choice on a blank copy."""
        boxes = view.component.kind.boxes
        if boxes == "options":
            return [label for _, label, _ in view.options()]
        return [view.say("yes")] if boxes else []

    def files(self, view: View) -> list[FileRef]:
        """The files that were submitted, whoever added them: what history holds needs nobody's leave."""
        assert view.state is not None
        return kept(view.state.raw)

    def wide(self, view: View) -> bool:
        """Whether a field takes a line of its own."""
        return view.component.kind.printed_wide or (self.blank and len(self.choices(view)) > 1)

    def columns(self, view: View) -> list[Component]:
        """The fields of a list, as columns."""
        assert view.component.row is not None
        return list(view.component.row.fields)

    def cells(self, view: View) -> list[list[str]]:
        """The cells of a table; empty ones on a blank copy, where nothing fills it."""
        room = [[""] * len(view.component.settings.columns)] * BLANK_CELLS if self.blank else []
        return view.cells() or room

    def lines(self, view: View) -> Iterator[Sequence[View | None]]:
        """The rows of a list, each with a view for every column, None where the field is hidden."""
        assert view.component.row is not None
        if self.blank:
            yield from ([None for _ in self.columns(view)] for _ in range(BLANK_ROWS))
            return
        for row, (_, members) in zip(_rows(view), view.rows(), strict=True):
            found = {one.component.key: one for one in _flat(members) if one.component.key and not one.hidden}
            if not row.blank:
                yield [found.get(column.key) for column in self.columns(view)]


def printed(
    form: Form,
    values: Mapping[str, Value],
    context: Mapping[str, Value],
    *,
    language: str,
    environment: FormEnvironment = FormEnvironment(),  # noqa: B008  # immutable
) -> Markup:
    """The form as it was submitted with `values`, when the case held `context`, for paper."""
    return _drawn(PrintedForm(_page(form, language), settle(form.level, values, context, environment), blank=False))


def printed_blank(
    form: Form,
    *,
    language: str,
    environment: FormEnvironment = FormEnvironment(),  # noqa: B008  # immutable
) -> Markup:
    """The form with room to write: lines for texts, boxes for choices, empty rows for lists."""
    settled = settle(form.level, {}, {}, replace(environment, now=None))
    return _drawn(PrintedForm(_page(form, language), settled, blank=True))


def _page(form: Form, language: str) -> DrawnPage:
    return DrawnPage(form, language, frozen=True)


def _drawn(paper: PrintedForm) -> Markup:
    return Markup(template("paper.html").render(paper=paper))  # noqa: S704  # an autoescaped template's output


def _says(view: View) -> bool:
    """Whether a component says anything: formulas without a label only compute."""
    return not view.component.kind.computed or bool(view.label)


def _rows(view: View) -> list[Settled]:
    assert view.state is not None
    return view.state.rows


def _flat(members: Iterator[View]) -> Iterator[View]:
    for member in members:
        yield member
        yield from _flat(member.inside())
