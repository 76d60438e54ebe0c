"""Business records as an Excel workbook: one sheet for the records, one for each list inside them.

The first row names the fields in the reader's language; a list's sheet begins each row with the record's key. Cells are
text or numbers, never a formula, and what a cell cannot hold exactly stands in it as text: the way out is the way in.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import xlsxwriter

from company.records.kinds import RecordKind
from company.records.save import Record
from engine import forms
from engine.errors import ClauseflowError
from engine.forms.kinds.choice import ChoiceSettings
from engine.forms.kinds.tick import NO, YES
from engine.values import Value, format_number

EXCEL_ROWS = 1_048_575
"""Below the heads."""

_FIRST_DAY = date(1900, 3, 1)
"""Excel counts days from 1900, one of which there never was; before that it is text."""


class SheetFull(ClauseflowError):
    """More rows than a sheet of Excel has."""

    zh = "一张 Excel 工作表最多 {limit} 行，装不下这些档案。请先缩小范围再导出。"
    en = "A sheet of Excel has at most {limit} rows, too few for these records. Narrow the list, then export it."


@dataclass(frozen=True, slots=True)
class Exported:
    """A workbook and how many records are in it."""

    content: bytes
    count: int


def exported(kind: RecordKind, found: Iterable[Record], language: str) -> Exported:
    """The workbook of some records. Raises SheetFull."""
    target = io.BytesIO()
    # Rows go to the disk as they are written, and texts stand in their cells: a long list takes little memory.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    sheets = [_Sheet(book, *sheet, language) for sheet in _layout(kind, language)]
    for record in found:
        sheets[0].add(record.values)
        for part, sheet in zip(list_fields(kind), sheets[1:], strict=True):
            rows = record.values.get(part.key)
            for row in rows if isinstance(rows, list) else ():
                sheet.add({kind.key_field: record.key, **row})
    book.close()
    return Exported(target.getvalue(), sheets[0].rows)


def plain_fields(kind: RecordKind) -> list[forms.Component]:
    """The columns of the first sheet."""
    return [field for field in kind.form.fields if field.row is None]


def list_fields(kind: RecordKind) -> list[forms.Component]:
    """The lists that have sheets of their own."""
    return [field for field in kind.form.fields if field.row is not None]


def columns_of_list(kind: RecordKind, part: forms.Component) -> list[forms.Component]:
    """The columns of a list's sheet: whose it is, then the fields of a row."""
    assert part.row
    return [kind.form.level.by_key[kind.key_field], *part.row.fields]


def sheet_name(name: str) -> str:
    """A name Excel takes."""
    return "".join(c for c in name if c not in "[]:*?/\\")[:31]


def _layout(kind: RecordKind, language: str) -> list[tuple[str, list[forms.Component]]]:
    first = kind.name if language == "zh" else kind.name_en
    lists = [(part.label.text(language), columns_of_list(kind, part)) for part in list_fields(kind)]
    return [(first, plain_fields(kind)), *lists]


class _Sheet:
    """One sheet of a workbook, written row by row."""

    def __init__(self, book: Any, name: str, columns: list[forms.Component], language: str) -> None:
        self._sheet, self._columns, self._language = book.add_worksheet(sheet_name(name)), columns, language
        self._day, self._none = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format()
        self.rows = 0
        self._sheet.freeze_panes(1, 1)
        self._sheet.set_column(0, len(columns) - 1, 18)
        self._sheet.write_row(0, 0, [field.label.text(language) for field in columns], book.add_format({"bold": True}))

    def add(self, values: Mapping[str, Value]) -> None:
        self.rows += 1
        if self.rows > EXCEL_ROWS:
            raise SheetFull(limit=EXCEL_ROWS)
        for place, field in enumerate(self._columns):
            self._write(place, field, values.get(field.key))

    def _write(self, column: int, field: forms.Component, value: Value) -> None:
        if value is None:
            return
        place = self.rows, column
        if isinstance(value, bool):
            self._sheet.write_string(*place, (YES if value else NO)[0 if self._language == "zh" else 1])
        elif isinstance(value, Decimal) and Decimal(f"{value:.15g}") == value and abs(value) < 10**15:
            self._sheet.write_number(*place, value)
        elif isinstance(value, date) and not isinstance(value, datetime) and value >= _FIRST_DAY:
            self._sheet.write_number(*place, (value - date(1899, 12, 30)) // timedelta(days=1), self._day)
        elif isinstance(field.settings, ChoiceSettings) and str(value) in field.settings.fixed:
            self._text(place, field.settings.fixed[str(value)].label.text(self._language))
        else:
            self._text(place, format_number(value) if isinstance(value, Decimal) else str(value))

    def _text(self, place: tuple[int, int], text: str) -> None:
        if text.startswith("<r>") and text.endswith("</r>"):
            # The library would take it for markup of its own.
            self._sheet.write_rich_string(*place, text[:1], self._none, text[1:])
        else:
            self._sheet.write_string(*place, text)
