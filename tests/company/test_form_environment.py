"""What a form may pick from and refer to depends on who fills it in, page or no page."""

from __future__ import annotations

from typing import Any

import pytest

from company.form_environment import form_environment
from company.records.kinds import RECORD_KINDS
from company.records.save import save_record
from demo import people as demo
from engine.actor import Actor
from engine.database import Database
from tests.product import START

CLERK = Actor("bai", "白小鹿", frozenset({"records:customers", "edit:customers"}))
MILL: dict[str, Any] = {"name": "金穗面粉厂", "type": "company", "phone": "010-5550 1234", "purchases": 2}


def picked(db: Database, actor: Actor | None, name: str, searched: str = "") -> list[str]:
    return [option.label.zh for option in form_environment(db, actor).sources[name](searched)]


def test_records_are_offered_to_whoever_reads_their_kind_alone(db: Database) -> None:
    customers = RECORD_KINDS["customers"]
    save_record(db, CLERK, START, customers, MILL, form_environment(db, CLERK))

    assert picked(db, CLERK, "customers", "面粉") == ["金穗面粉厂"]
    assert picked(db, Actor("wu"), "customers", "面粉") == []
    assert picked(db, None, "customers", "面粉") == []


def test_people_are_offered_all_or_those_of_a_lane(db: Database) -> None:
    demo.load_people(db, START)
    finance = picked(db, CLERK, "people/finance")

    assert finance
    assert set(finance) < set(picked(db, CLERK, "people"))


def test_no_other_list_is_known(db: Database) -> None:
    sources = form_environment(db, CLERK).sources

    assert set(sources) == {"people", *RECORD_KINDS}
    for unknown in ("people/", "people/\n", "sessions", "customers/x"):
        with pytest.raises(KeyError):
            sources[unknown]


def test_a_stranger_has_no_files(db: Database) -> None:
    assert form_environment(db, None).files is None
