"""The elements of a decision requirements graph (DMN 1.5, 6.3) and how each gives its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.decisions.logic.boxed import Boxed, FunctionDefinition
from engine.decisions.logic.functions import DecisionFunction
from engine.decisions.logic.parts import DecisionVariable, Evaluation, Part, Reference, Values
from engine.decisions.place import Place
from engine.feel.types import ANY, FeelType, FunctionType


@dataclass(slots=True, kw_only=True)
class GraphElement:
    """An element that others can require. Its variable carries the name and type they see."""

    id: str
    title: str
    variable: DecisionVariable
    place: Place

    @property
    def name(self) -> str:
        """The name of its value in expressions."""
        return self.variable.name

    def requires(self) -> list[Reference]:
        """What it needs to give its value."""
        return []

    def provide(self, evaluation: Evaluation) -> Any:
        """Its value in an evaluation. Raises BudgetExceeded."""
        raise NotImplementedError


@dataclass(slots=True, kw_only=True)
class InputData(GraphElement):
    """A value from outside; one that is missing is null."""

    def provide(self, evaluation: Evaluation) -> Any:
        return evaluation.conformed(evaluation.inputs.get(self.name), self.variable.type, self.place)


@dataclass(slots=True, kw_only=True)
class Decision(GraphElement):
    """A decision; without logic it is null."""

    requirements: list[Reference]
    logic: Boxed | None

    def requires(self) -> list[Reference]:
        return self.requirements

    def provide(self, evaluation: Evaluation) -> Any:
        scope = evaluation.scope(self.requirements)
        value = self.logic.evaluate(scope, evaluation) if self.logic else None
        value = evaluation.conformed(value, self.variable.type, self.place)
        evaluation.trace.decision(self.id, self.title, scope, value)
        return value


@dataclass(slots=True, kw_only=True)
class Knowledge(GraphElement):
    """A business knowledge model: a function. It may call itself."""

    requirements: list[Reference]
    function: FunctionDefinition | None

    def requires(self) -> list[Reference]:
        return self.requirements

    def provide(self, evaluation: Evaluation) -> Any:
        if self.function is None:
            return None
        scope: Values = evaluation.scope([one for one in self.requirements if one.id != self.id])
        made = self.function.value(scope, evaluation)
        result = result_type(self.variable.type)
        wanted = DecisionFunction(
            made.parameters,
            lambda args: evaluation.conformed(made.call(args), result, self.place),
            made.types,
            result or made.result,
            name=self.name,
        )
        scope[self.name] = wanted
        return wanted


@dataclass(slots=True, kw_only=True)
class Service(GraphElement):
    """A decision service: output decisions as a function of input data and input decisions, in this order."""

    outputs: list[Reference]
    input_decisions: list[Reference]
    input_data: list[Reference]

    def requires(self) -> list[Reference]:
        return [*self.outputs, *self.input_data, *self.input_decisions]

    def provide(self, evaluation: Evaluation) -> Any:
        parameters = self._parameters(evaluation)
        types = [parameter.variable.type or ANY for parameter in parameters]

        def call(args: list[Any]) -> Any:
            named = evaluation.arguments([parameter.variable for parameter in parameters], args)
            return evaluation.inside_call(lambda: self.serve(named, evaluation))

        result = result_type(self.variable.type) or ANY
        return DecisionFunction([parameter.name for parameter in parameters], call, types, result, name=self.name)

    def serve(self, inputs: dict[str, Any], evaluation: Evaluation) -> Any:
        """The value of the one output decision, or a context of several, for inputs by name."""
        given = {
            parameter.id: evaluation.conformed(inputs.get(parameter.name), parameter.variable.type, parameter.place)
            for parameter in self._parameters(evaluation)
        }
        values = evaluation.inside(given, inputs).scope(self.outputs)
        value = next(iter(values.values())) if len(self.outputs) == 1 else values
        return evaluation.conformed(value, result_type(self.variable.type), self.place)

    def _parameters(self, evaluation: Evaluation) -> list[Part]:
        return [evaluation.model.element(one) for one in (*self.input_data, *self.input_decisions)]


def result_type(declared: FeelType | None) -> FeelType | None:
    """The type of a function's results, declared as a function type or, as older files do, directly."""
    if isinstance(declared, FunctionType):
        return declared.result
    return declared
