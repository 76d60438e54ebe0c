"""Who looked is covered by the next anchor; whatever is done to those rows afterwards is named with kind and place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from engine.database import Database
from engine.history.access_log import Opening, accesses_of, note_openings
from engine.history.anchoring.anchors import take_anchor
from engine.history.checks.anchor_check import Witnesses, check_all
from engine.tables import anchors, openings
from tests.product import START


@pytest.fixture
def outside(db: Database, tmp_path: Path) -> Path:
    """Two anchors, the first over three openings, the second over one; a fifth is not covered."""
    path = tmp_path / "anchors.jsonl"
    for people in (("lin", "wu", "ji"), ("lin",), ("zhou",)):
        for person in people:
            db.write(
                lambda session, person=person: note_openings(
                    session, [Opening(START, person, "PA-2026-000001", "case")]
                )
            )
        if people != ("zhou",):
            assert take_anchor(db, START, path) is not None
    return path


def problems(db: Database, outside: Path) -> list[str]:
    with db.reading() as session:
        found = check_all(session, Witnesses.of(session, outside))
    return [f"{problem.where}: {problem.en}" for problem in found]


def test_what_was_not_touched_holds(db: Database, outside: Path) -> None:
    assert problems(db, outside) == []
    with db.reading() as session:
        assert [row.person for row in accesses_of(session, "PA-2026-000001", 2)] == ["zhou", "lin"]
        assert session.execute(select(anchors.c.openings).order_by(anchors.c.id)).scalars().all() == [3, 1]


def test_looking_alone_is_anchored_once(db: Database, outside: Path) -> None:
    third = take_anchor(db, START, outside)
    assert third is not None and third.openings is not None
    assert (third.heads, third.openings[0]) == ((), 1)
    assert take_anchor(db, START, outside) is None


SECOND = openings.c.id == 2
TAMPERINGS: dict[str, tuple[Any, str]] = {
    "person": (update(openings).where(SECOND).values(person="admin"), "were changed"),
    "time": (update(openings).where(SECOND).values(at=START.replace(year=2025)), "were changed"),
    "case": (update(openings).where(SECOND).values(number="PA-2026-000009"), "were changed"),
    "delete": (delete(openings).where(SECOND), "were deleted (3 were covered, 2 are there)"),
    "unmark": (update(openings).where(SECOND).values(anchor_id=None), "were deleted (3 were covered, 2 are there)"),
    "insert": (insert(openings).values(at=START, person="x", number="y", page="case", anchor_id=1), "were inserted"),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_named_with_kind_and_place(db: Database, outside: Path, tampering: str) -> None:
    statement, said = TAMPERINGS[tampering]
    db.write(lambda session: session.execute(statement))
    found = problems(db, outside)
    assert len(found) == 1
    assert found[0].startswith("anchor 1/openings: ")
    assert said in found[0]


def test_a_forged_cover_differs_from_the_root(db: Database, outside: Path) -> None:
    db.write(lambda session: session.execute(update(anchors).where(anchors.c.id == 2).values(openings=0)))
    db.write(lambda session: session.execute(delete(openings).where(openings.c.anchor_id == 2)))
    assert any("anchor 2" in problem for problem in problems(db, outside))


@pytest.mark.parametrize("kept", [True, False])
def test_the_last_anchor_may_only_be_missing_while_its_openings_are_there(
    db: Database, outside: Path, kept: bool
) -> None:
    """As after a failed commit they are there, uncovered; gone with their anchor they are missed."""
    theirs = openings.c.anchor_id == 2
    change = update(openings).where(theirs).values(anchor_id=None) if kept else delete(openings).where(theirs)
    db.write(lambda session: session.execute(change))
    db.write(lambda session: session.execute(delete(anchors).where(anchors.c.id == 2)))
    assert [problem.split(":")[0] for problem in problems(db, outside)] == ([] if kept else ["anchor 2"])
