"""Whether a call fits a built-in, told from the number, names and types of its arguments alone."""

from __future__ import annotations

from typing import Any

from engine.errors import Problem
from engine.feel.analyse import inference
from engine.feel.analyse.inference import KnownType
from engine.feel.builtins.signature import Builtin, Parameter, Signature
from engine.feel.types import ANY, DATE, DATE_TIME, NULL, ListType, RangeType


def argument_problem(builtin: Builtin, kinds: list[KnownType], names: list[str] | None) -> Problem | None:
    """What is wrong with a call, if it is certain to be wrong."""
    fitting = [one for one in builtin.signatures if _arranged(one, kinds, names) is not None]
    if not fitting:
        usage = " | ".join(f"({', '.join(_label(p) for p in one.parameters)})" for one in builtin.signatures)
        zh = f"“{builtin.name}”的参数应为 {usage}"
        return Problem("feel-arity", "", zh, f'"{builtin.name}" takes {usage}')
    if any(_types_fit(one, kinds, names) for one in fitting):
        return None
    given = ", ".join("?" if kind is None else str(kind) for kind in kinds)
    zh = f"“{builtin.name}”不接受类型为 ({given}) 的参数"
    return Problem("feel-types", "", zh, f'"{builtin.name}" does not take arguments of types ({given})')


def _arranged(one: Signature, kinds: list[Any], names: list[str] | None) -> list[Any] | None:
    return one.arrange(kinds) if names is None else one.arrange_named(dict(zip(names, kinds, strict=True)))


def _label(parameter: Parameter) -> str:
    name = parameter.name + ("..." if parameter.rest else "")
    return f"[{name}]" if parameter.optional else name


def _types_fit(one: Signature, kinds: list[KnownType], names: list[str] | None) -> bool:
    arranged = _arranged(one, kinds, names) or []
    for parameter, kind in zip(one.parameters, arranged, strict=True):
        given = kind if parameter.rest else [kind]
        if not all(_fits(parameter, each) for each in given):
            return False
    return True


def _fits(parameter: Parameter, kind: Any) -> bool:
    if kind == NULL:
        return parameter.nullable
    if not inference.judged(kind) or parameter.type is ANY or isinstance(kind, ListType):
        return True
    if isinstance(parameter.type, (ListType, RangeType)):
        return isinstance(parameter.type, ListType) or isinstance(kind, RangeType)
    if parameter.type.name == "point":
        return inference.comparable(kind, kind)
    return kind.name == parameter.type.name or (parameter.type == DATE_TIME and kind == DATE)
