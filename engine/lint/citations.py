"""Cited clauses exist and expect this process; every task says which clause it carries out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from engine.bpmn import Definition
from engine.errors import Problem
from engine.lint.context import LintContext

TASKS = frozenset(
    {
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "scriptTask",
        "callActivity",
    }
)


def citations(definition: Definition, context: LintContext) -> Iterator[Problem]:
    """Unknown clauses are errors; clauses of other processes, uncited tasks and unfulfilled clauses are warnings."""
    diagram, register = definition.diagram, context.register
    cited: set[str] = set(diagram.clauses)
    places = [(diagram.key, diagram.line, diagram.clauses)]
    places += [(item.id, item.line, item.clauses) for item in diagram.elements()]
    for element, line, clauses in places:
        cited.update(clauses)
        for clause_id in clauses:
            clause = register.clause(clause_id)
            if clause is None:
                yield _problem(definition, element, line, f"引用的条款 {clause_id} 不存在",
                               f"cites clause {clause_id}, which does not exist", "error")  # fmt: skip
            elif diagram.key not in clause.process:
                yield _problem(definition, element, line, f"条款 {clause_id} 没有指定由本流程执行",
                               f"cites clause {clause_id}, which does not name this process", "warning")  # fmt: skip
    for node in diagram.nodes.values():
        if node.type in TASKS and not node.clauses:
            yield _problem(definition, node.id, node.line, f"“{node.name}”没有引用条款",
                           f"“{node.name_en or node.name}” cites no clause", "warning")  # fmt: skip
    for clause in register.naming(diagram.key):
        if clause.id not in cited:
            yield _problem(definition, diagram.key, diagram.line, f"条款 {clause.id} 指定本流程执行，但没有元素引用它",
                           f"clause {clause.id} names this process, but no element cites it", "warning")  # fmt: skip


def _problem(
    definition: Definition, element: str, line: int, zh: str, en: str, severity: Literal["error", "warning"]
) -> Problem:
    return Problem("citations", element, zh, en, line, file=definition.bpmn_path, severity=severity)
