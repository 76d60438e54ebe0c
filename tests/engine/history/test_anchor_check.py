"""Tampering with anchored histories: whatever a forger does to the rows, the proof names it and its place."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import RootTransaction, delete, insert, select, update

from engine.commands import cancel_instance, correct_data
from engine.database import Database
from engine.history.anchoring.anchors import Anchor, read_outside, root_of, stored_anchors, take_anchor
from engine.history.chain import GENESIS, Head, digest
from engine.history.checks.anchor_check import Witnesses, check_all, check_anchors
from engine.history.checks.chain_check import check_chain
from engine.history.entries import Entry, entries_of
from engine.proving.proof import verify_all
from engine.session import Session
from engine.tables import anchor_heads, anchors, definitions, entries, entry_texts, instances, messages, waits
from tests.bench import ADMIN, Bench
from tests.databases import forging

TAMPERINGS, CHUNKS = 10_000, 10


@dataclass(slots=True)
class Archive:
    """A database with anchored histories, and the file outside."""

    bench: Bench
    outside: Path
    numbers: list[str] = field(default_factory=list)

    @property
    def db(self) -> Database:
        return self.bench.db


@pytest.fixture
def archive(sqlite_url: str, tmp_path: Path) -> Iterator[Archive]:
    db = Database(sqlite_url)
    yield filled(db, tmp_path)
    db.dispose()


@pytest.fixture
def either_archive(database_url: str, tmp_path: Path) -> Iterator[Archive]:
    db = Database(database_url)
    yield filled(db, tmp_path)
    db.dispose()


def filled(db: Database, folder: Path) -> Archive:
    """Eight cases of four to six entries, covered by three anchors; nothing is left uncovered."""
    made = Archive(Bench(db), folder / "outside" / "anchors.jsonl")
    bench = made.bench.deploy("deadline")
    made.numbers = [bench.later(minutes=1).start("deadline", f"A{n}", amount=n).number for n in range(8)]
    for _ in range(3):
        for number in made.numbers:
            correct_data(db, ADMIN, bench.later(minutes=1).now, number, {"amount": bench.now.minute}, "更正")
        take_anchor(db, bench.now, made.outside)
    for number in made.numbers[::2]:
        cancel_instance(db, ADMIN, bench.now, number, "撤回")
    take_anchor(db, bench.now, made.outside)
    return made


@dataclass(slots=True)
class Forger:
    """Tampers with the rows of one archive in a transaction that is rolled back; `dice` decides what and where."""

    session: Session
    dice: random.Random
    numbers: list[str]

    def victim(self) -> tuple[int, str, list[Entry]]:
        number = self.dice.choice(self.numbers)
        instance_id = self.session.execute(select(instances.c.id).where(instances.c.number == number)).scalar_one()
        return instance_id, number, list(entries_of(self.session, instance_id))

    def put(self, entry: Entry, **columns: Any) -> None:
        self.session.execute(
            update(entries)
            .where(entries.c.instance_id == entry.instance_id, entries.c.seq == entry.seq)
            .values(columns)
        )

    # Each tampering gives the number of the case and the first entry that is not as it was, None for the whole case

    def edit_a_text(self) -> tuple[str, int | None]:
        _, number, history = self.victim()
        entry = self.dice.choice(history)
        column = self.dice.choice([c for c in ("input", "effects", "kind", "actor") if getattr(entry, c)])
        old = getattr(entry, column)
        place, letter = self.dice.randrange(len(old)), chr(self.dice.choice([*range(33, 127), 0x5F20, 0x738B]))
        new = old[:place] + letter + old[place + self.dice.randrange(2) :]
        self.put(entry, **{column: new if new != old else old + " "})
        return number, entry.seq

    def edit_a_hash(self) -> tuple[str, int | None]:
        _, number, history = self.victim()
        entry = self.dice.choice(history)
        column = self.dice.choice(["input_digest", "effects_digest", "state_hash", "hash"])
        old = bytearray(getattr(entry, column))
        old[self.dice.randrange(32)] ^= self.dice.randrange(1, 256)
        self.put(entry, **{column: bytes(old)})
        return number, entry.seq

    def edit_a_fact(self) -> tuple[str, int | None]:
        _, number, history = self.victim()
        entry = self.dice.choice(history)
        change = self.dice.choice(
            [
                {"at": entry.at + timedelta(microseconds=self.dice.choice([-1, 1]) * self.dice.randrange(1, 10**9))},
                {"revision": entry.revision + self.dice.randrange(1, 9)},
                {"on_behalf_of": self.dice.choice(["王", "李"])},
                {"actor": None if entry.actor else "王"},
            ]
        )
        self.put(entry, **change)
        return number, entry.seq

    def delete_an_entry(self) -> tuple[str, int | None]:
        instance_id, number, history = self.victim()
        entry = self.dice.choice(history)
        self._drop(instance_id, entry.seq, entry.seq)
        return number, entry.seq

    def truncate(self) -> tuple[str, int | None]:
        """The last entries go, and so do the traces of them in the instance and in the database's anchors."""
        instance_id, number, history = self.victim()
        first = self.dice.randrange(1, len(history))
        self._drop(instance_id, first, len(history))
        last = history[first - 1]
        row = {"seq": last.seq, "state_hash": last.state_hash, "anchored_seq": last.seq}
        self.session.execute(update(instances).where(instances.c.id == instance_id).values(row))
        if self.dice.random() < 0.5:
            self.cover_up()
        return number, first

    def swap_entries(self) -> tuple[str, int | None]:
        _, number, history = self.victim()
        one, other = sorted(self.dice.sample(history, 2), key=lambda entry: entry.seq)
        for entry, seq in ((one, -1), (other, one.seq), (replace(one, seq=-1), other.seq)):
            self.put(entry, seq=seq)
        return number, one.seq

    def move_an_entry(self) -> tuple[str, int | None]:
        """An entry of one case takes the place of another case's."""
        _, number, history = self.victim()
        _, other, foreign = self.victim()
        entry = self.dice.choice(history)
        stranger = self.dice.choice(foreign)
        if other == number:
            return self.swap_entries()
        columns = ("kind", "at", "actor", "input", "effects", "input_digest", "effects_digest", "state_hash", "hash")
        self.put(entry, **{column: getattr(stranger, column) for column in columns})
        return number, entry.seq

    def rewrite(self) -> tuple[str, int | None]:
        """A consistent forgery: another input, and every digest and hash behind it made anew."""
        _, number, history = self.victim()
        start = self.dice.randrange(len(history))
        entry = history[start]
        history[start] = replace(entry, actor="王" if entry.actor != "王" else "李")
        self._chain_anew(number, history, start)
        if self.dice.random() < 0.5:
            self.cover_up()
        return number, start

    def delete_a_case(self) -> tuple[str, int | None]:
        instance_id, number, _ = self.victim()
        for table in (waits, entries, anchor_heads, messages):
            self.session.execute(delete(table).where(table.c.instance_id == instance_id))
        self.session.execute(delete(instances).where(instances.c.id == instance_id))
        if self.dice.random() < 0.5:
            self.cover_up()
        return number, None

    def swap_numbers(self) -> tuple[str, int | None]:
        one, other = self.dice.sample(self.numbers, 2)
        for number, new in ((one, "?"), (other, one), ("?", other)):
            self.session.execute(update(instances).where(instances.c.number == number).values(number=new))
        return one, 0

    def cover_up(self) -> None:
        """Make every anchor of the database anew, so that it fits what is there now."""
        previous = GENESIS
        for anchor in stored_anchors(self.session):
            heads = []
            rows = select(anchor_heads, instances.c.number).join(instances)
            for row in self.session.execute(rows.where(anchor_heads.c.anchor_id == anchor.id)).all():
                found = select(entries.c.hash).where(entries.c.instance_id == row.instance_id, entries.c.seq == row.seq)
                head = self.session.execute(found).scalar()
                here = (anchor_heads.c.anchor_id == anchor.id) & (anchor_heads.c.instance_id == row.instance_id)
                if head is None:
                    self.session.execute(delete(anchor_heads).where(here))
                else:
                    self.session.execute(update(anchor_heads).where(here).values(hash=head))
                    heads.append((row.number, row.seq, head))
            previous = root_of(previous, heads)
            self.session.execute(update(anchors).where(anchors.c.id == anchor.id).values(root=previous))

    def _drop(self, instance_id: int, first: int, last: int) -> None:
        for table in (waits, entries, anchor_heads):
            here = (table.c.instance_id == instance_id) & (table.c.seq >= first) & (table.c.seq <= last)
            if table is not anchor_heads or first != last:
                self.session.execute(delete(table).where(here))

    def _chain_anew(self, number: str, history: list[Entry], start: int) -> None:
        definition = self.session.execute(select(definitions.c.hash)).scalar_one()
        previous = history[start - 1].hash if start else GENESIS
        for entry in history[start:]:
            head = Head(
                number, entry.seq, entry.kind, entry.at, entry.actor, entry.on_behalf_of, definition, entry.revision,
                digest(entry.input.encode()), digest(entry.effects.encode()), entry.state_hash,
            )  # fmt: skip
            previous = head.hash(previous)
            self.put(entry, actor=entry.actor, hash=previous)


KINDS: list[Callable[[Forger], tuple[str, int | None]]] = [
    Forger.edit_a_text,
    Forger.edit_a_hash,
    Forger.edit_a_fact,
    Forger.delete_an_entry,
    Forger.truncate,
    Forger.swap_entries,
    Forger.move_an_entry,
    Forger.rewrite,
    Forger.delete_a_case,
    Forger.swap_numbers,
]


@pytest.mark.long
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_random_tampering_is_named(archive: Archive, chunk: int) -> None:
    for number in range(chunk, TAMPERINGS, CHUNKS):
        tamper_and_judge(archive, random.Random(number))  # noqa: S311


def test_tampering_shows_on_either_database(either_archive: Archive) -> None:
    for number in range(100):
        tamper_and_judge(either_archive, random.Random(number))  # noqa: S311


def tamper_and_judge(archive: Archive, dice: random.Random) -> None:
    kind = dice.choice(KINDS)
    with forging(archive.db) as session:
        number, seq = kind(Forger(session, dice, archive.numbers))
        assert named(session, archive, number, seq), (kind.__name__, number, seq)


def named(session: Session, archive: Archive, number: str, seq: int | None) -> bool:
    """Whether the proof names the case, and the first entry that is not as it was."""
    witnesses = Witnesses.of(session, archive.outside, number)
    if seq is None:
        problems = check_all(session, Witnesses.of(session, archive.outside))
        return number in [problem.where for problem in problems]
    row = session.execute(select(instances).where(instances.c.number == number)).one()
    history = list(entries_of(session, row.id))
    chain, kept = check_chain(session, row, history), check_anchors(number, history, witnesses)
    places = [verdict.upto for verdict in (chain, kept) if verdict.ok is False]
    # What the chain cannot see, the next anchor does: its head is the first that must be as it was seen.
    return bool(places) and (min(places) == seq or (chain.ok is True and min(places) > seq))


def test_an_untouched_archive_is_proven_and_fully_covered(either_archive: Archive) -> None:
    reports, problems = verify_all(either_archive.db, either_archive.outside)

    assert problems == []
    assert all(report.ok and report.anchors.upto == report.entries - 1 for report in reports)
    assert len(reports) == 8


def test_what_no_anchor_covers_yet_is_said_to_be_uncovered(archive: Archive) -> None:
    correct_data(archive.db, ADMIN, archive.bench.now, archive.numbers[1], {"amount": 1}, "更正")

    (report,) = [r for r in verify_all(archive.db, archive.outside)[0] if r.number == archive.numbers[1]]
    assert (report.ok, report.anchors.upto, report.entries) == (True, 3, 5)


def test_a_database_rolled_back_as_a_whole_lacks_anchors_that_the_file_knows(archive: Archive) -> None:
    """The forger puts an old copy of the database in place: all of it fits together, but not the file."""
    copy = archive.outside.with_name("old.jsonl")
    lines = archive.outside.read_text().splitlines()
    copy.write_text("\n".join([*lines, json.dumps(json.loads(lines[-1]) | {"id": 5}), *lines[:1]]) + "\n")

    reports, problems = verify_all(archive.db, copy)

    assert [problem.where for problem in problems] == ["anchor 5"]
    assert all(report.ok for report in reports)


def test_a_case_cancelled_after_a_roll_back_still_shows_it(archive: Archive) -> None:
    """Going on working after a roll-back takes the same anchor ids again; the older lines stay true witnesses."""
    line = json.loads(archive.outside.read_text().splitlines()[-1])
    forged = [[number, seq, "00" * 32] for number, seq, _ in line["heads"]]
    old = archive.outside.read_text()
    archive.outside.write_text(json.dumps(line | {"heads": forged}) + "\n" + old)

    reports, _ = verify_all(archive.db, archive.outside)

    assert {report.number for report in reports if not report.ok} == {number for number, _, _ in line["heads"]}


def test_an_anchor_whose_commit_failed_is_no_alarm(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is outside, the transaction was not committed; its id is taken again."""
    correct_data(archive.db, ADMIN, archive.bench.now, archive.numbers[1], {"amount": 1}, "更正")
    with monkeypatch.context() as crash:
        crash.setattr(RootTransaction, "commit", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take_anchor(archive.db, archive.bench.now, archive.outside)
    assert [anchor.id for anchor in read_outside(archive.outside)] == [1, 2, 3, 4, 5]
    assert proven(archive)

    correct_data(archive.db, ADMIN, archive.bench.now, archive.numbers[1], {"amount": 2}, "更正")
    taken = take_anchor(archive.db, archive.bench.now, archive.outside)

    assert isinstance(taken, Anchor) and taken.id == 5
    assert proven(archive)


def proven(archive: Archive) -> bool:
    reports, problems = verify_all(archive.db, archive.outside)
    return not problems and all(report.ok for report in reports)


def test_a_number_that_was_drawn_and_is_gone_is_missed_without_any_anchor(archive: Archive) -> None:
    number = archive.bench.start("deadline").number
    with archive.db.reading() as session:
        gone = select(instances.c.id).where(instances.c.number == number).scalar_subquery()
        for table in (waits, entry_texts, entries):
            session.execute(delete(table).where(table.c.instance_id == gone))
        session.execute(delete(instances).where(instances.c.number == number))
        problems = check_all(session, Witnesses.of(session, archive.outside))

    assert [problem.where for problem in problems] == [number]


def test_an_invented_anchor_differs_from_the_file(archive: Archive) -> None:
    with archive.db.reading() as session:
        session.execute(insert(anchors).values(id=9, at=archive.bench.now, root=root_of(GENESIS, [])))
        problems = check_all(session, Witnesses.of(session, archive.outside))

    assert [problem.where for problem in problems] == ["anchor 9"]
