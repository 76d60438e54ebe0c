"""Citations: clauses exist, expect this process, and are all carried out."""

from __future__ import annotations

from cli.content import bundle
from engine.bpmn import Definition
from engine.clauses import Register
from tests.engine.lint.bundles import BPMN, changed, found


def test_a_clause_that_does_not_exist_is_an_error_with_element_and_line(register: Register) -> None:
    [problem, *_] = found(changed('cf:clauses="bk-5 bk-12"', 'cf:clauses="bk-5 bk-999"'), register, "citations")

    assert (problem.severity, problem.where) == ("error", "finance_costing")
    assert problem.line is not None
    assert "bk-999" in problem.zh
    assert "bk-999" in problem.en


def test_a_clause_of_another_process_is_a_warning(register: Register) -> None:
    problems = found(changed('cf:clauses="bk-5 bk-12"', 'cf:clauses="bk-5 bk-12 bk-8"'), register, "citations")

    assert [(p.severity, p.where) for p in problems] == [("warning", "finance_costing")]


def test_a_task_that_cites_nothing_is_a_warning(register: Register) -> None:
    problems = found(changed('cf:clauses="bk-5 bk-12" cf:d', "cf:d"), register, "citations")

    assert [(p.severity, p.where) for p in problems] == [("warning", "finance_costing")]


def test_a_clause_nobody_carries_out_is_a_warning(register: Register) -> None:
    files = dict(bundle("price_approval").files)
    files[BPMN] = files[BPMN].replace(b"bk-40", b"bk-12")

    problems = found(Definition("price_approval", files), register, "citations")

    assert [(p.severity, p.where) for p in problems] == [("warning", "price_approval")]
    assert "bk-40" in problems[0].en
