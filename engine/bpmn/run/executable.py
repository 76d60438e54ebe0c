"""What the run time asks of a definition. Reading and compiling stand above it and must not be known here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from engine.bpmn.diagram import Diagram
    from engine.decisions import Model


class Executable(Protocol):
    """A definition as `advance` sees it."""

    @property
    def diagram(self) -> Diagram: ...

    @property
    def decisions(self) -> Model | None: ...
