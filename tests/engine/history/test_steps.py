"""Entries read as steps: frozen, checked, and refused by number when they are damaged."""

from __future__ import annotations

import ast
from dataclasses import FrozenInstanceError, fields
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn import WaitId
from engine.history.entries import DamagedEntry, Entry
from engine.history.reading_steps import read
from engine.history.steps import Assigned, Called, Closed, Decided, Opened, Sent, Standing, Step, Write
from engine.values import encode
from tests.engine.history.folding import NO_HASHES

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
OPENED = {"k": 0, "kind": "task", "node": "sign", "scope": "sub:1", "lane": "clerk", "assignee": "甲", "due": NOW}


def entry(kind: str = "complete", given: object = None, done: object = None, seq: int = 3) -> Entry:
    done = {"tokens": []} if done is None else done
    return Entry(
        instance_id=1, seq=seq, kind=kind, at=NOW, actor="甲", on_behalf_of=None, definition_id=1, revision=1,
        input=encode({} if given is None else given).decode(), effects=encode(done).decode(),
        **NO_HASHES,
    )  # fmt: skip


def only(*found: Entry) -> Step:
    return [*read((each, 7) for each in found)][-1]


def test_everything_an_entry_says_is_in_its_step():
    did = {
        "path": ["sign", "on"],
        "opened": [OPENED | {"priority": 2, "details": {"working": True}}],
        "closed": [{"wait": [1, 0], "why": "completed"}],
        "set": [{"scope": "sub:1", "name": "n", "value": 1}],
        "decisions": [{"node": "rate", "decision": "rating", "trace": [{"more": True}]}],
        "tokens": [["sign", "sub:1", 2]],
        "children": [{"wait": [3, 0], "process": "repair", "values": {"a": 1}}],
        "sent": [{"message": "told", "key": "K", "values": {}}, {"signal": "recall", "values": {"b": 2}}],
        "status": "completed",
        "title": "标题",
        "assigned": {"wait": [1, 0], "to": None},
        "error": {"code": "E", "name": "err"},
    }
    step = only(entry(given={"wait": [1, 0], "values": {"n": 1}, "facts": {"reason": "r"}}, done=did))

    assert (step.seq, step.kind, step.wait, step.version) == (3, "complete", WaitId(1, 0), 7)
    assert (step.values, step.facts, step.path) == ({"n": 1}, {"reason": "r"}, ("sign", "on"))
    assert step.opened == (Opened(WaitId(3, 0), "task", "sign", "sub:1", "clerk", "甲", NOW, 2, {"working": True}),)
    assert step.closed == (Closed(WaitId(1, 0), "completed"),)
    assert step.writes == (Write("sub:1", "n", 1),)
    assert step.decisions == (Decided("rate", "rating", [{"more": True}]),)
    assert step.tokens == (Standing("sign", "sub:1", 2),)
    assert step.children == (Called(WaitId(3, 0), "repair", {"a": 1}),)
    assert step.sent == (Sent(False, "told", "K", {}), Sent(True, "recall", None, {"b": 2}))
    assert (step.status, step.title, step.assigned, step.error) == (
        "completed", "标题", Assigned(WaitId(1, 0), None), "E",
    )  # fmt: skip


def test_a_step_names_the_node_that_it_was_about():
    opening = entry("start", done={"path": ["begun"], "opened": [OPENED], "tokens": []}, seq=0)

    assert only(opening).node == "begun"
    assert only(opening, entry(given={"wait": [0, 0]})).node == "sign"
    assert only(opening, entry("move", {"values": {"from": [0, 0], "to": "x"}})).node == "sign"
    assert only(entry("move", {"values": {"from": {"node": "join"}, "to": "x"}})).node == "join"
    assert only(entry("suspend")).node is None


@pytest.mark.parametrize("name", [field.name for field in fields(Step)])
def test_nothing_of_a_step_can_be_changed(name):
    with pytest.raises(FrozenInstanceError):
        setattr(only(entry()), name, None)


@pytest.mark.parametrize(
    "damaged",
    [
        {"kind": "dance"},
        {"given": []},
        {"given": {"wait": [1]}},
        {"given": {"wait": "1-0"}},
        {"given": {"values": []}},
        {"given": {"facts": "none"}},
        {"kind": "move", "given": {"values": {"to": "x"}}},
        *(
            {"done": done}
            for done in (
                [],
                {"pathway": []},
                {"path": "sign"},
                {"path": [1]},
                {"opened": [OPENED | {"kind": "party"}]},
                {"opened": [OPENED | {"k": "0"}]},
                {"opened": [OPENED | {"due": "tomorrow"}]},
                {"opened": [{"k": 0, "kind": "task"}]},
                {"closed": [{"wait": [0, 0], "why": "bored"}]},
                {"closed": [[0, 0]]},
                {"set": [{"scope": "", "name": 1, "value": 1}]},
                {"decisions": [{"node": "rate", "trace": []}]},
                {"tokens": [["sign", "", Decimal("1.5")]]},
                {"tokens": [["sign", 1]]},
                {"children": [{"wait": [0, 0], "values": {}}]},
                {"sent": [{"values": {}}]},
                {"status": "gone"},
                {"title": 5},
                {"assigned": {"wait": [0, 0]}},
                {"error": "E"},
            )
        ),
    ],
    ids=str,
)
def test_what_has_not_the_shape_of_an_entry_is_refused_by_its_number(damaged: dict[str, Any]):
    with pytest.raises(DamagedEntry, match="3"):
        only(entry(**damaged))


def test_effects_as_they_are_stored_leave_the_engine_nowhere():
    """Who asks what happened asks a step."""
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("web", "company", "handlers", "cli", "demo")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr == "effects")
        or (isinstance(node, ast.Constant) and node.value == "effects")
    ]
    assert named == []
