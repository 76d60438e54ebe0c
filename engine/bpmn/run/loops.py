"""Repeated activities: multi-instance (parallel, sequential) and the standard loop.

The repeated activity's token hosts a loop scope that keeps the books as variables expressions can
read; every item or turn runs in a scope inside it: the inner elements of a sub-process, or one
token on the activity's own body.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.bpmn.errors import TooManyItems
from engine.bpmn.expressions import Formula, named, shown
from engine.bpmn.run.containers import SubProcessSpec, start_inside
from engine.bpmn.run.scopes import Scope, ScopeKind
from engine.bpmn.run.tasks import ActivitySpec
from engine.values import Value

if TYPE_CHECKING:
    from engine.bpmn.diagram import Node
    from engine.bpmn.run.process import ProcessSpec
    from engine.bpmn.run.tokens import Token

MAX_ITEMS: Final = 1_000
"""Items one multi-instance activity may have: all of them live in the instance's state."""

ITEMS: Final = "loopItems"
COUNTER: Final = "loopCounter"
ALL: Final = "numberOfInstances"
ACTIVE: Final = "numberOfActiveInstances"
COMPLETED: Final = "numberOfCompletedInstances"


class LoopSpec(ActivitySpec):
    """An activity that is carried out several times; its boundary events watch over all of them."""

    body: ActivitySpec

    def __init__(self, process: ProcessSpec, node: Node) -> None:
        super().__init__(process, node)
        assert node.loop is not None
        self.loop = node.loop

    def open_item(self, token: Token, kind: ScopeKind, number: int, found: dict[str, Value]) -> None:
        """Begin repetition `number` (from 0) in a scope of its own that holds `found`."""
        running = token.workflow
        scope = running.open_scope(kind, token, number)
        running.variables.declare(scope, found | {COUNTER: Decimal(number + 1)})
        if isinstance(self.body, SubProcessSpec):
            start_inside(running, scope)
        else:
            running.place(self.body, scope)

    def books(self, token: Token) -> Scope:
        """The loop scope of `token`."""
        return next(scope for scope in token.workflow.hosted(token) if scope.kind == "loop")


class MultiInstanceSpec(LoopSpec):
    """One item of a collection, or one number up to a cardinality, after the other or all at once."""

    parallel: bool
    collection: Formula | None = None
    cardinality: Formula | None = None
    completion: Formula | None = None
    output_element: Formula | None = None

    def work(self, token: Token) -> bool:
        running = token.workflow
        items = self._items(token)
        scope = running.open_scope("loop", token)
        books: dict[str, Value] = {ALL: Decimal(len(items)), ACTIVE: Decimal(0), COMPLETED: Decimal(0)}
        if self.loop.output_collection:
            books[self.loop.output_collection] = [None] * len(items)
        if not self.parallel:
            books[ITEMS] = items
        running.variables.declare(scope, books)
        if not items:
            self._deliver(token)
            return True
        for number in range(len(items) if self.parallel else 1):
            self._open(token, number, items[number])
        return False

    def _items(self, token: Token) -> list[Value]:
        if self.collection:
            items = token.value(self.collection)
            if not isinstance(items, list):
                raise self.collection.failed(
                    f"应得到列表，得到 {shown(items)}。", f"a list is expected, not {shown(items)}."
                )
        else:
            assert self.cardinality is not None
            count = token.value(self.cardinality)
            if not isinstance(count, Decimal) or count != count.to_integral_value() or count < 0:
                raise self.cardinality.failed(
                    f"应得到非负整数，得到 {shown(count)}。", f"a whole number from 0 is expected, not {shown(count)}."
                )
            items = [None] * min(int(count), MAX_ITEMS + 1)
        if len(items) > MAX_ITEMS:
            raise TooManyItems(**named(self.node), count=len(items), limit=MAX_ITEMS)
        return items

    def _open(self, token: Token, number: int, item: Value) -> None:
        self._count(token, ACTIVE, 1)
        self.open_item(token, "item", number, {self.loop.item: item} if self.loop.item else {})

    def _count(self, token: Token, name: str, by: int) -> int:
        books = token.workflow.variables.by_scope[self.books(token).id]
        books[name] = Decimal(int(books[name]) + by)
        return int(books[name])

    def collect(self, host: Token, scope: Scope) -> None:
        running, loop = host.workflow, self.loop
        self._count(host, ACTIVE, -1)
        self._count(host, COMPLETED, 1)
        variables = running.variables.visible(scope)
        if self.output_element and loop.output_collection:
            number = int(scope.id.rpartition("/")[2])
            found = list(variables[loop.output_collection])
            found[number] = self.output_element.value(variables, running.context)
            running.variables.by_scope[self.books(host).id][loop.output_collection] = found
            variables = running.variables.visible(scope)
        host.internal_data["enough"] = bool(self.completion and self.completion.truth(variables, running.context))

    def scope_ended(self, host: Token) -> None:
        running = host.workflow
        books = running.variables.by_scope[self.books(host).id]
        enough = host.internal_data.pop("enough")
        if enough:
            self._stop_rest(host)
        elif not self.parallel and books[COMPLETED] < books[ALL]:
            number = int(books[COMPLETED])
            self._open(host, number, books[ITEMS][number])
            return
        elif self._count(host, ACTIVE, 0):
            return
        self._deliver(host)
        host.complete()

    def _stop_rest(self, host: Token) -> None:
        running = host.workflow
        for scope in running.hosted(host):
            if scope.kind == "item":
                scope.ended = True
                running.stop_all(scope, "not_needed")

    def _deliver(self, token: Token) -> None:
        """Give the collected outputs to the scope around the loop."""
        running, loop = token.workflow, self.loop
        if loop.output_collection:
            name = loop.output_collection
            found = running.variables.by_scope[self.books(token).id].pop(name)
            running.record.write(running.variables.write(token.scope, name, found), name, found)


class StandardLoopSpec(LoopSpec):
    """While its condition is true, at most `loopMaximum` times; what a turn writes is not kept to the turn."""

    condition: Formula | None = None

    def work(self, token: Token) -> bool:
        token.workflow.open_scope("loop", token)
        token.internal_data["turns"] = 0
        if self.loop.test_before and not self._again(token):
            return True
        self.open_item(token, "turn", 0, {})
        return False

    def scope_ended(self, host: Token) -> None:
        host.internal_data["turns"] += 1
        if self._again(host):
            self.open_item(host, "turn", host.internal_data["turns"], {})
        else:
            host.complete()

    def _again(self, token: Token) -> bool:
        running, turns = token.workflow, token.internal_data["turns"]
        if self.loop.maximum is not None and turns >= self.loop.maximum:
            return False
        variables = token.visible | {COUNTER: Decimal(turns)}
        return self.condition is None or self.condition.truth(variables, running.context)
