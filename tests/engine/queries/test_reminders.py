"""What went off beside work: when, whom it set to work, and which task it was about."""

from __future__ import annotations

from datetime import timedelta

from engine.actor import SYSTEM
from engine.clauses import Register
from engine.commands import deploy_definition
from engine.lint import LintContext
from engine.queries.reminders import Reminder, reminders
from tests.bench import Bench
from tests.engine.queries.test_deadlines import CITED, timed
from tests.product import START


def overdue(bench: Bench) -> tuple[int, list[Reminder]]:
    """A case that went past its reminder and its deadline, and what went off in it."""
    deploy_definition(bench.db, SYSTEM, START, "deadline", timed(), LintContext(Register({}, {"x-1": CITED})))
    case, other = bench.start("deadline", "A").instance_id, bench.start("deadline", "B").instance_id
    bench.do("reply", other)
    bench.later(minutes=70).drain()
    with bench.db.reading() as session:
        found = reminders(session, [case, other])
        assert reminders(session, []) == {}
    assert set(found) == {case}, "answered in time, nothing went off"
    return case, found[case]


def test_what_went_off_names_who_got_work_from_it(bench: Bench) -> None:
    case, [escalated] = overdue(bench)

    assert (escalated.instance_id, escalated.timer.id) == (case, "overdue")
    assert escalated.at == START + timedelta(minutes=70)
    assert escalated.lanes == ["clerk"]
    assert escalated.jobs == []


def test_it_is_about_the_task_it_stands_on_as_that_was_open_then(bench: Bench) -> None:
    _case, [escalated] = overdue(bench)

    assert escalated.about("reply", START)
    assert not escalated.about("reply", START + timedelta(hours=2)), "another round"
    assert not escalated.about("file", START)
    assert not escalated.about("gone", START)
