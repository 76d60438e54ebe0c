"""Play a tape to SpiffWorkflow's own layer, and say where it first does otherwise than our engine did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine.bpmn import Definition, EvaluationContext, WaitId
from engine.errors import ClauseflowError
from engine.history.steps import Opened
from engine.second_opinion.places import NotWaiting
from engine.second_opinion.repairs import Repair
from engine.second_opinion.stock import StockRun, TokenPlace
from engine.second_opinion.tape import Played, Tape, calls, follows
from engine.values import Value, canonical

EVENTS: Final = ("timer", "message", "signal")
UNMOVED: Final = ("assign", "suspend", "resume", "retry")
"""Inputs that move no token, which BPMN knows nothing of."""


class NotPlayable(ClauseflowError):
    """A tape that holds what an administrator did to a case: no diagram says what that leads to."""

    zh = "第 {seq} 步是管理员的干预（{kind}），流程图未规定其结果，第二意见无从比较。"
    en = "Step {seq} is an administrator's act ({kind}); no diagram says what follows, so there is no second opinion."


@dataclass(frozen=True, slots=True)
class Difference:
    """Where SpiffWorkflow's own layer first does otherwise: after which step, and how."""

    step: str
    waits_not: tuple[str, ...] = ()
    """Nodes at which our engine waits and stock does not."""
    waits_besides: tuple[str, ...] = ()
    passed_not: tuple[str, ...] = ()
    passed_besides: tuple[str, ...] = ()
    ended: bool | None = None
    """Whether stock has ended, where it alone has or has not."""
    failed: str = ""
    """What stock failed with."""


def compare(definitions: Mapping[str, Definition], tape: Tape, repairs: Collection[Repair] = ()) -> Difference | None:
    """The first difference on a tape, None when both do the same at every step. Raises NotPlayable.

    `definitions` are those of all cases of the tape by key. Compared are, after every step, the nodes passed, where the
    case waits for people and handlers, and whether it has ended. Not compared are variables, which FEEL and decisions
    make and both share, and when timers are due.
    """
    comparison = _Comparison(definitions, tape)
    try:
        return comparison.run(repairs)
    except NotPlayable:
        raise
    except NotWaiting as missing:
        return Difference(comparison.at, waits_not=(str(missing),))
    except Exception as error:  # noqa: BLE001 - whatever the library fails with is a difference
        return Difference(comparison.at, failed=f"{type(error).__name__}: {str(error)[:200]}")


class OtherValues(Exception):
    """A called process is given other values than the case of the tape was."""


class _Comparison:
    def __init__(self, definitions: Mapping[str, Definition], tape: Tape) -> None:
        self.definitions = definitions
        self.tape = tape
        self.at = "start"
        self.ended = False
        self.open: dict[tuple[int, WaitId], TokenPlace] = {}
        """Where our engine waits for somebody outside."""
        self.places = {
            (played.case.id, wait.id): (wait.node, wait.scope) for played in tape for wait in played.step.opened
        }
        self.begun: set[int] = set()

    def run(self, repairs: Collection[Repair]) -> Difference | None:
        stock = StockRun(self.definitions, self.tape[0].case.key, repairs, self._began)
        for turn in _turns(self.tape):
            self._say(turn[0])
            before = len(stock.passed)
            self._play(stock, turn[0])
            passed = Counter(place for played in turn for place in self._keep(played))
            found = self._difference(stock, passed, Counter(stock.passed[before:]))
            if found is not None:
                return found
        return None

    def _say(self, played: Played) -> None:
        given = played.input
        node = f" {self.places[played.case.id, given.wait][0]}" if given.wait else ""
        self.at = f"{given.kind}{node} ({played.case.key} #{played.step.seq})"

    def _play(self, stock: StockRun, played: Played) -> None:
        """Give stock what our engine was given."""
        case, given = played.case.id, played.input
        stock.engine.context = EvaluationContext(given.now, given.calendar, given.revision)
        if given.kind == "start":
            stock.start(case, given.values)
        elif given.kind not in UNMOVED:
            self._answer(stock, played)
        stock.run()

    def _answer(self, stock: StockRun, played: Played) -> None:
        case, given = played.case.id, played.input
        if given.wait is None:
            raise NotPlayable(seq=played.step.seq, kind=given.kind)
        node, scope = self.places[case, given.wait]
        code = given.values.get("error") if given.kind == "job_failed" else given.facts.get("error")
        if given.kind in EVENTS:
            stock.happen(case, node, scope, given.values)
        elif given.kind == "job_failed" or code:
            stock.fail(case, node, scope, str(code or ""))
        elif given.kind in ("complete", "job_done", "child_ended"):
            stock.complete(case, node, scope, given.values)
        else:
            raise NotPlayable(seq=played.step.seq, kind=given.kind)

    def _keep(self, played: Played) -> list[TokenPlace]:
        """Take over where our engine waits after a step; returns the nodes it passed."""
        case, step = played.case, played.step
        for wait in step.opened:
            if self._is_outside(wait):
                self.open[case.id, wait.id] = (case.id, wait.node)
        for closed in step.closed:
            self.open.pop((case.id, closed.wait), None)
        if case == self.tape[0].case and step.status:
            self.ended = step.status == "completed"
        nodes = self.definitions[case.key].diagram.nodes
        return [(case.id, name) for name in step.path if name in nodes]

    def _is_outside(self, wait: Opened) -> bool:
        """Whether somebody outside ends a wait: a person, a handler, or a process that no definition was given of."""
        called = wait.kind == "child" and wait.details["process"] not in self.definitions
        return called or wait.kind in ("task", "job")

    def _began(self, caller: int, node: str, given: Mapping[str, Value]) -> tuple[int, Mapping[str, Value]]:
        """The called case that a call of stock stands for, and the values that it began with."""
        for played in self.tape:
            case, call = played.case, played.case.call
            if played.step.seq or case.caller != caller or call is None or case.id in self.begun:
                continue
            if self.places[caller, call][0] == node:
                self.begun.add(case.id)
                values = played.input.values
                if other := sorted(name for name in given if canonical(given[name]) != values.get(name)):
                    raise OtherValues(f"{node}: {', '.join(other)}")
                return case.id, values
        raise NotWaiting(node)

    def _difference(
        self, stock: StockRun, passed: Counter[TokenPlace], passed_there: Counter[TokenPlace]
    ) -> Difference | None:
        waits, waits_there = Counter(self.open.values()), stock.waiting()
        found = Difference(
            self.at,
            waits_not=_nodes(waits - waits_there),
            waits_besides=_nodes(waits_there - waits),
            passed_not=_nodes(passed - passed_there),
            passed_besides=_nodes(passed_there - passed),
            ended=stock.completed if stock.completed != self.ended else None,
        )
        return None if found == Difference(self.at) else found


def _turns(tape: Tape) -> Iterator[list[Played]]:
    """The steps that somebody gave, each with those that followed from it in other cases."""
    answered = calls(played.case for played in tape)
    turn: list[Played] = []
    for played in tape:
        if turn and not follows(played, answered):
            yield turn
            turn = []
        turn.append(played)
    yield turn


def _nodes(places: Counter[TokenPlace]) -> tuple[str, ...]:
    return tuple(sorted(node for _case, node in places.elements()))
