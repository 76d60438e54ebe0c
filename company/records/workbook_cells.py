"""The cells of an Excel workbook as plain data; it runs confined (`company/files/confined.py`).

A cell is a text, True or False, None for nothing, `{"error": "#REF!"}`, or `{"unreadable": "99999-99-99"}`. Numbers
are texts of 15 significant digits, which is what Excel itself holds and shows; dates are texts of ISO 8601. Only what
holds something counts: a formatted blank in the last cell of a sheet makes it no larger.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import IO, Any
from warnings import catch_warnings

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet._reader import FORMULA_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.functions import iterparse

MOST_BYTES = 200_000_000
"""Of all that the file unpacks to."""

MOST_COLUMNS = 200
LONGEST_TEXT = 32_767
"""Characters of a cell, as in Excel."""

UNREADABLE = "?"
"""Of a cell whose value is no number, date or text of the workbook, whatever it says it is."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
Row = tuple[int, list[Any]]


class TooLarge(Exception):
    """There is more in the workbook than we read: `kind` is bytes, rows, columns, cells or text."""

    def __init__(self, kind: str, sheet: str = "", row: int = 0) -> None:
        super().__init__()
        self.refusal = {"refused": kind, "sheet": sheet, "row": row}


def read(content: IO[bytes], most_rows: int, most_cells: int) -> dict[str, Any]:
    """`sheets`: pairs of a name and rows of (number as Excel counts, cells); or what is too large, as `refused`."""
    try:
        with zipfile.ZipFile(content) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                raise TooLarge("bytes")
        with catch_warnings(action="ignore"):  # the library warns of every trait that it passes over
            return {"sheets": _sheets(content, most_rows, most_cells)}
    except TooLarge as error:
        return error.refusal


def _sheets(content: IO[bytes], most_rows: int, most_cells: int) -> list[tuple[str, list[Row]]]:
    book = load_workbook(content, read_only=True, data_only=True, keep_links=False)
    sheets, cells = [], 0
    for sheet in book.worksheets:
        rows: list[Row] = []
        for number, row in _rows(sheet):
            cells += len(row)
            if len(rows) > most_rows:  # the heads do not count
                raise TooLarge("rows", sheet.title, number)
            if cells > most_cells:
                raise TooLarge("cells", sheet.title, number)
            rows.append((number, row))
        sheets.append((sheet.title, rows))
    return sheets


class _Parser(WorkSheetParser):
    """Reads cells where they stand and nothing else of a sheet; a formula without its result is an error."""

    def parse(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        for _event, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                yield self.parse_row(element)
                element.clear()

    def parse_cell(self, element: Any) -> dict[str, Any]:
        try:
            cell: dict[str, Any] = super().parse_cell(element)
        except (ValueError, LookupError):
            column = coordinate_to_tuple(element.get("r", f"{get_column_letter(self.col_counter)}1"))[1]
            return {"column": column, "value": element.findtext(VALUE_TAG), "data_type": UNREADABLE}
        if element.find(FORMULA_TAG) is not None and element.find(VALUE_TAG) is None:
            cell.update(data_type="e", value="=")
        return cell


def _rows(sheet: Any) -> Iterator[Row]:
    book = sheet.parent
    with sheet._get_source() as source:  # noqa: SLF001 - the public way pads a sheet to its last formatted cell
        formats = {"date_formats": book._date_formats, "timedelta_formats": book._timedelta_formats}  # noqa: SLF001
        shared = sheet._shared_strings  # noqa: SLF001
        for number, cells in _Parser(source, shared, data_only=True, epoch=book.epoch, **formats).parse():
            row: list[Any] = []
            for cell in cells:
                value = _plain(cell, sheet.title, number)
                if value is None:
                    continue
                if cell["column"] > MOST_COLUMNS:
                    raise TooLarge("columns", sheet.title, number)
                row += [None] * (cell["column"] - len(row))
                row[cell["column"] - 1] = value
            if row:
                yield number, row


def _plain(cell: dict[str, Any], sheet: str, number: int) -> Any:
    value = cell["value"]
    if cell["data_type"] == UNREADABLE or (isinstance(value, float) and not isfinite(value)):
        return {"unreadable": str(value)[:40]}
    if cell["data_type"] == "e" and value is not None:
        return {"error": str(value)}
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return format(Decimal(f"{value:.15g}"), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))
    if len(text) > LONGEST_TEXT:
        raise TooLarge("text", sheet, number)
    return text if text.strip() else None
