"""What the run time asks of a definition. Reading, compiling and the decision engine stand above or beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, Protocol

from engine.errors import Problem
from engine.revision import CURRENT

if TYPE_CHECKING:
    from engine.bpmn.diagram import Diagram


class Decided(Protocol):
    """What a decision came to; `engine.decisions` says what each part is."""

    @property
    def value(self) -> Any: ...

    @property
    def trace(self) -> list[dict[str, Any]]: ...

    @property
    def problems(self) -> Sequence[Problem]: ...


class Decisions(Protocol):
    """The decisions beside a diagram."""

    def evaluate(
        self,
        decision: str,
        inputs: Mapping[str, Any],
        *,
        now: datetime | None = None,
        zone: tzinfo | None = None,
        calendar: Any = None,
        revision: int = CURRENT,
    ) -> Decided: ...


class Executable(Protocol):
    """A definition as `advance` sees it."""

    @property
    def diagram(self) -> Diagram: ...

    @property
    def decisions(self) -> Decisions | None: ...
