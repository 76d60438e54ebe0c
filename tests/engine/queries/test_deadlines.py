"""Deadlines of tasks and of timers: kept, missed, running; the last timer counts, those before it remind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from engine.actor import SYSTEM
from engine.bpmn import Definition
from engine.clauses import Clause, Register
from engine.commands import cancel_instance, deploy_definition
from engine.database import Database
from engine.history.definitions import Deployed, in_force
from engine.lint import LintContext
from engine.queries.deadlines import Deadlines, DiagramPlace, Late, deadlines_kept, late, stated
from engine.session import Session
from engine.tables import definitions, waits
from tests.bench import ADMIN, Bench, files_of
from tests.product import MATERIALS, START, WU, Approval

CITED = Clause("x-1", "x", "deadline", ("deadline",), "一小时内答复。", "Answer within an hour.", "", "")
REMINDER = """<bpmn:boundaryEvent id="soon" attachedToRef="reply" cancelActivity="false" cf:clauses="x-1">
      <bpmn:timerEventDefinition>
        <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT30M</bpmn:timeDuration>
      </bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="reminded"/>
    <bpmn:sequenceFlow id="soon_to_reminded" sourceRef="soon" targetRef="reminded"/>
    """


def timed(reply: str = "") -> dict[str, bytes]:
    """The process with a deadline of an hour and a reminder before it, both for the clause; `reply` adds attributes."""
    files = files_of("deadline")
    path = "processes/deadline.bpmn"
    text = files[path].decode()
    overdue = '<bpmn:boundaryEvent id="overdue"'
    text = text.replace(overdue, f'{REMINDER}{overdue} cf:clauses="x-1"')
    text = text.replace('id="reply" name', f'id="reply" {reply} name', 1)
    return files | {path: text.encode()}


@pytest.fixture
def watched(bench: Bench) -> Bench:
    """The process, deployed."""
    files = timed()
    deploy_definition(bench.db, SYSTEM, START, "deadline", files, LintContext(Register({}, {"x-1": CITED})))
    return bench


def counted(bench: Bench) -> dict[str, Deadlines]:
    with bench.db.reading() as session:
        kept = deadlines_kept(session, bench.now, [in_force(session, "deadline")])
    return {place.element: found for place, found in kept.items()}


def version(session: Session) -> Deployed:
    return in_force(session, "deadline")


@pytest.mark.usefixtures("approval")
def test_a_due_time_is_kept_missed_or_still_running(db: Database) -> None:
    done, late, waiting, over = (Approval(db).start() for _ in range(4))
    for case in (done, late):
        case.do(WU, "supply_material_prices", **MATERIALS)
    hour, day = timedelta(hours=1), timedelta(days=1)
    due = [(done, hour), (late, timedelta(minutes=59)), (waiting, day), (over, timedelta(0))]

    def set_due(session: Session) -> None:
        for case, after in due:
            chosen = (waits.c.instance_id == case.instance_id) & (waits.c.node_id == "supply_material_prices")
            session.execute(update(waits).where(chosen).values(due_at=START + after))

    db.write(set_due)
    with db.reading() as session:
        version = session.execute(definitions.select()).one().id
        found = deadlines_kept(session, done.now, [])

    assert found == {DiagramPlace(version, "supply_material_prices"): Deadlines(kept=1, missed=2, running=1)}


def test_deadlines_add_up() -> None:
    assert Deadlines(1, 2, 3) + Deadlines(kept=4) == Deadlines(5, 2, 3)


def test_a_timer_is_missed_when_it_fires_and_its_reminder_counts_for_nothing(watched: Bench) -> None:
    answered, waiting = watched.start("deadline", "A").instance_id, watched.start("deadline", "B").instance_id
    assert counted(watched) == {"overdue": Deadlines(running=2)}

    watched.later(minutes=40).drain()
    watched.do("reply", answered)
    assert counted(watched) == {"overdue": Deadlines(kept=1, running=1)}

    watched.later(minutes=40)
    assert counted(watched) == {"overdue": Deadlines(kept=1, missed=1)}, "over, though no worker came by"
    watched.drain()
    assert counted(watched) == {"overdue": Deadlines(kept=1, missed=1)}

    with watched.db.reading() as session:
        here = DiagramPlace(version(session).id, "overdue")
        due = START + timedelta(hours=1)
        found = late(session, watched.now, [version(session)], [here])
        assert found == [Late(here, waiting, due, START + timedelta(minutes=80))]
        assert late(session, watched.now, [version(session)], [DiagramPlace(here.definition_id, "reply")]) == []


def test_a_cancelled_case_kept_and_missed_nothing(watched: Bench) -> None:
    case = watched.start("deadline")
    cancel_instance(watched.db, ADMIN, watched.now, case.number, "撤回")

    assert counted(watched) == {}


def test_a_timer_leaves_the_clause_to_the_task_that_states_its_due_time() -> None:
    def clauses(reply: str) -> dict[str, tuple[str, ...]]:
        found = stated(Definition("deadline", timed(reply)).diagram)
        return {element: found.get(element, ()) for element in ("reply", "overdue", "soon")}

    both = {"reply": (), "overdue": ("x-1",), "soon": ("x-1",)}
    assert clauses("") == both
    assert clauses('cf:due="PT1H"') == both, "the task states its time for another matter"
    own = clauses('cf:due="PT1H" cf:clauses="x-1"')
    assert own == {"reply": ("x-1",), "overdue": (), "soon": ()}
