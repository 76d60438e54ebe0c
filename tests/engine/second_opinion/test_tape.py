"""Tapes: read from the history of a case and of those it called, in the order things happened."""

from __future__ import annotations

import pytest

from engine.bpmn import Definition
from engine.second_opinion import recorded, second_opinion
from tests.bench import Bench, files_of

PROCESSES = {key: Definition(key, files_of(key)) for key in ("repair", "quote")}


@pytest.fixture
def repair(bench: Bench) -> str:
    """A repair that called its quote and went on with what that came to: its number."""
    number = bench.deploy(*PROCESSES).start("repair", amount=300).number
    bench.do("offer", amount=20)
    return number


def test_a_tape_holds_called_cases_in_the_order_things_happened(bench: Bench, repair: str) -> None:
    with bench.db.reading() as session:
        tape = recorded(session, repair)

    assert [(played.case.key, played.step.seq, played.input.kind) for played in tape] == [
        ("repair", 0, "start"),
        ("quote", 0, "start"),
        ("quote", 1, "complete"),
        ("repair", 1, "child_ended"),
    ]
    assert tape[1].case.caller == tape[0].case.id


def test_called_processes_are_carried_out_by_the_second_opinion_too(bench: Bench, repair: str) -> None:
    with bench.db.reading() as session:
        tape = recorded(session, repair)

    assert second_opinion(PROCESSES, tape).agrees


def test_what_stands_at_the_same_time_stays_apart_from_other_cases(bench: Bench, repair: str) -> None:
    """Another case of the same process, at the same moment, is on no tape but its own."""
    other = bench.start("repair", amount=5).number
    with bench.db.reading() as session:
        assert len(recorded(session, other)) == 2
        assert len(recorded(session, repair)) == 4


def test_there_is_no_tape_of_an_unknown_case(bench: Bench) -> None:
    with bench.db.reading() as session, pytest.raises(LookupError, match="REP-1"):
        recorded(session, "REP-1")
