"""Where a variable lives, and who sees it."""

import pytest

from engine.bpmn import visible_variables
from engine.bpmn.run.scopes import Scope, Variables


@pytest.fixture
def scopes() -> dict[str, Scope]:
    """Case > sub-process > item of a loop inside it > sub-process inside the item."""
    case = Scope("", "process", None, None, 0)
    trip = Scope("trip:1", "sub", "trip", case, 1)
    loop = Scope("sign:1", "loop", "sign", trip, 2)
    item = Scope("sign:1/0", "item", "sign", loop, 2)
    inner = Scope("inner:1", "sub", "inner", item, 3)
    return {scope.id: scope for scope in (case, trip, loop, item, inner)}


@pytest.mark.parametrize(
    ("held", "writer", "home"),
    [
        ({}, "", ""),
        ({}, "trip:1", ""),
        ({}, "sign:1/0", "sign:1/0"),
        ({}, "inner:1", "sign:1/0"),
        ({"": {"x": 0}}, "inner:1", ""),
        ({"trip:1": {"x": 0}}, "inner:1", "trip:1"),
        ({"": {"x": 0}, "inner:1": {"x": 0}}, "inner:1", "inner:1"),
        ({"inner:1": {"x": 0}}, "trip:1", ""),
    ],
)
def test_a_write_goes_to_the_nearest_holder_else_the_item_else_the_case(scopes, held, writer, home):
    variables = Variables({"": {}} | held)
    assert variables.write(scopes[writer], "x", 1) == home
    assert variables.by_scope[home]["x"] == 1


def test_inner_names_hide_outer_ones(scopes):
    variables = Variables({"": {"a": 1, "b": 1}, "trip:1": {"b": 2}, "inner:1": {"a": 3}})
    assert variables.visible(scopes["inner:1"]) == {"a": 3, "b": 2}
    assert variables.visible(scopes["trip:1"]) == {"a": 1, "b": 2}
    assert variables.visible(scopes[""]) == {"a": 1, "b": 1}


def test_the_maps_it_was_given_stay_as_they_are(scopes):
    given = {"": {"a": 1}}
    variables = Variables(given)
    variables.write(scopes[""], "a", 2)
    variables.declare(scopes["trip:1"], {"b": 3})
    variables.drop(scopes["trip:1"])
    assert given == {"": {"a": 1}}


def test_an_unknown_scope_sees_the_case(walk):
    case = walk("a_sub_process_keeps_its_data_objects_to_itself").start(seen=True)
    assert visible_variables(case.state, "gone:1") == {"seen": True}
