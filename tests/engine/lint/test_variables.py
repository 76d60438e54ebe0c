"""Variables: expressions read what something sets."""

from __future__ import annotations

from engine.clauses import Register
from tests.engine.lint.bundles import changed, found


def test_a_misspelt_name_in_a_condition_is_a_warning_that_names_it(register: Register) -> None:
    [problem] = found(changed('>costing_result = "costed"<', '>costing_resullt = "costed"<'), register, "variables")

    assert (problem.severity, problem.where) == ("warning", "costing_passed")
    assert "costing_resullt" in problem.zh
    assert problem.line is not None
