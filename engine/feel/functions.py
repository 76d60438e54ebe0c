"""The function value: what FEEL can call, whether written in FEEL or given by Python (BKMs, decision services)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.feel.errors import NoValue
from engine.feel.types import ANY, FeelType, FunctionType, coerce


@dataclass(frozen=True, eq=False)
class Function:
    """A function with named parameters. `call` takes the arguments as a list in the order of `parameters`.

    `call` may raise NoValue(reason) where the result is null. `types` are the declared parameter
    types (none given: all Any), `result` is the declared result type.
    """

    parameters: Sequence[str]
    call: Callable[[list[Any]], Any]
    types: Sequence[FeelType] = ()
    result: FeelType = ANY
    name: str = "function"

    def positional(self, args: list[Any], run: Any) -> Any:
        """The result for arguments in order. Raises NoValue for a wrong number or type of them."""
        if len(args) != len(self.parameters):
            raise NoValue(f"{self.name} takes {len(self.parameters)} arguments, {len(args)} given")
        if self.types:
            args = [self._conform(arg, kind) for arg, kind in zip(args, self.types, strict=True)]
        value = self.call(args)
        return value if self.result is ANY else coerce(value, self.result)

    def named(self, args: dict[str, Any], run: Any) -> Any:
        """The result for named arguments. Raises NoValue unless exactly the parameters are named."""
        if set(args) != set(self.parameters):
            raise NoValue(f"{self.name} takes the arguments {', '.join(self.parameters)}")
        return self.positional([args[name] for name in self.parameters], run)

    def _conform(self, value: Any, kind: FeelType) -> Any:
        conformed = coerce(value, kind)
        if conformed is None and value is not None:
            raise NoValue(f"{self.name}: an argument is not a {kind}")
        return conformed

    @property
    def declared_type(self) -> FunctionType:
        """The function type it declares."""
        types = tuple(self.types) or (ANY,) * len(self.parameters)
        return FunctionType(parameters=types, result=self.result)
