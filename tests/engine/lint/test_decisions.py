"""Decisions: the named one exists, and the model holds."""

from __future__ import annotations

from engine.clauses import Register
from tests.engine.lint.bundles import changed, found, without

DMN = "processes/price_approval.dmn"


def test_a_decision_that_is_not_in_the_model_is_an_error(register: Register) -> None:
    [problem] = found(changed('cf:decision="authority"', 'cf:decision="nobody"'), register, "decisions")

    assert (problem.severity, problem.where) == ("error", "authority")
    assert "nobody" in problem.en


def test_a_missing_decision_file_is_an_error_at_every_decision_task(register: Register) -> None:
    problems = found(without(DMN), register, "decisions")

    assert sorted(problem.where for problem in problems) == ["authority", "waiver_authority"]
