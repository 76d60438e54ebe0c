from datetime import timedelta

from company.people import audit_log
from engine.actor import SYSTEM
from engine.database import Database
from tests.product import START


def fill(db: Database, count: int) -> None:
    def work(session: audit_log.Session) -> None:
        for n in range(count):
            audit_log.record(
                session, SYSTEM, START + n * timedelta(seconds=1), "activate", f"person{n % 2}", {"n": str(n)}
            )

    db.write(work)


def test_acts_come_newest_first_page_by_page(db: Database) -> None:
    fill(db, 5)
    with db.reading() as session:
        first = audit_log.acts(session, limit=3)
        second = audit_log.acts(session, after=first.after, limit=3)
    assert [act.details["n"] for act in first.items + second.items] == ["4", "3", "2", "1", "0"]
    assert second.after is None


def test_acts_of_one_subject_are_found(db: Database) -> None:
    fill(db, 5)
    with db.reading() as session:
        assert [act.details["n"] for act in audit_log.acts(session, subject="person1").items] == ["3", "1"]


def test_only_what_differs_is_a_change() -> None:
    before, after = {"a": "1", "b": "2"}, {"a": "1", "b": "3"}
    assert audit_log.changes(before, after) == {"b": {"from": "2", "to": "3"}}
