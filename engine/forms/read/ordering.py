"""In which order the fields of a level are settled: what a field's rules read comes first, else as drawn."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from engine.forms.model import Component


def settled_order(by_key: Mapping[str, Component]) -> tuple[Component, ...]:
    """Every field once, behind the fields its rules read; a circle of conditions is cut as drawn."""
    before = {key: _read_before(component, by_key) for key, component in by_key.items()}
    done: dict[str, Component] = {}
    opened: set[str] = set()
    waiting = list(reversed(list(by_key)))
    while waiting:
        key = waiting[-1]
        if key in done or key in opened:
            done.setdefault(key, by_key[key])
            waiting.pop()
        else:
            opened.add(key)
            waiting += [name for name in reversed(before[key]) if name not in opened]
    return tuple(done.values())


def _read_before(component: Component, by_key: Mapping[str, Component]) -> list[str]:
    """The other fields it reads, in the order of the file."""
    conditions = (rule.names for rule in component.hides if not isinstance(rule, bool))
    read = component.reads().union(*conditions)
    if "parent" in read:
        read |= {key for key, field in by_key.items() if not field.kind.computed and not field.row}
    return [key for key in by_key if key in read and key != component.key]


def circle(by_key: Mapping[str, Component]) -> list[str]:
    """The keys of formulas that refer to each other in a circle, empty if there is none.

    A formula may read its own key: that is the value the variable had before.
    """
    graph = {key: _formulas_read(component, by_key) for key, component in by_key.items() if component.kind.computed}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def _formulas_read(component: Component, by_key: Mapping[str, Component]) -> list[str]:
    formula = component.settings.formula
    names = formula.names if formula else frozenset()
    return [name for name in by_key if name in names and name != component.key and by_key[name].kind.computed]
