"""Business records by Excel: what goes out comes back, and a wrong cell is named while nothing is done."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from company.records.kinds import RECORD_KINDS
from company.records.rows import InvalidSheet, NoWorkbook, WorkbookTooLarge
from company.records.save import find_records, history, record
from company.records.sheet import exported
from company.records.sheet_import import Imported, import_sheet
from engine.actor import Actor, NotPermitted
from engine.database import Database
from tests.company.records.test_save import CLERK, CUSTOMERS, MILL, PARTS, environment, found, save
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
    return import_sheet(db, by, START, kind, io.BytesIO(data), environment(db))


def export(db: Database, kind: Any, language: str = "zh") -> bytes:
    with db.reading() as session:
        return exported(kind, find_records(session, kind).items, language).content


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


@pytest.mark.parametrize("kind", RECORD_KINDS.values(), ids=RECORD_KINDS)
def test_an_empty_list_exports_its_heads(db: Database, kind: Any) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(export(db, kind, "en")))
    heads = book.get_sheet_by_index(0).to_python()[0]
    assert kind.form.level.by_key[kind.key_field].label.en in heads


PRICE = [["配件号", "名称", "参考单价", "类别"], ["WL-1", "密封圈", 12.5, "配件"]]
ERRORS = ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#GETTING_DATA"]


def edited(data: bytes, change: Callable[[str], str], part: str = "xl/worksheets/sheet1.xml") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(content.decode()) if name == part else content)
    return target.getvalue()


def refusals(db: Database, data: bytes, kind: Any = PARTS) -> list[str]:
    with pytest.raises(InvalidSheet) as refused:
        take(db, data, kind)
    assert all(re.search("[\u4e00-\u9fff]", text.zh) for text in refused.value.problems)
    return [problem.zh for problem in refused.value.problems]


def prices(db: Database) -> dict[str, Decimal]:
    with db.reading() as session:
        return {each.key: each.values["price"] for each in find_records(session, PARTS).items}


def test_a_cell_without_a_result_empties_nothing(db: Database) -> None:
    take(db, workbook(PRICE), PARTS)
    cells = ["<f>SUM(A1:A9)</f>", *(f"<f>A9</f><v>{error}</v>" for error in ERRORS)]
    rows = [PRICE[0], *([f"WL-{number}", "密封圈", 1, "配件"] for number in range(1, 1 + len(cells)))]

    def spoilt(xml: str) -> str:
        for number, cell in enumerate(cells, 2):
            kind = ' t="e"' if "<v>" in cell else ""
            xml = re.sub(rf'<c r="C{number}"[^>]*>.*?</c>', f'<c r="C{number}"{kind}>{cell}</c>', xml)
        return xml

    said = refusals(db, edited(workbook(rows), spoilt))
    assert [text.partition("：")[0] for text in said] == [
        f"“表0”第 {number} 行“参考单价”" for number in range(2, 2 + len(cells))
    ]
    assert prices(db) == {"WL-1": Decimal("12.5")}


def test_a_number_is_taken_as_excel_shows_it(db: Database) -> None:
    shown = {
        "13.700000000000001": "13.7", "59.970000000000006": "59.97", "2.9999999999999996": "3", "0.1": "0.1",
        "1E-2": "0.01", "1234567890123": "1234567890123",
    }  # fmt: skip
    rows = [PRICE[0], *([f"WL-{number}", "密封圈", 1, "配件"] for number in range(2, 2 + len(shown)))]

    def held(xml: str) -> str:
        for number, value in enumerate(shown, 2):
            xml = re.sub(rf'(<c r="C{number}"[^>]*>).*?</c>', rf"\g<1><v>{value}</v></c>", xml)
        return xml

    take(db, edited(workbook(rows), held), PARTS)
    assert list(prices(db).values()) == [Decimal(each) for each in shown.values()]


@pytest.mark.parametrize("heads", [["参考单价", "参考单价"], ["参考单价", "Price"], ["price", "参考单价"]])
def test_two_columns_of_one_field_are_refused(db: Database, heads: list[str]) -> None:
    (said,) = refusals(db, workbook([["配件号", "名称", *heads], ["WL-1", "密封圈", 1, 2]]))
    assert said == f"“表0”第 1 行“{heads[1]}”：C 列和 D 列是同一个字段"


def test_a_value_under_no_heading_is_refused(db: Database) -> None:
    (said,) = refusals(db, workbook([["配件号", "名称"], ["WL-1", "密封圈", "", 9.5]]))
    assert said == "“表0”第 2 行“D”：这一列没有标题"


def test_what_is_wrong_is_said_in_the_words_of_each_language(db: Database) -> None:
    with pytest.raises(InvalidSheet) as refused:
        take(db, workbook([["Name or company", "Type"], ["Mill", "monster"]]))
    assert refused.value.problems[0].en.startswith("“Customers” row 2 “Type”: ")


def test_a_formatted_blank_in_the_last_cell_is_nothing(db: Database) -> None:
    def spread(xml: str) -> str:
        last = '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
        return re.sub("<dimension[^>]*>", '<dimension ref="A1:XFD1048576"/>', xml.replace("</sheetData>", last))

    assert take(db, edited(workbook(PRICE), spread), PARTS) == Imported(1, 0)


def test_a_value_far_to_the_right_is_refused(db: Database) -> None:
    far = '<row r="60000"><c r="AMJ60000"><v>1</v></c></row></sheetData>'
    (said,) = refusals(db, edited(workbook(PRICE), lambda xml: xml.replace("</sheetData>", far)))
    assert said.startswith("“表0”第 60000 行：最多 200 列")


def test_an_absurd_date_is_named(db: Database) -> None:
    day = io.BytesIO()
    book = xlsxwriter.Workbook(day)
    sheet = book.add_worksheet("客户")
    sheet.write_row(0, 0, ["姓名或单位", "类型", "购买日期"])
    sheet.write_row(1, 0, ["甲厂", "单位"])
    sheet.write_number(1, 2, 1e300, book.add_format({"num_format": "yyyy-mm-dd"}))
    book.close()
    (said,) = refusals(db, day.getvalue(), CUSTOMERS)
    assert said.startswith("“客户”第 2 行“购买日期”：")


UNREADABLE = {
    "t=\"d\"><v>99999-99-99T</v>": "99999-99-99T", "><v>1e400</v>": "inf", "><v>NaN</v>": "NaN",
    f"><v>{'9' * 5000}</v>": "9" * 40, "t=\"s\"><v>77777</v>": "77777", "t=\"b\"><v>maybe</v>": "maybe",
}  # fmt: skip


@pytest.mark.parametrize("cell", UNREADABLE, ids=lambda cell: cell[:20])
def test_a_cell_that_is_not_what_it_says_is_named(db: Database, cell: str) -> None:
    data = edited(workbook(PRICE), lambda xml: re.sub(r'<c r="C2"[^>]*>.*?</c>', f'<c r="C2" {cell}</c>', xml))
    (said,) = refusals(db, data)
    assert said == f"“表0”第 2 行“参考单价”：读不懂这个值：{UNREADABLE[cell]}"


def test_a_workbook_with_unfit_formats_is_refused_with_what_to_do(db: Database) -> None:
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts><font><sz val="abc"/>'
    )
    spoilt = edited(workbook(PRICE), lambda _xml: f"{styles}</font></fonts></styleSheet>", "xl/styles.xml")
    with pytest.raises(NoWorkbook) as refused:
        take(db, spoilt, PARTS)
    assert "另存为 .xlsx" in refused.value.text("zh")


def test_a_workbook_that_lies_about_its_sizes_is_never_unpacked(db: Database) -> None:
    data = bytearray(edited(workbook(PRICE), lambda xml: xml.replace("</sheetData>", f"{' ' * 5_000_000}</sheetData>")))
    entry = data.rfind(b"xl/worksheets/sheet1.xml") - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    data[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(NoWorkbook):
        take(db, bytes(data), PARTS)


def test_a_text_longer_than_a_cell_holds_is_refused(db: Database) -> None:
    cell = f'<c r="C2" t="inlineStr"><is><t>{"x" * 40_000}</t></is></c>'
    (said,) = refusals(db, edited(workbook(PRICE), lambda xml: re.sub(r'<c r="C2"[^>]*>.*?</c>', cell, xml)))
    assert said.startswith("“表0”第 2 行：")


def test_a_sheet_that_unpacks_to_too_much_is_never_unpacked(db: Database) -> None:
    blanks = " " * 205_000_000
    with pytest.raises(WorkbookTooLarge):
        take(db, edited(workbook(PRICE), lambda xml: xml.replace("</sheetData>", f"{blanks}</sheetData>")), PARTS)


def test_entities_that_multiply_are_no_workbook(db: Database) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(12))
    change = partial(re.sub, r"<worksheet.*<sheetData>", rf"<!DOCTYPE x [{laughs}]>\g<0>&l11;", flags=re.DOTALL)
    with pytest.raises((NoWorkbook, WorkbookTooLarge)):
        take(db, edited(workbook(PRICE), change), PARTS)


def test_more_rows_than_an_import_takes_are_refused(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("company.records.rows.MOST_ROWS", 2)
    rows = [PRICE[0], *([f"WL-{number}", "密封圈", 1, "配件"] for number in range(3))]
    take(db, workbook(rows[:3]), PARTS)
    (said,) = refusals(db, workbook(rows))
    assert said.startswith("“表0”第 4 行：最多")
