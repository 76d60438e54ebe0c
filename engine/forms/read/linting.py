"""What a lint finds in a form that reads well: names nobody sets, words that are missing, rules that cannot hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.errors import Problem
from engine.forms.kinds.choice import ChoiceSettings
from engine.forms.model import ROW_NAMES, Component, Form, Level


def lint(form: Form, known_variables: Collection[str] | None = None) -> list[Problem]:
    """The problems of `form`; `known_variables` are those the process sets, None leaves names unchecked."""
    known = None if known_variables is None else frozenset(known_variables).union(form.keys)
    return [*_level(form.level, known, form.file), *_unset(form, known_variables)]


def _level(level: Level, known: frozenset[str] | None, file: str) -> Iterator[Problem]:
    for component in level.walk():
        yield from _words(component, file)
        if known is not None:
            yield from _names(component, known, file)
        if component.row:
            inner = None if known is None else known | set(component.row.by_key) | ROW_NAMES
            yield from _row_rules(component, file)
            yield from _level(component.row, inner, file)


def _words(component: Component, file: str) -> Iterator[Problem]:
    where = component.key or component.id
    if component.kind.field and not component.kind.computed and not component.label.zh:
        yield Problem("form.label", where, "缺少 label。", "The label is missing.", file=file)
    for name, words in (("label", component.label), ("description", component.description)):
        if words.zh and not words.en:
            yield _no_english(where, f"{name}:en", file)
    if isinstance(component.settings, ChoiceSettings) and not component.kind.levels:
        for option in component.settings.fixed.values():
            if not option.label.en and not option.label.zh.isascii():
                yield _no_english(where, f"option:{option.text}:en", file)


def _no_english(where: str, name: str, file: str) -> Problem:
    return Problem(
        "form.english",
        where,
        f"缺少英文：properties 的 {name}。",
        f"English is missing: {name} in properties.",
        file=file,
        severity="warning",
    )


def _names(component: Component, known: frozenset[str], file: str) -> Iterator[Problem]:
    for attribute, expression in component.expressions:
        # Inside a filter a name may be an entry of the elements, which only the data knows.
        sure = "[" not in expression.text
        for name in sorted(expression.names - known):
            yield Problem(
                "form.unknown_name",
                component.key or component.id,
                f"{attribute} 的表达式用到“{name}”，但没有字段或流程设置它。",
                f"The expression in {attribute} reads “{name}”, which no field and no process sets.",
                file=file,
                severity="error" if sure else "warning",
            )


def _row_rules(component: Component, file: str) -> Iterator[Problem]:
    """Rows people may add and move have no counterpart in the variable, so nothing in them can be kept from it."""
    assert component.row is not None
    for field in component.row.fields if component.settings.open else ():
        if field.readonly is not False:
            yield Problem(
                "form.read_only_row",
                field.key or field.id,
                "可增删行的列表里不能有只读字段：请把列表设为 allowAddRemove=false，或改用 expression。",
                "A list of changing rows cannot hold read-only fields: set allowAddRemove to false or use expressions.",
                file=file,
            )


def _unset(form: Form, known_variables: Collection[str] | None) -> Iterator[Problem]:
    """Read-only fields that show a variable nobody sets will always be empty."""
    for field in form.fields if known_variables is not None else ():
        if field.readonly is True and field.default is None and field.key not in (known_variables or ()):
            yield Problem(
                "form.never_set",
                field.key,
                "只读字段显示的变量没有流程设置。",
                "This read-only field shows a variable no process sets.",
                file=form.file,
            )
