"""What the clock starts, and what it started last."""

from engine.queries.schedules import schedule_views
from tests.bench import House


def test_a_schedule_names_the_case_it_began_last(house: House) -> None:
    house.deploy("patrol").later(hours=1, seconds=5).drain()
    house.later(hours=1).drain()
    house.start("patrol")
    with house.db.reading() as session:
        (found,) = schedule_views(session)
    assert (found.schedule.node_id, found.definition.key) == ("hourly", "patrol")
    assert found.last is not None
    assert found.last.number == "PAT-2026-000002", "the third was begun by hand"


def test_one_that_began_nothing_yet_says_so(house: House) -> None:
    house.deploy("patrol")
    with house.db.reading() as session:
        (found,) = schedule_views(session)
    assert found.last is None
