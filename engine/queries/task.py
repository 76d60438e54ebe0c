"""One task as its page needs it: the form, what it may read, and what the actor may do with it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.actor import Actor, NotPermitted
from engine.bpmn import Definition, Node, Wait, visible_variables
from engine.bpmn.errors import FourEyes
from engine.bpmn.expressions import named
from engine.errors import ClauseflowError
from engine.forms import Form
from engine.history.append import Instance
from engine.queries.cases import CaseHead, case_head
from engine.queries.inbox import TaskItem, item_of, task_row
from engine.task_id import TaskId
from engine.tasks import TaskTaken, authority, barred_by, open_task
from engine.values import Value


@dataclass(frozen=True, slots=True)
class TaskView:
    """An open task; `why_not` says why the actor may read but not complete it."""

    item: TaskItem
    definition: Definition
    node: Node
    form: Form | None
    variables: dict[str, Value]
    case: CaseHead
    may_complete: bool
    may_claim: bool
    may_release: bool
    why_not: ClauseflowError | None


def task(session: Session, actor: Actor, task_id: TaskId) -> TaskView:
    """An open task for somebody who works in its lane, holds it, or may see its case.

    Raises NoSuchTask, TaskGone, NotPermitted.
    """
    instance, wait = open_task(session, task_id)
    why_not = _why_not(actor, instance, wait)
    key = instance.deployed.key
    if isinstance(why_not, NotPermitted) and not (actor.may(f"see:{key}") or actor.may("audit")):
        raise why_not
    row = task_row(session, task_id)
    assert row is not None
    definition = instance.deployed.definition
    holder = wait.assignee in (actor.id, *actor.substitutes)
    return TaskView(
        item=item_of(session, row),
        definition=definition,
        node=definition.diagram.nodes[wait.node_id],
        form=definition.form(wait.node_id),
        variables=visible_variables(instance.state, wait.scope),
        case=case_head(session, instance.id),
        may_complete=why_not is None,
        may_claim=why_not is None and wait.assignee is None,
        may_release=holder and wait.lane is not None,
        why_not=why_not,
    )


def _why_not(actor: Actor, instance: Instance, wait: Wait) -> ClauseflowError | None:
    try:
        authority(actor, wait)
    except (NotPermitted, TaskTaken) as error:
        return error
    nodes = instance.deployed.definition.diagram.nodes
    earlier = barred_by(actor, nodes[wait.node_id], instance.state)
    if earlier:
        return FourEyes(**named(nodes[wait.node_id]), **named(nodes[earlier], "earlier"), person=actor.name or actor.id)
    return None
