"""Item definitions: which values conform, and what becomes of the others."""

from datetime import UTC, date, datetime

import pytest

from engine.decisions import check

PART = (
    '<itemDefinition name="tPart"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>'
    '<itemComponent name="unit price"><typeRef>number</typeRef></itemComponent></itemDefinition>'
)
GRADE = (
    '<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues>'
    "</itemDefinition>"
)
GRADES = (
    '<itemDefinition name="tGrades" isCollection="true"><typeRef>string</typeRef>'
    '<allowedValues><text>"a","b"</text></allowedValues></itemDefinition>'
)
SHORT = (
    '<itemDefinition name="tShort" isCollection="true"><typeRef>number</typeRef>'
    "<typeConstraint><text>count(?) &lt;= 2</text></typeConstraint></itemDefinition>"
)
TREE = (
    '<itemDefinition name="tTree"><itemComponent name="v"><typeRef>number</typeRef></itemComponent>'
    '<itemComponent name="below" isCollection="true"><typeRef>tTree</typeRef></itemComponent></itemDefinition>'
)


def given(dmn, definition, kind, value):
    """What a decision sees of an input of this type."""
    model = dmn.model(definition, dmn.input("x", kind), dmn.decision("d", dmn.literal("x"), needs="x"))
    assert check(model) == []
    return model.evaluate("d", {"x": value}).value


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("number", 1, 1),
        ("number", [1], 1),
        ("number", [1, 2], None),
        ("number", [[1]], None),
        ("Any", [[1]], [[1]]),
        ("number", "1", None),
        ("number", True, None),
        ("string", "a", "a"),
        ("boolean", False, False),
        ("Any", {"a": [1]}, {"a": [1]}),
        ("date and time", date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)),
        ("date", date(2026, 1, 2), date(2026, 1, 2)),
        ("date", datetime(2026, 1, 2, tzinfo=UTC), None),
    ],
)
def test_simple_types(dmn, kind, value, expected):
    assert given(dmn, "", kind, value) == expected


@pytest.mark.parametrize(
    ("definition", "kind", "value", "expected"),
    [
        (PART, "tPart", {"name": "阀", "unit price": 5}, {"name": "阀", "unit price": 5}),
        (PART, "tPart", {"name": "阀", "unit price": 5, "more": 1}, {"name": "阀", "unit price": 5, "more": 1}),
        (PART, "tPart", {"name": "阀"}, None),
        (PART, "tPart", {"name": "阀", "unit price": None}, {"name": "阀", "unit price": None}),
        (PART, "tPart", {"name": "阀", "unit price": "5"}, None),
        (PART, "tPart", [{"name": "阀", "unit price": 5}], {"name": "阀", "unit price": 5}),
        (PART, "tPart", 5, None),
        (GRADE, "tGrade", "a", "a"),
        (GRADE, "tGrade", ["b"], "b"),
        (GRADE, "tGrade", "c", None),
        (GRADE, "tGrade", None, None),
        (GRADES, "tGrades", ["a", "b", "a"], ["a", "b", "a"]),
        (GRADES, "tGrades", "a", ["a"]),
        (GRADES, "tGrades", ["a", "c"], None),
        (SHORT, "tShort", [1, 2], [1, 2]),
        (SHORT, "tShort", [1, 2, 3], None),
        (TREE, "tTree", {"v": 1, "below": [{"v": 2, "below": []}]}, {"v": 1, "below": [{"v": 2, "below": []}]}),
        (TREE, "tTree", {"v": 1, "below": [{"v": "2", "below": []}]}, None),
        (GRADE.replace("tGrade", "成绩 等级"), "成绩 等级", "c", None),
    ],
)
def test_item_definitions(dmn, definition, kind, value, expected):
    assert given(dmn, definition, kind, value) == expected


def test_a_type_may_be_defined_by_another_that_comes_later(dmn):
    alias = '<itemDefinition name="tAlias"><typeRef>tGrade</typeRef></itemDefinition>'
    assert given(dmn, alias + GRADE, "tAlias", "a") == "a"
    assert given(dmn, alias + GRADE, "tAlias", "c") is None


def test_a_type_defined_only_by_itself_is_a_problem_not_a_hang(dmn):
    circle = (
        '<itemDefinition name="a"><typeRef>b</typeRef></itemDefinition>'
        '<itemDefinition name="b"><typeRef>a</typeRef></itemDefinition>'
    )
    model = dmn.model(circle, dmn.input("x", "a"), dmn.decision("d", dmn.literal("x"), needs="x"))
    assert "dmn-unknown-type" in [problem.rule for problem in check(model)]
    assert model.evaluate("d", {"x": 1}).value == 1


def test_types_can_be_asked_for_in_expressions(dmn):
    model = dmn.model(GRADE, dmn.decision("d", dmn.literal('["a" instance of tGrade, "c" instance of tGrade]')))
    assert model.evaluate("d", {}).value == [True, False]


def test_a_constraint_that_is_not_feel_is_reported_and_holds_nobody_up(dmn):
    model = dmn.model(
        GRADE.replace('"a","b"', "1 +"), dmn.input("x", "tGrade"), dmn.decision("d", dmn.literal("x"), needs="x")
    )
    assert [problem.rule for problem in check(model)] == ["dmn-feel"]
    assert model.evaluate("d", {"x": "c"}).value == "c"


def test_references_of_dmn_1_1_carry_a_prefix(dmn):
    data = dmn.file(
        '<itemDefinition name="t"><typeRef>feel:string</typeRef></itemDefinition>',
        dmn.input("x", "feel:number"),
        dmn.input("y", "my:t"),
        dmn.input("z", "undeclared:t"),
        dmn.decision("d", dmn.literal("[x, y, z]"), needs="x, y, z"),
        dmn="http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        extra='xmlns:feel="http://www.omg.org/spec/FEEL/20140401" xmlns:my="urn:test"',
    )
    from engine import decisions

    model = decisions.read(data, "old.dmn")
    assert check(model) == []
    assert model.evaluate("d", {"x": "1", "y": "a", "z": 1}).value == [None, "a", None]
