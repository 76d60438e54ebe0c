"""What the clock starts, and what it started last."""

from engine.queries.schedules import schedule_views
from tests.bench import Bench


def test_a_schedule_names_the_case_it_began_last(bench: Bench) -> None:
    bench.deploy("patrol").later(hours=1, seconds=5).drain()
    bench.later(hours=1).drain()
    bench.start("patrol")
    with bench.db.reading() as session:
        (found,) = schedule_views(session)
    assert (found.schedule.node_id, found.definition.key) == ("hourly", "patrol")
    assert found.last is not None
    assert found.last.number == "PAT-2026-000002", "the third was begun by hand"


def test_one_that_began_nothing_yet_says_so(bench: Bench) -> None:
    bench.deploy("patrol")
    with bench.db.reading() as session:
        (found,) = schedule_views(session)
    assert found.last is None
