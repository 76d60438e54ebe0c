"""The tables of files people add to forms. The bytes themselves lie in the file store, named by their SHA-256."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table

from company.people.tables import ACCOUNT
from engine.tables import UtcDateTime, metadata

NAME = 150
"""Longest file name that is kept."""

attachments = Table(
    "attachments",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("type", String(100), nullable=False),
    Column("picture", Boolean, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
)
"""Every stored file once, whoever added it; a `picture` has a thumbnail beside it."""

uploads = Table(
    "uploads",
    metadata,
    Column("sha256", ForeignKey("attachments.sha256"), primary_key=True),
    Column("person", String(ACCOUNT), ForeignKey("people.id"), primary_key=True),
    Column("name", String(NAME), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "person", "at"),
)
"""Who added a file last when, and what they called it: only they may put it into a form."""
