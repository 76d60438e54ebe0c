"""The tables of the business records: every kind in one, and every change of them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from company.keys import LONGEST as KEY
from engine.tables import UtcDateTime, metadata

records = Table(
    "records",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("key", String(KEY), nullable=False),
    Column("title", String(200), nullable=False),
    Column("facet", String(60), nullable=False),
    Column("search", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(100), nullable=False),
    Unique("kind", "key"),
    Index(None, "kind", "title"),
)
"""`body` is the values by the canonical codec, `search` what people read of them in plain form."""

record_changes = Table(
    "record_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("key", String(KEY), nullable=False),
    Column("version", Integer, nullable=False),
    Column("act", String(20), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", String(100), nullable=False),
    Unique("kind", "key", "version"),
)
"""What every version held, only ever added to: the history of a record."""

record_fields = Table(
    "record_fields",
    metadata,
    Column("kind", String(30), primary_key=True),
    Column("key", String(KEY), primary_key=True),
    Column("field", String(100), primary_key=True),
    Column("sort", String(200), nullable=False),
    Column("said", Text, nullable=False),
    Index(None, "kind", "field", "sort"),
)
"""What single fields of the records say, for conditions and sorting; made anew whenever a record is written."""
