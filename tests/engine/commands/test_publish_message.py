"""Messages and signals: who gets them, when, how often, in what order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.actor import NotPermitted
from engine.commands import (
    Published,
    ReasonMissing,
    publish_message,
    publish_signal,
    resume_instance,
    retry_message,
    suspend_instance,
)
from engine.queries import incidents
from engine.tables import messages
from tests.bench import ADMIN, CLERK, Bench

PAID, HEARD, RECALL = "payment received", "complaint received", "product recall"


def publish(bench: Bench, key: str = "A1", name: str = PAID, **more: Any) -> Published:
    return publish_message(bench.db, ADMIN, bench.now, name, key, **more)


def test_a_message_wakes_the_case_that_waits_under_its_key(bench: Bench) -> None:
    bench.deploy("order")
    first, second = bench.start("order", "A1"), bench.start("order", "A2")

    assert publish(bench, "A2", values={"amount": 7}).number == second.number

    assert (bench.open(first.instance_id), bench.open(second.instance_id)) == (["await_payment"], ["ship"])
    assert bench.variables(second.instance_id) == {"subject": "A2", "amount": 7}
    entry = bench.entries(second.instance_id)[-1]
    assert (entry.kind, entry.facts) == ("message", {"message": PAID, "from": ADMIN.id})
    bench.check()


def test_of_two_that_wait_under_one_key_the_older_gets_the_message(bench: Bench) -> None:
    bench.deploy("order")
    first = bench.start("order")
    bench.later(minutes=1).start("order")

    assert publish(bench).number == first.number
    assert bench.open() == ["await_payment", "ship"]


def test_a_message_without_a_waiting_case_starts_the_process_that_begins_with_it(bench: Bench) -> None:
    bench.deploy("complaint")

    published = publish(bench, "any", HEARD, values={"subject": "异响"})

    assert published.number == "COM-2026-000001"
    assert bench.open() == ["answer"]
    assert bench.variables(1) == {"subject": "异响"}
    bench.check()


def test_a_message_that_comes_too_early_waits_for_its_time_to_live(bench: Bench) -> None:
    bench.deploy("order")
    assert publish(bench, ttl=timedelta(hours=2)) == Published(None)

    bench.later(hours=1).start("order")
    bench.drain()

    assert bench.open() == ["ship"]


def test_a_message_whose_time_is_over_reaches_nobody(bench: Bench) -> None:
    bench.deploy("order")
    publish(bench, ttl=timedelta(hours=2))

    bench.later(hours=2).start("order")
    bench.drain()

    assert bench.open() == ["await_payment"]


def test_a_duplicate_is_taken_once(bench: Bench) -> None:
    bench.deploy("order")
    first, second = bench.start("order"), bench.start("order")

    assert publish(bench, message_id="bank-77").number == first.number
    assert publish(bench, message_id="bank-77") == Published(None, duplicate=True)

    assert bench.drain().open(second.instance_id) == ["await_payment"]


def test_messages_of_one_sender_come_in_their_order(bench: Bench) -> None:
    bench.deploy("late_order")
    case = bench.start("late_order").instance_id
    for amount in (1, 2):
        publish(bench, values={"amount": amount})

    bench.do("pack")
    bench.drain()

    assert bench.open() == ["ship"]
    assert bench.variables(case) == {"subject": "A1", "amount": 1, "rest": {"amount": 2}}
    bench.check()


def test_a_case_sends_a_message_to_another_through_its_door(bench: Bench) -> None:
    bench.deploy("order", "payment")
    order = bench.start("order").instance_id
    bench.start("payment")
    bench.do("pay", subject="A1", amount=12)
    assert bench.open(order) == ["await_payment"], "each delivery is a step and a transaction of its own"

    bench.drain()

    assert bench.open(order) == ["ship"]
    assert bench.entries(order)[-1].facts["from"] == "PAY-2026-000001"
    assert bench.variables(order)["amount"] == 12
    bench.check()


def test_a_suspended_case_takes_its_message_when_it_is_resumed(bench: Bench) -> None:
    case = bench.deploy("order").start("order")
    suspend_instance(bench.db, ADMIN, bench.now, case.number, "等待")
    assert publish(bench).number is None
    assert bench.drain().open() == ["await_payment"]

    resume_instance(bench.db, ADMIN, bench.now, case.number, "继续")

    assert bench.drain().open() == ["ship"]


def test_a_signal_reaches_every_case_that_waits_and_starts_what_begins_with_it(bench: Bench) -> None:
    bench.deploy("watch", "recall", "complaint")
    watching = [bench.start("watch").instance_id for _ in range(3)]
    bench.start("recall", "主缸")

    bench.drain()

    assert [bench.open(case) for case in watching] == [["act"]] * 3
    assert [bench.variables(case)["reason"] for case in watching] == ["主缸"] * 3
    assert bench.open().count("answer") == 1
    bench.check()


def test_a_signal_from_outside_reaches_those_that_wait_now(bench: Bench) -> None:
    bench.deploy("watch")
    bench.start("watch")

    assert publish_signal(bench.db, ADMIN, bench.now, RECALL) == 1
    later = bench.start("watch").instance_id

    assert bench.drain().open(later) == ["await_recall"]
    assert bench.open() == ["act", "await_recall"]


def test_a_suspended_case_gets_its_signal_when_it_is_resumed(bench: Bench) -> None:
    case = bench.deploy("watch").start("watch")
    suspend_instance(bench.db, ADMIN, bench.now, case.number, "等待")
    publish_signal(bench.db, ADMIN, bench.now, RECALL)
    assert bench.drain().open() == ["await_recall"]

    resume_instance(bench.db, ADMIN, bench.now, case.number, "继续")

    assert bench.drain().open() == ["act"]


def test_a_message_its_target_refuses_is_an_incident_that_can_be_tried_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.bpmn.errors import NoFlow

    def refuse(*_: object) -> None:
        raise NoFlow(node="await_payment")

    bench.deploy("order").start("order")
    with monkeypatch.context() as broken:
        broken.setattr("engine.commands.unattended.deliver_message.record", refuse)
        assert publish(bench).number is None

    with bench.db.reading() as session:
        (incident,) = incidents(session, ADMIN)
    assert incident.message is not None
    assert (incident.kind, "await_payment" in incident.facts["reason"]) == ("message", True)
    assert bench.drain().open() == ["await_payment"], "what was refused is not tried again by itself"

    with pytest.raises(ReasonMissing):
        retry_message(bench.db, ADMIN, incident.message, " ")
    retry_message(bench.db, ADMIN, incident.message, "已修正")
    assert bench.drain().open() == ["ship"]


def test_only_who_may_correct_sends_messages_from_outside(bench: Bench) -> None:
    with pytest.raises(NotPermitted):
        publish_message(bench.db, CLERK, bench.now, PAID)
    with pytest.raises(NotPermitted):
        publish_signal(bench.db, CLERK, bench.now, RECALL)
    with bench.db.reading() as session:
        assert session.execute(select(func.count()).select_from(messages)).scalar_one() == 0
