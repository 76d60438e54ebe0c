"""What cases did, counted by the database: ways through diagrams and deadlines."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.database import Database
from engine.queries.carried_out import Deadlines, Place, deadlines_kept, ways_taken
from engine.tables import definitions, waits
from tests.product import MATERIALS, START, WU, Approval


def test_entries_that_took_the_same_way_are_counted_together(approval: Approval, db: Database) -> None:
    for _ in range(3):
        Approval(db).start()
    Approval(db).start().do(WU, "supply_material_prices", **MATERIALS)

    with db.reading() as session:
        found = {(way.kind, way.path): way.entries for way in ways_taken(session)}

    assert found == {
        ("start", ("apply", "apply_to_is_warranty_claimed", "is_warranty_claimed", "warranty_not_claimed")): 4,
        ("complete", ("supply_material_prices", "supply_material_prices_to_draft_price")): 1,
    }


def test_no_case_took_no_way(approval: Approval, db: Database) -> None:
    with db.reading() as session:
        assert ways_taken(session) == []
        assert deadlines_kept(session, approval.now) == {}


def test_a_due_time_is_kept_missed_or_still_running(approval: Approval, db: Database) -> None:
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
        found = deadlines_kept(session, done.now)

    assert found == {Place(version, "supply_material_prices"): Deadlines(kept=1, missed=2, running=1)}


def test_deadlines_add_up() -> None:
    assert Deadlines(1, 2, 3) + Deadlines(kept=4) == Deadlines(5, 2, 3)
