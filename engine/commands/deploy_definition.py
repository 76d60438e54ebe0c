"""A designer puts a version of a process in force: read, lint, record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, insert, select

from engine.actor import Actor
from engine.bpmn import Definition
from engine.clauses import Register
from engine.database import Database, command
from engine.errors import Problem, Refused
from engine.history.definitions import Deployed, NoSuchProcess, in_force
from engine.history.deployments import last_deployments
from engine.history.schedules import schedule_deployed
from engine.lint import LintContext, lint
from engine.lint.clause_changes import clause_changes
from engine.session import Session
from engine.tables import definition_files, definitions, deployments


@dataclass(frozen=True, slots=True)
class Deployment:
    """What came of a deploy: the version now in force, whether that changed anything, and lint's warnings."""

    key: str
    version: int
    hash: bytes
    changed: bool
    warnings: list[Problem]


def deploy_definition(
    db: Database, actor: Actor, now: datetime, key: str, files: Mapping[str, bytes], context: LintContext
) -> Deployment:
    """Put the files of a process in force as a version; the same content again is the same version.

    Running instances stay on the version they are on. Raises NotPermitted, Refused with every error lint found.
    """
    actor.require("deploy")
    definition = Definition(key, files)
    found = lint(definition, context)
    if any(problem.severity == "error" for problem in found):
        raise Refused([problem for problem in found if problem.severity == "error"])

    with db.reading() as session:
        before = last_deployments(session, key, 1)
    found += clause_changes(definition, replace(context, in_force=before[0] if before else None))
    version, changed, over = _put_in_force(db, actor, now, definition, _digests(definition, context.register))
    return Deployment(key, version, definition.hash, changed, found + over)


@command
def _put_in_force(
    session: Session, actor: Actor, now: datetime, definition: Definition, cited: Mapping[str, str]
) -> tuple[int, bool, list[Problem]]:
    """The version in force from now on, whether that changed anything, and warnings about its clock."""
    key = definition.key
    row_id, version = _version_of(session, definition)
    if _current(session, key) == row_id:
        return version, False, []
    row = {"key": key, "definition_id": row_id, "at": now, "actor": actor.id, "clauses": json.dumps(cited)}
    session.execute(insert(deployments).values(row))
    return version, True, schedule_deployed(session, Deployed(row_id, version, definition), now)


def _version_of(session: Session, definition: Definition) -> tuple[int, int]:
    """The row id and version of this content, recorded now if it is new."""
    known = session.execute(
        select(definitions.c.id, definitions.c.version).where(
            definitions.c.key == definition.key, definitions.c.hash == definition.hash
        )
    ).one_or_none()
    if known:
        return known.id, known.version
    last = select(func.max(definitions.c.version)).where(definitions.c.key == definition.key)
    version = (session.execute(last).scalar() or 0) + 1
    diagram = definition.diagram
    row_id: int = session.execute(
        insert(definitions)
        .values(key=definition.key, version=version, hash=definition.hash, name=diagram.name, name_en=diagram.name_en)
        .returning(definitions.c.id)
    ).scalar_one()
    session.execute(
        insert(definition_files),
        [{"definition_id": row_id, "path": path, "content": content} for path, content in definition.files.items()],
    )
    return row_id, version


def _digests(definition: Definition, register: Register) -> dict[str, str]:
    """How every cited clause reads now."""
    cited = {clause for element in definition.diagram.elements() for clause in element.clauses}
    found = map(register.clause, cited | set(definition.diagram.clauses))
    return {clause.id: clause.digest for clause in found if clause}


def _current(session: Session, key: str) -> int | None:
    try:
        return in_force(session, key).id
    except NoSuchProcess:
        return None
