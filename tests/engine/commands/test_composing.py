"""Commands called by another command: one transaction, kept or undone as a whole."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.errors import NotActive
from engine.commands import InvalidForm, cancel_instance, claim_task, complete_task, start_instance, suspend_instance
from engine.database import command
from engine.session import Session
from tests.bench import ADMIN, CLERK, Bench


@command
def start_and_submit(session: Session, bench: Bench, **values: Any) -> str:
    """Start a case and do its first task at once."""
    begun = start_instance(session, CLERK, bench.now, "deadline", {"subject": "A1"})
    assert begun.next_task
    claim_task(session, CLERK, bench.now, begun.next_task)
    complete_task(session, CLERK, bench.now, begun.next_task, values)
    return begun.number


def test_several_steps_are_one_transaction(bench: Bench) -> None:
    number = start_and_submit(bench.deploy("deadline").db, bench, amount="3")

    assert number == "DEA-2026-000001"
    assert bench.kinds(1) == ["start", "assign", "complete"]


def test_the_last_that_fails_undoes_them_all(bench: Bench) -> None:
    bench.deploy("deadline")
    with pytest.raises(InvalidForm):
        start_and_submit(bench.db, bench, amount="many")

    assert bench.status() == {}
    assert start_and_submit(bench.db, bench, amount="3") == "DEA-2026-000001", "its number was not used up"


def test_an_administrators_acts_follow_each_other_or_none_is_done(bench: Bench) -> None:
    number = bench.deploy("deadline").start("deadline").number

    @command
    def cancel_twice(session: Session) -> None:
        for _ in range(2):
            cancel_instance(session, ADMIN, bench.now, number, "重复")

    with pytest.raises(NotActive):
        cancel_twice(bench.db)

    assert bench.kinds(1) == ["start"]
    suspend_instance(bench.db, ADMIN, bench.now, number, "待查")
    assert bench.status() == {number: "suspended"}
