"""The diagram of a random process, drawn from its blocks."""

from __future__ import annotations

import re
from itertools import pairwise

from tests.engine.bpmn.random_blocks import (
    Activity,
    Again,
    Block,
    Choice,
    FirstEvent,
    Leaf,
    Parallel,
    Passing,
    Sequence,
    SubProcess,
    Throw,
    Watch,
)

CF = "urn:clauseflow:bpmn:1"
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


class Drawing:
    """One container's elements and flows."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.flows: list[str] = []

    def add(self, xml: str) -> None:
        self.parts.append(xml)

    def flow(self, source: str, target: str, condition: str = "") -> None:
        inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        self.flows.append(
            f'<sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
        )

    def container(self, name: str, body: Block) -> None:
        """Start, body, end."""
        self.add(f'<startEvent id="{name}start"/><endEvent id="{name}end"/>')
        entry, exit_ = self.block(body)
        self.flow(f"{name}start", entry)
        if exit_:
            self.flow(exit_, f"{name}end")

    def text(self) -> str:
        return "".join(self.parts + self.flows)

    def block(self, block: Block) -> tuple[str, str | None]:
        """Draw a block; gives its first node and its last (None when nothing leaves it)."""
        drawn: tuple[str, str | None] = getattr(self, f"_{type(block).__name__.lower()}")(block)
        return drawn

    def _leaf(self, leaf: Leaf, loop: str = "") -> tuple[str, str]:
        self.add(f"<{_tag(leaf)}>{_definition(leaf.kind)}{loop}</{_tag(leaf).split()[0]}>")
        return leaf.id, leaf.id

    def _passing(self, block: Passing) -> tuple[str, str]:
        self.add(_PASSING[block.kind].format(id=block.id))
        return block.id, block.id

    def _throw(self, block: Throw) -> tuple[str, str | None]:
        if block.kind == "escalation":
            self.add(f'<intermediateThrowEvent id="{block.id}">{_definition("escalation")}</intermediateThrowEvent>')
            return block.id, block.id
        self.add(f'<endEvent id="{block.id}">{_definition(block.kind)}</endEvent>')
        return block.id, None

    def _sequence(self, block: Sequence) -> tuple[str, str | None]:
        drawn = [self.block(each) for each in block.blocks]
        for (_, before), (after, _) in pairwise(drawn):
            assert before
            self.flow(before, after)
        return drawn[0][0], drawn[-1][1]

    def _choice(self, block: Choice) -> tuple[str, str]:
        drawn = [self.block(branch) for branch in block.branches]
        tag = f"{block.kind}Gateway"
        self.add(f'<{tag} id="{block.id}" default="{block.id}_to_{drawn[-1][0]}"/><{tag} id="{block.id}_join"/>')
        for number, (entry, _) in enumerate(drawn):
            condition = (
                f"{block.id} = {number}" if block.kind == "exclusive" else f"list contains({block.id}, {number})"
            )
            self.flow(block.id, entry, condition if number < len(drawn) - 1 else "")
        self._join(drawn, block.id)
        return block.id, f"{block.id}_join"

    def _parallel(self, block: Parallel) -> tuple[str, str]:
        drawn = [self.block(branch) for branch in block.branches]
        self.add(f'<parallelGateway id="{block.id}"/><parallelGateway id="{block.id}_join"/>')
        for entry, _ in drawn:
            self.flow(block.id, entry)
        self._join(drawn, block.id)
        return block.id, f"{block.id}_join"

    def _join(self, drawn: list[tuple[str, str | None]], name: str) -> None:
        for _, exit_ in drawn:
            if exit_:
                self.flow(exit_, f"{name}_join")

    def _again(self, block: Again) -> tuple[str, str]:
        name, (entry, exit_) = block.id, self.block(block.body)
        assert exit_
        self.add(f'<exclusiveGateway id="{name}_in"/><exclusiveGateway id="{name}" default="{name}_to_{name}_out"/>')
        self.add(f'<intermediateThrowEvent id="{name}_out"/>')
        self.flow(f"{name}_in", entry)
        self.flow(exit_, name)
        self.flow(name, f"{name}_in", name)
        self.flow(name, f"{name}_out")
        return f"{name}_in", f"{name}_out"

    def _firstevent(self, block: FirstEvent) -> tuple[str, str]:
        self.add(f'<eventBasedGateway id="{block.id}"/><exclusiveGateway id="{block.id}_join"/>')
        for event, after in block.events:
            self.block(event)
            entry, exit_ = self.block(after)
            self.flow(block.id, event.id)
            self.flow(event.id, entry)
            assert exit_
            self.flow(exit_, f"{block.id}_join")
        return block.id, f"{block.id}_join"

    def _activity(self, block: Activity) -> tuple[str, str]:
        loop = _loop(block)
        if isinstance(block.inner, Leaf):
            self._leaf(block.inner, loop)
        else:
            self._subprocess(block.inner, loop)
        if block.watch is None:
            return block.id, block.id
        watch = block.watch
        self._watch(watch, f'boundaryEvent id="{watch.id}" attachedToRef="{block.id}"', "cancelActivity")
        if not watch.interrupting:
            self.add(f'<endEvent id="{watch.task}_end"/>')
            self.flow(watch.task, f"{watch.task}_end")
            return block.id, block.id
        self.add(f'<exclusiveGateway id="{block.id}_join"/>')
        self.flow(block.id, f"{block.id}_join")
        self.flow(watch.task, f"{block.id}_join")
        return block.id, f"{block.id}_join"

    def _subprocess(self, block: SubProcess, loop: str) -> None:
        inner = Drawing()
        inner.container(f"{block.id}_", block.body)
        inner.event(block.event)
        self.add(f'<subProcess id="{block.id}">{loop}{inner.text()}</subProcess>')

    def event(self, event: Watch | None) -> None:
        """An event sub-process."""
        if event is None:
            return
        inner = Drawing()
        inner._watch(event, f'startEvent id="{event.id}"', "isInterrupting")
        inner.add(f'<endEvent id="{event.task}_end"/>')
        inner.flow(event.task, f"{event.task}_end")
        self.add(f'<subProcess id="{event.id}_sub" triggeredByEvent="true">{inner.text()}</subProcess>')

    def _watch(self, watch: Watch, tag: str, interrupts: str) -> None:
        key = ' cf:key="=1"' if watch.kind == "message" else ""
        name = tag.split()[0]
        kind = f'{interrupts}="{str(watch.interrupting).lower()}"'
        self.add(f"<{tag} {kind}{key}>{_definition(watch.kind)}</{name}>")
        self.add(f'<userTask id="{watch.task}"/>')
        self.flow(watch.id, watch.task)


_TAGS = {
    "user": "userTask",
    "manual": "manualTask",
    "job": 'serviceTask cf:handler="h"',
    "send": 'sendTask cf:handler="h"',
    "call": 'callActivity calledElement="other"',
    "receive": 'receiveTask messageRef="message" cf:key="=1"',
    "message": 'intermediateCatchEvent cf:key="=1"',
    "signal": "intermediateCatchEvent",
    "timer": "intermediateCatchEvent",
}
_PASSING = {
    "script": '<scriptTask id="{id}" cf:result="passed"><script>passed + 1</script></scriptTask>',
    "rule": '<businessRuleTask id="{id}" cf:decision="next" cf:result="passed"/>',
    "milestone": '<intermediateThrowEvent id="{id}"/>',
    "message": '<intermediateThrowEvent id="{id}" cf:key="=passed" cf:input="={{n: passed}}">'
    '<messageEventDefinition messageRef="told"/></intermediateThrowEvent>',
    "signal": '<intermediateThrowEvent id="{id}"><signalEventDefinition signalRef="told_all"/>'
    "</intermediateThrowEvent>",
}
"""Messages and signals thrown are not those that are waited for."""

_DEFINITIONS = {
    "signal": '<signalEventDefinition signalRef="signal"/>',
    "message": '<messageEventDefinition messageRef="message"/>',
    "timer": "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
    "error": '<errorEventDefinition errorRef="error"/>',
    "escalation": '<escalationEventDefinition escalationRef="escalation"/>',
    "terminate": "<terminateEventDefinition/>",
}


def _tag(leaf: Leaf) -> str:
    name, _, rest = _TAGS[leaf.kind].partition(" ")
    return f'{name} id="{leaf.id}" {rest}'


def _definition(kind: str) -> str:
    return _DEFINITIONS.get(kind, "")


def _loop(block: Activity) -> str:
    if block.loop == "standard":
        return f'<standardLoopCharacteristics loopMaximum="{block.times}"/>'
    if block.loop:
        sequential = "true" if block.loop == "sequential" else "false"
        name = "multiInstanceLoopCharacteristics"
        if block.times > 1:  # a list whose results are collected, else a number
            listed = f'cf:collection="=[{", ".join(map(str, range(block.times)))}]" cf:item="item"'
            kept = f'cf:outputCollection="{block.id}_kept" cf:outputElement="=item + 1"'
            return f'<{name} isSequential="{sequential}" {listed} {kept}/>'
        inner = f"<loopCardinality>{block.times}</loopCardinality>"
        return f'<{name} isSequential="{sequential}">{inner}</{name}>'
    return ""


def diagram(process: SubProcess, key: str) -> bytes:
    """The BPMN file of a random process."""
    drawing = Drawing()
    drawing.container("", process.body)
    drawing.event(process.event)
    inside = drawing.text()
    people = re.findall(r'<(?:user|manual)Task id="(\w+)"', inside)
    lanes = "".join(f"<flowNodeRef>{name}</flowNodeRef>" for name in people)
    return f"""<definitions xmlns="{BPMN}" xmlns:cf="{CF}" targetNamespace="t">
<message id="message" name="m"/><message id="told" name="told"/>
<signal id="signal" name="s"/><signal id="told_all" name="told all"/>
<error id="error" errorCode="E"/><escalation id="escalation" escalationCode="X"/>
<process id="{key}"><laneSet id="lanes"><lane id="clerk">{lanes}</lane></laneSet>{inside}</process>
</definitions>""".encode()


DECISION = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="rules" name="rules" namespace="t">
<decision id="next" name="next"><variable name="next"/><informationRequirement id="needs">
<requiredInput href="#passed"/></informationRequirement><literalExpression id="one_more"><text>passed + 1</text>
</literalExpression></decision><inputData id="passed" name="passed"><variable name="passed"/></inputData>
</definitions>"""
"""What the rule tasks of random processes decide."""
