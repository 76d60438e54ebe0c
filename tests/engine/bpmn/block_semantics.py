"""What a block-structured process must do, said without tokens: the yardstick of the engine.

A run knows which leaves wait, by node and scope; answering one moves the run on. Scope ids are
those the engine promises: node and activation, items of a loop behind a slash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

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

Values = dict[str, object]
Done = Callable[[], None]


class World:
    """A whole run: the values choices are made by, and how often each node was activated."""

    def __init__(self, process: SubProcess, values: Values) -> None:
        self.values = values
        self.activations: Counter[str] = Counter()
        self.ended = False
        self.scope = Scope(self, "", process, self._end, None)
        self.scope.start()

    def _end(self) -> None:
        self.ended = True

    def waits(self) -> list[Wait]:
        """Everything that waits."""
        return [] if self.ended else list(self.scope.waits())

    def activate(self, node: str) -> str:
        self.activations[node] += 1
        return f"{node}:{self.activations[node]}"


class Wait:
    """One leaf that waits; `answer` takes how it ended: done, or failed with an error."""

    def __init__(self, node: str, kind: str, scope: str, answer: Callable[[bool], None]) -> None:
        self.key = (node, scope)
        self.kind = kind
        self.answer = answer


class Scope:
    """The process, a sub-process, or one repetition of an activity."""

    def __init__(self, world: World, name: str, inner: SubProcess | Leaf, done: Done, activity: Work | None) -> None:
        self.world = world
        self.name = name
        self.inner = inner
        self.done = done
        self.activity = activity
        self.running: list[Run] = []
        self.listens = isinstance(inner, SubProcess) and inner.event is not None

    def start(self) -> None:
        self.begin(self.inner.body if isinstance(self.inner, SubProcess) else self.inner)

    def begin(self, block: Block) -> None:
        """Run a block beside what runs here already."""
        run = run_of(block, self)
        run.done = lambda: self.finish(run)
        self.running.append(run)
        run.start()

    def finish(self, run: Run) -> None:
        if run in self.running:
            self.running.remove(run)
            if not self.running:
                self.done()

    def terminate(self) -> None:
        self.running = []
        self.done()

    def waits(self) -> Iterator[Wait]:
        for run in list(self.running):
            yield from run.waits()
        if self.listens and isinstance(self.inner, SubProcess) and self.inner.event:
            yield Wait(self.inner.event.id, self.inner.event.kind, self.name, self._happens)

    def _happens(self, _: bool) -> None:
        assert isinstance(self.inner, SubProcess)
        event = self.inner.event
        assert event
        if event.interrupting:
            self.running = []
        self.listens = not event.interrupting and event.kind != "timer"
        handling = SubProcess(f"{event.id}_sub", Leaf(event.task, "user"))
        self.begin(Activity(handling.id, handling))


class Run:
    """A block that runs in a scope."""

    done: Done

    def __init__(self, block: Block, scope: Scope) -> None:
        self.block = block
        self.scope = scope
        self.world = scope.world
        self.children: list[Run] = []

    def begin(self, block: Block, done: Callable[[Run], None]) -> None:
        child = run_of(block, self.scope)
        child.done = lambda: done(child)
        self.children.append(child)
        child.start()

    def start(self) -> None:
        raise NotImplementedError

    def waits(self) -> Iterator[Wait]:
        for child in list(self.children):
            yield from child.waits()


class Waiting(Run):
    block: Leaf

    def start(self) -> None:
        pass

    def waits(self) -> Iterator[Wait]:
        yield Wait(self.block.id, self.block.kind, self.scope.name, self._answer)

    def _answer(self, failed: bool) -> None:
        if failed and self.scope.activity is not None:
            self.scope.activity.throw("error")
        else:
            self.done()


class Through(Run):
    def start(self) -> None:
        self.done()


class Throwing(Run):
    block: Throw

    def start(self) -> None:
        if self.block.kind == "terminate":
            self.scope.terminate()
            return
        activity = self.scope.activity
        assert activity is not None
        interrupted = activity.throw(self.block.kind)
        if not interrupted:
            self.done()


class Steps(Run):
    block: Sequence

    def start(self) -> None:
        self._step(0)

    def _step(self, number: int) -> None:
        if number == len(self.block.blocks):
            self.done()
            return
        self.children = []
        self.begin(self.block.blocks[number], lambda _: self._step(number + 1))


class Branches(Run):
    """Some or all branches at once; done when all of them are."""

    block: Choice | Parallel

    def start(self) -> None:
        chosen = self.block.branches
        if isinstance(self.block, Choice):
            chosen = self._chosen(self.block)
        self.left = len(chosen)
        for branch in chosen:
            self.begin(branch, self._end)

    def _chosen(self, block: Choice) -> list[Block]:
        value, named = self.world.values[block.id], range(len(block.branches) - 1)
        numbers = [n for n in named if (value == n if block.kind == "exclusive" else n in value)]  # type: ignore[operator]
        return [block.branches[n] for n in numbers] or [block.branches[-1]]

    def _end(self, child: Run) -> None:
        self.children.remove(child)
        self.left -= 1
        if not self.left:
            self.done()


class Rounds(Run):
    block: Again

    def start(self) -> None:
        self.children = []
        self.begin(self.block.body, lambda _: self.start() if self.world.values[self.block.id] else self.done())


class First(Run):
    block: FirstEvent

    def start(self) -> None:
        self.chosen = False

    def waits(self) -> Iterator[Wait]:
        if self.chosen:
            yield from super().waits()
            return
        for event, after in self.block.events:
            yield Wait(event.id, event.kind, self.scope.name, lambda _, after=after: self._choose(after))

    def _choose(self, after: Block) -> None:
        self.chosen = True
        self.begin(after, lambda _: self.done())


class Work(Run):
    """An activity: its repetitions, and what watches over them."""

    block: Activity

    def start(self) -> None:
        self.listens = self.block.watch is not None
        self.scopes: list[Scope] = []
        self.handling: Run | None = None
        self.begun = 0
        inner = self.block.inner
        self.name = self.world.activate(inner.id) if isinstance(inner, SubProcess) or self.block.loop else ""
        for _ in range(self.block.times if self.block.loop == "parallel" else 1):
            self._begin()

    def _begin(self) -> None:
        name = f"{self.name}/{self.begun}" if self.block.loop else self.name or self.scope.name
        self.begun += 1
        scope = Scope(self.world, name, self.block.inner, lambda: self._end(scope), self)
        self.scopes.append(scope)
        scope.start()

    def _end(self, scope: Scope) -> None:
        self.scopes.remove(scope)
        if self.begun < self.block.times:
            if self.block.loop != "parallel":
                self._begin()
        elif not self.scopes:
            self.listens = False
            self.done()

    def waits(self) -> Iterator[Wait]:
        if self.handling:
            yield from self.handling.waits()
        for scope in list(self.scopes):
            yield from scope.waits()
        watch = self.block.watch
        if self.listens and watch and watch.kind in ("message", "signal", "timer"):
            yield Wait(watch.id, watch.kind, self.scope.name, lambda _: self._happens(watch))

    def catches(self, kind: str) -> bool:
        return self.block.watch is not None and self.block.watch.kind == kind

    def throw(self, kind: str) -> bool:
        """Something is thrown inside; true when it interrupts this activity or one around it."""
        if self.catches(kind):
            assert self.block.watch
            self._happens(self.block.watch)
            return self.block.watch.interrupting
        assert self.scope.activity is not None, "nothing is thrown that nothing catches"
        return self.scope.activity.throw(kind)

    def _happens(self, watch: Watch) -> None:
        task = Leaf(watch.task, "user")
        if not watch.interrupting:
            self.listens = watch.kind != "timer"
            self.scope.begin(task)
            return
        self.listens, self.scopes = False, []
        self.handling = run_of(task, self.scope)
        self.handling.done = self.done
        self.handling.start()


_RUNS: dict[type[Block], type[Run]] = {
    Leaf: Waiting,
    Passing: Through,
    Throw: Throwing,
    Sequence: Steps,
    Choice: Branches,
    Parallel: Branches,
    Again: Rounds,
    FirstEvent: First,
    Activity: Work,
}


def run_of(block: Block, scope: Scope) -> Run:
    return _RUNS[type(block)](block, scope)
