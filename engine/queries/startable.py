"""What a person may start."""

from __future__ import annotations

from dataclasses import dataclass

from engine.actor import Actor
from engine.bpmn import Definition
from engine.forms import Form
from engine.history.definitions import all_in_force, in_force
from engine.session import Session


@dataclass(frozen=True, slots=True)
class Startable:
    """A process somebody may start, with its start form, if it has one."""

    key: str
    name: str
    name_en: str
    documentation: str
    documentation_en: str
    clauses: tuple[str, ...]
    definition: Definition
    form: Form | None


def startable(session: Session, actor: Actor) -> list[Startable]:
    """The processes in force that the actor may start, by key."""
    allowed = (deployed.definition for deployed in all_in_force(session) if actor.may(f"start:{deployed.key}"))
    return [_of(definition) for definition in allowed if definition.diagram.starts_by_hand]


def startable_process(session: Session, actor: Actor, key: str) -> Startable:
    """One of them. Raises NoSuchProcess, NotPermitted, NotStartable."""
    found = in_force(session, key)
    actor.require(f"start:{key}")
    return _of(found.definition)


def _of(definition: Definition) -> Startable:
    diagram = definition.diagram
    return Startable(
        key=definition.key,
        name=diagram.name,
        name_en=diagram.name_en,
        documentation=diagram.documentation,
        documentation_en=diagram.documentation_en,
        clauses=diagram.clauses,
        definition=definition,
        form=definition.form(diagram.start_event().id),
    )
