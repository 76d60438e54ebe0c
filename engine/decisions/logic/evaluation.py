"""One evaluation of a decision graph: what was asked, what is known by now, and what is worth telling afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.decisions.item_types import conform
from engine.decisions.logic.parts import DecisionVariable, Part, Parts, Reference
from engine.decisions.place import Place
from engine.decisions.trace import Trace
from engine.errors import Problem
from engine.feel import NoValue
from engine.feel.evaluate.frames import FeelRun
from engine.feel.evaluate.loops import as_list
from engine.feel.types import FeelType

CALL_LEVELS = 10
"""Levels of the budget for nested calls that one call of a boxed function takes."""
CALL_STEPS = 20
"""Steps of the budget that one call of a boxed function costs besides its expressions."""
MAX_PROBLEMS = 100


class ModelEvaluation:
    """The values of one model's elements, found once each. Imported models and called services get evaluations
    of their own, which share the run (clock and budget), the trace and the problems.
    """

    def __init__(
        self,
        model: Parts,
        inputs: Mapping[str, Any],
        run: FeelRun,
        trace: Trace,
        problems: list[Problem],
        given: Mapping[str, Any] | None = None,
    ) -> None:
        self.model = model
        self.inputs = inputs
        self.run = run
        self.trace = trace
        self.problems = problems
        self._known: dict[str, Any] = dict(given or {})
        self._imported: dict[str, ModelEvaluation] = {}

    def value_of(self, element: Part) -> Any:
        """The value of an element of this model: found by its logic, unless it is known already."""
        if element.id not in self._known:
            self._known[element.id] = element.provide(self)
        return self._known[element.id]

    def scope(self, requirements: list[Reference]) -> dict[str, Any]:
        """The names that requirements bring into view; imported ones stand below their import's name."""
        names: dict[str, Any] = {}
        for reference in requirements:
            element = self.model.element(reference)
            prefix = self.model.prefix(reference)
            if prefix:
                below = names.setdefault(prefix, {})
                below[element.name] = self._of_import(prefix, reference).value_of(element)
            else:
                home = self if not reference.namespace else self._of_import("", reference)
                names[element.name] = home.value_of(element)
        return names

    def _of_import(self, prefix: str, reference: Reference) -> ModelEvaluation:
        found = self._imported.get(reference.namespace)
        if found is None:
            own = self.inputs.get(prefix)
            inputs = {**self.inputs, **own} if isinstance(own, Mapping) else self.inputs
            model = self.model.imports[reference.namespace]
            found = ModelEvaluation(model, inputs, self.run, self.trace, self.problems)
            self._imported[reference.namespace] = found
        return found

    def inside(self, given: Mapping[str, Any], inputs: Mapping[str, Any]) -> ModelEvaluation:
        """An evaluation of the same model that knows the `given` elements (by id): the inside of a decision service."""
        return ModelEvaluation(self.model, inputs, self.run, self.trace, self.problems, given)

    def conformed(self, value: Any, wanted: FeelType | None, place: Place) -> Any:
        """`value` as its declared type; null, with a problem noted, where it does not conform."""
        found = conform(value, wanted)
        if found is None and value is not None:
            self.note(
                place.problem(
                    "dmn-type", f"值不符合类型 {wanted}，按 null 处理。", f"The value is no {wanted}; it becomes null."
                )
            )
        return found

    def arguments(self, parameters: Sequence[DecisionVariable], values: Sequence[Any]) -> dict[str, Any]:
        """Arguments by parameter name. Raises NoValue for one that is not of its type: the function is not invoked
        then (DMN 1.5, 10.3.2.13.2)."""
        found = {}
        for parameter, value in zip(parameters, values, strict=True):
            found[parameter.name] = self.conformed(value, parameter.type, parameter.place)
            if found[parameter.name] is None and value is not None:
                raise NoValue(f"{parameter.name} is no {parameter.type}")
        return found

    def note(self, problem: Problem) -> None:
        """Remember a problem, once."""
        if problem not in self.problems and len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def inside_call(self, step: Callable[[], Any]) -> Any:
        """The result of a function's body, its cost counted. Raises BudgetExceeded."""
        self.run.spend(CALL_STEPS)
        self.run.enter(CALL_LEVELS)
        try:
            return step()
        finally:
            self.run.leave(CALL_LEVELS)

    def items_of(self, source: Any, place: Place) -> list[Any] | None:
        """What a boxed loop or filter goes through: a list, a range's steps, or a single value. Null has no items."""
        if source is None:
            return []
        try:
            return as_list(source)
        except NoValue as reason:
            self.note(place.problem("dmn-loop", f"无法逐项处理：{reason}。", f"Cannot go through it: {reason}."))
            return None
