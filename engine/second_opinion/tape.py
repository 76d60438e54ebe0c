"""What a case and those it called were given, step by step, and what our engine did: read from their history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import or_, select

from engine.bpmn import Input, WaitId
from engine.history import calendars
from engine.history.reading_steps import steps_of
from engine.history.steps import Step
from engine.session import Session
from engine.tables import instances


@dataclass(frozen=True, slots=True)
class Case:
    """An instance on a tape; `caller` is the instance, and `call` its wait, that asked for it."""

    id: int
    key: str
    caller: int | None = None
    call: WaitId | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """One step of a case, with its input as our engine was given it."""

    case: Case
    step: Step
    input: Input


CallPlace = tuple[int, WaitId]
"""A case, and its wait for one that it called."""
Tape = tuple[Played, ...]
"""The steps in the order they happened; the first is the start of the case that called the others."""


def calls(cases: Iterable[Case]) -> set[CallPlace]:
    """The waits that cases of a tape answer: of their callers, for their ends."""
    return {(case.caller, case.call) for case in cases if case.caller is not None and case.call is not None}


def follows(played: Played, answered: set[CallPlace]) -> bool:
    """Whether another case of the tape led to a step, so that nobody gives it: a called case begins, or has ended."""
    case, given = played.case, played.input
    if given.kind == "start":
        return case.caller is not None
    return given.kind == "child_ended" and given.wait is not None and (case.id, given.wait) in answered


def recorded(session: Session, number: str) -> Tape:
    """The tape of a case, its called cases included. Raises LookupError when there is no case of that number."""
    root = session.execute(select(instances.c.id).where(instances.c.number == number)).scalar_one_or_none()
    if root is None:
        raise LookupError(number)
    tree = or_(instances.c.id == root, instances.c.root_id == root)
    rows = session.execute(select(instances).where(tree).order_by(instances.c.id)).all()
    cases = [
        Case(row.id, row.key, row.parent_id, None if row.parent_seq is None else WaitId(row.parent_seq, row.parent_k))
        for row in rows
    ]
    return _in_order([list(_played(session, case)) for case in cases])


def _played(session: Session, case: Case) -> Iterator[Played]:
    calendar = ""
    for step in steps_of(session, case.id):
        calendar = step.facts.get("calendar") or calendar
        yield Played(case, step, step.input(calendars.by_hash(session, calendar)))


def _in_order(histories: list[list[Played]]) -> Tape:
    """One order of several histories: by time, and nothing before what it follows from."""
    found: list[Played] = []
    done: set[tuple[int, int]] = set()
    answered = calls(history[0].case for history in histories)
    while left := [history for history in histories if history]:
        ready = [history for history in left if _may_come(history[0], left, done)]
        history = min(ready, key=lambda each: (each[0].input.now, not follows(each[0], answered), each[0].case.id))
        played = history.pop(0)
        done.add((played.case.id, played.step.seq))
        found.append(played)
    return tuple(found)


def _may_come(played: Played, left: list[list[Played]], done: set[tuple[int, int]]) -> bool:
    case, given = played.case, played.input
    if given.kind == "start" and case.call is not None:
        return (case.caller, case.call.seq) in done
    if given.kind == "child_ended":
        return not any((other[0].case.caller, other[0].case.call) == (case.id, given.wait) for other in left)
    return True
