"""Forms: every user task has one, every file a task."""

from __future__ import annotations

from engine.bpmn import Definition
from engine.clauses import Register
from engine.lint import LintContext, lint
from tests.engine.lint.bundles import changed, found, without


def test_a_user_task_without_its_form_is_an_error_that_names_the_file(register: Register) -> None:
    [problem] = found(without("forms/price_approval/negotiate.form"), register, "forms")

    assert (problem.severity, problem.where) == ("error", "negotiate")
    assert "forms/price_approval/negotiate.form" in problem.zh


def test_a_form_no_node_uses_is_a_warning(register: Register) -> None:
    files = dict(without("forms/price_approval/apply.form").files)
    spare = "forms/price_approval/spare.form"
    files[spare] = b'{"type":"default","schemaVersion":18,"components":[]}'

    problems = found(Definition("price_approval", files), register, "forms")

    assert ("warning", spare) in [(p.severity, p.file) for p in problems]


def test_a_form_that_cannot_be_read_is_refused_with_its_file(register: Register) -> None:
    path = "forms/price_approval/negotiate.form"
    definition = changed('"components"', '"compo', path)

    problems = lint(definition, LintContext(register))
    assert [(p.severity, p.file) for p in problems] == [("error", path)]
