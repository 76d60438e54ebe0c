"""Titles of cases say what people chose, not how it is stored."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from cli.content import bundle
from engine.actor import SYSTEM
from engine.bpmn import State
from engine.clauses import Register
from engine.commands import deploy_definition, rebuild, start_instance
from engine.database import Database
from engine.history.titles import titles
from engine.lint import LintContext
from engine.proving.reexecute import verify
from engine.tables import instances
from tests.product import START, person

PENALTY = bundle("reward_penalty")
GIVEN = {"person": "技术员蒋某", "matter": "attitude", "rule_set": "sc", "facts": "顶撞客户", "severity": "minor"}


def titled(title: str, **variables: str) -> dict[str, str]:
    return titles(PENALTY, State(title=title, variables={"": dict(variables)}))


def test_a_choice_has_its_words_in_both_languages():
    found = titled("蒋某 · attitude", person="蒋某", matter="attitude")
    assert found == {"title": "蒋某 · 服务态度", "title_en": "蒋某 · Attitude"}


def test_a_name_that_holds_the_code_keeps_its_letters():
    found = titled("Mr attitudes · attitude", person="Mr attitudes", matter="attitude")
    assert found["title"] == "Mr attitudes · 服务态度"


def test_titles_without_choices_are_the_same_for_everybody():
    state = State(title="南川机车厂 · LY-315", variables={"": {"customer": "南川机车厂"}})
    assert titles(bundle("price_approval"), state) == {"title": "南川机车厂 · LY-315", "title_en": ""}


@pytest.fixture
def penalty(db: Database, register: Register) -> str:
    """The number of a case whose title holds a choice."""
    deploy_definition(db, SYSTEM, START, "reward_penalty", PENALTY.files, LintContext(register))
    return start_instance(db, person("冯", process="reward_penalty"), START, "reward_penalty", GIVEN).number


def stored(db: Database) -> tuple[str, str]:
    with db.reading() as session:
        return tuple(session.execute(select(instances.c.title, instances.c.title_en)).one())


def test_a_case_is_stored_with_its_words_and_its_history_still_proves(db, penalty, tmp_path):
    assert stored(db) == ("技术员蒋某 · 服务态度", "技术员蒋某 · Attitude")
    with db.reading() as session:
        assert verify(session, penalty, tmp_path / "anchors").reexecution.ok


def test_rebuilding_makes_the_words_again(db, penalty):
    db.write(lambda session: session.execute(update(instances).values(title="x", title_en="y")))
    rebuild(db, penalty)
    assert stored(db) == ("技术员蒋某 · 服务态度", "技术员蒋某 · Attitude")
