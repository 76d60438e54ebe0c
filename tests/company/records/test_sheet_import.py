"""An import lets others write while it is judged, and still does all or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from company.records import sheet_import
from company.records.rows import InvalidSheet
from company.records.save import record
from engine.database import Database
from tests.company.records.test_save import CUSTOMERS, MILL, save
from tests.company.records.test_sheet import Imported, found, take, workbook

ROWS = [["客户编号", "姓名或单位", "类型"], ["KH-1", "甲厂", "单位"], ["KH-2", "乙厂", "单位"], ["", "丙厂", "单位"]]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`meanwhile(act)` has somebody else act once, while the import is being staged."""

    def during(act: Any) -> None:
        waiting, before = [act], sheet_import._staged

        def staged(*given: Any) -> Any:
            while waiting:
                waiting.pop()()
            return before(*given)

        monkeypatch.setattr(sheet_import, "_staged", staged)

    return during


def test_others_write_while_an_import_is_staged(db: Database, meanwhile: Any) -> None:
    meanwhile(lambda: save(db, CUSTOMERS, MILL))
    assert take(db, workbook(ROWS)) == Imported(3, 0)
    assert len(found(db, CUSTOMERS)) == 4


def test_a_record_changed_meanwhile_is_named_and_nothing_is_done(db: Database, meanwhile: Any) -> None:
    save(db, CUSTOMERS, {**MILL, "number": "KH-2"})
    meanwhile(lambda: save(db, CUSTOMERS, {"remarks": "刚打过电话"}, key="KH-2"))
    with pytest.raises(InvalidSheet) as refused:
        take(db, workbook(ROWS))
    assert [problem.line for problem in refused.value.problems] == [3]
    assert found(db, CUSTOMERS) == ["KH-2"]
    with db.reading() as session:
        assert record(session, CUSTOMERS, "KH-2").values["remarks"] == "刚打过电话"


def test_a_record_added_meanwhile_is_named_and_nothing_is_done(db: Database, meanwhile: Any) -> None:
    meanwhile(lambda: save(db, CUSTOMERS, {**MILL, "number": "KH-1"}))
    with pytest.raises(InvalidSheet) as refused:
        take(db, workbook(ROWS))
    assert [problem.line for problem in refused.value.problems] == [2]
    assert found(db, CUSTOMERS) == ["KH-1"]


def test_numbers_are_given_past_those_that_are_taken(db: Database) -> None:
    rows = [ROWS[0], ["KH-0001", "甲厂", "单位"], *(["", f"{place}厂", "单位"] for place in range(3))]
    assert take(db, workbook(rows)) == Imported(4, 0)
    save(db, CUSTOMERS, MILL)
    assert found(db, CUSTOMERS) == [f"KH-{number:04d}" for number in range(1, 6)]


def test_rows_of_several_chunks_come_in_together(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_import, "CHUNK", 2)
    assert take(db, workbook(ROWS)) == Imported(3, 0)
    assert take(db, workbook([*ROWS[:2], ["KH-2", "新乙厂", "单位"], ["KH-4", "丁厂", "单位"]])) == Imported(1, 1)
    with pytest.raises(InvalidSheet):
        take(db, workbook([*ROWS, ["KH-5", "戊厂", "单位"], ["KH-6", "", "单位"]]))
    assert "KH-5" not in found(db, CUSTOMERS)


@pytest.mark.parametrize("keys", [("ＨＢ-900", "HB-900"), ("HB-900", " HB-900 "), ("①", "1"), ("HB-900", "HB-900")])
def test_rows_whose_keys_are_one_when_tidied_are_named(db: Database, keys: tuple[str, str]) -> None:
    with pytest.raises(InvalidSheet) as refused:
        take(db, workbook([ROWS[0], *([key, "甲厂", "单位"] for key in keys)]))
    [problem] = refused.value.problems
    assert problem.line == 3
    assert "与第 2 行重复" in problem.zh and "is row 2 again" in problem.en
    assert found(db, CUSTOMERS) == []


@pytest.mark.parametrize("key", [".", "..", "new", "Import", "K　1", "K\u200b1", "a/b", "K" * 61])
def test_a_key_that_no_address_can_hold_is_no_key_of_a_sheet_either(db: Database, key: str) -> None:
    with pytest.raises(InvalidSheet) as refused:
        take(db, workbook([ROWS[0], [key, "甲厂", "单位"], ["KH-2", "乙厂", "单位"]]))
    assert [problem.line for problem in refused.value.problems] == [2]
    assert found(db, CUSTOMERS) == []


def test_a_key_of_a_sheet_finds_the_record_it_is_when_tidied(db: Database) -> None:
    save(db, CUSTOMERS, {**MILL, "number": "HB-900"})
    assert take(db, workbook([ROWS[0], ["ＨＢ-900", "新名", "单位"]])) == Imported(0, 1)
    assert found(db, CUSTOMERS) == ["HB-900"]
