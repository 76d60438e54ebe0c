"""What forms may use of the company, as one person may: lists to pick records and people from, files they added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from company.files.attachments import own_reference
from company.people import directory
from company.records.kinds import RECORD_KINDS
from company.records.sources import record_source
from engine import forms
from engine.actor import Actor
from engine.database import Database
from engine.forms.words import Words

PEOPLE = "people"


def form_environment(db: Database, actor: Actor | None) -> forms.FormEnvironment:
    """Lists and files as `actor` may use them, None being a stranger; whoever judges adds the time."""
    files = partial(_own_file, db, actor) if actor else None
    return forms.FormEnvironment(sources=Lists(db, actor), files=files)


class Lists(Mapping[str, forms.RecordSource]):
    """What `cf-record` and `cf-person` fields may name: `people`, who works in a lane as `people/<lane>`, every kind of
    records.

    Records are for whoever may read their kind: nobody else, customers on the portal least of all, finds any.
    """

    def __init__(self, db: Database, actor: Actor | None) -> None:
        self._db, self._actor = db, actor

    def __getitem__(self, name: str) -> forms.RecordSource:
        kind, _, lane = name.partition("/")
        if name == PEOPLE:
            return self._people
        if kind == PEOPLE and lane and lane.isprintable():
            return partial(self._people_in, lane)
        readable = self._actor is not None and self._actor.may(RECORD_KINDS[name].reading)
        return record_source(self._db, name) if readable else _empty

    def __iter__(self) -> Iterator[str]:
        return iter((PEOPLE, *RECORD_KINDS))

    def __len__(self) -> int:
        return 1 + len(RECORD_KINDS)

    def _people(self, searched: str) -> Sequence[forms.Option]:
        with self._db.reading() as session:
            page = directory.find_people(session, search=searched, active=True, limit=100)
        return _named(page.items)

    def _people_in(self, lane: str, searched: str) -> Sequence[forms.Option]:
        with self._db.reading() as session:
            return _named(directory.holders(session, f"work:{lane}", searched))


def _empty(_searched: str) -> Sequence[forms.Option]:
    return ()


def _named(found: Iterable[directory.Person]) -> list[forms.Option]:
    return [forms.Option(person.id, Words(person.name, person.name_en)) for person in found]


def _own_file(db: Database, actor: Actor, sent: str) -> forms.FileRef | None:
    with db.reading() as session:
        return own_reference(session, actor, sent)
