"""The walk that infers types and notes what is certainly wrong, one function per kind of node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.errors import Problem
from engine.feel.analyse import inference
from engine.feel.analyse.arguments import argument_problem
from engine.feel.analyse.inference import KnownType
from engine.feel.builtins import BUILTINS
from engine.feel.parse import nodes as n
from engine.feel.parse.scanner import position
from engine.feel.types import ANY, BOOLEAN, NUMBER, ContextType, FeelType, FunctionType, ListType, RangeType, type_of

NameTypes = dict[str, KnownType]


class Walk:
    """One walk over one tree. A scope maps names to their types; `None` in it as a key lets unknown names pass."""

    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self._text = text

    def report(self, rule: str, node: n.Node, zh: str, en: str) -> None:
        """Note a problem at a node."""
        line, column = position(self._text, node.at)
        self.problems.append(Problem(rule, "", zh, en, line=line, column=column))

    def type_of(self, node: n.Node, scope: NameTypes) -> KnownType:
        """The type of a node, after noting what is wrong in it."""
        found = _WALKS[type(node)](self, node, scope)
        return None if found is ANY or found == ANY else found

    def mismatch(self, node: n.Node, left: FeelType, right: FeelType, zh: str, en: str) -> None:
        """Note that two types never go together."""
        self.report("feel-types", node, f"{left} 与 {right} {zh}", f"{left} and {right} {en}")

    def expect_boolean(self, node: n.Node, scope: NameTypes) -> None:
        """Note a condition that can never be true."""
        kind = self.type_of(node, scope)
        if inference.judged(kind) and kind != BOOLEAN:
            zh, en = f"条件的类型是 {kind}，永远不为真", f"a condition of type {kind} is never true"
            self.report("feel-types", node, zh, en)

    def check_test(self, node: n.Node, value: KnownType, scope: NameTypes) -> None:
        """Note a unary test that a value of type `value` can never meet."""
        kind = self.type_of(node, scope)
        tested = kind.element if isinstance(kind, (ListType, RangeType)) else kind
        if inference.simple(value) and inference.simple(tested) and tested not in (value, BOOLEAN):
            assert value is not None
            assert tested is not None
            self.mismatch(node, value, tested, "永远不会匹配", "never match")

    def element(self, source: n.Node, scope: NameTypes) -> KnownType:
        """The type of what a loop goes through."""
        kind = self.type_of(source, scope)
        return kind.element if isinstance(kind, (ListType, RangeType)) else kind


def _name(walk: Walk, node: n.Name, scope: NameTypes) -> KnownType:
    if node.name in scope:
        return scope[node.name]
    if node.name in BUILTINS:
        return FunctionType()
    if _LENIENT not in scope:
        walk.report("feel-unknown-name", node, f"未知名称“{node.name}”", f'unknown name "{node.name}"')
    return None


_LENIENT = "\0"
"""A key that no name can be; its presence says that elements of unknown type may have any entries."""


def _path(walk: Walk, node: n.Path, scope: NameTypes) -> KnownType:
    base = walk.type_of(node.base, scope)
    if isinstance(base, ListType):
        inner = _member(walk, node, base.element)
        return ListType(element=inner or ANY)
    return _member(walk, node, base)


def _member(walk: Walk, node: n.Path, base: KnownType) -> KnownType:
    if isinstance(base, ContextType):
        entries = dict(base.entries)
        if not entries or node.name in entries:
            return entries.get(node.name)
    elif not inference.simple(base) and not isinstance(base, RangeType):
        return None
    else:
        assert base is not None
        known, kind = inference.property_of(base, node.name)
        if known:
            return kind
    walk.report("feel-unknown-name", node, f"{base} 没有“{node.name}”", f'{base} has no "{node.name}"')
    return None


def _filter(walk: Walk, node: n.Filter, scope: NameTypes) -> KnownType:
    base = walk.type_of(node.base, scope)
    element = base.element if isinstance(base, ListType) else base
    inner: NameTypes = {**scope, "item": element}
    if isinstance(element, ContextType) and element.entries:
        inner |= dict(element.entries)
    elif not inference.simple(element):
        inner[_LENIENT] = None
    return element if walk.type_of(node.condition, inner) == NUMBER else ListType(element=element or ANY)


def _call(walk: Walk, node: n.Call, scope: NameTypes) -> KnownType:
    kinds = [walk.type_of(arg, scope) for arg in node.args]
    if not isinstance(node.function, n.Name):
        walk.type_of(node.function, scope)
        return None
    name = node.function.name
    if name in scope and (name not in BUILTINS or isinstance(scope[name], FunctionType)):
        declared = scope[name]
        return declared.result if isinstance(declared, FunctionType) else None
    if name not in BUILTINS:
        if _LENIENT not in scope:
            walk.report("feel-unknown-function", node.function, f"未知函数“{name}”", f'unknown function "{name}"')
        return None
    wrong = argument_problem(BUILTINS[name], kinds, node.names)
    if wrong:
        walk.report(wrong.rule, node.function, wrong.zh, wrong.en)
    return inference.RESULTS.get(name)


def _binary(walk: Walk, node: n.Binary, scope: NameTypes) -> KnownType:
    left, right = walk.type_of(node.left, scope), walk.type_of(node.right, scope)
    is_comparison = node.operator in ("=", "!=", "<", "<=", ">", ">=")
    if left is None or right is None or not (inference.judged(left) and inference.judged(right)):
        return BOOLEAN if is_comparison else None
    if node.operator in ("=", "!="):
        if type(left) is not type(right) or (inference.simple(left) and left != right):
            walk.mismatch(node, left, right, "永远不会相等", "are never equal")
        return BOOLEAN
    if is_comparison:
        if not inference.comparable(left, right):
            walk.mismatch(node, left, right, "无法比较大小", "have no common order")
        return BOOLEAN
    result = inference.arithmetic(node.operator, left, right)
    if result is None:
        sign = node.operator
        walk.mismatch(node, left, right, f"不能用“{sign}”运算", f'cannot be combined with "{sign}"')
    return result


def _negation(walk: Walk, node: n.Negation, scope: NameTypes) -> KnownType:
    kind = walk.type_of(node.operand, scope)
    if kind is not None and inference.judged(kind) and not inference.can_be_negated(kind):
        walk.report("feel-types", node, f"{kind} 不能取负", f"{kind} cannot be negated")
    return kind


def _logical(walk: Walk, node: n.Logical, scope: NameTypes) -> KnownType:
    for operand in node.operands:
        walk.expect_boolean(operand, scope)
    return BOOLEAN


def _between(walk: Walk, node: n.Between, scope: NameTypes) -> KnownType:
    value = walk.type_of(node.value, scope)
    for bound in (node.low, node.high):
        kind = walk.type_of(bound, scope)
        if value is None or kind is None or not (inference.judged(value) and inference.judged(kind)):
            continue
        if not inference.comparable(value, kind):
            walk.mismatch(bound, value, kind, "无法比较大小", "have no common order")
    return BOOLEAN


def _in(walk: Walk, node: n.In, scope: NameTypes) -> KnownType:
    value = walk.type_of(node.value, scope)
    for test in node.tests:
        walk.check_test(test, value, {**scope, "?": value})
    return BOOLEAN


def _unary_tests(walk: Walk, node: n.UnaryTests, scope: NameTypes) -> KnownType:
    for test in node.tests:
        walk.check_test(test, scope["?"], scope)
    return BOOLEAN


def _if(walk: Walk, node: n.If, scope: NameTypes) -> KnownType:
    walk.expect_boolean(node.condition, scope)
    yes, no = walk.type_of(node.yes, scope), walk.type_of(node.no, scope)
    return yes if yes == no else None


def _inner_scope(walk: Walk, sources: list[tuple[str, n.Node]], scope: NameTypes) -> NameTypes:
    for name, source in sources:
        scope = {**scope, name: walk.element(source, scope)}
    return scope


def _for(walk: Walk, node: n.For, scope: NameTypes) -> KnownType:
    inner = _inner_scope(walk, node.sources, scope)
    return ListType(element=walk.type_of(node.result, {**inner, "partial": ListType()}) or ANY)


def _quantified(walk: Walk, node: n.Quantified, scope: NameTypes) -> KnownType:
    walk.expect_boolean(node.condition, _inner_scope(walk, node.sources, scope))
    return BOOLEAN


def _function(walk: Walk, node: n.FunctionLiteral, scope: NameTypes) -> KnownType:
    inner: NameTypes = {**scope, **dict(node.parameters)}
    result = walk.type_of(node.body, inner) if node.body else None
    return FunctionType(parameters=tuple(kind for _, kind in node.parameters), result=result or ANY)


def _list(walk: Walk, node: n.ListLiteral, scope: NameTypes) -> KnownType:
    kinds = {walk.type_of(item, scope) for item in node.items}
    only = kinds.pop() if len(kinds) == 1 else None
    return ListType(element=only or ANY)


def _context(walk: Walk, node: n.ContextLiteral, scope: NameTypes) -> KnownType:
    inner: NameTypes = {**scope, **{key: None for key, _ in node.entries}}
    entries = []
    for key, value in node.entries:
        inner[key] = walk.type_of(value, inner)
        entries.append((key, inner[key] or ANY))
    return ContextType(entries=tuple(entries))


def _range(walk: Walk, node: n.RangeLiteral | n.Steps, scope: NameTypes) -> KnownType:
    ends = [walk.type_of(end, scope) for end in (node.start, node.end) if end]
    if len(ends) == 2 and inference.simple(ends[0]) and inference.simple(ends[1]) and ends[0] != ends[1]:
        assert ends[0] is not None
        assert ends[1] is not None
        walk.mismatch(node, ends[0], ends[1], "不能作为同一区间的两端", "cannot be the ends of one range")
    return RangeType(element=ends[0] or ANY)


def _inside(walk: Walk, node: n.InstanceOf | n.NotEqualTest, scope: NameTypes) -> KnownType:
    walk.type_of(node.value if isinstance(node, n.InstanceOf) else node.operand, scope)
    return BOOLEAN


_WALKS: dict[type[n.Node], Callable[[Walk, Any, NameTypes], KnownType]] = {
    n.Literal: lambda *args: type_of(args[1].value),
    n.AnyTest: lambda *args: None,
    n.Name: _name,
    n.Path: _path,
    n.Filter: _filter,
    n.Call: _call,
    n.Binary: _binary,
    n.Negation: _negation,
    n.Logical: _logical,
    n.Between: _between,
    n.In: _in,
    n.UnaryTests: _unary_tests,
    n.NotEqualTest: _inside,
    n.InstanceOf: _inside,
    n.If: _if,
    n.For: _for,
    n.Steps: _range,
    n.Quantified: _quantified,
    n.FunctionLiteral: _function,
    n.ListLiteral: _list,
    n.ContextLiteral: _context,
    n.RangeLiteral: _range,
}
