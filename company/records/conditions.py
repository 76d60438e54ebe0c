"""Single fields of records, so that lists can ask for them and be sorted by them: a row for each that says something.

`sort` orders as people expect: numbers and dates by what they are, everything else by what is read in Chinese.
`said` is what people read in either language and what is stored, each between line breaks, in plain form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, insert, select

from company.records.kinds import RecordKind
from company.records.tables import record_fields, records
from engine import forms
from engine.errors import ClauseflowError
from engine.forms.scope import FormScope
from engine.forms.words import Wrong
from engine.search_text import plain
from engine.session import Session
from engine.values import Value

OPERATORS: Final = ("contains", "is", "most", "least", "empty")
"""What a condition may ask; `most` and `least` only of numbers and dates."""
LONGEST: Final = 200
"""Characters of a field that count."""
MOST_CONDITIONS: Final = 8

_UNIT, _OFFSET = Decimal("0.000001"), Decimal(10) ** 18
"""Numbers are written with six decimals, above zero, at one length, so that texts sort as they do."""


class NotAsked(ClauseflowError):
    """A condition that cannot be asked of the field."""

    zh = "条件“{label} {value}”看不懂：{reason_zh}"
    en = "The condition “{label_en} {value}” is not understood: {reason_en}"


@dataclass(frozen=True, slots=True)
class Condition:
    """What one field must be; `value` as somebody typed it."""

    field: str
    operator: str
    value: str


def askable(kind: RecordKind) -> list[forms.Component]:
    """The fields that conditions and sorting may name: all but lists, in the order of the form."""
    return [field for field in kind.form.fields if not field.row]


def holds(kind: RecordKind, condition: Condition) -> ColumnElement[bool]:
    """The condition in SQL. Raises NotAsked."""
    field = next((field for field in askable(kind) if field.key == condition.field), None)
    typed = " ".join(plain(condition.value.replace("\0", " ")).split())[:LONGEST]
    if field is None or condition.operator not in OPERATORS:
        raise _not_asked(field, condition, "没有这个字段或比较", "there is no such field or comparison")
    if condition.operator == "empty":
        return records.c.key.not_in(_keys(kind, field.key))
    said = record_fields.c.said
    test = {
        "contains": lambda: said.contains(typed, autoescape=True),
        "is": lambda: (
            said.contains(f"\n{typed}\n", autoescape=True) | (record_fields.c.sort == _bound(field, condition))
        ),
        "most": lambda: record_fields.c.sort <= _ordered(field, condition),
        "least": lambda: record_fields.c.sort >= _ordered(field, condition),
    }[condition.operator]()
    return records.c.key.in_(_keys(kind, field.key).where(test))


def sorting(kind: RecordKind, field: str) -> ColumnElement[str]:
    """What records are ordered by; those that say nothing there come as if it were empty."""
    if field in ("", kind.key_field):
        return records.c.key
    if field == kind.title_field:
        return records.c.title
    mine = (record_fields.c.kind == records.c.kind) & (record_fields.c.key == records.c.key)
    found = select(record_fields.c.sort).where(mine, record_fields.c.field == field).scalar_subquery()
    return func.coalesce(found, "")


def index_fields(
    session: Session, kind: RecordKind, key: str, values: Mapping[str, Value], environment: forms.FormEnvironment
) -> None:
    """Write the rows of one record anew."""
    mine = record_fields.c.kind == kind.key, record_fields.c.key == key
    session.execute(delete(record_fields).where(*mine))
    rows = field_rows(kind, key, values, environment)
    if rows:
        session.execute(insert(record_fields), rows)


def field_rows(
    kind: RecordKind, key: str, values: Mapping[str, Value], environment: forms.FormEnvironment
) -> list[dict[str, str]]:
    """The rows of one record: whole rows of the table."""
    return [{"kind": kind.key, "key": key, **row} for row in _rows(kind, values, environment)]


def _rows(
    kind: RecordKind, values: Mapping[str, Value], environment: forms.FormEnvironment
) -> Iterator[dict[str, str]]:
    for field in askable(kind):
        value = values.get(field.key)
        if value is None or value == "":
            continue
        said = [
            text
            for language in ("zh", "en")
            for _label, text in forms.display(kind.form, {field.key: value}, language=language, environment=environment)
        ]
        stored = [value] if isinstance(value, str) else []
        texts = [" ".join(plain(text).split())[:LONGEST] for text in (*said, *stored)]
        sort = _sortable(value) or (texts[0] if texts else "")
        yield {"field": field.key, "sort": sort, "said": "\n".join(("", *dict.fromkeys(texts), ""))}


def _sortable(value: Value) -> str:
    """A number or moment as a text that sorts as it does; "" for anything else."""
    if isinstance(value, Decimal):
        return f"{min(max(value, -_OFFSET), _OFFSET).quantize(_UNIT) + _OFFSET:026f}"
    return value.isoformat() if isinstance(value, date | datetime) else ""


def _keys(kind: RecordKind, field: str) -> Any:
    return select(record_fields.c.key).where(record_fields.c.kind == kind.key, record_fields.c.field == field)


def _bound(field: forms.Component, condition: Condition) -> str:
    """What a typed number or date sorts as; of other fields something no record has."""
    try:
        return _ordered(field, condition)
    except NotAsked:
        return "\n"


def _ordered(field: forms.Component, condition: Condition) -> str:
    if not field.kind.ordered:
        raise _not_asked(field, condition, "这个字段没有大小先后", "this field has no order")
    try:
        value = field.kind.read(field, condition.value, FormScope({}, forms.NOTHING))
    except Wrong as wrong:
        problem = wrong.problem(field.key, field.label)
        raise _not_asked(field, condition, problem.zh, problem.en) from wrong
    if value is None:
        raise _not_asked(field, condition, "请写一个值。", "give a value.")
    return _sortable(value)


def _not_asked(field: forms.Component | None, condition: Condition, zh: str, en: str) -> NotAsked:
    label, label_en = (field.label.zh, field.label.en) if field else (condition.field, "")
    return NotAsked(label=label, label_en=label_en or label, value=condition.value[:60], reason_zh=zh, reason_en=en)


def conditions_hold(kind: RecordKind, asked: Sequence[Condition]) -> list[ColumnElement[bool]]:
    """All the conditions in SQL. Raises NotAsked."""
    return [holds(kind, condition) for condition in asked[:MOST_CONDITIONS]]
