"""What `decisions.check` tells before a deploy."""

import pytest

from engine import decisions


def rules_of(problems):
    return [problem.rule for problem in problems]


def check(dmn, logic, inputs=None, **options):
    given = inputs or {}
    parts = [dmn.input(name, kind) for name, kind in given.items()]
    return decisions.check(dmn.model(*parts, dmn.decision("d", logic, needs=",".join(given), **options)))


def test_a_good_file_has_no_problems(dmn):
    model = dmn.model(
        '<itemDefinition name="tPart"><itemComponent name="unit price"><typeRef>number</typeRef></itemComponent>'
        '</itemDefinition><itemDefinition name="tParts" isCollection="true"><typeRef>tPart</typeRef></itemDefinition>',
        dmn.input("零 件", "tParts"),
        dmn.function("含税", {"净价": "number"}, dmn.literal("净价 * 1.13", "number")),
        dmn.decision("d", dmn.literal("含税(sum(零 件.unit price))"), needs="零 件", knows="含税"),
        dmn.decision("e", dmn.literal("零 件[unit price > 5][1] instance of tPart"), needs="零 件"),
    )
    assert decisions.check(model) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1 + + )", "dmn-feel"),
        ("price + 1", "feel-unknown-name"),
        ("frobnicate(1)", "feel-unknown-function"),
        ('x + "a"', "feel-types"),
        ("x = true", "feel-types"),
    ],
)
def test_a_literal_is_analysed_with_the_types_of_its_inputs(dmn, text, rule):
    (problem,) = check(dmn, dmn.literal(text), {"x": "number"})
    assert problem.rule == rule
    assert problem.where == "d"
    assert problem.line == 3
    assert problem.column
    assert problem.zh
    assert problem.en


def test_lines_count_inside_a_text_of_several_lines(dmn):
    (problem,) = check(dmn, dmn.literal("1 +\n2 +\nnothing"))
    assert problem.line == 4


def test_a_context_entry_sees_only_the_ones_before_it(dmn):
    entries = "".join(
        f'<contextEntry><variable name="{name}"/>{dmn.literal(text)}</contextEntry>'
        for name, text in [("a", "1"), ("b", "a + c"), ("c", "b")]
    )
    assert rules_of(check(dmn, f"<context>{entries}</context>")) == ["feel-unknown-name"]


def test_a_recursive_function_knows_itself(dmn):
    body = '<functionDefinition><formalParameter name="n"/>' + dmn.literal("f(n)") + "</functionDefinition>"
    entries = (
        f'<contextEntry><variable name="f"/>{body}</contextEntry><contextEntry>{dmn.literal("f(1)")}</contextEntry>'
    )
    assert check(dmn, f"<context>{entries}</context>") == []


@pytest.mark.parametrize(
    "logic",
    [
        "<list>{}</list>",
        '<relation><column name="a"/><row>{}</row></relation>',
        "<functionDefinition>{}</functionDefinition>",
        "<invocation>{}</invocation>",
        "<conditional><if>{}</if><then/><else/></conditional>",
        '<for iteratorVariable="i"><in/><return>{}</return></for>',
        '<some iteratorVariable="i"><in>{}</in><satisfies/></some>',
        "<filter><in>{}</in><match/></filter>",
    ],
)
def test_every_boxed_expression_is_gone_through(dmn, logic):
    assert rules_of(check(dmn, logic.format(dmn.literal("nothing")))) == ["feel-unknown-name"]


def test_a_loop_knows_its_variable(dmn):
    loop = '<for iteratorVariable="i"><in>{}</in><return>{}</return></for>'
    assert check(dmn, loop.format(dmn.literal("[1]"), dmn.literal("i + count(partial)"))) == []


def test_a_cell_that_can_never_match_its_column_is_an_error(dmn):
    (problem,) = check(dmn, dmn.table("UNIQUE", ["x"], ["out"], ['"big" | 1', "- | 2"]), {"x": "number"})
    assert problem.rule == "feel-types"
    assert problem.severity == "error"
    assert problem.where == "r1"
    assert "rule 1, column “x”" in problem.en


def test_an_unknown_name_in_a_cell_is_told_with_its_place(dmn):
    (problem,) = check(dmn, dmn.table("UNIQUE", ["x"], ["out"], ["< limit | 1"]), {"x": "number"})
    assert problem.rule == "feel-unknown-name"
    assert problem.zh.startswith("规则 1，列“x”：")


@pytest.mark.parametrize(
    ("output", "cell", "rule"),
    [("out:number", '"a"', "dmn-type"), ('out:string:"a","b"', '"c"', "dmn-output-values")],
)
def test_an_output_that_the_column_does_not_allow_is_an_error(dmn, output, cell, rule):
    problems = check(dmn, dmn.table("UNIQUE", ["x"], [output], [f"- | {cell}"]), {"x": "number"})
    assert rules_of(problems) == [rule]
    assert "column “out”" in problems[0].en


def test_priorities_need_an_order(dmn):
    problems = check(dmn, dmn.table("PRIORITY", ["x"], ["out"], ["- | 1"]), {"x": "number"})
    assert rules_of(problems) == ["dmn-hit-policy"]


def test_unsupported_logic_is_an_error(dmn):
    assert rules_of(check(dmn, '<functionDefinition kind="Java"/>')) == ["dmn-unsupported"]
    java = '<businessKnowledgeModel id="f" name="f"><encapsulatedLogic kind="Java"/></businessKnowledgeModel>'
    assert rules_of(decisions.check(dmn.model(java))) == ["dmn-unsupported"]


def test_unknown_types_are_errors(dmn):
    problems = check(dmn, dmn.literal("1"), {"x": "tMissing"})
    assert rules_of(problems) == ["dmn-unknown-type"]
    assert "tMissing" in problems[0].en


def test_imported_names_and_functions_are_known(dmn):
    from engine import decisions

    lib = decisions.read(
        dmn.file(dmn.function("双倍", {"n": "number"}, dmn.literal("n * 2")), namespace="urn:lib"), "lib.dmn"
    )
    own = dmn.file(
        '<import namespace="urn:lib" name="lib" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
        dmn.decision("d", dmn.literal("lib.双倍(2)")).replace(
            "<literal",
            '<knowledgeRequirement><requiredKnowledge href="urn:lib#双倍"/></knowledgeRequirement><literal',
            1,
        ),
    )
    model = decisions.read(own, "own.dmn", {"urn:lib": lib})
    assert decisions.check(model) == []
    assert model.evaluate("d", {}).value == 4
