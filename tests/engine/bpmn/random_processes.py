"""Random block-structured processes: a tree of blocks, and the diagram that draws it.

Every block has one way in and one way out (or none, where it throws), so that what must happen can
be said without tokens; `block_semantics` says it, and the engine is held to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Literal

CF = "urn:clauseflow:bpmn:1"
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


@dataclass
class Block:
    id: str


@dataclass
class Leaf(Block):
    """What waits: a task, job, call, receive task or catch event."""

    kind: Literal["user", "job", "call", "receive", "message", "timer"]


@dataclass
class Script(Block):
    pass


@dataclass
class Throw(Block):
    """Ends or interrupts what is around it; always right behind a task, so that nothing else moves in that step."""

    kind: Literal["error", "escalation", "terminate"]


@dataclass
class Sequence(Block):
    blocks: list[Block]


@dataclass
class Choice(Block):
    """Exclusive or inclusive, by the variable `id`; the last branch is the default."""

    kind: Literal["exclusive", "inclusive"]
    branches: list[Block]


@dataclass
class Parallel(Block):
    branches: list[Block]


@dataclass
class Again(Block):
    """A loop of flows: back while the variable `id` is true."""

    body: Block


@dataclass
class FirstEvent(Block):
    """An event-based gateway: catch events, each with what follows."""

    events: list[tuple[Leaf, Block]]


@dataclass
class Watch:
    """A boundary event, or the start of an event sub-process, with the task that handles it."""

    id: str
    kind: Literal["message", "timer", "error", "escalation"]
    interrupting: bool
    task: str


@dataclass
class Activity(Block):
    """A leaf or sub-process, perhaps repeated and watched over."""

    inner: Leaf | SubProcess
    loop: Literal["", "parallel", "sequential", "standard"] = ""
    times: int = 1
    watch: Watch | None = None


@dataclass
class SubProcess(Block):
    body: Block
    event: Watch | None = None
    """Its event sub-process."""


@dataclass
class Generator:
    """Makes blocks from one seed."""

    random: Random
    count: int = 0
    choices: dict[str, str] = field(default_factory=dict)
    """Variable -> kind of choice it decides."""

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def process(self) -> SubProcess:
        """The whole process, as a sub-process without a name."""
        return SubProcess("", self.block(4), self.event() if self.random.random() < 0.3 else None)

    def block(self, depth: int) -> Block:
        if depth == 0:
            return self.activity(0)
        makers = [self.sequence] * 3 + [self.choice, self.parallel, self.again, self.first_event]
        makers += [self.activity] * 3 + [self.script]
        return self.random.choice(makers)(depth)

    def sequence(self, depth: int) -> Block:
        return Sequence("", [self.block(depth - 1) for _ in range(self.random.randint(1, 3))])

    def branches(self, depth: int) -> list[Block]:
        return [self.block(depth - 1) for _ in range(self.random.randint(2, 3))]

    def choice(self, depth: int) -> Block:
        kind = self.random.choice(["exclusive", "inclusive"])
        found = self.name("choice")
        self.choices[found] = kind
        # Several true conditions need a third branch: the last one is the default.
        more = [self.block(depth - 1)] if kind == "inclusive" else []
        return Choice(found, kind, self.branches(depth) + more)

    def parallel(self, depth: int) -> Block:
        return Parallel(self.name("parallel"), self.branches(depth))

    def again(self, depth: int) -> Block:
        found = self.name("again")
        self.choices[found] = "again"
        return Again(found, Sequence("", [self.leaf(), self.block(depth - 1)]))

    def first_event(self, depth: int) -> Block:
        events = [Leaf(self.name("event"), self.random.choice(["message", "timer"])) for _ in range(2)]
        return FirstEvent(self.name("first"), [(event, self.block(depth - 1)) for event in events])

    def script(self, depth: int) -> Block:
        return Script(self.name("script"))

    def leaf(self) -> Leaf:
        kind = self.random.choice(["user", "user", "user", "job", "call", "receive", "message", "timer"])
        return Leaf(self.name(kind), kind)

    def activity(self, depth: int) -> Block:
        inner: Leaf | SubProcess = self.leaf()
        if depth and self.random.random() < 0.6:
            event = self.event() if self.random.random() < 0.4 else None
            inner = SubProcess(self.name("sub"), self.block(depth - 1), event)
        if isinstance(inner, Leaf) and inner.kind in ("message", "timer"):
            return Activity(inner.id, inner)
        loop = self.random.choice(["", "", "parallel", "sequential", "standard"])
        watch = self.watch(inner) if self.random.random() < 0.5 else None
        if isinstance(inner, SubProcess) and self.random.random() < 0.7:
            self.throwing(inner, watch)
        return Activity(inner.id, inner, loop, self.random.randint(1, 3) if loop else 1, watch)

    def watch(self, inner: Leaf | SubProcess) -> Watch:
        kinds = ["message", "timer"]
        if isinstance(inner, SubProcess):
            kinds += ["error", "escalation"]
        elif inner.kind in ("job", "call"):
            kinds += ["error"]
        kind = self.random.choice(kinds)
        return Watch(self.name("watch"), kind, kind == "error" or self.random.random() < 0.5, self.name("handle"))

    def event(self) -> Watch:
        kind = self.random.choice(["message", "timer"])
        return Watch(self.name("happens"), kind, self.random.random() < 0.5, self.name("handle"))

    def throwing(self, inner: SubProcess, watch: Watch | None) -> None:
        """Beside what a sub-process does: perhaps terminate it, or throw what its boundary event catches."""
        found = self.name("choice")
        self.choices[found] = "exclusive"
        caught = [watch.kind] * 2 if watch and watch.kind in ("error", "escalation") else []
        throw = Throw(self.name("throw"), self.random.choice(["terminate", *caught]))
        way = Sequence("", [Leaf(self.name("user"), "user"), throw])
        beside = Choice(found, "exclusive", [way, Script(self.name("script"))])
        inner.body = Parallel(self.name("parallel"), [beside, inner.body])


def values(choices: dict[str, str], random: Random) -> dict[str, object]:
    """Random values for the variables that decide choices."""
    found: dict[str, object] = {}
    for name, kind in choices.items():
        if kind == "exclusive":
            found[name] = random.randrange(3)
        elif kind == "inclusive":
            found[name] = random.sample(range(3), random.choice([0, 1, 2, 3, 3]))
        else:
            found[name] = random.random() < 0.4
    return found


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

    def _script(self, block: Script) -> tuple[str, str]:
        self.add(f'<scriptTask id="{block.id}" cf:result="passed"><script>passed + 1</script></scriptTask>')
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
    "job": 'serviceTask cf:handler="h"',
    "call": 'callActivity calledElement="other"',
    "receive": 'receiveTask messageRef="message" cf:key="=1"',
    "message": 'intermediateCatchEvent cf:key="=1"',
    "timer": "intermediateCatchEvent",
}
_DEFINITIONS = {
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
        inner = f"<loopCardinality>{block.times}</loopCardinality>"
        name = "multiInstanceLoopCharacteristics"
        return f'<{name} isSequential="{sequential}">{inner}</{name}>'
    return ""


def diagram(process: SubProcess, key: str) -> bytes:
    """The BPMN file of a random process."""
    drawing = Drawing()
    drawing.container("", process.body)
    drawing.event(process.event)
    inside = drawing.text()
    people = re.findall(r'<userTask id="(\w+)"', inside)
    lanes = "".join(f"<flowNodeRef>{name}</flowNodeRef>" for name in people)
    return f"""<definitions xmlns="{BPMN}" xmlns:cf="{CF}" targetNamespace="t">
<message id="message" name="m"/><error id="error" errorCode="E"/><escalation id="escalation" escalationCode="X"/>
<process id="{key}"><laneSet id="lanes"><lane id="clerk">{lanes}</lane></laneSet>{inside}</process>
</definitions>""".encode()
