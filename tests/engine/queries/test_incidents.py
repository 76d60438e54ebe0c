"""The list of what stands still."""

from __future__ import annotations

import pytest

from engine.actor import NotPermitted
from engine.commands import cancel_instance
from engine.jobs import JobError
from engine.queries import incidents
from tests.bench import ADMIN, CLERK, Bench


@pytest.fixture
def stuck(bench: Bench) -> Bench:
    """Two mails that cannot be sent, the second a minute later."""

    def refuse(_job: object) -> dict[str, str]:
        raise JobError(reason="no such address")

    bench.deploy("notice")
    bench.mail = refuse
    for _ in range(2):
        bench.start("notice")
        bench.drain().later(minutes=1)
    return bench


def test_incidents_say_where_since_when_and_why_the_oldest_first(stuck: Bench) -> None:
    with stuck.db.reading() as session:
        found = incidents(session, ADMIN)

    assert [(i.number, i.key, i.kind, i.node_id) for i in found] == [
        ("NOT-2026-000001", "notice", "job", "send_mail"),
        ("NOT-2026-000002", "notice", "job", "send_mail"),
    ]
    assert found[0].since < found[1].since
    assert found[0].wait == stuck.wait("send_mail", 1)
    assert found[0].facts == {"reason": "no such address", "reason_en": "no such address"}


def test_a_cancelled_case_has_no_incident(stuck: Bench) -> None:
    cancel_instance(stuck.db, ADMIN, stuck.now, "NOT-2026-000001", "撤回")

    with stuck.db.reading() as session:
        assert [incident.number for incident in incidents(session, ADMIN)] == ["NOT-2026-000002"]


def test_only_who_may_correct_reads_them(stuck: Bench) -> None:
    with stuck.db.reading() as session, pytest.raises(NotPermitted):
        incidents(session, CLERK)
