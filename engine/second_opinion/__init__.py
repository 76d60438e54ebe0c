"""A second opinion on what our engine does: SpiffWorkflow's own BPMN layer, given the same, must do the same.

Nothing here serves anybody at run time; see docs/spiffworkflow.md.
"""

from engine.second_opinion.compare import Difference, NotPlayable, compare
from engine.second_opinion.opinion import Opinion, second_opinion
from engine.second_opinion.repairs import Repair
from engine.second_opinion.tape import Case, Played, Tape, recorded

__all__ = [
    "Case",
    "Difference",
    "NotPlayable",
    "Opinion",
    "Played",
    "Repair",
    "Tape",
    "compare",
    "recorded",
    "second_opinion",
]
