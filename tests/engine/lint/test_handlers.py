"""Handlers: every job names one that exists."""

from __future__ import annotations

from pathlib import Path

from engine.bpmn import Definition
from engine.clauses import Register
from engine.lint import LintContext, lint

DIAGRAMS = Path(__file__).parents[2] / "diagrams"
JOB = "a_job_waits_for_its_handler_and_writes_what_it_brings"


def test_a_handler_that_does_not_exist_is_an_error_and_the_known_ones_are_named(register: Register) -> None:
    data = (DIAGRAMS / f"{JOB}.bpmn").read_bytes()
    key = data.split(b'<bpmn:process id="', 1)[1].split(b'"', 1)[0].decode()
    definition = Definition(key, {f"processes/{key}.bpmn": data})
    named = next(node for node in definition.diagram.nodes.values() if node.handler)

    problems = [p for p in lint(definition, LintContext(register, {"mail"})) if p.rule == "handlers"]

    assert [(p.severity, p.where) for p in problems] == [("error", named.id)]
    assert "mail" in problems[0].zh
    known = LintContext(register, {str(named.handler)})
    assert [p for p in lint(definition, known) if p.rule == "handlers"] == []
