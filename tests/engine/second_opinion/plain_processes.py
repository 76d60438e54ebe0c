"""Random processes of what SpiffWorkflow's own layer can express, and tapes of walks through them.

Left out are traps that no repair mends: event sub-processes (9), sub-processes cancelled with work inside (16),
boundary events that do not interrupt (17), like events behind one gateway (18).
"""

from __future__ import annotations

from dataclasses import replace

from engine.bpmn import Input, advance
from engine.second_opinion import Case, Played
from engine.values import canonical
from tests.engine.bpmn.random_blocks import Block, FirstEvent, Generator, Leaf, SubProcess, Watch
from tests.engine.bpmn.test_random_processes import STEPS, Made, Walk
from tests.engine.history.folding import step_of

CASE = Case(1, "random")


class PlainGenerator(Generator):
    def event(self) -> Watch | None:
        return None

    def first_event(self, depth: int) -> Block:
        kinds = self.random.sample(["message", "signal", "timer"], 2)
        events = [(Leaf(self.name("event"), kind), self.block(depth - 1)) for kind in kinds]
        return FirstEvent(self.name("first"), events)

    def watch(self, inner: Leaf | SubProcess) -> Watch | None:
        return None if isinstance(inner, SubProcess) else replace(super().watch(inner), interrupting=True)

    def throwing(self, inner: SubProcess, watch: Watch | None) -> None:
        pass


class TapedWalk(Walk):
    """One path through a process, taken by our engine alone and kept as a tape."""

    def __init__(self, made: Made, path: int) -> None:
        self.steps: list[Played] = []
        super().__init__(made, path)

    def take(self, given: Input) -> None:
        given = replace(given, values=canonical(given.values))
        self.state, effects = advance(self.definition, self.state, given)
        self.steps.append(Played(CASE, step_of(given, effects, len(self.steps)), given))


def tape(made: Made, path: int) -> tuple[Played, ...]:
    """The tape of a walk."""
    walk = TapedWalk(made, path)
    while not walk.world.ended and len(walk.steps) < STEPS:
        walk.step()
    return tuple(walk.steps)
