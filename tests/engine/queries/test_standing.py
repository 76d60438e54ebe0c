"""A case as an administrator meets it."""

import pytest

from engine.actor import NotPermitted
from engine.jobs import JobError
from engine.queries.standing import standing
from tests.bench import ADMIN, CLERK, Bench


def test_it_says_what_can_be_moved_where(bench: Bench) -> None:
    bench.deploy("deadline").start("deadline", amount=1)
    with bench.db.reading() as session:
        found = standing(session, ADMIN, "DEA-2026-000001").movable()
    assert [wait.node_id for wait, _targets in found] == ["reply"], "what only listens for an event is no token"
    assert {"reply", "escalate"} <= {node.id for node in found[0][1]}


def test_it_says_what_stands_still(bench: Bench) -> None:
    def refuse(_job: object) -> dict[str, str]:
        raise JobError(reason="no such address")

    bench.deploy("notice")
    bench.mail = refuse
    bench.start("notice")
    bench.drain()
    with bench.db.reading() as session:
        found = standing(session, ADMIN, "NOT-2026-000001")
    assert found.stuck == {bench.wait("send_mail").wait: {"reason": "no such address", "reason_en": "no such address"}}


def test_only_who_may_correct_reads_it(bench: Bench) -> None:
    bench.deploy("deadline").start("deadline", amount=1)
    with bench.db.reading() as session, pytest.raises(NotPermitted):
        standing(session, CLERK, "DEA-2026-000001")
