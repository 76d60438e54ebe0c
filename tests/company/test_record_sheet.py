"""Business records by Excel: what goes out comes back, and a wrong cell is named while nothing is done."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from company.record_kinds import KINDS
from company.record_sheet import Imported, InvalidSheet, NoWorkbook, exported, import_sheet
from company.records import find_records, history, record
from engine.actor import Actor, NotPermitted
from engine.database import Database
from tests.company.test_records import CLERK, CUSTOMERS, MILL, around, found, save
from tests.product import START


def workbook(*sheets: list[list[Any]], names: tuple[str, ...] = ()) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for place, rows in enumerate(sheets):
        sheet = book.add_worksheet(names[place] if names else f"表{place}")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def take(db: Database, data: bytes, kind: Any = CUSTOMERS, by: Actor = CLERK) -> Imported:
    return import_sheet(db, by, START, kind, data, around(db))


def export(db: Database, kind: Any, language: str = "zh") -> bytes:
    with db.reading() as session:
        return exported(kind, find_records(session, kind).items, language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_exported_imports_as_it_was(db: Database, language: str) -> None:
    values = MILL | {
        "bought_on": date(2025, 3, 4),
        "receivable": Decimal("12345.67"),
        "contacts": [{"contact_name": "石主任", "contact_phone": "138-0000-0001"}, {"contact_name": "钱会计"}],
        "remarks": "=1+1",
    }
    save(db, CUSTOMERS, values)
    assert take(db, export(db, CUSTOMERS, language)) == Imported(0, 0)


def test_a_formula_stays_text(db: Database) -> None:
    save(db, CUSTOMERS, MILL | {"remarks": '=HYPERLINK("http://evil.example")'})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(export(db, CUSTOMERS))).get_sheet_by_index(0).to_python()
    assert '=HYPERLINK("http://evil.example")' in sheet[1]


def test_rows_add_and_change(db: Database) -> None:
    save(db, CUSTOMERS, MILL)
    rows = [["客户编号", "姓名或单位", "类型", "购买日期"], ["KH-0001", "金穗面粉集团", "单位", date(2026, 1, 5)],
            ["", "槐树街菜场", "Dealer", ""]]  # fmt: skip
    assert take(db, workbook(rows)) == Imported(1, 1)
    with db.reading() as session:
        mill = record(session, CUSTOMERS, "KH-0001")
        assert (mill.title, mill.values["bought_on"], mill.values["phone"]) == (
            "金穗面粉集团",
            date(2026, 1, 5),
            "010-5550 1234",
        )
        assert record(session, CUSTOMERS, "KH-0002").values["type"] == "dealer"
        assert history(session, CUSTOMERS, "KH-0001")[0].act == "import"


def test_a_wrong_cell_is_named_and_nothing_is_done(db: Database) -> None:
    rows = [["姓名或单位", "类型", "累计购买次数"], ["甲厂", "单位", 1], ["乙厂", "怪物", 1], ["", "单位", 2.5]]
    with pytest.raises(InvalidSheet) as refused:
        take(db, workbook(rows))
    said = [problem.zh for problem in refused.value.problems]
    assert [text.partition("：")[0] for text in said] == [
        "“客户”第 3 行“类型”",
        "“客户”第 4 行“姓名或单位”",
        "“客户”第 4 行“累计购买次数”",
    ]
    assert found(db, CUSTOMERS) == []


def test_lists_come_on_sheets_of_their_own(db: Database) -> None:
    people = [["客户编号", "姓名", "电话"], ["KH-7", "石主任", "138-0000-0001"], ["KH-7", "钱会计", ""]]
    main = [["客户编号", "姓名或单位", "类型"], ["KH-7", "甲厂", "单位"]]
    take(db, workbook(main, people, names=("客户", "联系人")))
    with db.reading() as session:
        contacts = record(session, CUSTOMERS, "KH-7").values["contacts"]
    assert [row["contact_name"] for row in contacts] == ["石主任", "钱会计"]


@pytest.mark.parametrize(
    ("sheets", "names", "place"),
    [  # what stands in the workbook, what its sheets are called, where the trouble is
        ([[["姓名或单位", "生肖"], ["甲厂", "龙"]]], ("客户",), "“客户”第 1 行“生肖”"),
        ([[["姓名或单位"], ["甲厂"]], [["客户编号"]]], ("客户", "生肖"), "“生肖”第 1 行"),
        (
            [[["客户编号", "姓名或单位"], ["A", "甲"]], [["客户编号", "姓名"], ["B", "石"]]],
            ("客户", "联系人"),
            "“联系人”第 2 行“客户编号”",
        ),
        (
            [[["客户编号", "姓名或单位", "类型"], ["A", "甲", "单位"], ["A", "乙", "单位"]]],
            ("客户",),
            "“客户”第 3 行“客户编号”",
        ),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_named(db: Database, sheets: Any, names: tuple[str, ...], place: str) -> None:
    with pytest.raises(InvalidSheet) as refused:
        take(db, workbook(*sheets, names=names))
    assert place in [problem.zh.partition("：")[0] for problem in refused.value.problems]
    assert found(db, CUSTOMERS) == []


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no workbook", b"name,type\nx,y\n"])
def test_no_workbook_is_refused(db: Database, data: bytes) -> None:
    with pytest.raises(NoWorkbook):
        take(db, data)


def test_importing_needs_the_permission_of_the_kind(db: Database) -> None:
    with pytest.raises(NotPermitted):
        take(db, workbook([["姓名或单位"]]), by=Actor("ji", "纪稽核", frozenset({"records:*"})))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_an_empty_list_exports_its_heads(db: Database, kind: Any) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(export(db, kind, "en")))
    heads = book.get_sheet_by_index(0).to_python()[0]
    assert kind.form.level.by_key[kind.key_field].label.en in heads
