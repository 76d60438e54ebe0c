"""Built-in functions as a table: a name, its signatures as the specification writes them, and one Python function each.

A signature reads `string: string, start position: number, [length: number]`. Parameters in brackets may be
left out; a type with `?` also takes null; a name with `...` takes all remaining arguments as one list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.feel.comparison import order
from engine.feel.errors import NoValue
from engine.feel.types import ANY, NAMED, FeelType, FunctionType, coerce

_MISSING = object()
_ANY_FUNCTION = FunctionType()


class PointType(FeelType):
    """Any value that has a place on a line, so that it can be an end of a range."""

    def matches(self, value: Any) -> bool:
        return order(value, value) == 0


_TYPES = {**NAMED, "any": ANY, "point": PointType("point")}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a signature."""

    name: str
    type: FeelType
    optional: bool
    nullable: bool
    rest: bool

    def conform(self, value: Any, converting: bool) -> Any:
        """The argument as the parameter takes it, or _MISSING if it cannot."""
        if value is None:
            return None if self.nullable else _MISSING
        if self.type.matches(value):
            return value
        converted = coerce(value, self.type) if converting else None
        return _MISSING if converted is None else converted


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in. `with_run` functions get the run (its clock, its budget) first.

    `cost` is the steps of a call besides those for the size of the arguments.
    """

    parameters: tuple[Parameter, ...]
    function: Callable[..., Any]
    with_run: bool
    cost: int

    @property
    def names(self) -> list[str]:
        """The names of the parameters in order."""
        return [parameter.name for parameter in self.parameters]

    def arrange(self, args: list[Any]) -> list[Any] | None:
        """Arguments in order, one per parameter; None if their number is wrong."""
        wanted = self.parameters
        if wanted and wanted[-1].rest:
            fixed = len(wanted) - 1
            return [*args[:fixed], args[fixed:]] if len(args) > fixed else None
        required = sum(not parameter.optional for parameter in wanted)
        if not required <= len(args) <= len(wanted):
            return None
        return args + [_MISSING] * (len(wanted) - len(args))

    def arrange_named(self, args: dict[str, Any]) -> list[Any] | None:
        """Arguments by name in the order of the parameters; None if the names do not fit."""
        if not set(args) <= set(self.names) or any(p.name not in args and not p.optional for p in self.parameters):
            return None
        named = [args.get(name, _MISSING) for name in self.names]
        return [[value] if parameter.rest else value for parameter, value in zip(self.parameters, named, strict=True)]

    def conform(self, arranged: list[Any], converting: bool) -> list[Any] | None:
        """The arguments as the function takes them, or None if one does not fit."""
        conformed = []
        for parameter, value in zip(self.parameters, arranged, strict=True):
            if value is _MISSING:
                break
            if parameter.rest:
                value = [parameter.conform(item, converting) for item in value]
                if any(item is _MISSING for item in value):
                    return None
            else:
                value = parameter.conform(value, converting)
                if value is _MISSING:
                    return None
            conformed.append(value)
        return conformed


def signature(text: str, function: Callable[..., Any], *, with_run: bool = False, cost: int = 4) -> Signature:
    """The signature that `text` writes, carried out by `function`."""
    parts = [part.strip() for part in text.split(",")] if text else []
    return Signature(tuple(map(_parameter, parts)), function, with_run, cost)


def _parameter(text: str) -> Parameter:
    optional = text.startswith("[")
    name, _, kind = text.strip("[]").partition(": ")
    return Parameter(
        name.removesuffix("..."),
        _TYPES[kind.removesuffix("?")],
        optional,
        kind.endswith("?"),
        name.endswith("..."),
    )


@dataclass(frozen=True, eq=False)
class Builtin:
    """A function of the language. It is a value too, so it can be passed on."""

    name: str
    signatures: tuple[Signature, ...]
    declared_type: FunctionType = _ANY_FUNCTION

    def positional(self, args: list[Any], run: Any) -> Any:
        """The result for arguments in order. Raises NoValue where no signature fits or the result is undefined."""
        return self._call([(one, one.arrange(args)) for one in self.signatures], run)

    def named(self, args: dict[str, Any], run: Any) -> Any:
        """The result for named arguments. Raises NoValue likewise."""
        # `before` takes a point and a range in either order; with names, their order tells which is meant.
        written = sorted(self.signatures, key=lambda one: one.names != list(args))
        return self._call([(one, one.arrange_named(args)) for one in written], run)

    def _call(self, arranged: list[tuple[Signature, list[Any] | None]], run: Any) -> Any:
        fitting = [(one, args) for one, args in arranged if args is not None]
        if not fitting:
            raise NoValue(f"{self.name} takes other arguments")
        for converting in (False, True):
            for one, args in fitting:
                conformed = one.conform(args, converting)
                if conformed is not None:
                    return _carry_out(one, conformed, run)
        raise NoValue(f"{self.name}: an argument is null or of the wrong type")


def _carry_out(one: Signature, args: list[Any], run: Any) -> Any:
    run.spend(one.cost)
    for arg in args:
        run.spend_on(arg)
    result = one.function(run, *args) if one.with_run else one.function(*args)
    if type(result) is str:
        run.spend_on(result)
    return result
