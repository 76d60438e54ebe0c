"""Completing a task: what is let through, what is refused, and that a refusal leaves nothing behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import func, select

from engine.actor import Actor, NotPermitted
from engine.bpmn.errors import FourEyes
from engine.commands import InvalidForm, TaskGone, TaskTaken, claim_task, complete_task
from engine.database import Database
from engine.errors import ClauseflowError
from engine.history.reading_steps import steps_of
from engine.tables import entries
from engine.task_id import NoSuchTask, TaskId
from tests.product import BAI, DRAFT, LIN, MATERIALS, NOBODY, SUN, WU, ZHENG, Approval, person


def count_entries(db: Database) -> int:
    with db.reading() as session:
        return session.execute(select(func.count()).select_from(entries)).scalar_one()


def test_a_completed_task_moves_the_case_and_gives_the_actors_next_task(approval: Approval) -> None:
    moved = approval.start().do(WU, "supply_material_prices", **MATERIALS)

    assert approval.open_nodes() == ["draft_price"]
    assert moved.status == "active"
    assert moved.next_task is None, "the next task is somebody else's"
    assert approval.do(LIN, "draft_price", **DRAFT).next_task is None


def test_the_next_task_is_given_to_whoever_may_do_it(approval: Approval) -> None:
    both = person("双岗", "supply", "after_sales")

    moved = approval.start(by=both).do(both, "supply_material_prices", **MATERIALS)

    assert moved.next_task == approval.task("draft_price")


def test_the_form_computes_and_history_keeps_what_was_entered(approval: Approval, db: Database) -> None:
    approval.start().do(WU, "supply_material_prices", **MATERIALS)

    with db.reading() as session:
        last = steps_of(session, approval.instance_id)[-1]
    assert last.actor == WU.id
    assert last.node == "supply_material_prices"
    assert last.values["materials_total"] == 300


@pytest.mark.parametrize(
    "value",
    ["八百", "-1", "1e400", "1,5", "1,000.50", "NaN", "Infinity", "800.001", "", "0x10", "１２a"],
)
def test_it_refuses_what_is_no_price_and_names_the_field(approval: Approval, db: Database, value: str) -> None:
    approval.start().do(WU, "supply_material_prices", **MATERIALS)
    before = count_entries(db)

    with pytest.raises(InvalidForm) as refusal:
        approval.do(LIN, "draft_price", **(DRAFT | {"price": value}))

    assert [problem.where for problem in refusal.value.problems] == ["price"]
    assert all(problem.zh and problem.en for problem in refusal.value.problems)
    assert count_entries(db) == before
    assert approval.open_nodes() == ["draft_price"]


def test_it_refuses_three_hundred_kilobytes_of_text(approval: Approval) -> None:
    approval.start().do(WU, "supply_material_prices", **MATERIALS)

    with pytest.raises(InvalidForm) as refusal:
        approval.do(LIN, "draft_price", **(DRAFT | {"price_basis": "长" * 300_000}))

    assert [problem.where for problem in refusal.value.problems] == ["price_basis"]


def test_it_refuses_a_key_the_form_does_not_declare(approval: Approval) -> None:
    approval.start().do(WU, "supply_material_prices", **MATERIALS)

    with pytest.raises(InvalidForm) as refusal:
        approval.do(LIN, "draft_price", **(DRAFT | {"cost": 1}))

    assert "cost" in [problem.where for problem in refusal.value.problems]


def test_it_refuses_a_forged_read_only_value(approval: Approval) -> None:
    approval.start().drafted().costed()

    with pytest.raises(InvalidForm) as refusal:
        approval.do(ZHENG, "manager_decision", decision="approve", price=1)

    assert [problem.where for problem in refusal.value.problems] == ["price"]


def test_nobody_approves_what_they_drafted(approval: Approval) -> None:
    both = person("兼任", "after_sales", "after_sales_manager")
    approval.start().do(WU, "supply_material_prices", **MATERIALS)
    approval.do(both, "draft_price", **DRAFT)
    approval.costed()

    with pytest.raises(FourEyes) as refusal:
        approval.do(both, "manager_decision", decision="approve")

    assert "兼任" in refusal.value.text("zh")
    assert approval.open_nodes() == ["manager_decision"]


def test_a_person_of_another_lane_is_refused(approval: Approval) -> None:
    approval.start()

    with pytest.raises(NotPermitted):
        approval.do(LIN, "supply_material_prices", **MATERIALS)
    with pytest.raises(NotPermitted):
        approval.do(NOBODY, "supply_material_prices", **MATERIALS)


def test_somebody_elses_claimed_task_is_refused_by_name(approval: Approval, db: Database) -> None:
    approval.start().do(WU, "supply_material_prices", **MATERIALS)
    claim_task(db, BAI, approval.now, approval.task("draft_price"))

    with pytest.raises(TaskTaken) as refusal:
        approval.do(LIN, "draft_price", **DRAFT)

    assert refusal.value.facts["by"] == BAI.id


def test_a_substitute_acts_in_the_place_of_the_assignee_and_history_names_both(
    approval: Approval, db: Database
) -> None:
    approval.start().do(WU, "supply_material_prices", **MATERIALS)
    claim_task(db, BAI, approval.now, approval.task("draft_price"))
    stand_in = Actor("替班", "替班", frozenset(), {BAI.id: BAI.permissions})

    approval.do(stand_in, "draft_price", **DRAFT)

    with db.reading() as session:
        last = steps_of(session, approval.instance_id)[-1]
    assert (last.actor, last.on_behalf_of) == ("替班", BAI.id)


def test_a_second_submit_reads_who_finished_the_task_and_when(approval: Approval) -> None:
    approval.start().do(WU, "supply_material_prices", **MATERIALS)

    with pytest.raises(TaskGone) as refusal:
        approval.do(WU, "supply_material_prices", **MATERIALS)

    assert refusal.value.facts["by"] == WU.id
    assert refusal.value.facts["number"] == approval.number
    assert refusal.value.facts["at"] is not None


@pytest.mark.parametrize("wrong", ["999-1-0", "1-99-0", "1-0-77"])
def test_an_id_of_no_task_is_refused(approval: Approval, wrong: str) -> None:
    approval.start()

    with pytest.raises(NoSuchTask):
        complete_task(approval.db, SUN, approval.now, TaskId.parse(wrong), {})


def test_of_two_people_at_once_one_wins_and_the_other_reads_a_sentence(approval: Approval, db: Database) -> None:
    approval.start().do(WU, "supply_material_prices", **MATERIALS)
    task_id = approval.task("draft_price")

    def submit(actor: Actor) -> Any:
        try:
            return complete_task(db, actor, approval.now, task_id, DRAFT)
        except ClauseflowError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(submit, (LIN, BAI)))

    refused = [result for result in results if isinstance(result, ClauseflowError)]
    assert [type(error) for error in refused] == [TaskGone]
    assert approval.open_nodes() == ["finance_costing"]


def test_a_failure_inside_the_step_leaves_nothing_behind(
    approval: Approval, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    approval.start().do(WU, "supply_material_prices", **MATERIALS)
    before = count_entries(db)
    monkeypatch.setattr("engine.history.append.keep_waits", Mock(side_effect=OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        approval.do(LIN, "draft_price", **DRAFT)
    monkeypatch.undo()

    assert count_entries(db) == before
    assert approval.open_nodes() == ["draft_price"]
    approval.do(LIN, "draft_price", **DRAFT)
    assert approval.open_nodes() == ["finance_costing"]
