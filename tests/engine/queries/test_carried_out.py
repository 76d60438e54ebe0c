"""What cases did: ways through diagrams counted by the database, and who took one last."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.actor import Actor
from engine.database import Database
from engine.queries.carried_out import Citing, last_carried_out, ways_taken
from engine.tables import definitions
from tests.product import LIN, MATERIALS, NOBODY, START, WU, Approval


@pytest.mark.usefixtures("approval")
def test_entries_that_took_the_same_way_are_counted_together(db: Database) -> None:
    for _ in range(3):
        Approval(db).start()
    Approval(db).start().do(WU, "supply_material_prices", **MATERIALS)

    with db.reading() as session:
        found = {(way.kind, way.path): way.entries for way in ways_taken(session)}

    assert found == {
        ("start", ("apply", "apply_to_is_warranty_claimed", "is_warranty_claimed", "warranty_not_claimed")): 4,
        ("complete", ("supply_material_prices", "supply_material_prices_to_draft_price")): 1,
    }


@pytest.mark.usefixtures("approval")
def test_no_case_took_no_way(db: Database) -> None:
    with db.reading() as session:
        assert ways_taken(session) == []


@pytest.mark.usefixtures("approval")
def test_the_cases_that_passed_an_element_last_come_first_as_far_as_one_may_see(db: Database) -> None:
    first, second, third = (Approval(db, START + timedelta(hours=hour)).start() for hour in range(3))
    second.do(WU, "supply_material_prices", **MATERIALS)
    first.now += timedelta(hours=5)
    first.do(WU, "supply_material_prices", **MATERIALS)
    with db.reading() as session:
        version = session.execute(definitions.select()).one().id

        def found(actor: Actor, elements: set[str], whole: bool = False, limit: int = 10) -> list[str]:
            citing = [Citing(version, frozenset(elements), whole)]
            return [head.number for head in last_carried_out(session, actor, citing, limit)]

        assert found(LIN, {"supply_material_prices"}) == [first.number, second.number]
        assert found(LIN, {"supply_material_prices"}, limit=1) == [first.number]
        assert found(LIN, set(), whole=True) == [third.number, second.number, first.number]
        assert found(LIN, {"supply_material"}) == [], "an id is the whole id"
        assert found(NOBODY, {"supply_material_prices"}) == []
