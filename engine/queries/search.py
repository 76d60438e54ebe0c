"""What people type into a search field, as a condition."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, true

from engine.tables import instances

LONGEST = 100
"""Characters of a search that count."""


def number_or_title(search: str) -> ColumnElement[bool]:
    """The case's number or title holds the text, as it stands and in either case; true for an empty search."""
    text = search.strip()[:LONGEST]
    if not text:
        return true()
    return or_(*(column.icontains(text, autoescape=True) for column in (instances.c.number, instances.c.title)))
