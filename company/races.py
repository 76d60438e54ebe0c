"""Two people adding the same thing at once."""

from __future__ import annotations

from sqlalchemy import Insert
from sqlalchemy.exc import IntegrityError

from engine.prepared import VersionConflict
from engine.session import Session


def insert_or_retry(session: Session, statement: Insert) -> None:
    """Insert a row that was free a moment ago; if somebody took its place since, the command looks again."""
    try:
        session.execute(statement)
    except IntegrityError as error:
        raise VersionConflict from error
