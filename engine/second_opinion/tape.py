"""What a case and those it called were given, step by step, and what our engine did: read from their history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import or_, select

from engine.bpmn import Effects, Input, WaitId
from engine.history import calendars
from engine.history.entries import entries_of
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
class Step:
    """One entry: the `seq`th of its case."""

    case: Case
    seq: int
    input: Input
    effects: Effects


Call = tuple[int, WaitId]
"""A case, and its wait for one that it called."""
Tape = tuple[Step, ...]
"""The steps in the order they happened; the first is the start of the case that called the others."""


def calls(cases: Iterable[Case]) -> set[Call]:
    """The waits that cases of a tape answer: of their callers, for their ends."""
    return {(case.caller, case.call) for case in cases if case.caller is not None and case.call is not None}


def follows(step: Step, answered: set[Call]) -> bool:
    """Whether another case of the tape led to a step, so that nobody gives it: a called case begins, or has ended."""
    case, given = step.case, step.input
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
    return _in_order([list(_steps(session, case)) for case in cases])


def _steps(session: Session, case: Case) -> Iterator[Step]:
    calendar = ""
    for entry in entries_of(session, case.id):
        calendar = entry.payload().get("facts", {}).get("calendar") or calendar
        yield Step(case, entry.seq, entry.recorded_input(calendars.by_hash(session, calendar)), entry.done())


def _in_order(histories: list[list[Step]]) -> Tape:
    """One order of several histories: by time, and nothing before what it follows from."""
    found: list[Step] = []
    done: set[tuple[int, int]] = set()
    answered = calls(history[0].case for history in histories)
    while left := [history for history in histories if history]:
        ready = [history for history in left if _may_come(history[0], left, done)]
        history = min(ready, key=lambda each: (each[0].input.now, not follows(each[0], answered), each[0].case.id))
        step = history.pop(0)
        done.add((step.case.id, step.seq))
        found.append(step)
    return tuple(found)


def _may_come(step: Step, left: list[list[Step]], done: set[tuple[int, int]]) -> bool:
    case, given = step.case, step.input
    if given.kind == "start" and case.call is not None:
        return (case.caller, case.call.seq) in done
    if given.kind == "child_ended":
        return not any((other[0].case.caller, other[0].case.call) == (case.id, given.wait) for other in left)
    return True
