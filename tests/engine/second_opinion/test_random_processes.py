"""Random processes of what SpiffWorkflow's own layer can express: with the five repairs it agrees with every step."""

from __future__ import annotations

import pytest

from engine.second_opinion import Repair, compare
from tests.engine.bpmn.test_random_processes import Made
from tests.engine.second_opinion.plain_processes import PlainGenerator, tape

PARTS, PROCESSES, PATHS = 4, 60, 2


@pytest.mark.parametrize("part", range(PARTS))
def test_both_engines_do_the_same_at_every_step(part: int) -> None:
    for seed in range(part, PROCESSES, PARTS):
        made = Made(seed, PlainGenerator)
        for path in range(PATHS):
            found = compare({"random": made.definition}, tape(made, path), list(Repair))
            assert (seed, path, found) == (seed, path, None)
