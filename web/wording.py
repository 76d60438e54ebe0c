"""What a process calls its variables: the labels and texts of the forms that ask for them, else the bare names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.bpmn import Definition
from engine.forms import Form, alone
from engine.forms.formats import plain
from web.decision_names import names_of
from web.language import in_language, language
from web.services import services
from web.sheet import Sheet

Rows = list[tuple[str, str]]
"""Labels and texts, in the reader's language."""


class Wording:
    """The words of one version of a process."""

    def __init__(self, definition: Definition) -> None:
        self._diagram = definition.diagram
        self._names = names_of(definition)
        forms = {node_id: definition.form(node_id) for node_id in definition.diagram.nodes}
        self._forms = {node_id: form for node_id, form in forms.items() if form}

    def rows(self, values: Mapping[str, Any], node_id: str | None = None) -> Rows:
        """All the values in words; the form of `node_id`, where they come from, has the first say."""
        left = dict(values)
        found: Rows = []
        for form in self._in_order(node_id):
            told = {key: left.pop(key) for key in form.keys if key in left}
            found += Sheet(form).said(told) if told else []
        for name, value in left.items():
            found += self._results(name, value) or [(name, self.text(value))]
        return found

    def _results(self, name: str, value: Any) -> Rows:
        """What a step keeps together under one name: the answers of its form, or what a decision came to."""
        for node in self._diagram.nodes.values():
            if node.result != name or not isinstance(value, dict):
                continue
            title = in_language(node.name, node.name_en)
            if node.id in self._forms:
                return [(f"{title} · {label}", text) for label, text in Sheet(self._forms[node.id]).said(value)]
            if node.decision:
                told = self._names.result(node.decision, value, self.text)
                return [(f"{title} · {label}", text) for label, text in told]
        return []

    def order(self, name: str) -> tuple[int, str]:
        """Where a variable stands among the fields of all forms; what no form asks comes last."""
        keys = dict.fromkeys(key for form in self._in_order(None) for key in form.keys)
        return (list(keys).index(name), "") if name in keys else (len(keys), name)

    def field(self, name: str) -> Form | None:
        """The form that asks one variable alone, where people type it."""
        found = (alone(form, name) for form in self._in_order(None))
        return next((form for form in found if form), None)

    def results(self) -> set[str]:
        """The variables of decisions, whose reasons say more, and of cases it called or opened, which have pages."""
        nodes = self._diagram.nodes.values()
        told = (node for node in nodes if node.decision or node.called or node.handler == "open_case")
        return {node.result for node in told if node.result}

    def text(self, value: Any) -> str:
        """A value that no form knows, in words."""
        return plain(value, language(), services().zone) or "—"

    def _in_order(self, node_id: str | None) -> Iterator[Form]:
        if node_id in self._forms:
            yield self._forms[node_id]
        yield from (form for other, form in self._forms.items() if other != node_id)
