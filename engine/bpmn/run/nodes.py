"""What every flow node does: it is entered, it begins, and it leaves along sequence flows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.specs.base import TaskSpec
from typing_extensions import override

from engine.bpmn.errors import NoFlow
from engine.bpmn.expressions import Formula, named

if TYPE_CHECKING:
    from engine.bpmn.diagram import Node
    from engine.bpmn.run.process import ProcessSpec
    from engine.bpmn.run.scopes import Scope
    from engine.bpmn.run.tokens import Token
    from engine.bpmn.run.workflow import Running
    from engine.bpmn.state import Input


@dataclass(frozen=True, slots=True)
class Way:
    """An outgoing sequence flow."""

    id: str
    target: NodeSpec
    condition: Formula | None
    default: bool = False


class NodeSpec(TaskSpec):  # type: ignore[misc]
    """A flow node as SpiffWorkflow carries it out; one object serves all instances and threads."""

    def __init__(self, process: ProcessSpec, node: Node, name: str | None = None) -> None:
        super().__init__(process, name or node.id)
        self.node = node
        self.ways: tuple[Way, ...] = ()
        self.arriving: tuple[str, ...] = ()
        """Ids of the incoming sequence flows."""

    # SpiffWorkflow's own course of a task

    def arrive(self, token: Token) -> None:
        """Let a token that was put here go as far as it may."""
        self._update(token)

    def carry_out(self, token: Token) -> bool | None:
        """Do what the node does with a ready token."""
        done: bool | None = self._run(token)
        return done

    # SpiffWorkflow's hooks, in the order it calls them

    @override
    def test(self) -> None:
        """Nothing left to test: the diagram was checked when it was read."""

    @override
    def _predict(self, my_task: Token, *args: Any, **kwargs: Any) -> None:
        """Nothing is predicted: a token exists only where it is."""

    @override
    def _update_hook(self, my_task: Token) -> bool:
        """Whether a token that has arrived may go ahead."""
        return True

    @override
    def _on_ready_hook(self, my_task: Token) -> None:
        my_task.workflow.queue.append(my_task)

    @override
    def _run_hook(self, my_task: Token) -> bool:
        """Carry out the node; True when it is done at once, False when the token rests."""
        return True

    @override
    def _on_complete_hook(self, my_task: Token) -> None:
        my_task.workflow.record.path.append(self.node.id)
        self.leave(my_task)

    # Leaving

    def leave(self, token: Token) -> None:
        """Put a token on every flow taken."""
        for way in self.ways_out(token):
            take(token, way)

    def ways_out(self, token: Token) -> list[Way]:
        """The flows taken: those whose condition is true or that have none; else the default. Raises NoFlow."""
        taken, conditional = [], False
        for way in self.ways:
            if way.condition is None:
                if not way.default:
                    taken.append(way)
            elif token.holds(way.condition):
                taken.append(way)
                conditional = True
        if not conditional:
            taken.extend(way for way in self.ways if way.default)
        if self.ways and not taken:
            raise NoFlow(**named(self.node))
        return taken

    # What others ask of a node

    def opens_when_still(self, token: Token) -> bool:
        """Whether a waiting token may go on now that everything else rests; only inclusive joins do."""
        return False

    def answered(self, token: Token, given: Input) -> None:
        """Take the input that answers this token's wait."""
        raise NotImplementedError(self.node.type)

    def collect(self, host: Token, scope: Scope) -> None:
        """Keep what is wanted of a scope inside this node that is about to be dropped."""

    def scope_ended(self, host: Token) -> None:
        """A scope inside this node has ended."""
        host.complete()


def take(token: Token, way: Way, **data: Any) -> Token:
    """Put a token on the node behind a flow."""
    running: Running = token.workflow
    running.record.path.append(way.id)
    placed = running.place(way.target, token.scope, parent=token, **data)
    placed.flow = way.id
    return placed


def write_given(token: Token, given: Input, scope: Scope | None = None) -> None:
    """Write what an input brings: each value to the variable of its name, or all to the one `cf:result` names."""
    running, scope, result = token.workflow, scope or token.scope, token.task_spec.node.result
    values = {result: given.values} if result else given.values
    for name, value in values.items():
        running.variables.write(scope, name, value)
