"""Decision tasks name a decision that exists, and the decision model itself holds."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import Definition
from engine.decisions import check
from engine.errors import Problem
from engine.lint.context import LintContext


def decisions(definition: Definition, *args: LintContext) -> Iterator[Problem]:
    """A missing decision is an error; gaps, overlaps and types are as `engine.decisions` judges them."""
    model = definition.decisions
    for node in definition.diagram.nodes.values():
        if node.decision and (model is None or node.decision not in model.names()):
            yield Problem(
                "decisions",
                node.id,
                f"“{node.name}”引用的决策“{node.decision}”不在 processes/{definition.key}.dmn 中",
                f"“{node.name_en or node.name}” names the decision “{node.decision}”, "
                f"which is not in processes/{definition.key}.dmn",
                node.line,
                file=definition.bpmn_path,
            )
    if model is not None:
        yield from check(model)
