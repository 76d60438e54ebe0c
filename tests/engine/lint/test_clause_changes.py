"""Clauses and the elements that cite them: a change of one alone is a warning, of both or of names it is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cli.content import bundle
from engine.actor import SYSTEM
from engine.bpmn import Definition
from engine.clauses import Register
from engine.commands import deploy_definition
from engine.database import Database
from engine.errors import Problem
from engine.history.definitions import Deployed
from engine.history.deployments import PutInForce, last_deployments
from engine.lint import LintContext, lint
from tests.engine.lint.bundles import changed
from tests.product import START

KEY = "price_approval"
COSTED_BY = 'cf:notSameAs="draft_price"'
Judge = Callable[[Definition, Register], list[Problem]]


def reworded(register: Register, clause_id: str, **words: str) -> Register:
    """The register with one clause saying something else."""
    clause = replace(register.clauses[clause_id], **words)
    return replace(register, clauses={**register.clauses, clause_id: clause})


@pytest.fixture
def judge(register: Register) -> Judge:
    """What the rule says of a definition, against the shipped one in force under the shipped register."""
    digests = {clause.id: clause.digest for clause in register.clauses.values()}
    in_force = PutInForce(Deployed(1, 4, bundle(KEY)), START, digests)

    def found(definition: Definition, now: Register) -> list[Problem]:
        problems = lint(definition, LintContext(now, in_force=in_force))
        return [problem for problem in problems if problem.rule == "clause_changes"]

    return found


def test_nothing_changed_is_no_remark(judge: Judge, register: Register) -> None:
    assert judge(bundle(KEY), register) == []


def test_a_first_version_is_compared_with_nothing(register: Register) -> None:
    assert [p for p in lint(bundle(KEY), LintContext(register)) if p.rule == "clause_changes"] == []


@pytest.mark.parametrize("words", [{"text": "财务部须在一天内核算服务成本。"}, {"open": "取读法：另作规定。"}])
def test_a_clause_that_changed_alone_is_named_at_each_element_that_cites_it(
    judge: Judge, register: Register, words: dict[str, str]
) -> None:
    problems = judge(bundle(KEY), reworded(register, "bk-12", **words))

    citing = {element.id for element in bundle(KEY).diagram.elements() if "bk-12" in element.clauses}
    assert {problem.where for problem in problems} == citing
    assert "finance_costing" in citing
    assert all(problem.severity == "warning" and problem.line for problem in problems)
    assert all("bk-12" in problem.en and "version 4" in problem.en for problem in problems)


def test_a_better_translation_is_no_change(judge: Judge, register: Register) -> None:
    assert judge(bundle(KEY), reworded(register, "bk-12", text_en="Said better.", open_en="Read better.")) == []


@pytest.mark.parametrize(
    "old, new, path, where, part",
    [
        ("1000", "1200", f"processes/{KEY}.dmn", None, "decision"),
        (COSTED_BY, COSTED_BY + ' cf:due="P1D"', f"processes/{KEY}.bpmn", "finance_costing", "due time"),
        ('"maxLength": ', '"maxLength": 1', f"forms/{KEY}/finance_costing.form", "finance_costing", "form"),
    ],
)
def test_an_element_that_changed_alone_is_named_with_what_changed(
    judge: Judge, register: Register, old: str, new: str, path: str, where: str | None, part: str
) -> None:
    problems = judge(changed(old, new, path), register)

    assert problems
    assert {problem.where for problem in problems} == {where} or where is None
    assert all(part in problem.en for problem in problems)


def test_a_name_is_no_meaning(judge: Judge, register: Register) -> None:
    assert judge(changed('name="核算服务成本"', 'name="核算成本"'), register) == []


def test_a_changed_citation_was_looked_at(judge: Judge, register: Register) -> None:
    element = changed('cf:clauses="bk-5 bk-12"', 'cf:clauses="bk-5 bk-12 bk-40"')

    now = reworded(register, "bk-5", text="改了。")
    assert "finance_costing" not in {problem.where for problem in judge(element, now)}


def test_clause_and_element_changed_together_are_no_remark(judge: Judge, register: Register) -> None:
    form = changed('"maxLength": ', '"maxLength": 1', f"forms/{KEY}/finance_costing.form")

    where = {problem.where for problem in judge(form, reworded(register, "bk-12", text="改了。"))}

    assert "finance_costing" not in where
    assert where, "the other elements that cite it stayed behind"


def test_a_deploy_remembers_the_clauses_and_warns_at_the_next(db: Database, register: Register) -> None:
    def deploy(definition: Definition, now: Register) -> list[str]:
        done = deploy_definition(db, SYSTEM, START, KEY, definition.files, LintContext(now))
        return [problem.where for problem in done.warnings if problem.rule == "clause_changes"]

    later = reworded(register, "bk-12", text="改了。")
    assert deploy(bundle(KEY), register) == []
    assert "finance_costing" in deploy(bundle(KEY), later)
    assert "finance_costing" in deploy(bundle(KEY), later), "the same content takes note of nothing"
    renamed = changed('name="核算服务成本"', 'name="核算成本"')
    assert "finance_costing" in deploy(renamed, later)
    assert deploy(renamed, later) == [], "a deploy of something new took note of the clause"
    with db.reading() as session:
        now, before = last_deployments(session, KEY, 5)
    assert (now.deployed.version, before.deployed.version) == (2, 1)
    assert now.clauses["bk-12"] == later.clauses["bk-12"].digest != before.clauses["bk-12"]
