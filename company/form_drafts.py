"""Drafts of form files: what a designer has changed and nobody works by yet. Each person has their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, String, Table, Text, delete, insert, select, update

from company.people.tables import ACCOUNT
from company.races import insert_or_retry
from engine.actor import Actor
from engine.database import command
from engine.session import Session
from engine.tables import UtcDateTime, metadata

form_drafts = Table(
    "form_drafts",
    metadata,
    Column("person", String(ACCOUNT), ForeignKey("people.id"), primary_key=True),
    Column("path", String(200), primary_key=True),
    Column("content", Text, nullable=False),
    Column("base", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""`path` is `forms/<process>/<task>.form`; `base` the SHA-256 of the deployed file the draft began with."""


@dataclass(frozen=True, slots=True)
class FormDraft:
    """One draft; `content` is form-js JSON."""

    path: str
    content: str
    base: str
    at: datetime


def drafts_of(session: Session, person: str) -> dict[str, FormDraft]:
    """A person's drafts by path."""
    query = select(form_drafts.c.path, form_drafts.c.content, form_drafts.c.base, form_drafts.c.at)
    return {row.path: FormDraft(*row) for row in session.execute(query.where(form_drafts.c.person == person))}


@command
def save_draft(session: Session, actor: Actor, draft: FormDraft) -> None:
    """Keep a draft in place of the person's last one of that path. Raises NotPermitted."""
    actor.require("deploy")
    own = _own(actor, draft.path)
    values = {"content": draft.content, "base": draft.base, "at": draft.at}
    if session.execute(select(form_drafts.c.path).where(*own)).one_or_none():
        session.execute(update(form_drafts).where(*own).values(values))
    else:
        insert_or_retry(session, insert(form_drafts).values(person=actor.id, path=draft.path, **values))


@command
def discard_draft(session: Session, actor: Actor, path: str) -> None:
    """Drop a draft; one that is not there is none. Raises NotPermitted."""
    actor.require("deploy")
    session.execute(delete(form_drafts).where(*_own(actor, path)))


def _own(actor: Actor, path: str) -> tuple[Any, Any]:
    return form_drafts.c.person == actor.id, form_drafts.c.path == path
