"""A step and what follows from it, in one transaction: called cases start, end and are cancelled, messages leave.

A called case is an instance of its own, with number and history. Its end is an input of the instance that
called it; whatever closes the caller's wait otherwise cancels it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlalchemy import select

from engine import forms
from engine.bpmn import INSTANCE_SCOPE, Effects, Input, State, Wait, WaitId, advance
from engine.commands.numbers import next_number
from engine.commands.step import at_the_time, in_surroundings, take_step
from engine.errors import ClauseflowError
from engine.history import calendars
from engine.history.append import Instance, Parent, begin, load
from engine.history.definitions import Deployed, in_force
from engine.history.messages import send
from engine.session import Session
from engine.tables import instances
from engine.values import Value

MOST_CHILDREN = 1000
"""Cases one transaction may start: more are a process that calls itself without end."""

CANCELLED = "cancelled"
"""The error code a caller meets when its called case was cancelled on its own."""

_RUNNING = ("active", "suspended")
_ENDED = ("completed", "cancelled")


class TooManyChildren(ClauseflowError):
    """One step would start more called cases than any honest diagram needs."""

    zh = "一步之内要启动的子事项超过 {limit} 个，停在流程“{process}”：流程可能在无休止地调用自己。"
    en = "One step would start more than {limit} called cases and stopped at “{process}”: it may call itself for ever."


def record(session: Session, instance: Instance, given: Input) -> State:
    """Move the instance by one input and let everything follow; returns where it stands then.

    Raises what `advance` raises, NoSuchProcess and TooManyChildren for called cases.
    """
    following = _Following(session)
    state = following.step(instance, given)
    return load(session, instance.id).state if following.carry_out() else state


def start(session: Session, deployed: Deployed, given: Input) -> Instance:
    """Start an instance with the next number of its series and let everything follow; returns where it stands then.

    Raises what `advance` raises, NoSuchProcess and TooManyChildren for called cases.
    """
    following = _Following(session)
    instance = following.start(deployed, given, None)
    return load(session, instance.id) if following.carry_out() else instance


def call_again(session: Session, instance: Instance, call: CaseCall) -> None:
    """Start the case of a wait that is open and has none running. Raises what `start` raises."""
    following = _Following(session)
    following.start_child(instance, call)
    following.carry_out()


def answer_late(session: Session, child: Instance, error: str | None, by: Input) -> None:
    """Let a caller hear of a case that ended while the caller was suspended, by an error of that code if any."""
    following = _Following(session)
    following.answer_caller(child, by, child.state, error)
    following.carry_out()


def children(session: Session, instance_id: int, status: Collection[str], wait_id: WaitId | None = None) -> list[int]:
    """The called cases of an instance with such a status, of one wait or of all, oldest first."""
    query = select(instances.c.id).where(instances.c.parent_id == instance_id, instances.c.status.in_(status))
    if wait_id is not None:
        query = query.where(instances.c.parent_seq == wait_id.seq, instances.c.parent_k == wait_id.k)
    return list(session.execute(query.order_by(instances.c.id)).scalars())


@dataclass(frozen=True, slots=True)
class CaseCall:
    """What a call activity asks for: which wait, which process, what it is given, and the input behind it."""

    wait: WaitId
    process: str
    values: dict[str, Value]
    input: Input


@dataclass(slots=True)
class _Following:
    """What is still to follow in this transaction: a queue, since a chain of called cases may be long."""

    session: Session
    todo: deque[Callable[[], None]] = field(default_factory=deque)
    started: int = 0

    def carry_out(self) -> bool:
        """Do everything that follows; whether there was anything."""
        anything = bool(self.todo)
        while self.todo:
            self.todo.popleft()()
        return anything

    def step(self, instance: Instance, given: Input) -> State:
        before = instance.state.waits
        given, state, effects = take_step(self.session, instance, given)
        self._note(instance, before, given, state, effects)
        return state

    def start(self, deployed: Deployed, given: Input, parent: Parent | None) -> Instance:
        session, prefix = self.session, deployed.definition.diagram.prefix
        number = next_number(session, prefix, given.now, calendars.zone_in_force(session))
        given = replace(given, facts={"number": number, **given.facts})
        given = in_surroundings(session, given, "", calendars.hash_in_force(session))
        state, effects = advance(deployed.definition, None, given)
        instance = begin(session, deployed, number, given, effects, state, parent)
        self._note(instance, (), given, state, effects)
        return instance

    def _note(self, instance: Instance, before: Iterable[Wait], given: Input, state: State, effects: Effects) -> None:
        """Queue what follows from a step."""
        if "sent" in effects:
            send(self.session, instance.id, instance.number, given.now, effects["sent"])
        for wait_id in _left_alone(before, effects):
            self.todo.append(partial(self._cancel_child, instance, wait_id, given))
        for child in effects.get("children", ()):
            call = CaseCall(WaitId(*map(int, child["wait"])), child["process"], dict(child["values"]), given)
            self.todo.append(partial(self.start_child, instance, call))
        if "status" in effects and state.status in _ENDED and instance.parent_id and not _by_caller(given):
            error = effects["error"]["code"] if "error" in effects else None
            self.todo.append(partial(self.answer_caller, instance, given, state, error))

    def start_child(self, instance: Instance, call: CaseCall) -> None:
        if load(self.session, instance.id).state.wait(call.wait) is None:
            return  # another called case of this step has ended meanwhile, and the rest is not needed any more
        self.started += 1
        if self.started > MOST_CHILDREN:
            raise TooManyChildren(limit=MOST_CHILDREN, process=call.process)
        by = call.input
        deployed = in_force(self.session, call.process)
        values = _as_opened(self.session, deployed, call.values, by.now)
        given = Input("start", by.now, by.actor, by.on_behalf_of, None, values, {"caller": instance.number})
        parent = Parent(instance.id, instance.root_id or instance.id, call.wait)
        self.start(deployed, given, parent)

    def _cancel_child(self, instance: Instance, wait_id: WaitId, by: Input) -> None:
        facts: dict[str, Value] = {"caller": instance.number}
        if "reason" in by.facts:
            facts["reason"] = by.facts["reason"]
        for child_id in children(self.session, instance.id, _RUNNING, wait_id):
            self.step(load(self.session, child_id), Input("cancel", by.now, by.actor, by.on_behalf_of, facts=facts))

    def answer_caller(self, child: Instance, by: Input, state: State, error: str | None) -> None:
        """The end of a called case is an input of its caller; a suspended caller hears of it when it is resumed."""
        if child.parent_id is None or child.parent_wait is None:
            return
        caller = load(self.session, child.parent_id)
        if caller.state.status != "active" or caller.state.wait(child.parent_wait) is None:
            return
        facts: dict[str, Value] = {"child": child.number}
        values = dict(state.variables[INSTANCE_SCOPE])
        if state.status == "cancelled":
            facts["error"], values = CANCELLED, {}
        elif error is not None:
            facts["error"], values = error, {}
        self.step(caller, Input("child_ended", by.now, by.actor, by.on_behalf_of, child.parent_wait, values, facts))


def _as_opened(session: Session, deployed: Deployed, values: dict[str, Value], now: datetime) -> dict[str, Value]:
    """What a called case starts with: what its caller gives, else what its start form opens with or computes.

    The form judges nothing: a caller may give more than it asks, and what it gives stays, null included.
    """
    form = deployed.definition.form(deployed.definition.diagram.start_event().id)
    if form is None:
        return values
    environment = at_the_time(session, forms.NOTHING, now, calendars.hash_in_force(session))
    asked = {key: value for key, value in values.items() if key in form.keys}
    opened, _ = forms.validate(form, asked, {}, environment)
    return {key: value for key, value in opened.items() if value is not None} | values


def _by_caller(given: Input) -> bool:
    return given.kind == "cancel" and "caller" in given.facts


def _left_alone(before: Iterable[Wait], effects: Effects) -> list[WaitId]:
    """The waits for called cases that this step closed without their answer."""
    closed = {WaitId(*map(int, each["wait"])): each["why"] for each in effects.get("closed", ())}
    answered = (None, "completed", "failed")
    return [wait.id for wait in before if wait.kind == "child" and closed.get(wait.id) not in answered]
