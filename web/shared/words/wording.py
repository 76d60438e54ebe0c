"""What a process calls its variables: by forms that ask for them, its data objects, or the steps that write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from engine.bpmn import Definition
from engine.forms import Form, alone
from engine.forms.draw.display import shown
from engine.forms.formats import joined, own_half, plain
from engine.forms.kinds.choice import ChoiceSettings
from engine.forms.model import Component
from engine.forms.scope import FormScope
from engine.history.definitions import NoSuchProcess, in_force
from web.shared.forms.sheet import Sheet, form_environment
from web.shared.language import in_language, language
from web.shared.services import services
from web.shared.words.decision_names import names_of
from web.shared.words.role_names import name_of_address
from web.shared.zone import company_zone

Rows = list[tuple[str, str]]
"""Labels and texts, in the reader's language."""


class Wording:
    """The words of one version of a process. What nothing names is nothing that people read."""

    def __init__(self, definition: Definition) -> None:
        self._diagram = definition.diagram
        self._names = names_of(definition)
        forms = {node_id: definition.form(node_id) for node_id in definition.diagram.nodes}
        self._forms = {node_id: form for node_id, form in forms.items() if form}

    def rows(self, values: Mapping[str, Any], node_id: str | None = None) -> Rows:
        """All the values in words; the form of `node_id`, where they come from, has the first say."""
        asking = {name: self._asking(name, value, node_id) for name, value in values.items()}
        found: Rows = []
        for form in self._in_order(node_id):
            told = {name: values[name] for name, asked in asking.items() if asked is form}
            found += Sheet(form).said(told) if told else []
        for name, value in values.items():
            if asking[name] is None:
                found += self._results(name, value) or self._named(name, value)
        return found

    def _asking(self, name: str, value: Any, node_id: str | None) -> Form | None:
        """The form that has a label for a variable; of several the first that has a word for its value."""
        named = [form for form in self._in_order(node_id) if _labelled(form.level.by_key.get(name))]
        return next((form for form in named if _has_word(form.level.by_key[name], value)), named[0] if named else None)

    def name(self, name: str) -> str:
        """What a variable is called that no form asks for: by its data object, else by the step that writes it."""
        data = self._diagram.data.get(name)
        if data and data.name:
            return in_language(data.name, data.name_en)
        for node in self._diagram.nodes.values():
            of_loop = (node.loop.item, node.loop.output_collection) if node.loop else ()
            if name in (node.result, *of_loop):
                return in_language(node.name, node.name_en)
        return _("第几项") if name == "loopCounter" else ""

    def _named(self, name: str, value: Any) -> Rows:
        label = self.name(name)
        return [(label, self.text(value))] if label else []

    def _results(self, name: str, value: Any) -> Rows:
        """What a step keeps together: the answers of its form, a called case, what a decision came to."""
        for node in self._diagram.nodes.values():
            if node.result != name or value is None:
                continue
            title = in_language(node.name, node.name_en)
            if node.decision:
                return _under(title, self._names.result(node.decision, value, self.text))
            if isinstance(value, dict) and node.id in self._forms:
                return _under(title, Sheet(self._forms[node.id]).said(value))
            if isinstance(value, dict) and node.called and (called := _in_force(node.called)):
                return _under(title, Wording(called).rows(value))
        return []

    def order(self, name: str) -> tuple[int, str]:
        """Where a variable stands among the fields of all forms; what no form asks comes last."""
        keys = dict.fromkeys(key for form in self._in_order(None) for key in form.keys)
        return (list(keys).index(name), "") if name in keys else (len(keys), name)

    def field(self, name: str) -> Form | None:
        """The form that asks one variable alone, where people type it."""
        named = (form for form in self._in_order(None) if _labelled(form.level.by_key.get(name)))
        return next(filter(None, (alone(form, name) for form in named)), None)

    def outcomes(self, name: str) -> dict[str, str]:
        """What a decision of one output may come to: its codes, and what they are called."""
        decisions = {node.decision for node in self._diagram.nodes.values() if node.result == name and node.decision}
        outputs = [output for key in decisions for output in self._names.outputs.get(key, {}).values()]
        return {code: in_language(*both) for code, both in outputs[0].words.items()} if len(outputs) == 1 else {}

    def results(self) -> set[str]:
        """The variables of decisions, whose reasons say more, and of cases it called or opened, which have pages."""
        nodes = self._diagram.nodes.values()
        told = (node for node in nodes if node.decision or node.called or node.handler == "open_case")
        return {node.result for node in told if node.result}

    def text(self, value: Any) -> str:
        """A value that no form asks as a whole, in words."""
        return self._plain(value) or "—"

    def process_name(self, key: str) -> str:
        """What another process is called."""
        found = _in_force(key)
        return in_language(found.diagram.name, found.diagram.name_en) if found else _("没有部署的流程")

    def _plain(self, value: Any) -> str:
        if isinstance(value, list):
            parts = [self._plain(item) for item in value]
            return _apart(parts) if any(isinstance(item, dict) for item in value) else joined(parts, language())
        if isinstance(value, dict) and value.keys() != {"zh", "en"}:
            return joined([self._part(key, part) for key, part in value.items()], language())
        if isinstance(value, str):
            return own_half(name_of_address(value), language())
        return plain(value, language(), company_zone())

    def _part(self, key: str, value: Any) -> str:
        """One part of a context: with its name where a field or a data object of that name tells it."""
        field = self._fields.get(key)
        if field is not None and field.row is None:
            text = shown(field, value, FormScope({}, form_environment()), language())
        else:
            text = self._plain(value)
        label = field.label.text(language()) if field else self.name(key)
        return _("%(label)s：%(text)s", label=label, text=text) if label and text else text

    @cached_property
    def _fields(self) -> dict[str, Component]:
        """Every labelled field, those of rows too, by its key; of several the first."""
        found: dict[str, Component] = {}
        for form in self._forms.values():
            for field in form.fields:
                for one in (field, *(field.row.fields if field.row else ())):
                    if _labelled(one):
                        found.setdefault(one.key, one)
        return found

    def _in_order(self, node_id: str | None) -> Iterator[Form]:
        if node_id in self._forms:
            yield self._forms[node_id]
        yield from (form for other, form in self._forms.items() if other != node_id)


def _labelled(field: Component | None) -> bool:
    return field is not None and bool(field.label.zh)


def _has_word(field: Component, value: Any) -> bool:
    """Whether a choice offers the value, so that it has a word; other fields write values as they are."""
    offered = field.settings.fixed if isinstance(field.settings, ChoiceSettings) and not field.settings.given else None
    return not offered or not isinstance(value, str) or value in offered


def _under(title: str, told: Rows) -> Rows:
    return [(f"{title} · {label}" if label else title, text) for label, text in told]


def _apart(parts: list[str]) -> str:
    return ("；" if language() == "zh" else "; ").join(filter(None, parts))


def _in_force(key: str) -> Definition | None:
    """The version in force of another process: its words are those people know."""
    with services().db.reading() as session:
        try:
            return in_force(session, key).definition
        except NoSuchProcess:
            return None
