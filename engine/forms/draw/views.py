"""What one component needs to be drawn: names, texts and marks, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape

from engine.forms.context import FileRef
from engine.forms.judge.settling import FieldState, Settled, settle_rows
from engine.forms.kinds.base import LineInput
from engine.forms.kinds.rows import MAX_ROWS
from engine.forms.kinds.shown import Image, Table
from engine.forms.model import ROW_NAMES, Component, Form
from engine.forms.read.attributes import FlagOrExpression
from engine.forms.scope import FormScope
from engine.forms.words import INTERFACE, Words, Wrong, say


@dataclass(frozen=True)
class DrawnPage:
    """What all components of one rendering share; `errors` by the control's name."""

    form: Form
    language: str
    id_prefix: str = ""
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    frozen: bool = False
    """Inside a read-only list, where every field is only read."""

    @cached_property
    def live(self) -> frozenset[str]:
        """The keys people may change while the page is open."""
        return frozenset(one.key for one in self.form.fields if one.readonly is not True)


class View:
    """One component as it stands, for its template. `path` is the name of its row with a trailing `-`."""

    def __init__(self, page: DrawnPage, component: Component, settled: Settled, scope: FormScope, path: str) -> None:
        self.page, self.component, self.settled, self.scope, self.path = page, component, settled, scope, path
        self.language = page.language
        self.name = path + (component.key or f"@{component.id}")
        self.id = page.id_prefix + self.name
        self.label = component.label.text(page.language)
        self.hint = component.hint.text(page.language)
        self.errors = page.errors.get(self.name, ())
        self.state: FieldState | None = settled.states[component.key] if component.key else None
        self.hidden = self._hidden()

    def _hidden(self) -> bool:
        if self.state is not None:
            return self.state.hidden
        return any(self.holds(rule) for rule in self.component.hides)

    def holds(self, rule: FlagOrExpression) -> bool:
        """Whether a rule is true now; one that cannot be computed is not, and the judge says so."""
        try:
            return self.scope.holds(rule)
        except Wrong:
            return False

    @property
    def omitted(self) -> bool:
        """Hidden, and nothing that can be typed on this page will show it."""
        if not self.hidden:
            return False
        live = self.page.live | set(self.settled.level.by_key)
        return not any(_changes(rule, live) for rule in self.component.hides)

    @property
    def template(self) -> str:
        """The name of the template that draws it; a field of ours is drawn as its value."""
        kind = self.component.kind
        if self.state is None or kind.computed or self.component.row or not self.readonly:
            return kind.template
        return kind.template_when_read

    @cached_property
    def required(self) -> bool:
        return not self.readonly and self.holds(self.component.required)

    @property
    def readonly(self) -> bool:
        return self.state is not None and (self.state.readonly or self.page.frozen)

    @property
    def width(self) -> str:
        return f"cf-w-{self.component.columns}" if self.component.columns else "cf-w"

    @cached_property
    def described(self) -> str:
        """The ids of what explains the control, for `aria-describedby`."""
        hint = f"{self.id}-hint" if self.hint else ""
        error = f"{self.id}-error" if self.errors else ""
        return f"{hint} {error}".strip()

    def states(self, units: str = "") -> Markup:
        """The attributes that tell assistive technology what the eye sees; `units` are ids of what stands beside."""
        described = f"{units}{self.described}".strip()
        text = f' aria-describedby="{escape(described)}"' if described else ""
        text += ' aria-invalid="true"' if self.errors else ""
        text += ' aria-required="true"' if self.required else ""
        return Markup(text)  # noqa: S704  # its one variable part is escaped

    @cached_property
    def control(self) -> Any:
        """What the browser's control shows."""
        assert self.state is not None
        return self.component.kind.control(self.component, self.state.raw, self.scope)

    @property
    def text(self) -> str:
        """The value as people read it."""
        assert self.state is not None
        if self.state.raw is None:
            return ""
        try:
            return self.component.kind.text(self.component, self.state.raw, self.scope, self.language)
        except Wrong as wrong:
            return self.said(wrong)

    def said(self, wrong: Wrong) -> str:
        """Why something cannot be shown, as a sentence about this component."""
        return wrong.problem(self.name, self.component.label).text(self.language)

    @property
    def input(self) -> LineInput:
        """The attributes of its `<input>`."""
        return self.component.kind.input(self.component, self.control)

    @property
    def row_words(self) -> str:
        """How a row is called, with `{number}` for the script to fill in."""
        return INTERFACE["row"].text(self.language)

    def paragraphs(self) -> list[str] | None:
        """The paragraphs a formula gives, or why there are none; None of a text that is always the same."""
        try:
            return self.component.kind.paragraphs(self.component, self.scope, self.language)
        except Wrong as wrong:
            return [self.said(wrong)]

    def cells(self) -> list[list[str]]:
        """The cells of a table, row by row; none when its source cannot be computed."""
        kind = self.component.kind
        assert isinstance(kind, Table)
        try:
            return kind.cells(self.component, self.scope, self.language)
        except Wrong:
            return []

    def address(self) -> str:
        """Where a picture is; "" when there is none that is allowed."""
        kind = self.component.kind
        assert isinstance(kind, Image)
        try:
            return kind.address(self.component, self.scope)
        except Wrong:
            return ""

    def places(self, file: FileRef) -> tuple[str, str]:
        """Where a stored file is served, and where a small picture of it is; "" where it is not."""
        return self.scope.environment.places(file)

    def options(self) -> Iterator[tuple[str, str, bool]]:
        """The options of a choice: text posted, label, chosen. One that is chosen but no longer offered stays out."""
        try:
            offered = self.component.settings.offered(self.scope)
        except Wrong:
            return
        for text, option in offered.items():
            yield text, option.label.text(self.language), text in self.control

    def words(self, words: Words) -> str:
        return words.text(self.language)

    def say(self, name: str, **facts: Any) -> str:
        """A word of the interface in the page's language."""
        return say(name, self.language, **facts)

    def inside(self) -> Iterator[View]:
        """The components of a group."""
        return views(self.page, self.component.components, self.settled, self.scope, self.path)

    def rows(self) -> Iterator[tuple[str, Iterator[View]]]:
        """The rows of a list: each row's name and its components."""
        assert self.state is not None
        for position, row in enumerate(self.state.rows):
            yield self._row(row, f"{self.name}-{position}")

    @property
    def cut(self) -> str:
        """That a list of ours holds more rows than are shown, "" while it does not."""
        count = len(self.state.raw) if self.state and self.readonly and isinstance(self.state.raw, list) else 0
        return say("cut_rows", self.language, count=count, shown=MAX_ROWS) if count > MAX_ROWS else ""

    def new_row(self) -> tuple[str, Iterator[View]]:
        """An empty row for the script to add; it writes the row's number in place of `x`."""
        (row,) = settle_rows(self.component, [{}], [], self.scope)
        return self._row(row, f"{self.name}-x")

    def _row(self, row: Settled, name: str) -> tuple[str, Iterator[View]]:
        scope = self.scope.inner(row.level, row.values)
        page = replace(self.page, frozen=True) if self.readonly else self.page
        return name, views(page, row.level.components, row, scope, f"{name}-")


def views(
    page: DrawnPage, components: tuple[Component, ...], settled: Settled, scope: FormScope, path: str
) -> Iterator[View]:
    """The components that are drawn, in order."""
    for component in components:
        view = View(page, component, settled, scope, path)
        if not view.omitted:
            yield view


def _changes(rule: FlagOrExpression, live: set[str] | frozenset[str]) -> bool:
    return not isinstance(rule, bool) and bool((rule.names & live) or ROW_NAMES & rule.names)
