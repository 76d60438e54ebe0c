"""What may be stored: hidden, read-only, computed, required and undeclared fields, rows and cross-field rules."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine import forms

DECISION = {
    "type": "radio",
    "key": "decision",
    "values": [{"value": "approve"}, {"value": "reject"}],
    "validate": {"required": True},
}
REASON = {
    "type": "textarea",
    "key": "reason",
    "validate": {"required": True},
    "conditional": {"hide": '=decision != "reject"'},
}


def test_a_hidden_field_is_dropped(form_of, clean):
    assert clean(form_of(DECISION, REASON), {"decision": "approve", "reason": "typed before"}) == {
        "decision": "approve"
    }


def test_a_shown_field_is_required_again(form_of, refused):
    assert refused(form_of(DECISION, REASON), {"decision": "reject", "reason": " "}) == ["required"]


def test_a_condition_sees_fields_that_stand_below_it(form_of, clean):
    assert clean(form_of(REASON, DECISION), {"decision": "approve"}) == {"decision": "approve"}


def test_a_hidden_field_reads_as_null(form_of, clean):
    shown = {"type": "expression", "key": "has_reason", "expression": "=reason != null"}
    form = form_of(DECISION, REASON, shown)
    assert clean(form, {"decision": "approve", "reason": "typed"}, {"reason": "old"})["has_reason"] is False


def test_a_group_hides_what_is_in_it(form_of, clean):
    group = {
        "type": "group",
        "conditional": {"hide": "=hide"},
        "components": [{"type": "number", "key": "n", "validate": {"required": True}}],
    }
    form = form_of({"type": "checkbox", "key": "hide"}, group)
    assert clean(form, {"hide": True, "n": "oops"}) == {"hide": True}


def test_an_undeclared_key_is_refused(form_of, refused):
    assert refused(form_of({"type": "textfield", "key": "a"}), {"a": "1", "b": "2"}) == ["undeclared"]


def test_a_flood_of_undeclared_keys_gives_a_short_answer(form_of, refused):
    assert len(refused(form_of(), {f"k{number}" * 1000: "x" for number in range(5000)})) == 20


PRICE = {"type": "number", "key": "price", "label": "价格", "readonly": True}


def test_a_read_only_value_that_was_changed_is_refused_by_name(form_of):
    clean, problems = forms.validate(form_of(PRICE), {"price": "1"}, {"price": Decimal(1000)})
    assert [(problem.rule, problem.where) for problem in problems] == [("form.read_only", "price")]
    assert "价格" in problems[0].zh
    assert clean == {}


@pytest.mark.parametrize("sent", [{}, {"price": "1000"}, {"price": Decimal(1000)}, {"price": "1000.00"}])
def test_a_read_only_value_may_be_sent_back_as_it_is(form_of, clean, sent):
    assert clean(form_of(PRICE), sent, {"price": Decimal(1000)}) == {}


def test_a_read_only_default_is_ours_to_store(form_of, clean):
    assert clean(form_of({**PRICE, "defaultValue": 5}), {}) == {"price": Decimal(5)}


def test_a_field_may_be_read_only_by_condition(form_of, refused, clean):
    form = form_of({"type": "checkbox", "key": "fixed"}, {**PRICE, "readonly": "=fixed"})
    assert refused(form, {"fixed": True, "price": "2"}, {"price": Decimal(1)}) == ["read_only"]
    assert clean(form, {"fixed": False, "price": "2"}, {"price": Decimal(1)}) == {"fixed": False, "price": Decimal(2)}


def test_a_disabled_field_is_read_only(form_of, refused):
    assert refused(form_of({"type": "textfield", "key": "a", "disabled": True}), {"a": "x"}, {"a": "y"}) == [
        "read_only"
    ]


TOTAL = {"type": "expression", "key": "total", "label": "合计", "expression": "=sum(parts.amount)"}
PARTS = {
    "type": "dynamiclist",
    "path": "parts",
    "label": "零件",
    "components": [
        {"type": "textfield", "key": "name", "label": "名称", "validate": {"required": True}},
        {"type": "number", "key": "count", "label": "数量", "defaultValue": 1},
        {"type": "number", "key": "price", "label": "单价"},
        {"type": "expression", "key": "amount", "expression": "=count * price"},
    ],
}


def test_formulas_are_computed_in_rows_and_over_them(form_of, clean):
    rows = [{"name": "a", "count": "2", "price": "1.5"}, {"name": "b", "count": "3", "price": "2"}]
    found = clean(form_of(TOTAL, PARTS), {"parts": rows})
    assert [row["amount"] for row in found["parts"]] == [3, 6]
    assert found["total"] == 9


def test_a_computed_value_cannot_be_sent(form_of, refused):
    form = form_of(TOTAL, PARTS)
    assert refused(form, {"total": "1", "parts": [{"name": "a", "count": "2", "price": "3"}]}) == ["computed"]
    assert refused(form, {"total": "6", "parts": [{"name": "a", "count": "2", "price": "3"}]}) == []


def test_a_formula_may_read_its_own_former_value(form_of, clean):
    form = form_of({"type": "expression", "key": "round", "expression": "=if round = null then 1 else round + 1"})
    assert clean(form, {}) == {"round": 1}
    assert clean(form, {}, {"round": Decimal(3)}) == {"round": 4}


def test_a_row_sees_itself_and_the_form_around_it(form_of, clean):
    row = {"type": "expression", "key": "net", "expression": "=this.price * parent.rate"}
    parts = {"type": "dynamiclist", "path": "parts", "components": [{"type": "number", "key": "price"}, row]}
    form = form_of(parts, {"type": "number", "key": "rate"})
    assert clean(form, {"rate": "2", "parts": [{"price": "4"}]})["parts"] == [{"price": 4, "net": 8}]


def test_rows_nobody_filled_in_are_dropped(form_of, clean):
    rows = [{"name": "", "count": "1", "price": ""}, {"name": "b", "count": "1", "price": "2"}]
    assert [row["name"] for row in clean(form_of(PARTS), {"parts": rows})["parts"]] == ["b"]
    assert clean(form_of(PARTS), {}) == {"parts": []}


def test_a_problem_in_a_row_says_which_row(form_of):
    rows = [{"name": "a", "count": "1", "price": "1"}, {"name": "", "count": "x", "price": "1"}]
    _, problems = forms.validate(form_of(PARTS), {"parts": rows}, {})
    assert [problem.where for problem in problems] == ["parts[1].name", "parts[1].count"]
    assert problems[0].zh == "请填写“零件第 2 行 名称”。"
    assert problems[0].en == "Fill in “零件 row 2 名称”."


@pytest.mark.parametrize("value", ["text", 3, [1], ["a"], {"a": 1}, [None]])
def test_a_list_of_anything_but_rows_is_refused(form_of, refused, value):
    assert refused(form_of(PARTS), {"parts": value}) == ["not_a_list"]


@pytest.mark.parametrize(
    "count, rules", [(0, ["too_few_rows"]), (1, []), (2, []), (3, ["too_many_rows"]), (501, ["too_many_rows"])]
)
def test_a_list_has_at_least_and_at_most_so_many_rows(form_of, refused, count, rules):
    form = form_of({**PARTS, "properties": {"minRows": "1", "maxRows": "2"}})
    assert refused(form, {"parts": [{"name": "a", "count": "1", "price": "1"}] * count}) == rules


def test_a_list_of_fixed_rows_keeps_what_is_read_only_in_each(form_of, clean, refused):
    fixed = {
        "type": "dynamiclist",
        "path": "lines",
        "allowAddRemove": False,
        "components": [{"type": "textfield", "key": "name", "readonly": True}, {"type": "number", "key": "paid"}],
    }
    ours = {"lines": [{"name": "a", "paid": None}, {"name": "b", "paid": None}]}
    form = form_of(fixed)
    sent = {"lines": [{"paid": "1"}, {"paid": "2"}]}
    assert clean(form, sent, ours) == {"lines": [{"name": "a", "paid": 1}, {"name": "b", "paid": 2}]}
    assert refused(form, {"lines": [{"paid": "1"}]}, ours) == ["fixed_rows"]
    assert refused(form, {"lines": [{"paid": "1"}, {"name": "c", "paid": "2"}]}, ours) == ["read_only"]


def test_what_was_not_sent_keeps_what_the_form_opens_with(form_of, clean):
    form = form_of(
        {"type": "textfield", "key": "a"},
        {"type": "number", "key": "b", "defaultValue": 7},
        {"type": "textfield", "key": "c"},
    )
    assert clean(form, {}, {"a": "before"}) == {"a": "before", "b": 7, "c": None}


def test_an_emptied_field_becomes_null(form_of, clean):
    assert clean(form_of({"type": "textfield", "key": "a"}), {"a": " "}, {"a": "before"}) == {"a": None}


def test_a_fresh_field_does_not_take_over_the_former_value(form_of, refused, clean):
    form = form_of({**DECISION, "properties": {"fresh": "true"}}, REASON)
    assert refused(form, {}, {"decision": "reject", "reason": "old"}) == ["choose"]
    assert clean(form, {"decision": "approve"}, {"decision": "reject"}) == {"decision": "approve"}


def test_required_may_be_a_condition(form_of, refused):
    form = form_of(
        {"type": "checkbox", "key": "warranty"},
        {"type": "textfield", "key": "contract", "properties": {"required": "=warranty"}},
    )
    assert refused(form, {"warranty": True, "contract": ""}) == ["required"]
    assert refused(form, {"warranty": False, "contract": ""}) == []


FROM = {"type": "datetime", "key": "start", "subtype": "date"}
TO = {
    "type": "datetime",
    "key": "end",
    "subtype": "date",
    "properties": {
        "check": "=end >= start",
        "check:message": "结束不能早于开始。",
        "check:message:en": "The end is before the start.",
    },
}


def test_a_cross_field_rule_says_its_own_message(form_of):
    _, problems = forms.validate(form_of(FROM, TO), {"start": "2026-03-02", "end": "2026-03-01"}, {})
    assert [(p.rule, p.where, p.zh, p.en) for p in problems] == [
        ("form.check", "end", "结束不能早于开始。", "The end is before the start.")
    ]


def test_a_cross_field_rule_waits_for_the_fields_it_reads(form_of, refused):
    assert refused(form_of(FROM, TO), {"start": "soon", "end": "2026-03-01"}) == ["not_a_date"]
    assert refused(form_of(FROM, TO), {"start": "2026-03-01", "end": ""}) == []


def test_a_rule_that_gives_anything_but_true_is_broken(form_of, refused):
    assert refused(form_of(FROM, TO), {"start": "", "end": "2026-03-01"}) == ["check"]


def test_two_fields_may_be_checked_against_each_other(form_of, refused):
    start = {**FROM, "properties": {"check": "=start <= end"}}
    assert refused(form_of(start, TO), {"start": "2026-03-02", "end": "2026-03-01"}) == ["check", "check"]


def test_a_formula_beyond_its_budget_is_a_problem_not_a_crash(form_of, refused):
    form = form_of({"type": "expression", "key": "x", "expression": "=for i in 1..10**9 return i"})
    assert refused(form, {}) == ["expression_failed"]


def test_a_condition_beyond_its_budget_is_a_problem_not_a_crash(form_of, refused):
    form = form_of({"type": "textfield", "key": "x", "conditional": {"hide": "=count(for i in 1..10**9 return i) > 1"}})
    assert refused(form, {}) == ["expression_failed"]


def test_a_field_with_a_problem_is_not_in_what_may_be_stored(form_of):
    form = form_of({"type": "number", "key": "a"}, {"type": "number", "key": "b"})
    assert forms.validate(form, {"a": "x", "b": "2"}, {})[0] == {"b": Decimal(2)}


def test_the_empty_form_takes_nothing(refused):
    assert refused(forms.EMPTY, {}) == []
    assert refused(forms.EMPTY, {"a": 1}) == ["undeclared"]
