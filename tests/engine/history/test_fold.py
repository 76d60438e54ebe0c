"""The fold of a history: after every entry the variables and open waits that the engine holds itself."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.content import bundle
from engine.bpmn import ClosedWhy, Definition, Input, InputKind, State, Wait, WaitId, WaitKind, advance
from engine.bpmn.errors import CannotMove, ExpressionFailed, NotActive, UnknownInput
from engine.calendar import Calendar
from engine.history.chain import digest
from engine.history.fold import Change, History
from engine.history.steps import Step
from engine.values import canonical, decode, encode
from tests.engine.bpmn.random_blocks import Generator, values
from tests.engine.bpmn.random_drawing import DECISION, diagram
from tests.engine.bpmn.walking import CALENDAR, Case, definition
from tests.engine.history.folding import Folding, step_of
from tests.engine.test_recorded_histories import FILES, entry_of

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
STEPS = 30
ITEMS = "items_of_a_sub_process_have_variables_of_their_own"
NAMES = ("fresh", "newer", "item", "kept")
ANSWERS: dict[WaitKind, InputKind] = {
    "task": "complete", "job": "job_done", "timer": "timer", "message": "message", "signal": "signal",
    "child": "child_ended",
}  # fmt: skip
CALENDAR_HASH = digest(encode(CALENDAR.to_value())).hex()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_holds_what_the_engine_holds_after_every_recorded_entry(path: Path) -> None:
    recorded = json.loads(path.read_text(encoding="utf-8"))
    definition = Definition(recorded["process"], {name: text.encode() for name, text in recorded["files"].items()})
    calendars = {name: Calendar.from_value(decode(text)) for name, text in recorded["calendars"].items()}
    for case in recorded["cases"]:
        state: State | None = None
        folding = Folding(definition, calendars)
        for row in case["entries"]:
            entry = entry_of(row)
            named = entry.given().facts.get("calendar") or (state.calendar if state else "")
            told = entry.recorded_input(calendars.get(named))
            state, effects = advance(definition, state, told)
            folding.take(told, effects, state)


class Wandering:
    """A random process whose sub-processes have variables of their own, and all that may happen to a case of it."""

    def __init__(self, seed: int) -> None:
        generator = Generator(Random(seed))  # noqa: S311 - a seed must make the same process everywhere
        drawn = diagram(generator.process(), "random").decode()
        files = {"processes/random.bpmn": _enriched(drawn).encode(), "processes/random.dmn": DECISION}
        self.definition = Definition("random", files)
        self.choices = generator.choices
        self.names = [*NAMES, *(name for node in self.definition.diagram.nodes.values() for name in node.locals)]
        self.random = Random(seed)  # noqa: S311
        self.folding = Folding(self.definition, {CALENDAR_HASH: CALENDAR})
        self.state: State | None = None
        self.now = NOW
        self.took: list[str] = []
        self.take("start", None, self.values() | values(self.choices, self.random) | {"passed": 0})

    def take(self, kind: InputKind, wait: Wait | None, given: dict[str, Any], **facts: Any) -> None:
        self.now += timedelta(minutes=self.random.randrange(600))
        known = {} if self.state else {"calendar": CALENDAR_HASH}
        told = Input(kind, self.now, "someone", None, wait.id if wait else None, given, facts | known, CALENDAR)
        told = replace(told, values=canonical(told.values))
        try:
            state, effects = advance(self.definition, self.state, told)
        except (CannotMove, ExpressionFailed, NotActive, UnknownInput):
            return  # refused, and nothing has happened
        self.state = state
        self.took.append(kind)
        self.folding.take(told, effects, state)

    def values(self) -> dict[str, Any]:
        return {name: self.random.randrange(9) for name in self.names if self.random.random() < 0.3}

    def go_on(self) -> bool:
        """Let something happen; false once the case waits for nothing any more."""
        if self.state is None or not self.state.waits:
            return False
        if self.state.status == "suspended" or self.random.random() < 0.2:
            self.intervene(self.state)
        else:
            self.answer(self.random.choice(self.state.waits))
        return True

    def answer(self, wait: Wait) -> None:
        again = values(self.choices, self.random) | self.values()
        if "incident" in wait.details:
            self.take("retry", wait, self.random.choice([{}, {"input": {"n": 1}}]))
        elif wait.kind == "job" and self.random.random() < 0.3:
            self.take("job_failed", wait, self.random.choice([{}, {"error": "E"}]))
        elif wait.kind == "child" and self.random.random() < 0.3:
            self.take("child_ended", wait, {}, error="E")
        else:
            self.take(ANSWERS[wait.kind], wait, {} if wait.kind == "timer" else again)

    def intervene(self, state: State) -> None:
        wait = self.random.choice(state.waits)
        kind = self.random.choice(["resume", "correct", "assign", "assign", "suspend", "move", "move", "cancel"])
        if kind == "correct":
            scopes = ["", *(row[0] for row in state.tree["scopes"])]
            self.take("correct", None, self.values(), scope=self.random.choice(scopes))
        elif kind == "assign" and wait.kind == "task":
            self.take("assign", wait, {"to": self.random.choice(["甲", "乙", None])})
        elif kind == "move":
            to = self.random.choice(list(self.definition.diagram.nodes))
            self.take("move", None, {"from": list(wait.id), "to": to}, reason="try")
        elif kind == "cancel" or kind in ("suspend", "resume"):
            self.take(kind, None, {}, reason="wait")


def _enriched(drawn: str) -> str:
    """The diagram with what random processes have not: variables of sub-processes, results, working time, signals."""
    drawn = re.sub(r'(<subProcess id="(\w*[02468]|\w*[13579]_sub)"[^>]*>)', r'\1<dataObject id="of_\2"/>', drawn)
    drawn = re.sub(r'<(userTask|serviceTask|callActivity|receiveTask)( id="\w*[37]")', r'<\1 cf:result="kept"\2', drawn)
    drawn = re.sub(r'<userTask( id="\w*[248]")', r'<userTask cf:due="=working days(1)"\1', drawn)
    thrown = r'<intermediateThrowEvent( id="\w*[1-9]")><signalEventDefinition signalRef="told_all"/>'
    heard = r'<intermediateThrowEvent\1 cf:input="={heard: passed}"><signalEventDefinition signalRef="signal"/>'
    drawn = re.sub(thrown, heard, drawn)
    return re.sub(r'<scriptTask( id="\w*[05]") cf:result="passed"', r'<scriptTask\1 cf:result="fresh"', drawn)


def test_it_holds_what_the_engine_holds_whatever_happens_to_a_case() -> None:
    """With item variables, locals, results under one name, corrections, moves, incidents and suspended deadlines."""
    took: Counter[str] = Counter()

    @settings(max_examples=150)
    @given(seed=st.integers(0, 2**32 - 1))
    def wander(seed: int) -> None:
        wandering = Wandering(seed)
        for _ in range(STEPS):
            if not wandering.go_on():
                break
        took.update(wandering.took)

    wander()
    assert took.keys() == set(get_args(InputKind))


def history(definition: Definition, *steps: Step) -> History:
    return History(steps, definition.diagram, {})


def begun(**values: Any) -> Step:
    """The start of a case that then waits for a signature."""
    opened = {"k": 0, "kind": "task", "node": "sales_head_signs"}
    return step_of(Input("start", NOW, values=values), {"opened": [opened], "tokens": []}, 0)


def after(kind: InputKind, values: dict[str, Any], why: ClosedWhy = "completed", **facts: Any) -> Step:
    """What closed that wait."""
    effects = {"closed": [{"wait": [0, 0], "why": why}], "tokens": [], "status": "completed"}
    answers = None if kind == "move" else WaitId(0, 0)
    return step_of(Input(kind, NOW, wait=answers, values=values, facts=facts), effects, 1)


def test_a_move_writes_no_variables():
    moved = after("move", {"from": [0, 0], "to": "answer"}, "moved", reason="mail refused")
    told = history(bundle("service_request"), begun(customer="南川"), moved)

    assert told.changes(1) == []
    assert told.after(1).seen_by(None) == {"customer": "南川"}


def test_what_is_kept_under_one_name_is_written_under_it():
    told = history(bundle("service_request"), begun(), after("complete", {"opinion": "agree"}))

    assert told.changes(1) == [Change("", "sales_head_signature", None, {"opinion": "agree"})]


def test_of_an_error_nothing_is_written():
    ended = after("child_ended", {"amount": 5}, "failed", error="E")

    assert history(bundle("service_request"), begun(), ended).changes(1) == []


def test_an_item_sees_its_own_before_the_cases_and_writes_nothing_beside_it():
    case = Case(definition(ITEMS)).start(people=["甲", "乙"], report="old")
    case.do("go", "visit:1/1", note="second", report="new")
    known, (first, second) = case.folding.situation, case.state.ordered_waits()

    assert known.seen_by(first.id) == {"people": ["甲", "乙"], "report": "new", "loopCounter": 1}
    assert known.seen_by(second.id) == known.seen_by(first.id) | {"note": "second", "loopCounter": 2}


def test_a_scope_that_has_ended_leaves_nothing():
    case = Case(definition(ITEMS)).start(people=["甲"])
    case.do("go", report="done").do("tell")

    assert case.folding.situation.scopes.variables == {"": {"people": ["甲"], "reports": ["done"]}}
