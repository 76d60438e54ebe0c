"""Diagrams mangled at random, and inputs nobody would send: refused in a sentence or carried out, never a crash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.bpmn import Definition, Input, State, WaitId, advance, load_state, store_state
from engine.bpmn.run.advance import INPUT_KINDS
from engine.errors import ClauseflowError, Refused
from tests.engine.bpmn.walking import CALENDAR, definition

pytestmark = pytest.mark.long

DIAGRAMS = sorted((Path(__file__).parents[3] / "diagrams").rglob("*.bpmn"))
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
STARTED = {"people": ["lin", "qian"], "order_no": "A-7", "product": "pump"}
TEXTS = [
    "",
    "x",
    "=",
    "=1",
    "= x +",
    "P1D",
    "R3/PT1H",
    "true",
    "false",
    "0",
    "-1",
    "start",
    "end",
    "work",
    "trip",
    "客户",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
)


def mangled(data: bytes, random: Random) -> bytes:
    """The file with a few attributes, texts and elements changed, moved, doubled or gone."""
    root = etree.fromstring(data)
    for _ in range(random.randint(1, 4)):
        elements = list(root.iter("*"))
        element = random.choice(elements)
        parent = element.getparent()
        change = random.randrange(6)
        if change == 0 and element.attrib:
            element.set(random.choice(list(element.attrib)), random.choice(TEXTS))
        elif change == 1 and element.attrib:
            del element.attrib[random.choice(list(element.attrib))]
        elif change == 2:
            element.text = random.choice(TEXTS)
        elif change == 3 and parent is not None:
            parent.remove(element)
        elif change == 4 and parent is not None:
            random.choice(elements).append(etree.fromstring(etree.tostring(element)))
        elif change == 5:
            element.tag = random.choice(elements).tag
    return etree.tostring(root)


def refusal(act: Callable[[], object]) -> ClauseflowError | None:
    """What an act is refused with; any other exception is a crash."""
    try:
        act()
    except ClauseflowError as error:
        return error
    return None


def carry_out(given: Definition) -> None:
    """Start a case and answer each of its first waits."""
    state = advance(given, None, Input("start", NOW, values={"again": True, "people": ["lin"]}))[0]
    for wait in state.waits:
        kind = {"task": "complete", "job": "job_done", "child": "child_ended"}.get(wait.kind, wait.kind)
        state = advance(given, state, Input(kind, NOW, wait=wait.id))[0]


def said(error: ClauseflowError | None) -> bool:
    """Whether a refusal, if there was one, speaks both languages, and a file's names the file."""
    if isinstance(error, Refused):
        return all(problem.zh and problem.en and problem.file for problem in error.problems)
    return error is None or error.text("zh") != error.text("en")


@pytest.mark.parametrize("part", range(2))
@settings(max_examples=200)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_mangled_diagram_is_refused_or_carried_out(part, seed):
    random = Random(f"{seed}/{part}")  # noqa: S311 – a seed must mangle the same way everywhere
    path = random.choice(DIAGRAMS)
    key = "refused" if path.parent.name == "refused" else path.stem
    given = Definition(key, {f"processes/{key}.bpmn": mangled(path.read_bytes(), random)})
    assert said(refusal(lambda: carry_out(given)))


@settings(max_examples=200)
@given(
    name=st.sampled_from(
        [
            "parallel_items_are_collected_in_their_order",
            "a_token_may_be_moved",
            "a_failed_job_goes_the_way_of_its_error_boundary",
            "a_call_activity_asks_for_a_child_and_goes_on_with_its_end",
            "a_message_event_sub_process_that_does_not_interrupt_happens_again",
            "a_working_time_deadline_pauses_with_the_case",
        ]
    ),
    steps=st.lists(
        st.tuples(
            st.sampled_from(sorted(INPUT_KINDS)),
            st.integers(0, 3),
            st.dictionaries(st.sampled_from(["from", "to", "error", "answer", "order_no", "people", "x"]), VALUES),
            st.dictionaries(st.sampled_from(["error", "scope", "start", "calendar"]), st.text(max_size=4)),
        ),
        max_size=8,
    ),
)
def test_any_input_is_taken_or_refused_in_a_sentence(name, steps):
    state = advance(definition(name), None, _input("start", None, STARTED, {}))[0]
    for kind, number, values, facts in steps:
        state = stepped(definition(name), state, _input(kind, number, values, facts))
        assert load_state(store_state(state)) == state


def stepped(given: Definition, state: State, taken: Input) -> State:
    """The state after an input; the same state after one that is refused."""
    found: list[State] = []
    assert said(refusal(lambda: found.append(advance(given, state, taken)[0])))
    return found[0] if found else state


def _input(kind: str, number: int | None, values: dict[str, object], facts: dict[str, object]) -> Input:
    wait = None if number is None else WaitId(0, number)
    return Input(kind, NOW, actor="lin", wait=wait, values=values, facts=facts, calendar=CALENDAR)
