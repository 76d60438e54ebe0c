"""What people type into a search field, as a condition: every word must be found, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from engine.bpmn import Diagram
from engine.history.definitions import all_in_force
from engine.search_text import plain, words
from engine.session import Session
from engine.tables import entry_texts, instances, waits

Condition = ColumnElement[bool]


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
    wanted = words(search)
    diagrams = [deployed.definition.diagram for deployed in all_in_force(session)] if wanted else []
    return and_(true(), *(or_(_in_case(word, diagrams, *case), named(_at(word, diagrams))) for word in wanted))


def _in_case(word: str, diagrams: Iterable[Diagram], case: ColumnElement[Any], key: ColumnElement[Any]) -> Condition:
    entered = select(entry_texts.c.instance_id).where(entry_texts.c.text.contains(word, autoescape=True))
    numbered = select(instances.c.id).where(instances.c.number.contains(word.upper(), autoescape=True))
    keys = [diagram.key for diagram in diagrams if _called(word, diagram.name, diagram.name_en)]
    return or_(key.in_(keys), case.in_(entered), case.in_(numbered))


def _at(word: str, diagrams: Iterable[Diagram]) -> Condition:
    """Waits at an element whose name, as the process in force has it, holds the word."""
    found: Condition = false()
    for diagram in diagrams:
        nodes = [node.id for node in diagram.nodes.values() if _called(word, node.name, node.name_en)]
        if nodes:
            found |= (waits.c.key == diagram.key) & waits.c.node_id.in_(nodes)
    return found


def _called(word: str, *names: str) -> bool:
    return word in plain("\n".join(names))
