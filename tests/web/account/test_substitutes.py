"""Standing in for somebody: what a substitute does for whoever is away, and what nobody does for who lost the right."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import delete

from company.people.substitutes import add_substitute, end_substitute, substitutions
from company.people.tables import person_roles
from engine.actor import SYSTEM
from engine.commands import claim_task
from engine.history.reading_steps import steps_of
from tests.product import MATERIALS, START

UNSEEN = 404
"""What somebody reads of a task or case that they may not see."""
STEP = "supply_material_prices"
POSTED = {"materials": "", "materials-0-_row": "", "materials-0-name": "密封圈", "materials-0-quantity": "2",
          "materials-0-unit_price": "1500", "material_source": "报价 GY"}  # fmt: skip


@pytest.fixture
def task(staffed, act):
    """A task that wu holds while shi, who ships, stands in for wu."""
    staffed.start(by=act("lin"))
    claim_task(staffed.db, act("wu"), START, staffed.task(STEP))
    add_substitute(staffed.db, act("wu"), START, "wu", "shi", START, START + timedelta(days=3))
    return staffed.task(STEP)


def acts(visitor, task, number):
    """What somebody may try with a task, and the answer of each."""
    file = (io.BytesIO(b"words"), "a.txt")
    return {
        "open": visitor.get(f"/tasks/{task}"),
        "quick": visitor.get(f"/tasks/{task}/quick"),
        "choose": visitor.get(f"/tasks/{task}/delegate"),
        "about": visitor.get(f"/tasks/{task}/about"),
        "evaluate": visitor.post(f"/tasks/{task}/evaluate", POSTED),
        "presence": visitor.post(f"/tasks/{task}/presence"),
        "comment": visitor.post(f"/cases/{number}/comments", {"text": "看过了"}),
        "upload": visitor.post(f"/tasks/{task}", {**POSTED, "file": file}, content_type="multipart/form-data"),
        "claim": visitor.post(f"/tasks/{task}/claim"),
        "delegate": visitor.post(f"/tasks/{task}/delegate", {"to": "wu"}),
        "release": visitor.post(f"/tasks/{task}/release"),
        "submit": visitor.post(f"/tasks/{task}", POSTED),
    }


def test_a_substitute_finds_opens_and_completes_what_the_absent_person_holds(visit, staffed, task):
    shi = visit("shi")
    assert f'data-task="{task}"' in shi.get("/").text
    assert shi.get(f"/tasks/{task}").status_code == 200
    assert shi.get(f"/tasks/{task}/quick").status_code == 200
    assert shi.post(f"/tasks/{task}", POSTED).status_code == 303
    with staffed.db.reading() as session:
        last = [entry for entry in steps_of(session, staffed.instance_id) if entry.kind == "complete"][-1]
    assert (last.actor, last.on_behalf_of) == ("shi", "wu")


def test_before_and_after_the_period_it_is_not_theirs(visit, staffed, act, task):
    with staffed.db.reading() as session:
        (standing_in,) = substitutions(session, "wu", START)
    end_substitute(staffed.db, act("wu"), START, standing_in.id)
    shi = visit("shi")
    assert f'data-task="{task}"' not in shi.get("/").text
    assert shi.get(f"/tasks/{task}").status_code == UNSEEN


@pytest.mark.parametrize("who", ["wu", "shi"])
def test_what_somebody_has_lost_neither_they_nor_their_substitute_does(visit, staffed, task, who):
    """However the hold outlived the right: the role is taken away behind the product's back."""
    staffed.db.write(lambda session: session.execute(delete(person_roles).where(person_roles.c.person == "wu")))
    somebody = visit(who)
    assert f'data-task="{task}"' not in somebody.get("/").text
    answers = acts(somebody, task, staffed.number)
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, UNSEEN)
    assert staffed.open_nodes() == [STEP]


def test_a_right_lost_during_the_visit_counts_at_the_next_act(visit, staffed, task):
    shi = visit("shi")
    assert shi.get(f"/tasks/{task}").status_code == 200
    staffed.db.write(lambda session: session.execute(delete(person_roles).where(person_roles.c.person == "wu")))
    assert shi.post(f"/tasks/{task}", POSTED).status_code == UNSEEN


def test_a_substitute_of_a_manager_reassigns_in_their_place(visit, staffed, act):
    staffed.start(by=act("lin"))
    staffed.do(act("wu"), STEP, **MATERIALS)
    task = staffed.task("draft_price")
    claim_task(staffed.db, act("bai"), START, task)
    add_substitute(staffed.db, SYSTEM, START, "zheng", "shi", START, START + timedelta(days=3))
    shi = visit("shi")
    assert f'data-task="{task}"' in shi.get("/?view=team").text
    assert "这项任务已由 白小鹿 领取。" in shi.get(f"/tasks/{task}").text
    assert shi.post(f"/tasks/{task}", {}).status_code == 403
    assert shi.post(f"/tasks/{task}/delegate", {"to": "lin"}).status_code == 303
    with staffed.db.reading() as session:
        last = steps_of(session, staffed.instance_id)[-1]
    assert (last.actor, last.on_behalf_of, last.values) == ("shi", "zheng", {"to": "lin"})
