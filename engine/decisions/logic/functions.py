"""Functions made of decision logic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from engine.feel import Function, NoValue


@dataclass(frozen=True, eq=False)
class DecisionFunction(Function):
    """A business knowledge model, a boxed function or a decision service.

    `call` checks the arguments' types itself, since it also tells the problem.
    """

    @override
    def positional(self, args: list[Any], run: Any) -> Any:
        if len(args) != len(self.parameters):
            raise NoValue(f"{self.name} takes {len(self.parameters)} arguments, {len(args)} given")
        return self.call(args)
