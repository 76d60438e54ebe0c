"""What people and programs entered, beside the entries that record it, so that cases are found by it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, insert

from engine.bpmn import Input
from engine.search_text import searched
from engine.session import Session
from engine.tables import entry_texts

_add = insert(entry_texts).values({column.name: bindparam(column.name) for column in entry_texts.c})


def keep_text(session: Session, instance_id: int, seq: int, given: Input, titles: Iterable[str]) -> None:
    """Write what a case can be found by since this step: its new titles and what was entered; mostly nothing.

    The first step adds the case's number to the titles.
    """
    entered = () if given.kind == "job_failed" else given.values.values()
    text = searched([*titles, *entered])
    if text:
        session.later(_add, {"instance_id": instance_id, "seq": seq, "text": text})
