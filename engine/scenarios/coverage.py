"""Which flow nodes and sequence flows of a diagram a set of scenarios passed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.bpmn import Diagram


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ids passed and ids there are, nodes and flows together."""

    passed: frozenset[str]
    nodes: frozenset[str]
    flows: frozenset[str]

    @classmethod
    def of(cls, diagram: Diagram, paths: Iterable[Iterable[str]]) -> Coverage:
        """The coverage of a diagram by the paths of finished runs."""
        passed = frozenset(element for path in paths for element in path)
        return cls(passed, frozenset(diagram.nodes), frozenset(diagram.flows))

    def missing(self) -> list[str]:
        """Every node and flow no path passed."""
        return sorted((self.nodes | self.flows) - self.passed)

    @property
    def complete(self) -> bool:
        return not self.missing()
