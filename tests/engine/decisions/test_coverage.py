"""Gaps, overlaps and rules that never decide, told with the inputs that show them."""

import pytest

from engine import decisions


def check(dmn, table, inputs=("x",), types=()):
    parts = [dmn.input(name, kind) for name, kind in zip(inputs, types or [""] * len(inputs), strict=True)]
    return decisions.check(dmn.model(*parts, dmn.decision("d", table, needs=",".join(inputs))))


def told(dmn, rules, column="x:number", policy="UNIQUE", output="out"):
    table = dmn.table(policy, [column], [output], [f"{rule} | {number}" for number, rule in enumerate(rules)])
    return [(problem.rule, problem.en) for problem in check(dmn, table)]


@pytest.mark.parametrize(
    "rules",
    [
        ["< 1000", ">= 1000"],
        ["< 1000", "[1000..5000]", "> 5000"],
        ["<= 0", "]0..10[", "10, > 10"],
        ["not(5)", "5"],
        ["-"],
        ["? < 3", "? >= 3"],
        ["? between 1 and 3", "< 1", "> 3"],
        ["? in [1..3]", "not([1..3])"],
        ["< -5", ">= -5"],
    ],
)
def test_rules_that_divide_the_numbers_are_fine(dmn, rules):
    assert told(dmn, rules) == []


@pytest.mark.parametrize(
    ("rules", "where"),
    [
        (["< 1000", "> 1000"], "x in [1000..1000]"),
        (["[0..10)", "[20..30]"], "x in < 0, [10..20), > 30"),
        (["<= 17", ">= 18"], "x in (17..18)"),
        (["> 0"], "x in <= 0"),
        (["5"], "x in < 5, > 5"),
    ],
)
def test_a_gap_names_the_inputs_that_fall_through(dmn, rules, where):
    assert told(dmn, rules) == [("dmn-gap", f"No rule matches {where}.")]


def test_a_gap_is_a_warning_at_the_table_in_both_languages(dmn):
    (problem,) = check(dmn, dmn.table("UNIQUE", ["price:number"], ["out"], ["< 1000 | 1", "> 1000 | 2"]), ("price",))
    assert problem.severity == "warning"
    assert problem.where == "t"
    assert problem.line == 3
    assert problem.file == "test.dmn"
    assert problem.zh == "price 在 [1000..1000] 时没有规则。"


def test_a_gap_of_several_columns_names_them_all(dmn):
    rules = ["< 10 | true | 1", "< 10 | false | 2", ">= 10 | true | 3"]
    (problem,) = check(dmn, dmn.table("UNIQUE", ["price:number", "waive:boolean"], ["out"], rules), ("price", "waive"))
    assert problem.en == "No rule matches price in >= 10 and waive in false."


def test_a_boolean_column_has_two_values(dmn):
    assert told(dmn, ["true"], "x:boolean") == [("dmn-gap", "No rule matches x in false.")]
    assert told(dmn, ["true", "false"], "x:boolean") == []
    assert told(dmn, ["true", "false"], "x") == []


def test_a_text_column_without_values_may_hold_any_other_text(dmn):
    assert told(dmn, ['"a"', '"b"'], "x:string") == [("dmn-gap", "No rule matches x in any other text.")]


def test_input_values_say_what_can_come(dmn):
    assert told(dmn, ['"a"', '"b"'], 'x:string:"a","b"') == []
    assert told(dmn, ['"a"'], 'x:string:"a","b"') == [("dmn-gap", 'No rule matches x in "b".')]
    assert told(dmn, ["[0..5]", "> 5"], "x:number:>= 0") == []


def test_the_allowed_values_of_the_type_say_what_can_come(dmn):
    grade = '<itemDefinition name="g"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues>'
    table = dmn.table("UNIQUE", ["x:g"], ["out"], ['"a" | 1', '"b" | 2'])
    model = dmn.model(grade + "</itemDefinition>", dmn.input("x", "g"), dmn.decision("d", table, needs="x"))
    assert decisions.check(model) == []


@pytest.mark.parametrize(
    ("kind", "rules", "where"),
    [
        ("date", ['<= date("2026-01-01")', '>= date("2026-01-03")'], "(2026-01-01..2026-01-03)"),
        ("days and time duration", ['< @"P1D"', '> @"P1D"'], "[P1D..P1D]"),
        ("years and months duration", ['< @"P1Y"', '> @"P1Y"'], "[P1Y..P1Y]"),
        ("time", ['<= @"08:00:00"', '> @"17:30:00"'], "(08:00:00..17:30:00]"),
    ],
)
def test_gaps_in_time(dmn, kind, rules, where):
    assert told(dmn, rules, f"x:{kind}") == [("dmn-gap", f"No rule matches x in {where}.")]


def test_consecutive_days_leave_no_gap(dmn):
    assert told(dmn, ['<= date("2026-01-01")', '>= date("2026-01-02")'], "x:date") == []


def test_a_default_output_fills_gaps(dmn):
    assert told(dmn, ["> 0"], output="out:::7") == []


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER"])
def test_tables_that_give_lists_may_give_an_empty_one(dmn, policy):
    assert told(dmn, ["> 0", "> 5"], policy=policy) == []


@pytest.mark.parametrize("cell", ["< limit", "even(?)", '> "m"'])
def test_a_cell_whose_meaning_is_open_makes_no_false_alarm(dmn, cell):
    table = dmn.table("UNIQUE", ["x"], ["out"], [f"{cell} | 1", "- | 2"])
    assert check(dmn, table, ("x", "limit")) == []


def test_rules_that_meet_are_an_error_for_unique(dmn):
    (problem,) = check(dmn, dmn.table("UNIQUE", ["x:number"], ["out"], ["<= 10 | 1", ">= 10 | 2"]))
    assert problem.rule == "dmn-overlap"
    assert problem.severity == "error"
    assert problem.where == "r2"
    assert problem.line == 5
    assert problem.en == "Rules 1 and 2 both match x in [10..10]."
    assert problem.zh == "规则 1 与规则 2 在 x 在 [10..10] 时同时匹配。"


def test_any_allows_rules_to_meet_when_they_agree(dmn):
    agreeing = dmn.table("ANY", ["x:number"], ["out"], ["<= 10 | 1", ">= 10 | 1"])
    differing = dmn.table("ANY", ["x:number"], ["out"], ["<= 10 | 1", ">= 10 | 2"])
    assert check(dmn, agreeing) == []
    assert [problem.rule for problem in check(dmn, differing)] == ["dmn-overlap"]


def test_a_rule_behind_others_that_cover_it_never_decides(dmn):
    problems = check(dmn, dmn.table("FIRST", ["x:number"], ["out"], ["< 10 | 1", ">= 5 | 2", "[0..20] | 3"]))
    assert [(problem.rule, problem.where, problem.severity) for problem in problems] == [
        ("dmn-unreachable", "r3", "warning")
    ]
    assert "Rule 3" in problems[0].en


@pytest.mark.parametrize(
    ("column", "cell"), [("x:number", "[10..5]"), ('x:string:"a","b"', '"c"'), ("x:number:>= 0", "< 0")]
)
def test_a_cell_that_never_matches_is_told_with_its_place(dmn, column, cell):
    problems = check(dmn, dmn.table("UNIQUE", [column], ["out:::0"], [f"{cell} | 1"]))
    assert [(problem.rule, problem.where) for problem in problems] == [("dmn-unreachable", "r1")]
    assert "rule 1, column “x”" in problems[0].en
    assert "规则 1，列“x”" in problems[0].zh


def test_many_gaps_are_summed_up(dmn):
    rules = [f"{number} | {number} | 1" for number in range(0, 40, 2)]
    problems = check(dmn, dmn.table("UNIQUE", ["x:number", "y:number"], ["out"], rules), ("x", "y"))
    assert len(problems) == 6
    assert "more places" in problems[-1].en


def test_a_table_with_too_many_combinations_says_so_in_time(dmn):
    names = [f"x{number}" for number in range(12)]
    rules = [" | ".join([*(f"< {row + column}" for column in range(12)), "1"]) for row in range(8)]
    problems = check(dmn, dmn.table("FIRST", [f"{name}:number" for name in names], ["out"], rules), names)
    assert [problem.rule for problem in problems] == ["dmn-gap"]
    assert "too many" in problems[0].en


def test_a_very_long_table_is_not_judged_and_says_so(dmn):
    rules = [f"[{number}..{number + 1}) | 1" for number in range(600)]
    problems = check(dmn, dmn.table("UNIQUE", ["x:number"], ["out"], rules))
    assert [problem.severity for problem in problems] == ["warning"]
    assert "too many" in problems[0].en
