"""Cases: the list of those a person may see, and everything about one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from engine.actor import Actor
from engine.bpmn import Wait
from engine.history.append import NoSuchInstance, load
from engine.history.definitions import Deployed
from engine.history.fold import History
from engine.queries.history import history_of
from engine.queries.opened import opened
from engine.queries.paging import Page, behind, cursor
from engine.queries.search import cases_with
from engine.session import Session
from engine.tables import definitions, instances
from engine.values import Value


class NoCaseToSee(NoSuchInstance):
    """No case of that number that the reader may see: whether there is another one is nobody else's business."""

    zh = "没有编号为“{instance}”的事项，或者您无权查看。"
    en = "There is no case “{instance}”, or you may not see it."


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A case as a list shows it; `ended_at` is None while it runs, `title_en` is "" where the title is the same."""

    id: int
    number: str
    key: str
    title: str
    title_en: str
    status: str
    process_name: str
    process_name_en: str
    version: int
    started_at: datetime
    started_by: str
    changed_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything about one case; `tokens` are (node id, scope, how many), `variables` those of the instance scope."""

    head: CaseHead
    deployed: Deployed
    waits: list[Wait]
    variables: dict[str, Value]
    tokens: list[tuple[str, str, int]]
    parent: CaseHead | None
    children: list[CaseHead]
    history: History
    may_cancel: bool


HEAD = (
    instances.c.id,
    instances.c.number,
    instances.c.key,
    instances.c.title,
    instances.c.title_en,
    instances.c.status,
    definitions.c.name,
    definitions.c.name_en,
    definitions.c.version,
    instances.c.started_at,
    instances.c.started_by,
    instances.c.changed_at,
    instances.c.ended_at,
)
"""The columns of a CaseHead, in its order."""

heads = select(*HEAD).join(definitions, definitions.c.id == instances.c.definition_id)
_one_head = heads.where(instances.c.id == bindparam("wanted"))
_order = (instances.c.changed_at, instances.c.id)


def cases(
    session: Session,
    actor: Actor,
    *,
    search: str = "",
    status: str | None = None,
    process: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[CaseHead]:
    """One page of the cases the actor may see, the last changed first."""
    query = heads.where(behind(_order, after, descending=True), visible_to(actor), cases_with(session, search))
    if status:
        query = query.where(instances.c.status == status)
    if process:
        query = query.where(instances.c.key == process)
    rows = session.execute(query.order_by(*(column.desc() for column in _order)).limit(limit + 1)).all()
    more = cursor([rows[limit - 1].changed_at, rows[limit - 1].id]) if len(rows) > limit else None
    return Page([head_of(row) for row in rows[:limit]], more)


def visible_to(actor: Actor) -> Any:
    """The condition that keeps the cases somebody may see."""
    held = actor.permissions.union(*actor.substitutes.values())
    keys = {permission.removeprefix("see:") for permission in held if permission.startswith("see:")}
    if "*" in keys or "audit" in held:
        return instances.c.id.is_not(None)
    return instances.c.key.in_(sorted(keys)) | (instances.c.started_by == actor.id)


def head_of(row: Any) -> CaseHead:
    """The head of a row of the list's SELECT."""
    return CaseHead(*row)


def case_head(session: Session, instance_id: int) -> CaseHead:
    """The head of one case. Raises NoSuchInstance."""
    row = session.execute(_one_head, {"wanted": instance_id}).one_or_none()
    if row is None:
        raise NoSuchInstance(instance=instance_id)
    return head_of(row)


def heads_of(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, CaseHead]:
    """The heads of those of the cases that the actor may see."""
    rows = session.execute(heads.where(instances.c.id.in_(ids), visible_to(actor)))
    return {row.id: head_of(row) for row in rows}


def heads_by_number(session: Session, actor: Actor, numbers: Collection[str]) -> list[CaseHead]:
    """The heads of those of the cases that the actor may see, in the order they began."""
    query = heads.where(instances.c.number.in_(numbers), visible_to(actor)).order_by(instances.c.id)
    return [head_of(row) for row in session.execute(query)] if numbers else []


def find_case(session: Session, actor: Actor, number: str) -> CaseHead:
    """Open the case of that number, when the actor may see it: its head. Raises NoCaseToSee."""
    row = session.execute(heads.where(instances.c.number == number)).one_or_none()
    head = head_of(row) if row else None
    if head is None or not may_see(actor, head):
        raise NoCaseToSee(instance=number[:60])
    opened(head.number)
    return head


def may_see(actor: Actor, head: CaseHead) -> bool:
    """Whether somebody may read the case: who sees the process, who audits, who started it."""
    return head.started_by == actor.id or actor.may("audit") or actor.may(f"see:{head.key}")


def case(session: Session, actor: Actor, number: str) -> CaseView:
    """Everything about one case. Raises NoCaseToSee."""
    head = find_case(session, actor, number)
    instance = load(session, head.id)
    children = session.execute(heads.where(instances.c.parent_id == head.id).order_by(instances.c.id)).all()
    projection = instance.state.projection()
    return CaseView(
        head=head,
        deployed=instance.deployed,
        waits=sorted(instance.state.waits, key=lambda wait: wait.id),
        variables=instance.state.variables[""],
        tokens=[(node, scope, count) for node, scope, count in projection["tokens"]],
        parent=case_head(session, instance.parent_id) if instance.parent_id else None,
        children=[head_of(row) for row in children],
        history=history_of(session, head.id, instance.deployed.definition.diagram),
        may_cancel=head.status in ("active", "suspended") and actor.may("correct"),
    )


def instance_numbers(session: Session) -> list[str]:
    """The number of every instance, in the order they were started; for proof and rebuilding."""
    return list(session.execute(select(instances.c.number).order_by(instances.c.id)).scalars())
