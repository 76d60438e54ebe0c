"""The only way an instance changes: one input takes it from one state to the next.

Pure and deterministic: everything that follows depends on definition, state and input alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from engine import revision
from engine.bpmn.diagram import Event
from engine.bpmn.errors import FourEyes, NotActive, UnknownInput, UnknownRevision, WaitGone
from engine.bpmn.expressions import EvaluationContext, named
from engine.bpmn.run import administration, tree
from engine.bpmn.run.containers import start_inside
from engine.bpmn.run.failures import child_ended, job_failed, retry
from engine.bpmn.run.workflow import Running
from engine.bpmn.state import INSTANCE_SCOPE, Effects, Input, InputKind, State, Status, Wait, WaitId, WaitKind
from engine.values import canonical

if TYPE_CHECKING:
    from engine.bpmn.run.executable import Executable

ANSWERS: Final[dict[InputKind, WaitKind]] = {
    "complete": "task",
    "assign": "task",
    "job_done": "job",
    "job_failed": "job",
    "timer": "timer",
    "message": "message",
    "signal": "signal",
    "child_ended": "child",
}
"""Input kind -> the kind of wait it answers."""

_NO_TIME: Final = EvaluationContext(datetime.min.replace(tzinfo=UTC))
"""Where no expression is evaluated."""


def advance(definition: Executable, state: State | None, given: Input) -> tuple[State, Effects]:
    """The state after `given`, and what happened; `state` is None for a start and is never changed.

    Raises WaitGone, NotActive, FourEyes, NoFlow, ExpressionFailed, StepLimit, TooManyItems,
    CannotMove, UnknownInput, UnknownRevision or NotAValue; then nothing has happened.
    """
    if given.revision not in revision.KNOWN:
        raise UnknownRevision(revision=given.revision, known=max(revision.KNOWN))
    if (state is None) != (given.kind == "start") or given.kind not in INPUT_KINDS:
        raise UnknownInput(kind=given.kind)
    before = state or State()
    # Whoever calls may give plain ints; variables are canonical from the first step on, not only once stored.
    given = replace(given, values=canonical(given.values, "values"))
    _check(definition, before, given)
    running = _running(definition, before, EvaluationContext(given.now, given.calendar, given.revision))
    INPUT_KINDS[given.kind](running, given)
    running.run()
    return _after(running, before, given)


def movable_to(definition: Executable, state: State, wait: WaitId) -> list[str]:
    """The nodes an administrator may take the token of an open wait to; none while the case takes no moves."""
    if "move" not in ALLOWED.get(state.status, ()):
        return []
    return administration.targets(_running(definition, state, _NO_TIME), wait)


def _running(definition: Executable, state: State, context: EvaluationContext) -> Running:
    running = Running(definition, context, state.variables, state.waits, state.completed_by)
    if state.tree is not None:
        tree.read(state.tree, running)
    return running


def _check(definition: Executable, state: State, given: Input) -> None:
    """Refuse an input that cannot be taken in this state."""
    wait = state.wait(given.wait) if given.wait else None
    answers = given.kind in ANSWERS or given.kind == "retry"
    if answers and (wait is None or ANSWERS.get(given.kind, wait.kind) != wait.kind):
        raise WaitGone(wait="-".join(map(str, given.wait or ())))
    if given.kind not in ALLOWED.get(state.status, ()):
        raise NotActive(state.status)
    if wait is not None:
        _four_eyes(definition, state, wait, given)


def _four_eyes(definition: Executable, state: State, wait: Wait, given: Input) -> None:
    """Nobody completes, or is given, a task that `cf:notSameAs` keeps from them."""
    nodes = definition.diagram.nodes
    people = {"complete": (given.actor, given.on_behalf_of), "assign": (given.values.get("to"),)}.get(given.kind, ())
    for earlier in nodes[wait.node_id].not_same_as:
        for person in people:
            if person and person in state.completed_by.get(earlier, ()):
                raise FourEyes(**named(nodes[wait.node_id]), **named(nodes[earlier], "earlier"), person=person)


def _after(running: Running, before: State, given: Input) -> tuple[State, Effects]:
    seq = before.seq + 1
    opened = _number(running, seq)
    status = _status(running, before, given)
    if status in ("completed", "cancelled"):
        running.variables.by_scope = {INSTANCE_SCOPE: running.variables.by_scope[INSTANCE_SCOPE]}
    stored = tree.write(running)
    after = State(
        seq=seq,
        status=status,
        title=_title(running, before),
        variables=running.variables.by_scope,
        waits=sorted(running.waits.values(), key=lambda wait: wait.id),
        completed_by=running.completed_by,
        tokens=tree.tokens(stored),
        calendar=given.facts.get("calendar", before.calendar),
        tree=stored,
    )
    for name in ("status", "title"):
        if getattr(after, name) != getattr(before, name) or (given.kind == "start" and name == "status"):
            running.record.facts[name] = getattr(after, name)
    tokens = [(node, scope, count) for (node, scope), count in sorted(Counter(after.tokens).items())]
    return after, running.record.to_value(opened, tokens)


def _number(running: Running, seq: int) -> list[Wait]:
    """Give the waits this step opened their identity, in the order they were opened."""
    for k, number in enumerate(running.opened):
        running.waits[number] = replace(running.waits[number], id=WaitId(seq, k))
    return [running.waits[number] for number in running.opened]


def _status(running: Running, before: State, given: Input) -> Status:
    if given.kind == "cancel":
        return "cancelled"
    if not running.root.live:
        return "completed"
    if given.kind == "suspend":
        return "suspended"
    return "active" if given.kind == "resume" else before.status


def _title(running: Running, before: State) -> str:
    """The case's title over the instance's variables; it stays as it was while the formula gives no text."""
    formula = running.spec.title
    found = formula.value(running.variables.visible(running.root), running.context) if formula else None
    return found if isinstance(found, str) and found else before.title


def _start(running: Running, given: Input) -> None:
    """Begin the process at its none start event, or the one `facts["start"]` names."""
    named = given.facts.get("start")
    for spec in running.spec.containers[None].starts:
        if spec.name == named or (named is None and spec.node.event == Event("none")):
            break
    else:
        raise UnknownInput(kind=f"start {named or ''}".strip())
    running.variables.declare(running.root, given.values)
    running.remember(spec.name, given)
    start_inside(running, running.root, spec)


_ANSWERED: Final[tuple[InputKind, ...]] = ("complete", "job_done", "timer", "message", "signal")

INPUT_KINDS: Final[dict[InputKind, Callable[[Running, Input], None]]] = {
    "start": _start,
    **dict.fromkeys(_ANSWERED, Running.answer),
    "child_ended": child_ended,
    "job_failed": job_failed,
    "retry": retry,
    "assign": administration.assign,
    "cancel": administration.cancel,
    "suspend": administration.suspend,
    "resume": administration.resume,
    "correct": administration.correct,
    "move": administration.move,
}
"""Input kind -> what it does."""

ALLOWED: Final[dict[Status, frozenset[InputKind]]] = {
    "active": frozenset(INPUT_KINDS) - {"resume"},
    "suspended": frozenset({"resume", "cancel", "correct", "assign"}),
}
"""Status -> the inputs it takes; an instance that has ended takes none."""
