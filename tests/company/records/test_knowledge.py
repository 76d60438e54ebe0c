"""Solutions of similar troubles: found by what two descriptions share, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from company.records.kinds import RECORD_KINDS
from company.records.knowledge import pairs, similar_solutions
from company.records.save import save_record, set_archived
from engine import forms
from engine.actor import Actor
from engine.database import Database
from tests.product import START

pytest_plugins = ["tests.accounts"]
KNOWLEDGE = RECORD_KINDS["knowledge"]
Write = Callable[..., str]


@pytest.fixture
def write(staffed: Database, actor: Callable[[str], Actor]) -> Write:
    """Write a solution down; its key."""

    def save(problem: str, **values: Any) -> str:
        whole = {"kind": "fault", "title": problem[:20], "problem": problem, "solution": "更换", **values}
        return save_record(staffed, actor("lin"), START, KNOWLEDGE, whole, forms.FormEnvironment(now=START))

    return save


def found(db: Database, text: str) -> list[str]:
    with db.reading() as session:
        return [solution.key for solution in similar_solutions(session, text)]


def test_the_likest_comes_first(staffed: Database, write: Write) -> None:
    write("显示屏不亮，指示灯正常")
    near = write("保压阶段压力缓慢下降，主缸无外漏")
    nearest = write("轮对压装机保压阶段压力下降")

    assert found(staffed, "保压阶段压力下降，轮对压装机报警") == [nearest, near]


def test_two_words_that_happen_to_be_there_are_not_enough(staffed: Database, write: Write) -> None:
    write("显示屏不亮，指示灯正常")

    assert found(staffed, "主缸密封圈老化以后液压油从活塞杆一侧渗出，指示灯正在闪") == []


def test_letters_count_in_either_case(staffed: Database, write: Write) -> None:
    key = write("PLC alarm E42 on start")

    assert found(staffed, "plc ALARM e42") == [key]


def test_a_solution_put_away_is_not_suggested(staffed: Database, write: Write, actor: Callable[[str], Actor]) -> None:
    key = write("保压阶段压力下降")
    set_archived(staffed, actor("lin"), START, KNOWLEDGE, key, archived=True)

    assert found(staffed, "保压阶段压力下降") == []


@pytest.mark.parametrize("text", ["", "漏", "漏油", "%_%_%_%", "\0\0\0\0"])
def test_too_little_to_go_by_finds_nothing(staffed: Database, write: Write, text: str) -> None:
    write("漏油 100% 严重")

    assert found(staffed, text) == []


def test_pairs_cross_no_gap_and_stay_few() -> None:
    assert pairs("漏油，A1") == ["漏油", "a1"]
    assert len(pairs("".join(map(chr, range(0x4E00, 0x4F00))))) == 60
