"""What people type into a search field, as a condition."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, exists, or_, true

from engine.tables import entries, instances

LONGEST = 100
"""Characters of a search that count."""


_TITLED = (instances.c.number, instances.c.title, instances.c.title_en)


def number_or_title(search: str) -> ColumnElement[bool]:
    """The case's number or title holds the text, as it stands and in either case; true for an empty search."""
    text = search.strip()[:LONGEST]
    if not text:
        return true()
    return or_(*(column.icontains(text, autoescape=True) for column in _TITLED))


_NAME = re.compile(r"[A-Za-z_]*", re.ASCII)


def number_title_or_said(search: str) -> ColumnElement[bool]:
    """Like `number_or_title`, or somebody entered the text: for lists that one person's work keeps short.

    Plain Latin letters are looked for in number and title only: elsewhere they would meet the names of fields.
    """
    text = search.strip()[:LONGEST]
    if _NAME.fullmatch(text):
        return number_or_title(text)
    entered = entries.c.input.icontains(text, autoescape=True)
    return or_(number_or_title(text), exists().where(entries.c.instance_id == instances.c.id, entered))
