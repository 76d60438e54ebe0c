"""Decision requirements graphs: what sees what, functions and services."""

import pytest

from engine import decisions


def service(name, output, inputs=(), input_decisions=(), type_ref=""):
    declared = f' typeRef="{type_ref}"' if type_ref else ""
    parts = "".join(f'<outputDecision href="#{one}"/>' for one in output)
    parts += "".join(f'<encapsulatedDecision href="#{one}"/>' for one in output)
    parts += "".join(f'<inputDecision href="#{one}"/>' for one in input_decisions)
    parts += "".join(f'<inputData href="#{one}"/>' for one in inputs)
    return f'<decisionService id="{name}" name="{name}"><variable name="{name}"{declared}/>{parts}</decisionService>'


def needing(name, logic, decision):
    requirement = f'<informationRequirement><requiredDecision href="#{decision}"/></informationRequirement>'
    return f'<decision id="{name}" name="{name}">{requirement}{logic}</decision>'


def test_a_decision_sees_the_decisions_and_inputs_it_requires(dmn):
    model = dmn.model(
        dmn.input("x"),
        dmn.decision("单价", dmn.literal("x * 2"), needs="x"),
        needing("总价", dmn.literal("单价 + 1"), "单价"),
    )
    assert model.evaluate("总价", {"x": 5}).value == 11


def test_a_decision_does_not_see_what_it_does_not_require(dmn):
    model = dmn.model(
        dmn.input("x"),
        dmn.decision("a", dmn.literal("x"), needs="x"),
        needing("b", dmn.literal("if x = null then 0 else x"), "a"),
    )
    assert model.evaluate("b", {"x": 5}).value == 0


def test_a_decision_shared_by_two_is_evaluated_once(dmn):
    both = "".join(
        f'<informationRequirement><requiredDecision href="#{one}"/></informationRequirement>' for one in "bc"
    )
    model = dmn.model(
        dmn.decision("a", dmn.literal("1")),
        needing("b", dmn.literal("a"), "a"),
        needing("c", dmn.literal("a"), "a"),
        f'<decision id="d" name="d">{both}{dmn.literal("b + c")}</decision>',
    )
    outcome = model.evaluate("d", {})
    assert outcome.value == 2
    assert [step["decision"] for step in outcome.trace] == ["a", "b", "c", "d"]


def test_a_missing_input_is_null_and_a_wrong_one_becomes_null(dmn):
    model = dmn.model(dmn.input("x", "number"), dmn.decision("d", dmn.literal("x = null"), needs="x"))
    assert model.evaluate("d", {}).value is True
    outcome = model.evaluate("d", {"x": "text"})
    assert outcome.value is True
    assert [problem.rule for problem in outcome.problems] == ["dmn-type"]


def test_a_decision_is_found_by_id_or_by_name(dmn):
    model = dmn.model(f'<decision id="the_id" name="  审批   权限 ">{dmn.literal("1")}</decision>')
    assert model.evaluate("the_id", {}).value == 1
    assert model.evaluate("审批 权限", {}).value == 1
    assert model.names() == ["the_id", "审批 权限"]


def test_an_unknown_decision_is_an_error_that_names_the_file(dmn):
    with pytest.raises(decisions.UnknownDecision) as caught:
        dmn.model(dmn.input("x")).evaluate("x", {})
    assert "test.dmn" in caught.value.text("zh")
    assert "“x”" in caught.value.text("en")


def test_a_decision_without_logic_is_null(dmn):
    assert dmn.value("") is None


def test_a_decision_becomes_the_type_of_its_variable(dmn):
    assert dmn.value(dmn.literal("1"), type_ref="string") is None
    assert dmn.value(dmn.literal('"a"'), type_ref="list<string>") == ["a"]
    assert dmn.value(dmn.literal('["a"]'), type_ref="string") == "a"


def test_a_business_knowledge_model_is_a_function(dmn):
    model = dmn.model(
        dmn.function("含税", {"净价": "number", "税 率": "number"}, dmn.literal("净价 * (1 + 税 率)")),
        dmn.decision("d", dmn.literal("含税(100, 0.13)"), knows="含税"),
        dmn.decision("named", dmn.literal("含税(税 率: 0.13, 净价: 100)"), knows="含税"),
        dmn.decision("few", dmn.literal("含税(100)"), knows="含税"),
    )
    assert model.evaluate("d", {}).value == 113
    assert model.evaluate("named", {}).value == 113
    assert model.evaluate("few", {}).value is None


def test_a_business_knowledge_model_sees_only_its_parameters_and_requirements(dmn):
    model = dmn.model(
        dmn.input("x"),
        dmn.function("inner", {"a": ""}, dmn.literal("a + 1")),
        dmn.function("outer", {"a": ""}, dmn.literal("inner(a) * 2"), knows="inner"),
        dmn.function("blind", {}, dmn.literal("x")),
        dmn.decision("d", dmn.literal("[outer(1), blind()]"), needs="x", knows="outer, blind"),
    )
    assert model.evaluate("d", {"x": 9}).value == [4, None]


def test_a_business_knowledge_model_may_call_itself(dmn):
    model = dmn.model(
        dmn.function("fib", {"n": "number"}, dmn.literal("if n < 2 then n else fib(n - 1) + fib(n - 2)")),
        dmn.decision("d", dmn.literal("fib(10)"), knows="fib"),
    )
    assert model.evaluate("d", {}).value == 55


def test_the_result_of_a_function_becomes_its_declared_type(dmn):
    model = dmn.model(
        '<itemDefinition name="tF"><functionItem outputTypeRef="string"/></itemDefinition>',
        dmn.function("direct", {}, dmn.literal("1"), type_ref="string"),
        dmn.function("typed", {}, dmn.literal("1"), type_ref="tF"),
        dmn.function("listed", {}, dmn.literal("1", "list<number>")),
        dmn.decision("d", dmn.literal("[direct(), typed(), listed()]"), knows="direct, typed, listed"),
    )
    assert model.evaluate("d", {}).value == [None, None, [1]]


def test_a_table_may_be_the_logic_of_a_function(dmn):
    table = dmn.table("UNIQUE", ["年 龄"], ["out"], ['< 18 | "儿童"', '>= 18 | "成人"'])
    model = dmn.model(
        dmn.function("classify", {"年 龄": "number"}, table),
        dmn.decision("d", dmn.literal("for a in [3, 30] return classify(a)"), knows="classify"),
    )
    assert model.evaluate("d", {}).value == ["儿童", "成人"]


def test_functions_are_values(dmn):
    model = dmn.model(
        dmn.function("twice", {"x": ""}, dmn.literal("x * 2")),
        dmn.decision("d", dmn.literal("sort([3, 1, 2], function(a, b) twice(a) < twice(b))"), knows="twice"),
    )
    assert model.evaluate("d", {}).value == [1, 2, 3]


def test_a_service_with_one_output_gives_its_value(dmn):
    model = dmn.model(dmn.decision("a", dmn.literal("1")), service("s", ["a"]))
    assert model.evaluate("s", {}).value == 1


def test_a_service_with_several_outputs_gives_a_context(dmn):
    model = dmn.model(
        dmn.decision("a", dmn.literal("1")), dmn.decision("b b", dmn.literal("2")), service("s", ["a", "b b"])
    )
    assert model.evaluate("s", {}).value == {"a": 1, "b b": 2}


def test_a_service_takes_its_input_decisions_from_outside(dmn):
    model = dmn.model(
        dmn.input("x", "string"),
        dmn.decision("a", dmn.literal('"never"')),
        needing("b", dmn.literal('"got " + a'), "a"),
        service("s", ["b"], input_decisions=["a"]),
    )
    assert model.evaluate("s", {"a": "given"}).value == "got given"
    assert model.evaluate("b", {"a": "given"}).value == "got never"


def called_service(dmn, call):
    requires = (
        '<informationRequirement><requiredDecision href="#a"/></informationRequirement>'
        '<informationRequirement><requiredInput href="#x"/></informationRequirement>'
    )
    return dmn.model(
        dmn.input("x", "string"),
        dmn.decision("a", dmn.literal('"never"'), type_ref="string"),
        f'<decision id="b" name="b">{requires}{dmn.literal("[x, a]")}</decision>',
        service("s", ["b"], inputs=["x"], input_decisions=["a"]),
        dmn.decision("d", dmn.literal(call), knows="s"),
    )


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('s("X", "A")', ["X", "A"]),
        ('s(a: "A", x: "X")', ["X", "A"]),
        ('s(1, "A")', None),
        ('s(null, "A")', [None, "A"]),
        ('s("X")', None),
        ("s()", None),
        ('s(other: "X")', None),
        ('[s("1", "2"), s("3", "4")]', [["1", "2"], ["3", "4"]]),
    ],
)
def test_a_service_is_a_function_of_input_data_then_input_decisions(dmn, call, expected):
    assert called_service(dmn, call).evaluate("d", {"x": "outer"}).value == expected


def test_the_result_of_a_service_becomes_its_declared_type(dmn):
    model = dmn.model(
        '<itemDefinition name="tS"><functionItem outputTypeRef="string"/></itemDefinition>',
        dmn.decision("a", dmn.literal("1000")),
        service("s", ["a"], type_ref="tS"),
    )
    outcome = model.evaluate("s", {})
    assert outcome.value is None
    assert [problem.rule for problem in outcome.problems] == ["dmn-type"]


def importing(dmn, name="lib"):
    shared = decisions.read(
        dmn.file(
            '<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>&gt;= 0</text></allowedValues>'
            "</itemDefinition>",
            dmn.input("age", "tAge"),
            dmn.decision("is adult", dmn.literal("age >= 18"), needs="age"),
            dmn.function("double", {"n": "number"}, dmn.literal("n * 2")),
            namespace="urn:lib",
        ),
        "lib.dmn",
    )
    own = dmn.file(
        f'<import namespace="urn:lib" name="{name}" importType="{"https://www.omg.org/spec/DMN/20191111/MODEL/"}"/>',
        '<decision id="d" name="d">'
        '<informationRequirement><requiredDecision href="urn:lib#is adult"/></informationRequirement>'
        '<informationRequirement><requiredInput href="urn:lib#age"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="urn:lib#double"/></knowledgeRequirement>'
        + dmn.literal("[lib.is adult, lib.double(lib.age)]" if name else "[is adult, double(age)]")
        + "</decision>",
        dmn.decision("typed", dmn.literal("-1"), type_ref=f"{name}.tAge" if name else "tAge"),
    )
    return decisions.read(own, "own.dmn", {"urn:lib": shared})


@pytest.mark.parametrize("inputs", [{"age": 20}, {"lib": {"age": 20}}])
def test_imported_elements_are_seen_below_the_name_of_the_import(dmn, inputs):
    assert importing(dmn).evaluate("d", inputs).value == [True, 40]


def test_an_import_without_a_name_brings_its_names_as_they_are(dmn):
    assert importing(dmn, "").evaluate("d", {"age": 20}).value == [True, 40]


def test_imported_types_are_checked(dmn):
    assert importing(dmn).evaluate("typed", {}).value is None
    assert importing(dmn, "").evaluate("typed", {}).value is None
