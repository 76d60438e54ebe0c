"""What a reader asks of a list of records: words, a choice, conditions on fields, an order; all in the address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from company.records.conditions import MOST_CONDITIONS, Condition
from company.records.kinds import RecordKind
from company.records.save import Record, find_records
from engine.queries.paging import Page
from engine.session import Session

AT_ONCE = 500
"""Records that are read together where all are wanted."""


def columns_of(kind: RecordKind) -> tuple[str, ...]:
    """The fields that are columns of a kind's list."""
    return kind.key_field, kind.title_field, *kind.columns


@dataclass(frozen=True, slots=True)
class RecordSearch:
    """What the reader asks of a list, as it stands in the address."""

    search: str
    facet: str
    archived: bool
    conditions: tuple[Condition, ...]
    sort: str
    """The field to sort by, `-` before it to turn the order round; empty for the key."""
    after: str | None

    @classmethod
    def asked(cls, kind: RecordKind) -> RecordSearch:
        """The question of this request; a field to sort by that the list does not show is left out."""
        asked = request.args
        named = zip(*(asked.getlist(name) for name in ("field", "op", "value")), strict=False)
        conditions = (Condition(field, op, value.strip()[:100]) for field, op, value in named if field)
        return cls(
            search=asked.get("q", "").strip()[:100],
            facet=asked.get("facet", ""),
            archived=asked.get("archived") == "1",
            conditions=tuple(each for each in conditions if each.value or each.operator == "empty")[:MOST_CONDITIONS],
            sort=asked.get("sort", "") if asked.get("sort", "").removeprefix("-") in columns_of(kind) else "",
            after=asked.get("after"),
        )

    def address(self, **changes: Any) -> dict[str, Any]:
        """The arguments of an address that asks the same but for `changes`; empty ones are left out."""
        asked: dict[str, Any] = {
            "q": self.search,
            "facet": self.facet,
            "archived": "1" if self.archived else "",
            "field": [each.field for each in self.conditions],
            "op": [each.operator for each in self.conditions],
            "value": [each.value for each in self.conditions],
            "sort": self.sort,
            "after": self.after,
        }
        return {name: value for name, value in (asked | changes).items() if value}

    def sorted_by(self, kind: RecordKind, field: str) -> dict[str, Any]:
        """The address of the list sorted by a field; once more by the same turns the order round."""
        return self.address(sort=f"-{field}" if self.order(kind) == field else field, after=None)

    def order(self, kind: RecordKind) -> str:
        """What the list is sorted by, with its `-`."""
        return self.sort or kind.key_field

    def without(self, condition: Condition) -> dict[str, Any]:
        """The address of the list without one of its conditions."""
        kept = tuple(each for each in self.conditions if each != condition)
        return replace(self, conditions=kept, after=None).address()

    @property
    def narrowed(self) -> bool:
        return bool(self.search or self.facet or self.archived or self.conditions)

    def found(self, session: Session, kind: RecordKind, limit: int = 50) -> Page[Record]:
        """The records that answer it."""
        return find_records(session, kind, search=self.search, facet=self.facet, archived=self.archived,
                            conditions=self.conditions, sort=self.sort.removeprefix("-"),
                            descending=self.sort.startswith("-"), after=self.after, limit=limit)  # fmt: skip

    def found_all(self, session: Session, kind: RecordKind) -> Iterator[Record]:
        """Every record that answers it, whatever page is shown."""
        after = None
        while True:
            page = replace(self, after=after).found(session, kind, AT_ONCE)
            yield from page.items
            if page.after is None:
                return
            after = page.after
