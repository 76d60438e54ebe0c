"""The compiled form of a diagram: SpiffWorkflow's workflow spec, holding every container's nodes flat."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

if TYPE_CHECKING:
    from engine.bpmn.expressions import Formula
    from engine.bpmn.run.events import EventStartSpec
    from engine.bpmn.run.nodes import NodeSpec


@dataclass(slots=True)
class Container:
    """What begins when a process or sub-process begins."""

    starts: list[NodeSpec] = field(default_factory=list)
    event_starts: list[EventStartSpec] = field(default_factory=list)
    """The start events of its event sub-processes."""
    locals: tuple[str, ...] = ()


class ProcessSpec(WorkflowSpec):  # type: ignore[misc]
    """All node specs by name, shared by every instance and thread: nothing in it changes after compiling."""

    task_specs: dict[str, NodeSpec]

    def __init__(self, key: str, file: str) -> None:
        super().__init__(name=key, filename=file)
        self.containers: dict[str | None, Container] = {None: Container()}
        self.title: Formula | None = None
