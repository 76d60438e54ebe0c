"""Scopes and their variables: variables belong to a scope, never to a token."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.bpmn.state import INSTANCE_SCOPE, State
from engine.values import Value

ScopeKind = Literal["process", "sub", "loop", "item", "turn"]
"""process · sub-process · a repeated activity as a whole · one multi-instance item · one turn of a standard loop."""


@dataclass(slots=True, eq=False)
class Scope:
    """One activation of something that holds tokens."""

    id: str
    kind: ScopeKind
    node: str | None
    """The sub-process or repeated activity; None for the process."""
    parent: Scope | None
    host: int
    """Number of the token that waits for the scope to end; 0 for the process."""
    live: int = 0
    """Tokens inside that are not finished, subscriptions apart."""
    ended: bool = False

    def chain(self) -> list[Scope]:
        """The scope and those around it, innermost first."""
        found: list[Scope] = []
        scope: Scope | None = self
        while scope is not None:
            found.append(scope)
            scope = scope.parent
        return found


class Variables:
    """The variables of all scopes of one instance during one step; the maps it was given stay untouched."""

    def __init__(self, given: Mapping[str, Mapping[str, Value]]) -> None:
        self.by_scope: dict[str, dict[str, Value]] = {scope: dict(found) for scope, found in given.items()}

    def visible(self, scope: Scope) -> dict[str, Value]:
        """What an expression in `scope` sees: inner names hide outer ones. Not to be changed."""
        chain = scope.chain()
        if len(chain) == 1:
            return self.by_scope[INSTANCE_SCOPE]
        return _overlaid(self.by_scope.get(each.id, {}) for each in reversed(chain))

    def write(self, scope: Scope, name: str, value: Value) -> str:
        """Write where the name lives; returns the id of the scope written to.

        The nearest enclosing scope that holds the name; else the multi-instance item; else the instance.
        """
        home = INSTANCE_SCOPE
        for each in scope.chain():
            if name in self.by_scope.get(each.id, ()):
                home = each.id
                break
            if each.kind == "item" and home == INSTANCE_SCOPE:
                home = each.id
        self.by_scope.setdefault(home, {})[name] = value
        return home

    def declare(self, scope: Scope, found: Mapping[str, Value]) -> None:
        """Give `scope` variables of its own."""
        if found:
            self.by_scope.setdefault(scope.id, {}).update(found)

    def drop(self, scope: Scope) -> None:
        """Forget the variables of a scope that has ended."""
        self.by_scope.pop(scope.id, None)


def visible_variables(state: State, scope: str) -> dict[str, Value]:
    """The variables an expression in `scope` sees, inner names hiding outer ones; a fresh dict.

    An unknown scope sees the instance's variables.
    """
    parents = {row[0]: row[4] for row in state.tree["scopes"]}
    chain = [scope]
    while chain[-1] in parents:
        chain.append(parents[chain[-1]])
    return _overlaid(state.variables.get(each, {}) for each in reversed([*chain, INSTANCE_SCOPE]))


def _overlaid(maps: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for each in maps:
        found.update(each)
    return found
