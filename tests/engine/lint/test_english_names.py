"""English names: whatever people read has one."""

from __future__ import annotations

from engine.clauses import Register
from tests.engine.lint.bundles import changed, found


def test_a_name_without_an_english_one_is_a_warning(register: Register) -> None:
    [problem] = found(changed(' cf:nameEn="Calculate the service cost"', ""), register, "english_names")

    assert (problem.severity, problem.where) == ("warning", "finance_costing")
    assert "核算服务成本" in problem.zh


def test_a_task_without_a_name_is_an_error(register: Register) -> None:
    problems = found(changed(' name="核算服务成本"', ""), register, "english_names")

    assert ("error", "finance_costing") in [(p.severity, p.where) for p in problems]
