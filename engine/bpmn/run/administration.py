"""What people do to a case from outside its diagram: assign, suspend, cancel, correct, move."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from engine.bpmn.errors import CannotMove, UnknownInput
from engine.bpmn.expressions import named
from engine.bpmn.run.events import BoundarySpec, EventStartSpec, StartSpec
from engine.bpmn.run.gateways import JoinSpec
from engine.bpmn.state import INSTANCE_SCOPE, WaitId
from engine.bpmn.working_time import LEFT, is_running, paused, resumed
from engine.values import Value

if TYPE_CHECKING:
    from engine.bpmn.run.nodes import NodeSpec
    from engine.bpmn.run.tokens import Token
    from engine.bpmn.run.workflow import Running
    from engine.bpmn.state import Input
    from engine.calendar import Calendar


def assign(running: Running, given: Input) -> None:
    """Claim, release or delegate a task. `values`: to (a person's id, or None)."""
    token = running.waiting(given)
    to = given.values.get("to")
    if to is not None and not (isinstance(to, str) and to):
        raise UnknownInput(kind="assign")
    running.waits[token.id] = replace(running.waits[token.id], assignee=to)
    running.record.facts["assigned"] = {"wait": list(given.wait or ()), "to": to}


def cancel(running: Running, *args: Input) -> None:
    """End the case where it stands."""
    running.stop_all(running.root, "cancelled")


def suspend(running: Running, given: Input) -> None:
    """Pause the case: deadlines in working time keep what is left of them."""
    for number, wait in running.waits.items():
        if is_running(wait, given.now):
            running.waits[number] = replace(wait, **paused(wait, given.now, _calendar(given)))


def resume(running: Running, given: Input) -> None:
    """Go on with a paused case: what was left of a working-time deadline runs from now."""
    for number, wait in running.waits.items():
        if LEFT in wait.details:
            running.waits[number] = replace(wait, **resumed(wait, given.now, _calendar(given)))


def _calendar(given: Input) -> Calendar:
    if given.calendar is None:
        raise UnknownInput(kind=f"{given.kind} (calendar?)")
    return given.calendar


def correct(running: Running, given: Input) -> None:
    """Set variables of the scope `facts["scope"]` names, the instance's by default."""
    scope = running.scopes.get(given.facts.get("scope", INSTANCE_SCOPE))
    if scope is None:
        raise UnknownInput(kind=f"correct {given.facts['scope']}")
    running.variables.declare(scope, given.values)


def move(running: Running, given: Input) -> None:
    """Take a resting token to another node beside it, with everything that hangs on it.

    `values`: from ([seq, k] of its wait, or {node, scope} where it only rests), to (node id).
    """
    try:
        token = _resting(running, given.values["from"])
        to = running.spec.task_specs[running.definition.diagram.nodes[given.values["to"]].id]
    except (KeyError, StopIteration, TypeError, ValueError) as error:
        raise UnknownInput(kind="move") from error
    _check_move(token, to)
    running.place(to, token.scope)
    running.stop(token, "moved")


def targets(running: Running, wait: WaitId) -> list[str]:
    """The nodes `move` would take the token of that wait to, in the order of the diagram."""
    token = _resting(running, list(wait))
    return [node_id for node_id in running.definition.diagram.nodes if _may_move(running, token, node_id)]


def _may_move(running: Running, token: Token, node_id: str) -> bool:
    try:
        _check_move(token, running.spec.task_specs[node_id])
    except CannotMove:
        return False
    return True


def _resting(running: Running, source: Value) -> Token:
    if isinstance(source, dict):
        place = source["node"], source.get("scope", INSTANCE_SCOPE)
        return next(t for t in running.alive() if (t.task_spec.node.id, t.scope.id) == place and not t.subscribes)
    wait_id = WaitId(*map(int, source))
    return running.tasks[next(number for number, wait in running.waits.items() if wait.id == wait_id)]


def _check_move(token: Token, to: NodeSpec) -> None:
    if token.subscribes:
        _refuse(to, "该等待是事件监听，不是可移动的令牌。", "that wait only listens for an event; it is no token.")
    if token.scope.kind in ("item", "turn") and token.task_spec.name != token.task_spec.node.id:
        _refuse(to, "重复活动的单项不能移出。", "one item of a repeated activity cannot be moved out of it.")
    if to.node.parent != token.scope.node:
        _refuse(to, "它不在同一个（子）流程中。", "it is not in the same process or sub-process.")
    if isinstance(to, (BoundarySpec, EventStartSpec, StartSpec)) or to.node.by_event:
        _refuse(to, "事件只能自己发生。", "an event has to happen by itself.")
    if isinstance(to, JoinSpec) and len(to.arriving) > 1:
        _refuse(to, "请移到汇合网关之后的节点。", "move it to the node behind the join.")


def _refuse(to: NodeSpec, zh: str, en: str) -> NoReturn:
    raise CannotMove(**named(to.node), reason_zh=zh, reason_en=en)
