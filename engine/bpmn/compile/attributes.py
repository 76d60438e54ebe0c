"""Texts of a diagram -> compiled formulas, deadlines and keys; what does not compile is a finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from engine import feel
from engine.bpmn.diagram import Diagram, Event, Flow, Node
from engine.bpmn.expressions import Formula, named
from engine.bpmn.read.elements import is_count
from engine.bpmn.read.findings import Findings
from engine.bpmn.run.tasks import MOST_PRIORITY
from engine.bpmn.run.timers import Cycle, Moment
from engine.bpmn.run.triggers import Trigger
from engine.xml import Element

_NAME: Final = re.compile(r"\w+")
_TIMERS: Final = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}


class AttributeCompiler:
    """Compiles the attributes of one diagram's elements."""

    def __init__(self, diagram: Diagram, process: Element, findings: Findings) -> None:
        self.diagram = diagram
        self.process = process
        self.findings = findings

    def title(self) -> Formula | None:
        """The formula of the case's title."""
        return self._compiled(self.process, {"node": self.diagram.key}, "cf:title", self.diagram.title)

    def condition(self, flow: Flow) -> Formula | None:
        """The condition of a sequence flow."""
        source = named(self.diagram.nodes[flow.source])
        return self._compiled(flow, source, f"conditionExpression ({flow.id})", flow.condition)

    def formula(self, node: Node, name: str, text: str | None) -> Formula | None:
        """A text that is always FEEL, with or without `=`."""
        return self._compiled(node, named(node), name, text and text.removeprefix("="))

    def marked(self, node: Node, name: str, text: str | None) -> Formula | str | None:
        """A text of ours: FEEL behind `=`, anything else literal."""
        return self.formula(node, name, text) if text and text.startswith("=") else text

    def only_formula(self, node: Node, name: str, text: str | None) -> Formula | None:
        """A text that must be FEEL behind `=`."""
        found = self.marked(node, name, text)
        if isinstance(found, str):
            self._wrong(node, name, found, "以 = 开头的 FEEL", "FEEL behind `=`")
            return None
        return found

    def priority(self, node: Node) -> Formula | int:
        """`cf:priority`, 0 where there is none."""
        found = self.marked(node, "cf:priority", node.priority or "0")
        if not isinstance(found, str):
            return found or 0
        if is_count(found.removeprefix("-")) and abs(int(found)) <= MOST_PRIORITY:
            return int(found)
        most = f"-{MOST_PRIORITY} … {MOST_PRIORITY}"
        self._wrong(node, "cf:priority", found, f" {most} 的整数或 FEEL", f"a whole number ({most}) or FEEL")
        return 0

    def due(self, node: Node) -> Moment | None:
        """`cf:due`, a moment or a duration from when the element is entered."""
        found = self._timer(node, "cf:due", node.due, Moment)
        assert not isinstance(found, Cycle)
        return found

    def trigger(self, node: Node) -> Trigger:
        """What a catching node waits for."""
        event = node.event
        assert event is not None
        timer = self._time(node, event) if event.kind == "timer" else None
        return Trigger(event, self.only_formula(node, "cf:key", node.key), timer)

    def start_timer(self, node: Node) -> Moment | Cycle | None:
        """When the clock starts the process; there is no case yet, so no variable can be read."""
        assert node.event is not None
        found = self._time(node, node.event)
        if found is not None and isinstance(found.source, Formula):
            for name in sorted(found.source.expression.names):
                self.findings.add("bpmn-start-reads", node, name=_TIMERS[node.event.timer], text=name)
        return found

    def _time(self, node: Node, event: Event) -> Moment | Cycle | None:
        kind = Cycle if event.timer == "cycle" else Moment
        return self._timer(node, _TIMERS[event.timer], event.expression, kind)

    def _timer(
        self, node: Node, name: str, text: str | None, kind: Callable[[Formula | str], Moment | Cycle]
    ) -> Moment | Cycle | None:
        source = self.marked(node, name, text)
        if source is None:
            return None
        try:
            return kind(source)
        except ValueError:
            examples = "P2D, 2026-03-02T09:00:00+08:00, R3/PT1H"
            zh, en = f"ISO 8601（{examples}）或 = 开头的 FEEL", f"ISO 8601 ({examples}) or FEEL behind `=`"
            self._wrong(node, name, text or "", zh, en)
            return None

    def _compiled(
        self, at: Node | Flow | Element, owner: Mapping[str, str], name: str, text: str | None
    ) -> Formula | None:
        if text is None:
            return None
        try:
            found = Formula(owner, name, text)
        except feel.FeelError as error:
            self.findings.add("feel", at, name=name, text=text, zh=error.text("zh"), en=error.text("en"))
            return None
        for foreign in _foreign(found):
            self.findings.add("feel-name", at, name=name, text=foreign)
        return found

    def _wrong(self, node: Node, name: str, text: str, zh: str, en: str) -> None:
        self.findings.add("bpmn-value", node, name=name, text=text, zh=zh, en=en)


def _foreign(formula: Formula) -> list[str]:
    """What FEEL takes for a name with blanks, though it was meant in another language: `not x` for one.

    Variables are keys of forms, so their names are words.
    """
    return sorted(name for name in formula.expression.names if not _NAME.fullmatch(name))
