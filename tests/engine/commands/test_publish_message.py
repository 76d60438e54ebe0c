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
from tests.bench import ADMIN, CLERK, House

PAID, HEARD, RECALL = "payment received", "complaint received", "product recall"


def publish(house: House, key: str = "A1", name: str = PAID, **more: Any) -> Published:
    return publish_message(house.db, ADMIN, house.now, name, key, **more)


def test_a_message_wakes_the_case_that_waits_under_its_key(house: House) -> None:
    house.deploy("order")
    first, second = house.start("order", "A1"), house.start("order", "A2")

    assert publish(house, "A2", values={"amount": 7}).number == second.number

    assert (house.open(first.instance_id), house.open(second.instance_id)) == (["await_payment"], ["ship"])
    assert house.variables(second.instance_id) == {"subject": "A2", "amount": 7}
    entry = house.entries(second.instance_id)[-1]
    assert (entry.kind, entry.facts) == ("message", {"message": PAID, "from": ADMIN.id})
    house.check()


def test_of_two_that_wait_under_one_key_the_older_gets_the_message(house: House) -> None:
    house.deploy("order")
    first = house.start("order")
    house.later(minutes=1).start("order")

    assert publish(house).number == first.number
    assert house.open() == ["await_payment", "ship"]


def test_a_message_without_a_waiting_case_starts_the_process_that_begins_with_it(house: House) -> None:
    house.deploy("complaint")

    published = publish(house, "any", HEARD, values={"subject": "异响"})

    assert published.number == "COM-2026-000001"
    assert house.open() == ["answer"]
    assert house.variables(1) == {"subject": "异响"}
    house.check()


def test_a_message_that_comes_too_early_waits_for_its_time_to_live(house: House) -> None:
    house.deploy("order")
    assert publish(house, ttl=timedelta(hours=2)) == Published(None)

    house.later(hours=1).start("order")
    house.drain()

    assert house.open() == ["ship"]


def test_a_message_whose_time_is_over_reaches_nobody(house: House) -> None:
    house.deploy("order")
    publish(house, ttl=timedelta(hours=2))

    house.later(hours=2).start("order")
    house.drain()

    assert house.open() == ["await_payment"]


def test_a_duplicate_is_taken_once(house: House) -> None:
    house.deploy("order")
    first, second = house.start("order"), house.start("order")

    assert publish(house, message_id="bank-77").number == first.number
    assert publish(house, message_id="bank-77") == Published(None, duplicate=True)

    assert house.drain().open(second.instance_id) == ["await_payment"]


def test_messages_of_one_sender_come_in_their_order(house: House) -> None:
    house.deploy("late_order")
    case = house.start("late_order").instance_id
    for amount in (1, 2):
        publish(house, values={"amount": amount})

    house.do("pack")
    house.drain()

    assert house.open() == ["ship"]
    assert house.variables(case) == {"subject": "A1", "amount": 1, "rest": {"amount": 2}}
    house.check()


def test_a_case_sends_a_message_to_another_through_its_door(house: House) -> None:
    house.deploy("order", "payment")
    order = house.start("order").instance_id
    house.start("payment")
    house.do("pay", subject="A1", amount=12)
    assert house.open(order) == ["await_payment"], "each delivery is a step and a transaction of its own"

    house.drain()

    assert house.open(order) == ["ship"]
    assert house.entries(order)[-1].facts["from"] == "PAY-2026-000001"
    assert house.variables(order)["amount"] == 12
    house.check()


def test_a_suspended_case_takes_its_message_when_it_is_resumed(house: House) -> None:
    case = house.deploy("order").start("order")
    suspend_instance(house.db, ADMIN, house.now, case.number, "等待")
    assert publish(house).number is None
    assert house.drain().open() == ["await_payment"]

    resume_instance(house.db, ADMIN, house.now, case.number, "继续")

    assert house.drain().open() == ["ship"]


def test_a_signal_reaches_every_case_that_waits_and_starts_what_begins_with_it(house: House) -> None:
    house.deploy("watch", "recall", "complaint")
    watching = [house.start("watch").instance_id for _ in range(3)]
    house.start("recall", "主缸")

    house.drain()

    assert [house.open(case) for case in watching] == [["act"]] * 3
    assert [house.variables(case)["reason"] for case in watching] == ["主缸"] * 3
    assert house.open().count("answer") == 1
    house.check()


def test_a_signal_from_outside_reaches_those_that_wait_now(house: House) -> None:
    house.deploy("watch")
    house.start("watch")

    assert publish_signal(house.db, ADMIN, house.now, RECALL) == 1
    later = house.start("watch").instance_id

    assert house.drain().open(later) == ["await_recall"]
    assert house.open() == ["act", "await_recall"]


def test_a_suspended_case_gets_its_signal_when_it_is_resumed(house: House) -> None:
    case = house.deploy("watch").start("watch")
    suspend_instance(house.db, ADMIN, house.now, case.number, "等待")
    publish_signal(house.db, ADMIN, house.now, RECALL)
    assert house.drain().open() == ["await_recall"]

    resume_instance(house.db, ADMIN, house.now, case.number, "继续")

    assert house.drain().open() == ["act"]


def test_a_message_its_target_refuses_is_an_incident_that_can_be_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.bpmn.errors import NoFlow

    def refuse(*_: object) -> None:
        raise NoFlow(node="await_payment")

    house.deploy("order").start("order")
    with monkeypatch.context() as broken:
        broken.setattr("engine.commands.unattended.deliver_message.record", refuse)
        assert publish(house).number is None

    with house.db.reading() as session:
        (incident,) = incidents(session, ADMIN)
    assert incident.message is not None
    assert (incident.kind, "await_payment" in incident.facts["reason"]) == ("message", True)
    assert house.drain().open() == ["await_payment"], "what was refused is not tried again by itself"

    with pytest.raises(ReasonMissing):
        retry_message(house.db, ADMIN, incident.message, " ")
    retry_message(house.db, ADMIN, incident.message, "已修正")
    assert house.drain().open() == ["ship"]


def test_only_who_may_correct_sends_messages_from_outside(house: House) -> None:
    with pytest.raises(NotPermitted):
        publish_message(house.db, CLERK, house.now, PAID)
    with pytest.raises(NotPermitted):
        publish_signal(house.db, CLERK, house.now, RECALL)
    with house.db.reading() as session:
        assert session.execute(select(func.count()).select_from(messages)).scalar_one() == 0
