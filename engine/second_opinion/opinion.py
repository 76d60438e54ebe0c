"""The second opinion on a tape: SpiffWorkflow agrees, differs by traps that are known, or differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from engine.bpmn import Definition
from engine.second_opinion.compare import Difference, compare
from engine.second_opinion.repairs import Repair
from engine.second_opinion.tape import Tape


@dataclass(frozen=True, slots=True)
class Opinion:
    """`difference` is how stock differs, `unexplained` how it does with all repairs; None where it does not.

    `traps` are those whose repairs it takes for stock to agree.
    """

    difference: Difference | None = None
    traps: tuple[int, ...] = ()
    unexplained: Difference | None = None

    @property
    def agrees(self) -> bool:
        """Whether stock does the same as it is."""
        return self.difference is None

    @property
    def ok(self) -> bool:
        """Whether it does, or known traps are all that keeps it from doing so."""
        return self.unexplained is None


def second_opinion(definitions: Mapping[str, Definition], tape: Tape) -> Opinion:
    """What SpiffWorkflow's own layer makes of a tape, first as it is, then repaired. Raises NotPlayable."""
    difference = compare(definitions, tape)
    if difference is None:
        return Opinion()
    unexplained = compare(definitions, tape, list(Repair))
    if unexplained is not None:
        return Opinion(difference, unexplained=unexplained)
    return Opinion(difference, tuple(repair.value for repair in _needed(definitions, tape)))


def _needed(definitions: Mapping[str, Definition], tape: Tape) -> tuple[Repair, ...]:
    """The fewest repairs that are enough; what is not enough shows early on a tape, so few are tried first."""
    sets = (some for count in range(1, len(Repair) + 1) for some in combinations(Repair, count))
    return next(some for some in sets if compare(definitions, tape, some) is None)
