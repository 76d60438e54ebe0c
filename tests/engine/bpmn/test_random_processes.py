"""Random processes on random paths: the engine against block semantics, and against itself in every way it runs.

Cold after every step, live in memory, live with nothing ever dropped; every tenth walk through both databases, too,
where the proof must hold. The fold of the history holds what the state does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from random import Random
from unittest.mock import Mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bpmn import Definition, Effects, Input, State, WaitId, advance, load_state, store_state
from engine.bpmn.expressions import EvaluationContext
from engine.bpmn.run.effects import EffectsRecord
from engine.bpmn.run.workflow import Running
from engine.database import Database
from engine.values import canonical, encode
from tests.engine.bpmn.block_semantics import Wait, World
from tests.engine.bpmn.random_blocks import Generator, values
from tests.engine.bpmn.random_drawing import DECISION, diagram
from tests.engine.bpmn.stored_walk import StoredWalk
from tests.engine.history.folding import Folding

# The module: the package gives its name to the function.
advancing = import_module("engine.bpmn.run.advance")
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
ANSWERS = {
    "user": "complete", "manual": "complete", "job": "job_done", "send": "job_done", "call": "child_ended",
    "receive": "message", "message": "message", "signal": "signal", "timer": "timer",
}  # fmt: skip
PEOPLE, MACHINES = ("user", "manual"), ("job", "send", "call")
PARTS, PATHS = 4, 6
STEPS = 30


class Live:
    """One instance kept running in memory over all its steps; not `compacted`, nothing finished is ever dropped."""

    def __init__(self, definition: Definition, *, compacted: bool) -> None:
        self.running = Running(definition, EvaluationContext(NOW), {"": {}}, [], {})
        if not compacted:
            self.running.forget = Mock()
        self.state: State | None = None

    def take(self, given: Input) -> tuple[State, Effects]:
        running, before = self.running, self.state or State()
        running.record, running.opened = EffectsRecord(), []
        given = replace(given, values=canonical(given.values))
        advancing.INPUT_KINDS[given.kind](running, given)
        running.run()
        self.state, effects = advancing._after(running, before, given)
        self.state = replace(self.state, variables={k: dict(v) for k, v in self.state.variables.items()})
        return self.state, effects


class Made:
    """The random process of a seed."""

    def __init__(self, seed: int, generate: type[Generator] = Generator) -> None:
        generator = generate(Random(seed))  # noqa: S311 – a seed must make the same process everywhere
        self.seed = seed
        self.process = generator.process()
        self.choices = generator.choices
        files = {"processes/random.bpmn": diagram(self.process, "random"), "processes/random.dmn": DECISION}
        self.definition = Definition("random", files)


class Walk:
    """One path through one process, taken cold, live, and by block semantics; every tenth through `databases`, too."""

    def __init__(self, made: Made, path: int, databases: Sequence[Database] = ()) -> None:
        self.random = Random(f"{made.seed}/{path}")  # noqa: S311 – a seed must take the same path everywhere
        self.choices = made.choices
        self.definition = made.definition
        given = self.values() | {"passed": 0}
        self.world = World(made.process, given)
        self.live = [Live(self.definition, compacted=True), Live(self.definition, compacted=False)]
        tenth = (PATHS * made.seed + path) % 10 == 0
        self.stored = [StoredWalk(db, self.definition) for db in databases if tenth]
        self.folding = Folding(self.definition)
        self.state: State | None = None
        self.take(Input("start", NOW, values=given))

    def values(self) -> dict[str, object]:
        return values(self.choices, self.random)

    def take(self, given: Input) -> None:
        after, effects = advance(self.definition, self.state, given)
        did, stands = encode(effects), encode(after.projection())
        for other in (*self.live, *self.stored):
            found, done = other.take(given)
            assert encode(done) == did
            assert encode(found.projection()) == stands
        self.folding.take(replace(given, values=canonical(given.values)), effects, after)
        stored = store_state(after)
        self.state = load_state(stored)
        assert self.state == after
        assert store_state(self.state) == stored

    def check(self) -> None:
        """The engine waits for exactly what the blocks wait for."""
        assert self.state is not None
        expected = Counter(wait.key for wait in self.world.waits())
        assert Counter((wait.node_id, wait.scope) for wait in self.state.waits) == expected
        assert (self.state.status == "completed") == self.world.ended

    def step(self) -> None:
        assert self.state is not None
        chosen = self.choose()
        fails = chosen.kind in MACHINES and self._catches(chosen) and self.random.random() < 0.4
        wait_id: WaitId = next(w.id for w in self.state.waits if (w.node_id, w.scope) == chosen.key)
        given = {} if fails or chosen.kind == "timer" else self.values()
        self.world.values.update(given)
        chosen.answer(fails)
        kind = ANSWERS[chosen.kind]
        if fails and kind == "job_done":
            self.take(Input("job_failed", NOW, wait=wait_id, values={"error": "E"}))
        else:
            self.take(Input(kind, NOW, wait=wait_id, values=given, facts={"error": "E"} if fails else {}))

    def choose(self) -> Wait:
        """What happens next; mostly work is done, so that events do not end every walk early."""
        waits = sorted(self.world.waits(), key=lambda wait: wait.key)
        work = [wait for wait in waits if wait.kind in (*PEOPLE, *MACHINES)]
        return self.random.choice(work if work and self.random.random() < 0.8 else waits)

    def _catches(self, wait: Wait) -> bool:
        """Whether a boundary event catches what goes wrong at a leaf."""
        scope = wait.answer.__self__.scope  # type: ignore[attr-defined]
        activity = scope.activity
        while activity is not None:
            if activity.catches("error"):
                return True
            activity = activity.scope.activity
        return False


def agree(seed: int, databases: Sequence[Database]) -> None:
    """Walk the process of a seed on several paths. Raises AssertionError where anything disagrees."""
    made = Made(seed)
    for path in range(PATHS):
        walk = Walk(made, path, databases)
        walk.check()
        for _ in range(STEPS):
            if walk.world.ended:
                break
            walk.step()
            walk.check()
        for stored in walk.stored:
            stored.prove()


@pytest.fixture
def databases(sqlite_url, postgres_url):
    """A database of either kind, without waiting for the disk."""
    found = [Database(sqlite_url), Database(postgres_url)]
    with found[0].hurried():
        yield found
    for db in found:
        db.dispose()


@pytest.mark.parametrize("part", range(PARTS))
@settings(max_examples=75, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_every_way_of_running_agrees(databases, part, seed):
    """300 processes in all, in parts so that they run side by side: with one seed for all, each draws the same."""
    agree(PARTS * seed + part, databases)


def test_one_definition_serves_many_threads():
    """Each of four threads walks the same compiled processes at once, and none disturbs another."""
    made = [Made(seed) for seed in range(10)]
    expected = [trace(each) for each in made]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: [trace(each) for each in made], range(8)))
    assert found == [expected] * 8


def trace(made: Made) -> list[bytes]:
    """The states of one walk."""
    walk, found = Walk(made, 0), []
    while not walk.world.ended and len(found) < STEPS:
        walk.step()
        assert walk.state is not None
        found.append(store_state(walk.state))
    return found
