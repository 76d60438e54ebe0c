"""Called processes exist."""

from __future__ import annotations

from pathlib import Path

from engine.bpmn import Definition
from engine.clauses import Register
from engine.lint import LintContext, lint

CALL = Path(__file__).parents[2] / "diagrams" / "a_call_activity_asks_for_a_child_and_goes_on_with_its_end.bpmn"


def test_a_process_that_does_not_exist_cannot_be_called(register: Register) -> None:
    data = CALL.read_bytes()
    key = data.split(b'<bpmn:process id="', 1)[1].split(b'"', 1)[0].decode()
    definition = Definition(key, {f"processes/{key}.bpmn": data})
    call = next(node for node in definition.diagram.nodes.values() if node.called)

    [problem] = [p for p in lint(definition, LintContext(register)) if p.rule == "called_processes"]

    assert (problem.severity, problem.where) == ("error", call.id)
    assert str(call.called) in problem.zh
    known = LintContext(register, processes={str(call.called)})
    assert [p for p in lint(definition, known) if p.rule == "called_processes"] == []
