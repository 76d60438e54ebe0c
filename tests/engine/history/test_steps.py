"""Entries folded into variables: at every entry the same values that the engine itself holds."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cli.content import bundle
from engine.bpmn import Definition, advance
from engine.calendar import Calendar
from engine.history import steps
from engine.history.entries import Entry
from engine.values import decode

RECORDINGS = sorted((Path(__file__).parents[2] / "histories").glob("*.json"))
UNKNOWN: dict[str, Any] = {
    "instance_id": 0,
    "definition_id": 0,
    "input_digest": b"",
    "effects_digest": b"",
    "hash": b"",
}


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_the_fold_holds_what_the_engine_holds(path):
    recorded = json.loads(path.read_text(encoding="utf-8"))
    definition = Definition(recorded["process"], {name: text.encode() for name, text in recorded["files"].items()})
    calendars = {name: Calendar.from_value(decode(text)) for name, text in recorded["calendars"].items()}
    for case in recorded["cases"]:
        state, told = None, []
        for row in case["entries"]:
            entry = Entry(**UNKNOWN, **row | {"at": datetime.fromisoformat(row["at"]), "state_hash": b""})
            named = entry.payload().get("facts", {}).get("calendar") or (state.calendar if state else "")
            state, _ = advance(definition, state, entry.recorded_input(calendars.get(named)))
            told.append(step(entry))
        known = steps.variables(told, definition)
        for (scope, name), value in held(state, definition).items():
            assert known.get((scope, name)) == value, (case["number"], scope, name)


def step(entry):
    payload = entry.payload()
    given = {"values": payload.get("values", {}), "facts": payload.get("facts", {})}
    return SimpleNamespace(seq=entry.seq, kind=entry.kind, effects=entry.done(), **given)


def held(state, definition):
    """The engine's variables, but for those it gives an item or a sub-process itself."""
    own = {"loopCounter"}
    for node in definition.diagram.nodes.values():
        own |= {*node.locals, *([node.loop.item] if node.loop else [])}
    found = {(scope, name): value for scope, of in state.variables.items() for name, value in of.items()}
    return {at: value for at, value in found.items() if at[1] not in own}


def entry(kind, seq=1, *, values=None, **effects):
    return SimpleNamespace(seq=seq, kind=kind, values=values or {}, facts={}, effects=effects)


WAIT = {"k": 0, "node": "sales_head_signs", "scope": ""}


def test_what_is_kept_under_one_name_is_written_under_it():
    waits = {(0, 0): WAIT}
    signed = entry("complete", values={"opinion": "agree"}, closed=[{"wait": [0, 0], "why": "completed"}])
    assert steps.written(signed, waits, bundle("service_request")) == {
        ("", "sales_head_signature"): {"opinion": "agree"}
    }


@pytest.mark.parametrize("kind", ["move", "assign", "retry", "suspend", "job_failed", "cancel"])
def test_what_people_do_from_outside_is_no_data(kind):
    given = {"from": [0, 0], "to": "answer", "reason": "mail refused"}
    closed = [{"wait": [0, 0], "why": "completed"}]
    assert steps.written(entry(kind, values=given, closed=closed), {(0, 0): WAIT}, bundle("service_request")) == {}


def test_an_item_sees_its_own_before_the_cases():
    known = {("", "price"): 1, ("", "customer"): "南川", ("sign:1/2", "price"): 2, ("sign:1/1", "price"): 3}
    assert steps.seen_from("sign:1/2", known) == {"price": 2, "customer": "南川"}
