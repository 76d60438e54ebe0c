"""One task as its page needs it: the form, what it may read, and what the actor may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.actor import Actor, NotPermitted
from engine.bpmn import Definition, Node, State, Wait, load_state, visible_variables
from engine.bpmn.errors import FourEyes
from engine.bpmn.expressions import named
from engine.errors import ClauseflowError
from engine.forms import Form
from engine.history.definitions import stored
from engine.queries.cases import HEAD, CaseHead, head_of, may_see
from engine.queries.inbox import TaskItem, item_of, task_row
from engine.queries.opened import opened
from engine.session import Session
from engine.task_id import NoSuchTask, TaskId
from engine.tasks import TaskTaken, authority, barred_by, gone, may_reassign
from engine.values import Value


class NoTaskToSee(NoSuchTask):
    """No task of that id that the reader may see, open or closed: nobody else learns which."""

    zh = "没有编号为“{task}”的任务，或者它不归您办理、您也无权查看。"
    en = "There is no task “{task}”, or it is neither yours to do nor yours to see."


class TaskRests(ClauseflowError):
    """The task's case is suspended."""

    zh = "事项已暂停，恢复后才能办理。"
    en = "The case is suspended; this task can be done once it is resumed."


@dataclass(frozen=True, slots=True)
class TaskView:
    """An open task; `why_not` says why the actor may read but not complete it."""

    item: TaskItem
    definition: Definition
    node: Node
    form: Form | None
    variables: dict[str, Value]
    case: CaseHead
    called: bool
    """Whether another case called this one."""
    calendar: str
    """The hash of the working calendar in force."""
    may_complete: bool
    may_claim: bool
    may_release: bool
    """Whether the actor may give it back to its group: it is theirs, or they reassign its lane."""
    may_hand: bool
    """Whether the actor may give it to somebody of its lane."""
    why_not: ClauseflowError | None


def task(session: Session, actor: Actor, task_id: TaskId) -> TaskView:
    """An open task for somebody who works in its lane, reassigns it, or may see its case.

    Raises NoTaskToSee, TaskGone.
    """
    row = seen_task(session, actor, task_id)
    if row.closed_at is not None:
        raise gone(row.number, row)
    definition = stored(session, row.definition_id, row.key, row.version, row.definition_hash).definition
    state = load_state(row.state)
    wait = state.wait(task_id.wait)
    assert wait is not None, "the rows of open waits are those of the state"
    why_not = _why_not(actor, definition, state, wait)
    reassigns = may_reassign(actor, wait)
    if isinstance(why_not, NotPermitted) and not (reassigns or _reads_all(actor, row.key)):
        raise NoTaskToSee(task=str(task_id))
    opened(row.number)
    holds = wait.lane is not None and not isinstance(why_not, (NotPermitted, TaskTaken))
    return TaskView(
        item=item_of(session, row),
        definition=definition,
        node=definition.diagram.nodes[wait.node_id],
        form=definition.form(wait.node_id),
        variables=visible_variables(state, wait.scope),
        case=head_of(row[-len(HEAD) :]),
        called=row.parent_id is not None,
        calendar=row.calendar or "",
        may_complete=why_not is None,
        may_claim=why_not is None and wait.assignee is None,
        may_release=wait.assignee is not None and (holds or reassigns),
        may_hand=holds or reassigns,
        why_not=why_not,
    )


def seen_task(session: Session, actor: Actor, task_id: TaskId) -> Any:
    """The row of a task, open or closed, for who works in its lane or reassigns it, finished it or may see its case.

    Raises NoTaskToSee.
    """
    row = task_row(session, task_id)
    if row is None or row.kind != "task" or not (_theirs(actor, row) or may_see(actor, head_of(row[-len(HEAD) :]))):
        raise NoTaskToSee(task=str(task_id))
    return row


def task_form(session: Session, actor: Actor, task_id: TaskId) -> Form | None:
    """The form of a task, open or done, for whoever works in its lane or may see its case: words, no data.

    Raises NoTaskToSee.
    """
    row = seen_task(session, actor, task_id)
    definition = stored(session, row.definition_id, row.key, row.version, row.definition_hash).definition
    return definition.form(row.node_id)


def _theirs(actor: Actor, row: Any) -> bool:
    """Whether a task is or was somebody's to do or to hand on."""
    return actor.id == row.closed_by or actor.may(f"work:{row.lane}") or actor.may(f"reassign:{row.lane}")


def _reads_all(actor: Actor, key: str) -> bool:
    """Whether somebody reads every task of a process, whoever works on it."""
    return actor.may(f"see:{key}") or actor.may("audit")


def _why_not(actor: Actor, definition: Definition, state: State, wait: Wait) -> ClauseflowError | None:
    try:
        authority(actor, wait)
    except NotPermitted as error:
        # Whoever reassigns it reads who has it; that they do not work in its lane is nothing to them.
        return TaskTaken(by=wait.assignee) if wait.assignee and may_reassign(actor, wait) else error
    except TaskTaken as error:
        return error
    nodes = definition.diagram.nodes
    earlier = barred_by(actor, nodes[wait.node_id], state)
    if earlier:
        return FourEyes(**named(nodes[wait.node_id]), **named(nodes[earlier], "earlier"), person=actor.name or actor.id)
    return TaskRests() if state.status == "suspended" else None
