"""Overall deadlines: shown over every step on the way, in called cases too, until the step they are for is done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.actor import SYSTEM
from engine.clauses import Clause, Register
from engine.commands import deploy_definition
from engine.lint import LintContext
from engine.queries.overall import Overall, overall_deadlines
from tests.bench import Bench, files_of
from tests.product import START

CITED = Clause("sc-1", "sc", "deadline", ("promise",), "48 小时内答复。", "Answer within 48 hours.", "", "")
BY = START + timedelta(hours=48)


@pytest.fixture
def promised(bench: Bench) -> Bench:
    """A case that is to be answered within 48 hours, reminded of after 36."""
    bench.deploy("quote", "deadline")
    deploy(bench, files_of("promise"))
    bench.start("promise")
    return bench


def deploy(bench: Bench, files: dict[str, bytes]) -> None:
    context = LintContext(Register({}, {"sc-1": CITED}), processes=frozenset({"quote"}))
    deploy_definition(bench.db, SYSTEM, START, "promise", files, context)


def over(bench: Bench, node_id: str) -> list[Overall]:
    task = bench.wait(node_id)
    with bench.db.reading() as session:
        found = overall_deadlines(session, [task])
    return found.get(task, [])


def test_a_step_before_the_answer_shows_by_when_the_case_is_answered(promised: Bench) -> None:
    [found] = over(promised, "listen")

    assert found.due_at == BY, "the last of the timers set together; the others remind"
    assert [step.id for step in found.steps] == ["answer"]
    assert found.clauses == ("sc-1",)


def test_a_task_of_a_called_case_shows_the_deadline_of_the_caller(promised: Bench) -> None:
    promised.do("listen")

    [found] = over(promised, "offer")

    assert (found.due_at, found.clauses) == (BY, ("sc-1",))


def test_the_step_itself_and_those_after_it_show_none(promised: Bench) -> None:
    promised.do("listen")
    promised.do("offer", amount=5)
    assert over(promised, "answer") == [], "it has a due time of its own"

    promised.do("answer")

    assert over(promised, "settle") == []
    promised.later(hours=50).drain()
    assert over(promised, "settle") == [], "it was answered in time, whatever goes off later"


def test_a_deadline_that_is_over_stays_until_the_step_is_done(promised: Bench) -> None:
    promised.later(hours=50).drain()

    [found] = over(promised, "listen")

    assert found.due_at == BY


def test_without_a_step_of_its_own_a_deadline_is_for_all_until_it_goes_off(bench: Bench) -> None:
    files, path = files_of("promise"), "processes/promise.bpmn"
    bench.deploy("quote")
    deploy(bench, files | {path: files[path].replace(b' cf:due="P2D"', b"")})
    bench.start("promise")

    [found] = over(bench, "listen")
    assert (found.due_at, found.steps) == (BY, ())

    bench.later(hours=50).drain()
    assert over(bench, "listen") == []


def test_a_timer_on_the_task_alone_is_no_deadline_of_the_case(promised: Bench) -> None:
    promised.start("deadline")

    assert over(promised, "reply") == []
