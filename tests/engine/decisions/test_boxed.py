"""Boxed expressions, one by one."""

from datetime import date
from decimal import Decimal

import pytest


def entry(name, logic, type_ref=""):
    declared = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<contextEntry><variable name="{name}"{declared}/>{logic}</contextEntry>'


def context(*entries):
    return f"<context>{''.join(entries)}</context>"


def result(logic):
    return f"<contextEntry>{logic}</contextEntry>"


def test_a_literal_expression_gives_its_value(dmn):
    assert dmn.value(dmn.literal("price * 2"), {"price": 21}) == 42


def test_an_empty_literal_is_null(dmn):
    assert dmn.value("<literalExpression/>") is None
    assert dmn.value("<literalExpression><text> </text></literalExpression>") is None


def test_a_literal_with_names_that_hold_spaces_and_operators(dmn):
    assert dmn.value(dmn.literal("拟定 价格 + cost-per-hour"), {"拟定 价格": 1, "cost-per-hour": 2}) == 3


def test_a_literal_in_another_language_is_refused(dmn):
    logic = '<literalExpression expressionLanguage="http://www.w3.org/1999/XPath"><text>1</text></literalExpression>'
    outcome = dmn.outcome(logic)
    assert outcome.value is None
    assert [problem.rule for problem in outcome.problems] == ["dmn-unsupported"]


@pytest.mark.parametrize("language", ["feel", "http://www.omg.org/spec/FEEL/20140401"])
def test_feel_may_be_named_as_the_language(dmn, language):
    assert dmn.value(f'<literalExpression expressionLanguage="{language}"><text>1</text></literalExpression>') == 1


def test_a_literal_that_is_not_feel_is_null_and_names_the_column(dmn):
    outcome = dmn.outcome(dmn.literal("1 + + )"))
    assert outcome.value is None
    (problem,) = outcome.problems
    assert problem.rule == "dmn-feel"
    assert problem.where == "d"
    assert problem.line == 2
    assert problem.column


def test_a_context_without_a_result_is_a_context(dmn):
    logic = context(entry("a", dmn.literal("1")), entry("b 二", dmn.literal("a + 1")))
    assert dmn.value(logic) == {"a": 1, "b 二": 2}


def test_a_context_with_a_result_cell_gives_that_result(dmn):
    logic = context(
        entry("a", dmn.literal("1")), entry("the b", dmn.literal("a + 1")), result(dmn.literal("the b * 10"))
    )
    assert dmn.value(logic) == 20


def test_a_context_entry_becomes_its_declared_type(dmn):
    outcome = dmn.outcome(context(entry("a", dmn.literal('"one"'), "number"), entry("b", dmn.literal("[2]"), "number")))
    assert outcome.value == {"a": None, "b": 2}
    assert [problem.rule for problem in outcome.problems] == ["dmn-type"]


def test_contexts_nest(dmn):
    logic = context(
        entry("outer", context(entry("inner name", dmn.literal("5")))), result(dmn.literal("outer.inner name"))
    )
    assert dmn.value(logic) == 5


def test_a_function_in_a_context_may_call_itself(dmn):
    body = dmn.literal("if n < 2 then 1 else n * factorial(n - 1)")
    function = f'<functionDefinition><formalParameter name="n" typeRef="number"/>{body}</functionDefinition>'
    logic = context(entry("factorial", function, "number"), result(dmn.literal("factorial(10)")))
    assert dmn.value(logic) == 3628800


def test_a_function_literal_in_a_context_may_call_itself(dmn):
    function = dmn.literal("function(n: number) if n < 2 then 1 else n * factorial(n - 1)")
    assert dmn.value(context(entry("factorial", function), result(dmn.literal("factorial(5)")))) == 120


def test_endless_recursion_is_a_budget_problem_not_a_crash(dmn):
    function = '<functionDefinition><formalParameter name="n"/>' + dmn.literal("f(n + 1)") + "</functionDefinition>"
    outcome = dmn.outcome(context(entry("f", function), result(dmn.literal("f(1)"))))
    assert outcome.value is None
    assert [problem.rule for problem in outcome.problems] == ["dmn-budget"]


def test_a_function_sees_where_it_was_defined(dmn):
    function = '<functionDefinition><formalParameter name="x"/>' + dmn.literal("x + rate") + "</functionDefinition>"
    assert dmn.value(context(entry("add", function), result(dmn.literal("add(1)"))), {"rate": 9}) == 10


@pytest.mark.parametrize("kind", ["Java", "PMML"])
def test_functions_in_other_languages_are_refused(dmn, kind):
    outcome = dmn.outcome(f'<functionDefinition kind="{kind}">{dmn.literal("1")}</functionDefinition>')
    assert outcome.value is None
    assert [problem.rule for problem in outcome.problems] == ["dmn-unsupported"]
    assert kind in outcome.problems[0].en


def test_a_list_gives_its_items_in_order(dmn):
    assert dmn.value(f"<list>{dmn.literal('1')}{dmn.literal('x')}<list/></list>", {"x": "a"}) == [1, "a", []]


def test_a_relation_is_a_list_of_contexts(dmn):
    columns = '<column name="名 称"/><column name="qty" typeRef="number"/>'
    rows = "".join(f"<row>{dmn.literal(a)}{dmn.literal(b)}</row>" for a, b in [('"阀"', "1"), ('"泵"', '"two"')])
    outcome = dmn.outcome(f"<relation>{columns}{rows}</relation>")
    assert outcome.value == [{"名 称": "阀", "qty": 1}, {"名 称": "泵", "qty": None}]
    assert [problem.rule for problem in outcome.problems] == ["dmn-type"]


def invocation(called, **bindings):
    bound = "".join(f'<binding><parameter name="{name}"/>{logic}</binding>' for name, logic in bindings.items())
    return f"<invocation>{called}{bound}</invocation>"


def test_an_invocation_binds_parameters_by_name(dmn):
    model = dmn.model(
        dmn.function("minus", {"a": "number", "b": "number"}, dmn.literal("a - b")),
        dmn.decision("d", invocation(dmn.literal("minus"), b=dmn.literal("1"), a=dmn.literal("10")), knows="minus"),
    )
    assert model.evaluate("d", {}).value == 9


def test_a_function_is_not_invoked_with_an_argument_of_another_type(dmn):
    model = dmn.model(
        dmn.function("known", {"a": "number"}, dmn.literal("a != null")),
        dmn.decision("d", invocation(dmn.literal("known"), a=dmn.literal('"x"')), knows="known"),
        dmn.decision("e", dmn.literal('known("x")'), knows="known"),
        dmn.decision("f", dmn.literal("known(null)"), knows="known"),
    )
    outcome = model.evaluate("d", {})
    assert outcome.value is None
    assert [problem.rule for problem in outcome.problems] == ["dmn-type", "dmn-invocation"]
    assert model.evaluate("e", {}).value is None
    assert model.evaluate("f", {}).value is False


def test_an_unknown_parameter_makes_the_invocation_null(dmn):
    model = dmn.model(
        dmn.function("same", {"a": ""}, dmn.literal("a")),
        dmn.decision("d", invocation(dmn.literal("same"), other=dmn.literal("1")), knows="same"),
    )
    outcome = model.evaluate("d", {})
    assert outcome.value is None
    assert [problem.rule for problem in outcome.problems] == ["dmn-invocation"]


def test_what_is_invoked_must_be_a_function(dmn):
    outcome = dmn.outcome(invocation(dmn.literal("1")))
    assert outcome.value is None
    assert [problem.rule for problem in outcome.problems] == ["dmn-invocation"]


def conditional(condition, yes, no):
    return f"<conditional><if>{condition}</if><then>{yes}</then><else>{no}</else></conditional>"


@pytest.mark.parametrize(("condition", "expected"), [("true", 1), ("false", 2), ("null", 2), ("7", 2), ("x > 3", 1)])
def test_a_conditional_takes_the_else_branch_unless_the_condition_is_true(dmn, condition, expected):
    logic = conditional(dmn.literal(condition), dmn.literal("1"), dmn.literal("2"))
    assert dmn.value(logic, {"x": 5}) == expected


def loop(kind, source, body, variable="i"):
    part = "return" if kind == "for" else "satisfies"
    return f'<{kind} iteratorVariable="{variable}"><in>{source}</in><{part}>{body}</{part}></{kind}>'


def test_for_goes_through_a_list(dmn):
    assert dmn.value(loop("for", dmn.literal("xs"), dmn.literal("i * 2")), {"xs": [1, 2]}) == [2, 4]


def test_for_goes_through_a_range_in_both_directions(dmn):
    assert dmn.value(loop("for", dmn.literal("[1..3]"), dmn.literal("i"))) == [1, 2, 3]
    assert dmn.value(loop("for", dmn.literal("[3..1]"), dmn.literal("i"))) == [3, 2, 1]
    days = dmn.value(loop("for", dmn.literal('[@"2026-02-28"..@"2026-03-01"]'), dmn.literal("i")))
    assert days == [date(2026, 2, 28), date(2026, 3, 1)]


def test_for_sees_the_results_so_far(dmn):
    assert dmn.value(loop("for", dmn.literal("[1, 2, 3]"), dmn.literal("i + count(partial)"))) == [1, 3, 5]


def test_a_single_value_is_a_list_of_one_and_null_is_null(dmn):
    assert dmn.value(loop("for", dmn.literal("5"), dmn.literal("i"))) == [5]
    assert dmn.value(loop("for", dmn.literal("null"), dmn.literal("i"))) is None


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("some", [1, 5], True),
        ("some", [1, 2], False),
        ("some", [], False),
        ("some", [1, "a"], None),
        ("some", [None, 5], True),
        ("every", [4, 5], True),
        ("every", [4, 1], False),
        ("every", [], True),
        ("every", [4, "a"], None),
        ("every", [None, 1], False),
    ],
)
def test_quantifiers_are_three_valued(dmn, kind, values, expected):
    assert dmn.value(loop(kind, dmn.literal("xs"), dmn.literal("i > 3")), {"xs": values}) is expected


def test_an_endless_loop_is_a_budget_problem(dmn):
    inner = loop("for", dmn.literal("1..90000"), dmn.literal("i + j"), "j")
    outcome = dmn.outcome(loop("for", dmn.literal("[1..90000]"), inner))
    assert outcome.value is None
    assert outcome.problems[-1].rule in ("dmn-budget", "dmn-feel")


def box_filter(source, match):
    return f"<filter><in>{source}</in><match>{match}</match></filter>"


def test_a_filter_sees_item_and_the_entries_of_each_element(dmn):
    parts = [{"unit price": 5, "name": "a"}, {"unit price": 50, "name": "b"}]
    assert dmn.value(
        box_filter(dmn.literal("parts"), dmn.literal("item.name = keep")), {"parts": parts, "keep": "b"}
    ) == [parts[1]]
    assert dmn.value(box_filter(dmn.literal("xs"), dmn.literal("item > 1")), {"xs": [1, 2, 3]}) == [2, 3]


@pytest.mark.parametrize("text", ["1", '"no boolean"', 'if item = "a" then true else 7'])
def test_a_filter_condition_that_is_no_boolean_spoils_the_filter(dmn, text):
    outcome = dmn.outcome(box_filter(dmn.literal('["a","b","c"]'), dmn.literal(text)))
    assert outcome.value is None
    assert [problem.rule for problem in outcome.problems] == ["dmn-loop"]


def test_a_filter_leaves_out_what_it_cannot_tell(dmn):
    assert dmn.value(box_filter(dmn.literal('[1, "a", 3]'), dmn.literal("item > 1"))) == [3]


@pytest.mark.parametrize("kind", ["some", "every"])
def test_a_condition_that_is_no_boolean_spoils_a_quantifier(dmn, kind):
    body = dmn.literal('if i = 2 then true else "no boolean"')
    assert dmn.value(loop(kind, dmn.literal("[1, 2]"), body)) is None


def test_a_filter_of_null_is_empty(dmn):
    assert dmn.value(box_filter(dmn.literal("null"), dmn.literal("true"))) == []


def test_every_boxed_expression_may_declare_its_type(dmn):
    assert dmn.value(dmn.literal("[10]", "number")) == Decimal(10)
    assert dmn.value(dmn.literal("10", "list<number>")) == [10]
    assert dmn.value(dmn.literal('"x"', "number")) is None
