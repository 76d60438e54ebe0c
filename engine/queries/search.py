"""What people type into a search field, as a condition: every word must be found, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, cast, column, exists, false, func, or_, select, table, true
from sqlalchemy.dialects.postgresql import TSQUERY

from engine.bpmn import Diagram
from engine.history.definitions import all_in_force
from engine.search_text import GRAM, grams, plain, sought, words
from engine.session import Session
from engine.tables import GRAM_SEQ_BITS, entry_texts, instances, waits

Condition = ColumnElement[bool]
FEW = 2000
"""A word that at most so many entries hold is looked for first; a list is searched in its order for others."""

_index = table("entry_grams", column("rowid"), column("text"))


def tasks_with(session: Session, search: str) -> Condition:
    """Waits that the words are found of: in what is found of the case, or the task's name. Asks no row of the case."""
    return _all_found(session, search, (waits.c.instance_id, waits.c.key), lambda at_task: at_task)


def cases_with(session: Session, search: str) -> Condition:
    """Cases that the words are found of: number, title, what was entered, the names of process and open tasks."""
    mine = waits.c.instance_id == instances.c.id, waits.c.closed_at.is_(None)
    return _all_found(session, search, (instances.c.id, instances.c.key), lambda at: exists().where(*mine, at))


def _all_found(
    session: Session, search: str, case: Sequence[ColumnElement[Any]], named: Callable[[Condition], Condition]
) -> Condition:
    at_case, key = case
    conditions: list[Condition] = []
    wanted = words(search)
    diagrams = [deployed.definition.diagram for deployed in all_in_force(session)] if wanted else []
    for word in wanted:
        found = [_entered(session, word, at_case)]
        keys = [diagram.key for diagram in diagrams if _called(word, diagram.name, diagram.name_en)]
        found += [key.in_(keys)] if keys else []
        nodes = list(_named_nodes(word, diagrams))
        found += [named(or_(*nodes))] if nodes else []
        conditions.append(or_(*found))
    return and_(true(), *conditions)


def _entered(session: Session, word: str, case: ColumnElement[Any]) -> Condition:
    """Cases with the word: by their ids where they are few, otherwise each case is asked as the list comes to it."""
    found = session.execute(_cases_of(session, sought(word)).limit(FEW + 1)).scalars().all()
    if len(found) <= FEW:
        return case.in_(sorted(set(found))) if found else false()
    return exists().where(entry_texts.c.instance_id == case, _holds(sought(word)))


def _cases_of(session: Session, text: str) -> Select[Any]:
    """The case of every entry that holds the text, by the index of the database where it is long enough for one."""
    holding = select(entry_texts.c.instance_id).where(_holds(text))
    if len(text) < GRAM:
        return holding
    if session.dialect == "sqlite":
        quoted = text.replace('"', '""')
        return select(_index.c.rowid.op(">>")(GRAM_SEQ_BITS)).where(_index.c.text.op("MATCH")(f'"{quoted}"'))
    return holding.where(func.text_grams(entry_texts.c.text).op("@@")(cast(_all_grams(text), TSQUERY)))


def _all_grams(text: str) -> str:
    """A tsquery of PostgreSQL: every three characters in a row of the text."""
    quoted = (gram.replace("\\", "\\\\").replace("'", "''") for gram in sorted(grams(text)))
    return " & ".join(f"'{gram}'" for gram in quoted)


def _holds(text: str) -> Condition:
    return entry_texts.c.text.contains(text, autoescape=True)


def _named_nodes(word: str, diagrams: Iterable[Diagram]) -> Iterable[Condition]:
    """Waits at elements whose name, as the process in force has it, holds the word."""
    for diagram in diagrams:
        nodes = [node.id for node in diagram.nodes.values() if _called(word, node.name, node.name_en)]
        if nodes:
            yield (waits.c.key == diagram.key) & waits.c.node_id.in_(nodes)


def _called(word: str, *names: str) -> bool:
    return word in plain("\n".join(names))
