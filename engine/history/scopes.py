"""The open scopes of an instance and their variables, as its history tells them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from engine.bpmn import INSTANCE_SCOPE, Diagram, Loop, Node
from engine.bpmn.run.loops import ACTIVE, ALL, COMPLETED, COUNTER, ITEMS
from engine.history.steps import Standing
from engine.values import Value


@dataclass(slots=True)
class Scopes:
    """What stands open after an entry, and which variables live where.

    Scopes are seen by the tokens that stand in them: one always does while a scope is open.
    """

    diagram: Diagram
    variables: dict[str, dict[str, Value]] = field(default_factory=lambda: {INSTANCE_SCOPE: {}})
    around: dict[str, str] = field(default_factory=dict)
    """Open scope -> the scope around it."""
    kept: dict[str, frozenset[str]] = field(default_factory=dict)
    """Scope -> names that live there with values that history does not tell."""

    def chain(self, scope: str) -> Iterator[str]:
        """The scope and those around it, innermost first."""
        while scope in self.around:
            yield scope
            scope = self.around[scope]
        yield INSTANCE_SCOPE

    def seen_from(self, scope: str) -> dict[str, Value]:
        """What an expression in a scope sees: inner names hide outer ones. An unknown scope sees the instance's."""
        found: dict[str, Value] = {}
        for each in reversed(list(self.chain(scope))):
            found |= self.variables.get(each, {})
        return found

    def seen(self, scope: str, name: str) -> Value:
        """What a name means in a scope; null where nothing has it."""
        holding = (self.variables[each] for each in self.chain(scope) if name in self.variables.get(each, ()))
        return next(holding, {}).get(name)

    def home(self, scope: str, name: str) -> str:
        """Where the engine writes a name: where it lives, else in the multi-instance item, else in the instance."""
        if name in self.variables.get(scope, ()):
            return scope
        chain = list(self.chain(scope))
        lives = (each for each in chain if name in self.variables.get(each, ()) or name in self.kept.get(each, ()))
        items = (each for each in chain if self._is_item(each))
        return next(lives, next(items, INSTANCE_SCOPE))

    def write(self, scope: str, name: str, value: Value) -> None:
        """Set a variable of exactly this scope."""
        self.variables.setdefault(scope, {})[name] = value

    def open(self, tokens: Iterable[Standing]) -> list[str]:
        """Open the scopes in which tokens stand that stood in none before; returns those of containers and loops."""
        tokens = list(tokens)
        inner = sorted({token.scope for token in tokens} - {INSTANCE_SCOPE}, key=_number)
        alive = dict.fromkeys(map(_activation, inner))
        new = [activation for activation in alive if activation not in self.around]
        for activation in new:
            self._begin(activation, self._place(activation, tokens, alive))
        for scope in inner:
            if scope not in self.around:
                self._begin(scope, _activation(scope))
        return new

    def close(self, tokens: Iterable[Standing]) -> None:
        """Drop the scopes in which nothing stands any more."""
        if not self.around and len(self.variables) == 1:
            return  # most cases have no scope but their own
        alive = {scope for token in tokens for scope in self.chain(token.scope)} | {INSTANCE_SCOPE}
        for scope in (self.around.keys() | self.variables.keys()) - alive:
            for held in (self.around, self.kept, self.variables):
                held.pop(scope, None)

    def begins(self, node: Node) -> bool:
        """Whether a node starts an event sub-process."""
        return node.type == "startEvent" and node.parent is not None and self.diagram.nodes[node.parent].by_event

    def listening(self, node: Node) -> str:
        """The scope in which a catching event has just listened: the newest of the container that it stands in."""
        container = self.diagram.nodes[node.parent or ""].parent if self.begins(node) else node.parent
        inside = (scope for scope in self.around if scope.partition(":")[0] == container)
        return max(inside, key=_number, default=INSTANCE_SCOPE)

    def begun_by(self, start: Node, outer: str, new: Iterable[str]) -> str:
        """The event sub-process that its start event began; one that is over already is opened for the moment."""
        begun = [scope for scope in new if scope.partition(":")[0] == start.parent and self.around[scope] == outer]
        if not begun:
            begun = [f"{start.parent}:0"]
            self._begin(begun[0], outer)
        return begun[0]

    def _begin(self, scope: str, around: str) -> None:
        """Open one scope inside another, with the variables that it has from the beginning."""
        self.around[scope] = around
        node, number = self._node(scope), scope.partition("/")[2]
        if number:
            self.write(scope, COUNTER, Decimal(int(number) + 1))
        if node.loop:
            self.kept[scope] = _names(node.loop, item=bool(number))
        if number or not node.loop:
            for name in node.locals:
                self.write(scope, name, None)

    def _place(self, activation: str, tokens: Iterable[Standing], alive: Iterable[str]) -> str:
        """The scope around a new one: where a token of its node waits for it, and for no other that is open."""
        node = self._node(activation)
        hosts = Counter({t.scope: t.count for t in tokens if t.node == node.id and self._stands(node, t.scope)})
        hosts.subtract(self.around[each] for each in alive if each in self.around and self._node(each) is node)
        return min((scope for scope, count in hosts.items() if count > 0), key=_number, default=INSTANCE_SCOPE)

    def _stands(self, node: Node, scope: str) -> bool:
        """Whether a node stands in a scope itself, and not as one repetition of its own."""
        return (scope.partition(":")[0] or None) == node.parent

    def _is_item(self, scope: str) -> bool:
        loop = self._node(scope).loop if "/" in scope else None
        return loop is not None and loop.kind != "standard"

    def _node(self, scope: str) -> Node:
        return self.diagram.nodes[scope.partition(":")[0]]


def _names(loop: Loop, *, item: bool) -> frozenset[str]:
    """What a multi-instance activity keeps for itself, as a whole or of one item."""
    if loop.kind == "standard":
        return frozenset()
    if item:
        return frozenset({loop.item} if loop.item else ())
    books = {ALL, ACTIVE, COMPLETED} | ({ITEMS} if loop.kind == "sequential" else set())
    return frozenset(books | ({loop.output_collection} if loop.output_collection else set()))


def _activation(scope: str) -> str:
    return scope.partition("/")[0]


def _number(scope: str) -> tuple[int, int]:
    """The order in which the scopes of one node were opened."""
    activation, _slash, number = scope.partition("/")
    return int(activation.rpartition(":")[2] or 0), int(number or 0)
