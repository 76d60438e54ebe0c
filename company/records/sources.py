"""Business records as lists that fields of forms pick from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from company.records.kinds import RECORD_KINDS, RecordKind
from company.records.save import Record, find_record, find_records
from engine import forms
from engine.database import Database
from engine.forms.words import Words

OFFERED = 100


def record_sources(db: Database) -> Mapping[str, forms.RecordSource]:
    """The lists of all kinds."""
    return {key: record_source(db, key) for key in RECORD_KINDS}


def record_source(db: Database, key: str) -> forms.RecordSource:
    """The list of a kind; the id of a record in it is its key."""
    kind = RECORD_KINDS[key]

    def search(searched: str) -> Sequence[forms.Option]:
        with db.reading() as session:
            own = find_record(session, kind, searched) if searched else None
            found = [own] if own else find_records(session, kind, search=searched, limit=OFFERED).items
        return [forms.Option(each.key, Words(each.title, each.title), _noted(kind, each)) for each in found]

    return search


def _noted(kind: RecordKind, record: Record) -> Words | None:
    """What people should know of a record when they choose it, as how often a customer has bought."""
    if record.values.get(kind.noted) is None:
        return None
    [(zh, text_zh)], [(en, text_en)] = (
        forms.display(kind.form, {kind.noted: record.values[kind.noted]}, language=language)
        for language in ("zh", "en")
    )
    return Words(f"{zh} {text_zh}", f"{en} {text_en}")
