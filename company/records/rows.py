"""A workbook somebody hands in, as raw rows of a kind's form; whatever is not understood is named by its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from company.files.confined import ChildLimits, TooCostly, Unreadable, run
from company.keys import tidied
from company.records.kinds import RecordKind
from company.records.sheet import columns_of_list, list_fields, plain_fields, sheet_name
from engine import forms
from engine.errors import ClauseflowError, Problem, Refused
from engine.values import Value

MOST_ROWS = 30_000
MOST_CELLS = 1_000_000
MOST_PROBLEMS = 50
MOST_BYTES = 50_000_000
LIMITS = ChildLimits(megabytes=1200, seconds=90)

Named = str | RecordKind | forms.Component
"""A sheet or a column: as it is called there, or as its kind or field is called in the reader's language."""

Values = dict[str, Any]
Row = tuple[int, list[Any]]


class NoWorkbook(ClauseflowError):
    """The file is no Excel workbook."""

    zh = "这不是完好的 Excel 工作簿（.xlsx）。如果 Excel 或 WPS 能打开它，请在那里另存为 .xlsx 再导入。"
    en = "This is not an intact Excel workbook (.xlsx). If Excel opens it, save it there anew as .xlsx."


class WorkbookTooLarge(ClauseflowError):
    """More than an import takes."""

    zh = "这个工作簿太大：最多 50 MB、解压后 200 MB，共 {cells} 格。请拆成几个工作簿导入。"
    en = "This workbook is too large: at most 50 MB, 200 MB unpacked, {cells} cells. Split it into several."


class InvalidSheet(Refused):
    """Cells are not right; `problems` name sheet, row and column, and nothing was imported."""


@dataclass(slots=True)
class Findings:
    """What is wrong with a workbook, the first `MOST_PROBLEMS` of it."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, sheet: Named, row: int, column: Named, zh: str, en: str) -> None:
        """Note one: sheet, row and column ("" for none) name the cell."""
        place_zh = f"“{_named(sheet, 'zh')}”第 {row} 行" + (f"“{_named(column, 'zh')}”" if column else "")
        place_en = f"“{_named(sheet, 'en')}” row {row}" + (f" “{_named(column, 'en')}”" if column else "")
        where = f"{row}:{_named(column, 'zh')}"
        self.problems.append(Problem("record.sheet", where, f"{place_zh}：{zh}", f"{place_en}: {en}", row))

    def refuse(self) -> None:
        """Raise InvalidSheet if there are any."""
        if self.problems:
            raise InvalidSheet(self.problems[:MOST_PROBLEMS])


def read_rows(kind: RecordKind, content: IO[bytes]) -> list[tuple[int, Values]]:
    """The rows of the first sheet with their numbers as Excel counts, the lists of other sheets put in.

    Raises NoWorkbook, WorkbookTooLarge, InvalidSheet, ReadersBusy.
    """
    (name, first), *others = _sheets(content)
    findings = Findings()
    found = list(_rows(name, first, plain_fields(kind), findings))
    by_key = {tidied(str(values.get(kind.key_field) or "")): values for _, values in found}
    parts = {sheet_name(part.label.text(language)): part for part in list_fields(kind) for language in ("zh", "en")}
    for name, rows in others:
        if name in parts:
            part = parts[name]
            for values in by_key.values():
                values.setdefault(part.key, [])
            _put_in(kind, part, by_key, _rows(name, rows, columns_of_list(kind, part), findings), findings, name)
        elif rows:
            findings.add(name, 1, "", "不认识这张工作表", "this sheet is not known")
    findings.refuse()
    return found


def _named(what: Named, language: str) -> str:
    if isinstance(what, RecordKind):
        return what.name if language == "zh" else what.name_en
    return what if isinstance(what, str) else what.label.text(language)


def _sheets(content: IO[bytes]) -> list[tuple[str, list[Row]]]:
    if content.seek(0, 2) > MOST_BYTES:
        raise WorkbookTooLarge(cells=MOST_CELLS)
    try:
        told = run("company.records.workbook_cells:read", content, LIMITS, MOST_ROWS, MOST_CELLS)
    except TooCostly as error:
        raise WorkbookTooLarge(cells=MOST_CELLS) from error
    except Unreadable as error:
        raise NoWorkbook from error
    if "refused" in told:
        _refuse(told["refused"], told["sheet"], told["row"])
    if not told["sheets"]:
        raise NoWorkbook
    found: list[tuple[str, list[Row]]] = told["sheets"]
    return found


def _refuse(kind: str, sheet: str, row: int) -> None:
    if kind not in WORDS:
        raise WorkbookTooLarge(cells=MOST_CELLS)
    findings = Findings()
    findings.add(sheet, row, "", *WORDS[kind])
    findings.refuse()


WORDS = {
    "rows": (
        f"最多 {MOST_ROWS} 行，请拆成几个工作簿导入",
        f"at most {MOST_ROWS} rows; split it into several workbooks",
    ),
    "columns": ("最多 200 列", "at most 200 columns"),
    "text": ("有一格的文字太长", "the text of a cell is too long"),
}
"""What a reader is told about a sheet that holds too much."""


def _put_in(
    kind: RecordKind, part: forms.Component, by_key: Mapping[str, Values], rows: Iterator[tuple[int, Values]],
    findings: Findings, name: str,
) -> None:  # fmt: skip
    """Put the rows of a list's sheet into the records they belong to."""
    key = kind.form.level.by_key[kind.key_field]
    for number, values in rows:
        owner = by_key.get(tidied(str(values.pop(kind.key_field, None) or "")))
        if owner is None or not owner.get(kind.key_field):
            findings.add(name, number, key, "第一张表里没有它", "it is not on the first sheet")
        else:
            owner[part.key].append(values)


def _rows(
    sheet: str, rows: Sequence[Row], fields: Sequence[forms.Component], findings: Findings
) -> Iterator[tuple[int, Values]]:
    """The rows below the heads, as raw values of the form."""
    if not rows:
        return
    columns = _columns(sheet, rows[0], fields, findings)
    for number, row in rows[1:]:
        values: Values = {}
        for place, cell in enumerate(row):
            column = columns.get(place)
            if column is None:
                if cell is not None and place not in columns:
                    findings.add(sheet, number, _letters(place), "这一列没有标题", "this column has no heading")
            elif isinstance(cell, dict):
                findings.add(sheet, number, column, *_spoilt(cell))
            else:
                values[column.key] = _value(column, cell)
        if any(value is not None for value in values.values()):
            missing = {column.key: None for column in columns.values() if column}
            yield number, {**missing, **values}


def _columns(
    sheet: str, heads: Row, fields: Sequence[forms.Component], findings: Findings
) -> dict[int, forms.Component | None]:
    """The field of every column; None for one that is known and computed, so that nothing is read from it."""
    number, cells = heads
    named = {text: field for field in fields for text in (field.label.zh, field.label.en, field.key) if text}
    columns: dict[int, forms.Component | None] = {}
    seen: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        head = "".join(cell.values()) if isinstance(cell, dict) else str(cell).strip()
        found = named.get(head)
        columns[place] = None if found is None or found.kind.computed else found
        if found is None:
            findings.add(sheet, number, head[:40], "不认识这一列", "this column is not known")
        elif found.key in seen:
            first, second = _letters(seen[found.key]), _letters(place)
            zh, en = f"{first} 列和 {second} 列是同一个字段", f"columns {first} and {second} are the same field"
            findings.add(sheet, number, head, zh, en)
        else:
            seen[found.key] = place
    return columns


def _spoilt(cell: Mapping[str, str]) -> tuple[str, str]:
    if "unreadable" in cell:
        return f"读不懂这个值：{cell['unreadable']}", f"this value cannot be read: {cell['unreadable']}"
    return f"公式没有结果：{cell['error']}", f"the formula has no result: {cell['error']}"


def _letters(place: int) -> str:
    """A column as Excel calls it: A, B, … Z, AA."""
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _value(column: forms.Component, cell: Any) -> Value:
    """A cell as the form takes it: a choice by its words, yes and no."""
    if cell is None:
        return None
    return column.kind.written(column, {True: "TRUE", False: "FALSE"}[cell] if isinstance(cell, bool) else cell)
