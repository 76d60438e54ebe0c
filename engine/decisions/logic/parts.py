"""What the parts of decision logic know of each other.

An interpreter is a circle: an evaluation asks elements for their values, and they ask the evaluation for what they
require. The circle is closed while running; as these files import each other it is cut here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from engine.decisions.place import Place
from engine.decisions.trace import Trace
from engine.errors import Problem
from engine.feel.evaluate.frames import FeelRun
from engine.feel.types import FeelType

Values = dict[str, Any]
"""The names an expression sees and their values."""


@dataclass(slots=True, kw_only=True)
class DecisionVariable:
    """The named slot of an input, a decision, a function, a parameter or a context entry."""

    name: str
    place: Place
    type: FeelType | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """An element by namespace (empty for the own file) and id."""

    namespace: str
    id: str
    place: Place = field(compare=False)


class Part(Protocol):
    """An element of a model, as others require it."""

    id: str
    variable: DecisionVariable
    place: Place

    @property
    def name(self) -> str: ...

    def provide(self, evaluation: Evaluation) -> Any: ...


class Parts(Protocol):
    """The model that is evaluated."""

    @property
    def member_names(self) -> frozenset[str]: ...

    @property
    def types(self) -> dict[str, FeelType]: ...

    @property
    def imports(self) -> Mapping[str, Parts]: ...

    def element(self, reference: Reference) -> Part: ...

    def prefix(self, reference: Reference) -> str: ...


class Evaluation(Protocol):
    """One evaluation of a model; `ModelEvaluation` says what each of these does."""

    @property
    def model(self) -> Parts: ...

    @property
    def inputs(self) -> Mapping[str, Any]: ...

    @property
    def run(self) -> FeelRun: ...

    @property
    def trace(self) -> Trace: ...

    def scope(self, requirements: list[Reference]) -> Values: ...

    def inside(self, given: Mapping[str, Any], inputs: Mapping[str, Any]) -> Evaluation: ...

    def conformed(self, value: Any, wanted: FeelType | None, place: Place) -> Any: ...

    def arguments(self, parameters: Sequence[DecisionVariable], values: Sequence[Any]) -> dict[str, Any]: ...

    def note(self, problem: Problem) -> None: ...

    def inside_call(self, step: Callable[[], Any]) -> Any: ...

    def items_of(self, source: Any, place: Place) -> list[Any] | None: ...
