"""What a refusal says to the reader: people by their names, steps and permissions in the reader's language."""

from __future__ import annotations

import re
from typing import Any

from company.people import directory, roles
from engine.actor import NotPermitted
from engine.bpmn import Definition
from engine.errors import ClauseflowError, Refused
from engine.session import Session
from web.shared.language import in_language, language
from web.shared.services import services

PEOPLE = ("by", "actor", "person")
STEPS = ("node", "earlier")
LABELLED = re.compile(r" \[\w+\]$")
"""What the engine adds to a step's name for designers: its id."""


def sentence(error: ClauseflowError, definition: Definition | None = None) -> str:
    """The error's sentence with its facts put into the reader's words; `definition` knows the names of steps."""
    if isinstance(error, Refused):
        return error.text(language())
    facts = dict(error.facts)
    if any(fact in facts for fact in PEOPLE):
        with services().db.reading() as session:
            facts |= _people(session, error.facts)
            if isinstance(error, NotPermitted):
                facts["permission"] = _permission(session, error.facts["permission"])
    if definition:
        facts |= _steps(definition, error.facts)
    return (error.zh if language() == "zh" else error.en).format_map(facts)


def _people(session: Session, facts: dict[str, Any]) -> dict[str, str]:
    named = {fact: facts[fact] for fact in PEOPLE if isinstance(facts.get(fact), str)}
    names = directory.names(session, named.values(), language()) if named else {}
    return {fact: names[account] for fact, account in named.items()}


def _permission(session: Session, key: str) -> str:
    known = {permission.key: permission for permission in roles.catalogue(session)}
    found = known.get(key)
    return in_language(found.name, found.name_en) if found else key


def _steps(definition: Definition, facts: dict[str, Any]) -> dict[str, str]:
    """The plain names of steps, under the names of both languages' templates."""
    named = {node.name: node for node in definition.diagram.nodes.values()}
    steps = {fact: named.get(LABELLED.sub("", facts[fact])) for fact in STEPS if fact in facts}
    zh = {fact: node.name for fact, node in steps.items() if node}
    return zh | {f"{fact}_en": node.name_en or node.name for fact, node in steps.items() if node}
