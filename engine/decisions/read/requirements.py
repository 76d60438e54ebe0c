"""Requirements must lead to elements, and never in a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.decisions.logic.graph import GraphElement, Knowledge, Service
from engine.errors import Refused

if TYPE_CHECKING:
    from engine.decisions.model import Model

MAX_CHAIN = 100
"""How many decisions may require each other in a row."""


def check_references(model: Model) -> None:
    """Raises Refused for references to nothing, circles, and chains longer than MAX_CHAIN."""
    dangling = [
        reference.place.problem(
            "dmn-reference",
            f"引用的元素“{reference.id}”不存在。",
            f"The element “{reference.id}” referred to is missing.",
        )
        for element in model.elements.values()
        for reference in element.requires()
        if reference.namespace not in ("", *model.imports)
        or reference.id not in (model.imports[reference.namespace] if reference.namespace else model).elements
    ]
    if dangling:
        raise Refused(dangling)
    done: set[str] = set()
    for element in model.elements.values():
        _walk(model, element, done)


def _walk(model: Model, start: GraphElement, done: set[str]) -> None:
    """Go down from an element without recursion; `way` is the chain from it to where the walk stands."""
    way: dict[str, GraphElement] = {start.id: start}
    while way:
        element = next(reversed(way.values()))
        fresh = next((one for one in _below(model, element) if one.id not in done), None)
        if fresh is None:
            done.add(element.id)
            del way[element.id]
        elif fresh.id in way:
            zh, en = (
                f"“{element.title}”与“{fresh.title}”互相需要。",
                f"“{element.title}” and “{fresh.title}” require each other.",
            )
            raise Refused([element.place.problem("dmn-circle", zh, en)])
        else:
            way[fresh.id] = fresh
        if len(way) > MAX_CHAIN:
            zh, en = f"决策依赖超过 {MAX_CHAIN} 层。", f"More than {MAX_CHAIN} elements require each other in a row."
            raise Refused([start.place.problem("dmn-circle", zh, en)])


def _below(model: Model, element: GraphElement) -> list[GraphElement]:
    """What must be evaluated before an element. A service is a function: its inside waits until it is called."""
    if isinstance(element, Service):
        return []
    itself = element.id if isinstance(element, Knowledge) else None
    return [model.elements[one.id] for one in element.requires() if not one.namespace and one.id != itself]
