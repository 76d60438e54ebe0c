"""Requirements that lead in a circle or too deep are refused when the file is read."""

import pytest

from engine import decisions
from engine.decisions.read.requirements import MAX_CHAIN
from engine.errors import Refused


def chain(dmn, links):
    """Decisions d0, d1, ... with the numbers each requires."""
    parts = []
    for number, needed in enumerate(links):
        requires = "".join(
            f'<informationRequirement><requiredDecision href="#d{one}"/></informationRequirement>' for one in needed
        )
        parts.append(f'<decision id="d{number}" name="d{number}">{requires}{dmn.literal(f"{number}")}</decision>')
    return dmn.file(*parts)


@pytest.mark.parametrize("links", [[[0]], [[1], [0]], [[1], [2], [0]], [[], [0, 2], [3], [1]]])
def test_a_circle_is_refused(dmn, links):
    with pytest.raises(Refused) as caught:
        decisions.read(chain(dmn, links), "a.dmn")
    assert caught.value.problems[0].rule == "dmn-circle"


def test_two_ways_to_one_decision_are_no_circle(dmn):
    assert decisions.evaluate(chain(dmn, [[1, 2], [3], [3], []]), "d0", {}) == 0


def test_functions_that_need_each_other_are_a_circle(dmn):
    data = dmn.file(
        dmn.function("f", {}, dmn.literal("g()"), knows="g"), dmn.function("g", {}, dmn.literal("f()"), knows="f")
    )
    with pytest.raises(Refused):
        decisions.read(data, "a.dmn")


def test_the_longest_allowed_chain_is_evaluated(dmn):
    longest = [[number + 1] for number in range(MAX_CHAIN - 1)] + [[]]
    assert decisions.evaluate(chain(dmn, longest), "d0", {}) == 0
    with pytest.raises(Refused):
        decisions.read(chain(dmn, [*longest[:-1], [MAX_CHAIN], []]), "a.dmn")
