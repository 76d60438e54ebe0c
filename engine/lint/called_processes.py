"""Every call activity names a process that exists."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import Definition
from engine.errors import Problem
from engine.lint.context import LintContext


def called_processes(definition: Definition, context: LintContext) -> Iterator[Problem]:
    """An unknown `calledElement` is an error."""
    for node in definition.diagram.nodes.values():
        if node.called and node.called != definition.key and node.called not in context.processes:
            yield Problem(
                "called_processes",
                node.id,
                f"“{node.name}”要启动的流程“{node.called}”不存在",
                f"“{node.name_en or node.name}” calls the process “{node.called}”, which does not exist",
                node.line,
                file=definition.bpmn_path,
            )
