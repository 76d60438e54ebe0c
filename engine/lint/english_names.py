"""Whatever people read on the diagram has an English name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from engine.bpmn import Definition
from engine.errors import Problem
from engine.lint.context import LintContext


def english_names(definition: Definition, *args: LintContext) -> Iterator[Problem]:
    """A named process, lane, node or flow without `cf:nameEn` is a warning; a task without any name an error."""
    diagram = definition.diagram
    named = [(diagram.key, diagram.line, diagram.name, diagram.name_en)]
    named += [(lane.id, diagram.line, lane.name, lane.name_en) for lane in diagram.lanes.values()]
    named += [(i.id, i.line, i.name, i.name_en) for i in diagram.elements()]
    for element, line, name, name_en in named:
        if name and not name_en:
            yield _problem(definition, element, line, f"“{name}”没有英文名（cf:nameEn）",
                           f"“{name}” has no English name (cf:nameEn)", "warning")  # fmt: skip
    for node in diagram.nodes.values():
        if node.type.endswith("Task") and not node.name:
            yield _problem(definition, node.id, node.line, "任务没有名称", "the task has no name", "error")


def _problem(
    definition: Definition, element: str, line: int, zh: str, en: str, severity: Literal["error", "warning"]
) -> Problem:
    return Problem("english_names", element, zh, en, line, file=definition.bpmn_path, severity=severity)
