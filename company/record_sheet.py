"""Business records as an Excel workbook, and back: one sheet for the records, one for each list inside them.

The first row names the fields in the reader's language; importing takes either language. A list's sheet begins each row
with the record's key. Cells are text or numbers and never a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from company.record_kinds import Kind
from company.records import InvalidRecord, Record, find_record, judged, require_keeper, write
from engine import forms
from engine.actor import Actor
from engine.database import Database
from engine.errors import ClauseflowError, Problem, Refused
from engine.forms.kinds.choice import ChoiceSettings
from engine.session import Session
from engine.values import Value

MOST_ROWS = 20_000
MOST_PROBLEMS = 50
YES, NO = ("是", "yes", "true", "1"), ("否", "no", "false", "0")


class NoWorkbook(ClauseflowError):
    """The file is no Excel workbook."""

    zh = "这不是 Excel 工作簿（.xlsx）。"
    en = "This is not an Excel workbook (.xlsx)."


class InvalidSheet(Refused):
    """Cells are not right; `problems` name sheet, row and column, and nothing was imported."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many records an import added, and how many it changed."""

    added: int
    changed: int


def exported(kind: Kind, found: Iterable[Record], language: str) -> bytes:
    """The workbook of some records."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    fields = _plain(kind)
    lists = _lists(kind)
    sheets = [book.add_worksheet(_sheet_name(kind.name if language == "zh" else kind.name_en))]
    sheets += [book.add_worksheet(_sheet_name(part.label.text(language))) for part in lists]
    key = kind.form.level.by_key[kind.key_field]
    heads = [fields, *([key, *part.row.fields] for part in lists if part.row)]
    for sheet, columns in zip(sheets, heads, strict=True):
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(columns) - 1, 18)
        sheet.write_row(0, 0, [field.label.text(language) for field in columns], bold)
    rows = [0] * len(sheets)
    for record in found:
        lines = [(0, record.values, fields)]
        for number, part in enumerate(lists, 1):
            assert part.row
            inner = record.values.get(part.key)
            own = {kind.key_field: record.key}
            lines += [(number, {**own, **row}, heads[number]) for row in inner or () if isinstance(row, dict)]
        for number, values, columns in lines:
            rows[number] += 1
            for place, field in enumerate(columns):
                _write(sheets[number], rows[number], place, field, values.get(field.key), language, day)
    book.close()
    return target.getvalue()


def import_sheet(
    db: Database, actor: Actor, now: datetime, kind: Kind, data: bytes, around: forms.Surroundings
) -> Imported:
    """Add and change records as a workbook says; all of it, or nothing.

    Raises NotPermitted, NoWorkbook, InvalidSheet, NotUnderstood.
    """
    require_keeper(actor, kind)
    lines = _read(kind, data)

    def work(session: Session) -> Imported:
        problems: list[Problem] = []
        added = changed = 0
        seen: dict[str, int] = {}
        for row, values in lines:
            key = str(values.get(kind.key_field) or "")
            if key and key in seen:
                problems.append(_at(kind, row, kind.key_field, f"与第 {seen[key]} 行重复", f"is row {seen[key]} again"))
                continue
            seen[key] = row
            before = find_record(session, kind, key) if key else None
            try:
                clean = judged(session, kind, before, values, around)
            except InvalidRecord as refused:
                problems += [_at(kind, row, each.where, each.zh, each.en) for each in refused.problems]
                continue
            if not problems and (before is None or before.values != clean):
                write(session, actor, now, kind, before, clean, around, "import")
                added, changed = added + (before is None), changed + (before is not None)
        if problems:
            raise InvalidSheet(problems[:MOST_PROBLEMS])
        return Imported(added, changed)

    return db.write(work)


def _read(kind: Kind, data: bytes) -> list[tuple[int, dict[str, Any]]]:
    """The rows of the first sheet with their numbers as Excel counts, the lists of other sheets put in."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        raise NoWorkbook from error
    if not sheets:
        raise NoWorkbook
    first, *others = sheets.values()
    names = list(sheets)
    problems: list[Problem] = []
    found = list(_rows(names[0], first, _plain(kind), problems))
    by_key = {str(values.get(kind.key_field)): values for _, values in found if values.get(kind.key_field)}
    parts = {_sheet_name(part.label.text(language)): part for part in _lists(kind) for language in ("zh", "en")}
    for name, rows in zip(names[1:], others, strict=True):
        part = parts.get(name)
        if part is None or part.row is None:
            problems.append(_problem(name, 1, "", "不认识这张工作表", "this sheet is not known"))
            continue
        for values in by_key.values():
            values.setdefault(part.key, [])
        key = kind.form.level.by_key[kind.key_field]
        for row, values in _rows(name, rows, [key, *part.row.fields], problems):
            owner = by_key.get(str(values.pop(kind.key_field, "")))
            if owner is None:
                problems.append(_problem(name, row, key.label.zh, "第一张表里没有它", "it is not on the first sheet"))
            else:
                owner[part.key].append(values)
    if problems:
        raise InvalidSheet(problems[:MOST_PROBLEMS])
    return found


def _rows(
    sheet: str, rows: Sequence[Sequence[Any]], fields: Sequence[forms.Component], problems: list[Problem]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows below the heads, as raw values of the form; empty rows are passed over."""
    if len(rows) > MOST_ROWS:
        problems.append(_problem(sheet, MOST_ROWS, "", f"最多 {MOST_ROWS} 行", f"at most {MOST_ROWS} rows"))
        return
    named = {text: field for field in fields for text in (field.label.zh, field.label.en, field.key) if text}
    columns = [named.get(str(cell).strip()) for cell in (rows[0] if rows else ())]
    for cell, field in zip(rows[0] if rows else (), columns, strict=True):
        if str(cell).strip() and field is None:
            problems.append(_problem(sheet, 1, str(cell)[:40], "不认识这一列", "this column is not known"))
    for number, row in enumerate(rows[1:], 2):
        values = {
            field.key: _value(field, cell)
            for field, cell in zip(columns, row, strict=False)
            if field is not None and not field.kind.computed
        }
        if any(value is not None for value in values.values()):
            yield number, values


def _value(field: forms.Component, cell: Any) -> Value:
    """A cell as the form takes it: a choice by its words, yes and no, a whole number without `.0`."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(field.settings, ChoiceSettings):
        return _chosen(field.settings.fixed, str(_tidy(cell)))
    if field.type == "checkbox":
        return _ticked(cell)
    if isinstance(cell, datetime) and field.type == "datetime":
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(_tidy(cell))


def _tidy(cell: Any) -> Any:
    if isinstance(cell, float):
        return format(Decimal(repr(cell)).normalize(), "f")
    return cell.strip() if isinstance(cell, str) else cell


def _chosen(offered: Mapping[str, forms.Option], text: str) -> str:
    words = {word: posted for posted, option in offered.items() for word in (option.label.zh, option.label.en)}
    return words.get(text, text)


def _ticked(cell: Any) -> Value:
    text = str(_tidy(cell)).lower()
    return True if text in YES else False if text in NO else text


def _write(sheet: Any, row: int, column: int, field: forms.Component, value: Value, language: str, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, (YES if value else NO)[0 if language == "zh" else 1])
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - a day
    elif isinstance(field.settings, ChoiceSettings) and str(value) in field.settings.fixed:
        sheet.write_string(row, column, field.settings.fixed[str(value)].label.text(language))
    else:
        sheet.write_string(row, column, str(value))


def _plain(kind: Kind) -> list[forms.Component]:
    return [field for field in kind.form.fields if field.row is None]


def _lists(kind: Kind) -> list[forms.Component]:
    return [field for field in kind.form.fields if field.row is not None]


def _sheet_name(name: str) -> str:
    """A name Excel takes."""
    return "".join(c for c in name if c not in "[]:*?/\\")[:31]


def _at(kind: Kind, row: int, where: str, zh: str, en: str) -> Problem:
    field = kind.form.level.by_key.get(where.partition("[")[0])
    column = field.label.zh if field else where
    return _problem(kind.name, row, column, zh, en)


def _problem(sheet: str, row: int, column: str, zh: str, en: str) -> Problem:
    place_zh = f"“{sheet}”第 {row} 行" + (f"“{column}”" if column else "")
    place_en = f"“{sheet}” row {row}" + (f" “{column}”" if column else "")
    return Problem("record.sheet", f"{row}:{column}", f"{place_zh}：{zh}", f"{place_en}: {en}", row)
