"""Recorded histories, carried out again by today's code: an upgrade must not break running cases."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cli.content import bundle, process_keys
from engine.bpmn import Definition, advance, load_state, store_state
from engine.calendar import Calendar
from engine.history.append import state_hash
from engine.history.chain import digest
from engine.history.entries import Entry
from engine.values import decode, encode

FOLDER = Path(__file__).parents[1] / "histories"
FILES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_todays_code_arrives_where_the_recording_did(path: Path) -> None:
    recorded = json.loads(path.read_text(encoding="utf-8"))
    definition = Definition(recorded["process"], {name: text.encode() for name, text in recorded["files"].items()})
    calendars = {name: Calendar.from_value(decode(text)) for name, text in recorded["calendars"].items()}
    assert all(digest(text.encode()).hex() == name for name, text in recorded["calendars"].items())
    assert recorded["cases"]

    for case in recorded["cases"]:
        state = None
        for row in case["entries"]:
            entry = entry_of(row)
            named = entry.payload().get("facts", {}).get("calendar") or (state.calendar if state else "")
            cold = load_state(store_state(state)) if state else None
            state, effects = advance(definition, cold, entry.recorded_input(calendars.get(named)))
            place = f"{case['number']}#{entry.seq}"
            assert (place, encode(effects).decode()) == (place, entry.effects)
            assert (place, state_hash(state).hex()) == (place, row["state_hash"])


def entry_of(row: dict[str, Any]) -> Entry:
    unknown = {"instance_id": 0, "definition_id": 0, "input_digest": b"", "effects_digest": b"", "hash": b""}
    return Entry(**unknown, **row | {"at": datetime.fromisoformat(row["at"]), "state_hash": b""})


@pytest.mark.parametrize("key", process_keys())
def test_the_present_version_of_every_process_is_recorded(key: str) -> None:
    present = Definition(key, bundle(key).files).hash.hex()[:8]

    assert FOLDER / f"{key}.{present}.json" in FILES, "record it: python -m tests.record_histories"


def test_the_recordings_hold_every_kind_of_input() -> None:
    """Whatever `advance` takes was recorded at least once, so that a change of any of it shows."""
    cases = [case for path in FILES for case in json.loads(path.read_text(encoding="utf-8"))["cases"]]
    kinds = {entry["kind"] for case in cases for entry in case["entries"]}

    assert kinds >= {
        "start", "complete", "cancel", "suspend", "resume", "correct", "move", "job_done", "job_failed", "retry",
        "timer", "message", "signal", "child_ended",
    }  # fmt: skip
