"""Random block-structured processes as trees of blocks; `random_drawing` makes diagrams of them.

Every block has one way in and one way out (or none, where it throws), so that what must happen can
be said without tokens; `block_semantics` says it, and the engine is held to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Literal


@dataclass
class Block:
    id: str


@dataclass
class Leaf(Block):
    """What waits: a task, job, call, receive task or catch event."""

    kind: Literal["user", "manual", "job", "send", "call", "receive", "message", "signal", "timer"]


@dataclass
class Passing(Block):
    """What lets a token through in the step that brings it."""

    kind: Literal["script", "rule", "milestone", "message", "signal"]


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
    kind: Literal["message", "signal", "timer", "error", "escalation"]
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
        makers += [self.activity] * 3
        return self.random.choice([*(partial(make, depth) for make in makers), self.passing])()

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
        events = [Leaf(self.name("event"), self.random.choice(["message", "signal", "timer"])) for _ in range(2)]
        return FirstEvent(self.name("first"), [(event, self.block(depth - 1)) for event in events])

    def passing(self) -> Block:
        kind = self.random.choice(["script", "script", "rule", "milestone", "message", "signal"])
        return Passing(self.name("pass"), kind)

    def leaf(self) -> Leaf:
        people, machines = ["user", "user", "user", "manual"], ["job", "send", "call"]
        kind = self.random.choice([*people, *machines, "receive", "message", "signal", "timer"])
        return Leaf(self.name(kind), kind)

    def activity(self, depth: int) -> Block:
        inner: Leaf | SubProcess = self.leaf()
        if depth and self.random.random() < 0.6:
            event = self.event() if self.random.random() < 0.4 else None
            inner = SubProcess(self.name("sub"), self.block(depth - 1), event)
        if isinstance(inner, Leaf) and inner.kind in ("message", "signal", "timer"):
            return Activity(inner.id, inner)
        loop = self.random.choice(["", "", "parallel", "sequential", "standard"])
        watch = self.watch(inner) if self.random.random() < 0.5 else None
        if isinstance(inner, SubProcess) and self.random.random() < 0.7:
            self.throwing(inner, watch)
        return Activity(inner.id, inner, loop, self.random.randint(1, 3) if loop else 1, watch)

    def watch(self, inner: Leaf | SubProcess) -> Watch:
        kinds = ["message", "signal", "timer"]
        if isinstance(inner, SubProcess):
            kinds += ["error", "escalation"]
        elif inner.kind in ("job", "send", "call"):
            kinds += ["error"]
        kind = self.random.choice(kinds)
        return Watch(self.name("watch"), kind, kind == "error" or self.random.random() < 0.5, self.name("handle"))

    def event(self) -> Watch:
        kind = self.random.choice(["message", "signal", "timer"])
        return Watch(self.name("happens"), kind, self.random.random() < 0.5, self.name("handle"))

    def throwing(self, inner: SubProcess, watch: Watch | None) -> None:
        """Beside what a sub-process does: perhaps terminate it, or throw what its boundary event catches."""
        found = self.name("choice")
        self.choices[found] = "exclusive"
        caught = [watch.kind] * 2 if watch and watch.kind in ("error", "escalation") else []
        throw = Throw(self.name("throw"), self.random.choice(["terminate", *caught]))
        way = Sequence("", [Leaf(self.name("user"), "user"), throw])
        beside = Choice(found, "exclusive", [way, Passing(self.name("pass"), "script")])
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
