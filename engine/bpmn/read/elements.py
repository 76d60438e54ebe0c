"""One XML element of a diagram -> our Node, Flow or Lane, with what cannot be carried out noted as problems."""

from __future__ import annotations

from typing import Final

from engine.bpmn.diagram import DataObject, Event, EventKind, Flow, Lane, Loop, Node
from engine.bpmn.read.findings import Findings
from engine.bpmn.read.profile import BPMN, CF, DRAWN, FIXED, INSTEAD, KNOWN, LOOPS, NODES, OTHERS
from engine.xml import Element, line_of

_DEFINITIONS: Final[dict[str, EventKind]] = {
    "messageEventDefinition": "message",
    "timerEventDefinition": "timer",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "terminateEventDefinition": "terminate",
}
_TIMERS: Final = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
_LOOP_PARTS: Final = frozenset({"loopCardinality", "completionCondition", "loopCondition"})


def local(element: Element) -> str:
    """The element's name without namespace, behind a `?` when it is not a BPMN element."""
    tag = str(element.tag)
    return tag[len(BPMN) + 2 :] if tag.startswith(f"{{{BPMN}}}") else f"?{tag}"


def ours(element: Element, name: str) -> str | None:
    """An attribute of our namespace, stripped; None when it is missing or blank."""
    return (element.get(f"{{{CF}}}{name}") or "").strip() or None


def child(element: Element, name: str) -> Element | None:
    return element.find(f"{{{BPMN}}}{name}")


def text_of(element: Element, name: str) -> str | None:
    """The text of a child element, stripped; None when it is missing or blank."""
    found = child(element, name)
    return None if found is None else written(found)


def written(element: Element) -> str | None:
    """The text inside an element, stripped; None when it is blank."""
    return "".join(str(part) for part in element.itertext()).strip() or None


class Elements:
    """Reads elements of one file; `roots` are the definitions' messages, signals, errors and escalations by id."""

    def __init__(self, findings: Findings, roots: dict[str, Element]) -> None:
        self.findings = findings
        self.roots = roots

    def node(self, element: Element, parent: str | None, lane: str | None) -> Node:
        """A flow node with its attributes as raw texts."""
        kind, node_id = local(element), element.get("id", "")
        self._attributes(element, NODES[kind])
        return Node(
            id=node_id,
            type=kind,
            name=element.get("name", ""),
            name_en=ours(element, "nameEn") or "",
            line=line_of(element) or 0,
            lane=lane,
            parent=parent,
            clauses=words(ours(element, "clauses")),
            form=ours(element, "form"),
            handler=ours(element, "handler"),
            decision=ours(element, "decision"),
            result=ours(element, "result"),
            due=ours(element, "due"),
            assignee=ours(element, "assignee"),
            not_same_as=words(ours(element, "notSameAs")),
            priority=ours(element, "priority"),
            attached_to=element.get("attachedToRef"),
            documentation=text_of(element, "documentation") or "",
            documentation_en=ours(element, "documentationEn") or "",
            event=self._event(element) if kind.endswith("Event") or kind == "receiveTask" else None,
            interrupting=self._flag(element, "cancelActivity", True) and self._flag(element, "isInterrupting", True),
            loop=self._loop(element),
            script=text_of(element, "script"),
            called=element.get("calledElement"),
            key=ours(element, "key"),
            input=ours(element, "input"),
            retries=ours(element, "retries"),
            default=element.get("default"),
            by_event=self._flag(element, "triggeredByEvent"),
            locals=tuple(data.get("id", "") for data in element.iterchildren(f"{{{BPMN}}}dataObject")),
        )

    def flow(self, element: Element) -> Flow:
        """A sequence flow."""
        self._attributes(element, OTHERS["sequenceFlow"])
        self.children(element, frozenset({"conditionExpression"}))
        return Flow(
            id=element.get("id", ""),
            source=element.get("sourceRef", ""),
            target=element.get("targetRef", ""),
            name=element.get("name", ""),
            name_en=ours(element, "nameEn") or "",
            line=line_of(element) or 0,
            condition=text_of(element, "conditionExpression"),
            clauses=words(ours(element, "clauses")),
        )

    def lane(self, element: Element) -> Lane:
        """A lane; its id is the role."""
        self._attributes(element, OTHERS["lane"])
        return Lane(element.get("id", ""), element.get("name", ""), ours(element, "nameEn") or "")

    def other(self, element: Element) -> None:
        """Check an element that is only drawn or read elsewhere."""
        self._attributes(element, OTHERS.get(local(element), frozenset()))

    def unknown(self, element: Element) -> None:
        """Refuse an element outside the profile, saying what to use instead."""
        name = local(element).removeprefix("?")
        zh, en = INSTEAD.get(
            name, ("本产品支持的元素（见 docs/bpmn-profile.md）", "an element of docs/bpmn-profile.md")
        )
        self.findings.add("bpmn-element", element, name=name, zh=zh, en=en)

    def _attributes(self, element: Element, allowed: frozenset[str]) -> None:
        for name, value in element.attrib.items():
            name, value = str(name), str(value)
            if name.startswith(f"{{{CF}}}"):
                local_name = name[len(CF) + 2 :]
                wrong = None if local_name in allowed else f"cf:{local_name}"
            elif name in FIXED:
                wrong = None if value in FIXED[name] else f'{name}="{value}"'
            else:
                wrong = None if name in KNOWN or name.startswith("{") else name
            if wrong:
                self.findings.add("bpmn-attribute", element, kind=local(element), name=wrong)

    def _flag(self, element: Element, name: str, default: bool = False) -> bool:
        """An attribute of XML Schema's boolean type."""
        text = element.get(name)
        if text not in (None, "true", "1", "false", "0"):
            self.findings.add("bpmn-value", element, name=name, text=text, zh=" true 或 false", en="true or false")
        return default if text is None else text in ("true", "1")

    def children(self, element: Element, allowed: frozenset[str]) -> None:
        """Check the children that mean something, refuse the others."""
        for each in element.iterchildren():
            name = local(each)
            if name in allowed:
                self.other(each)
            elif name == "extensionElements":
                self.extensions(each)
            elif name not in DRAWN:
                self.unknown(each)

    def extensions(self, element: Element) -> None:
        """Foreign extensions survive untouched; elements of our namespace there are a mistake."""
        for each in element.iterchildren():
            if str(each.tag).startswith(f"{{{CF}}}"):
                self.unknown(each)

    def _event(self, element: Element) -> Event:
        if local(element) == "receiveTask":
            return self._named(element, element, "message")
        found = [each for each in element.iterchildren() if local(each).endswith("EventDefinition")]
        known = [each for each in found if local(each) in _DEFINITIONS]
        if len(found) > 1:
            self.findings.add("bpmn-event-count", element)
        if not known:
            return Event("none")
        kind = _DEFINITIONS[local(known[0])]
        self.children(known[0], frozenset(_TIMERS) if kind == "timer" else frozenset())
        return self._timer(element, known[0]) if kind == "timer" else self._named(element, known[0], kind)

    def _named(self, owner: Element, element: Element, kind: EventKind) -> Event:
        if kind == "terminate":
            return Event(kind)
        reference = element.get(f"{kind}Ref")
        root = self.roots.get(reference or "")
        if root is None or local(root) != kind:
            if reference or kind in ("message", "signal"):
                zh, en = f"本文件的 {kind}", f"{kind} of this file"
                self.findings.add("bpmn-reference", owner, name=f"{kind}Ref", text=reference or "", zh=zh, en=en)
            return Event(kind)
        if kind in ("message", "signal") and not root.get("name"):
            self.findings.add("bpmn-missing", root, name="name")
        code = root.get(f"{kind}Code", "") if kind in ("error", "escalation") else ""
        return Event(kind, root.get("name", ""), code)

    def _timer(self, element: Element, definition: Element) -> Event:
        parts = [each for each in definition.iterchildren() if local(each) in _TIMERS]
        text = written(parts[0]) if parts else None
        if len(parts) != 1 or text is None:
            self.findings.add("bpmn-timer", element)
            return Event("timer", timer="duration", expression="PT0S")
        timer = _TIMERS[local(parts[0])]
        return Event("timer", timer=timer, expression=text)  # type: ignore[arg-type]

    def _loop(self, element: Element) -> Loop | None:
        found = next((each for each in element.iterchildren() if local(each) in LOOPS), None)
        if found is None:
            return None
        self.children(found, _LOOP_PARTS)
        if local(found) == "standardLoopCharacteristics":
            return self._standard_loop(found)
        return Loop(
            "sequential" if self._flag(found, "isSequential") else "parallel",
            collection=ours(found, "collection"),
            cardinality=text_of(found, "loopCardinality"),
            item=ours(found, "item"),
            output_collection=ours(found, "outputCollection"),
            output_element=ours(found, "outputElement"),
            completion=text_of(found, "completionCondition"),
        )

    def _standard_loop(self, element: Element) -> Loop:
        maximum = element.get("loopMaximum")
        if maximum is not None and not is_count(maximum):
            zh, en = "非负整数", "a whole number from 0"
            self.findings.add("bpmn-value", element, name="loopMaximum", text=maximum, zh=zh, en=en)
            maximum = None
        return Loop(
            "standard",
            condition=text_of(element, "loopCondition"),
            test_before=self._flag(element, "testBefore"),
            maximum=None if maximum is None else int(maximum),
        )


def data_object(element: Element) -> DataObject:
    """A data object, which names the variable of its id."""
    return DataObject(element.get("id", ""), element.get("name", ""), ours(element, "nameEn") or "")


def is_count(text: str) -> bool:
    """Whether a text is a whole number from 0, of a size somebody could mean."""
    return text.isascii() and text.isdigit() and len(text) <= 6


def words(text: str | None) -> tuple[str, ...]:
    """A list attribute: words between blanks."""
    return tuple((text or "").split())
