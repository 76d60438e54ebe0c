"""Forms and tasks belong together: every user task has a form, every form file a node."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import Definition
from engine.errors import Problem
from engine.forms import lint
from engine.lint.context import LintContext
from engine.lint.variables import set_somewhere


def forms(definition: Definition, *args: LintContext) -> Iterator[Problem]:
    """A user task without its form and whatever a form reports about itself; a form no node uses is a warning."""
    nodes = definition.diagram.nodes
    used = {definition.form_path(node_id) for node_id in nodes}
    for node in nodes.values():
        if node.type == "userTask" and definition.form(node.id) is None:
            path = f"forms/{definition.key}/{node.form or node.id}.form"
            yield Problem("forms", node.id, f"“{node.name}”没有表单：缺少 {path}",
                          f"“{node.name_en or node.name}” has no form: {path} is missing", node.line,
                          file=definition.bpmn_path)  # fmt: skip
    for path in sorted(path for path in definition.files if path.endswith(".form") and path not in used):
        yield Problem("forms", path, "没有节点使用这份表单", "no node uses this form", file=path, severity="warning")
    known = set_somewhere(definition)
    for path in sorted(path for path in used if path):
        node_id = next(node_id for node_id in nodes if definition.form_path(node_id) == path)
        form = definition.form(node_id)
        assert form is not None
        yield from lint(form, known)
