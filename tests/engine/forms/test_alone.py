"""One field asked alone, whatever the form around it would say."""

import json

from engine import forms


def form(**field):
    content = {
        "type": "default",
        "schemaVersion": 16,
        "components": [
            {"type": "number", "key": "most", "label": "上限"},
            {"type": "number", "key": "price", "label": "价格", **field},
            {"type": "expression", "key": "twice", "expression": "=price * 2", "computeOn": "change", "label": "两倍"},
        ],
    }
    return forms.read(json.dumps(content).encode(), "price.form")


def test_it_asks_the_one_field_with_what_is_there():
    alone = forms.alone(form(), "price")
    drawn = forms.render(alone, forms.initial(alone, {"price": 3}), {"price": 3}, language="zh")
    assert 'name="price"' in drawn
    assert 'value="3"' in drawn
    assert "上限" not in drawn


def test_what_hides_or_locks_a_field_does_not_keep_it_from_being_corrected():
    alone = forms.alone(form(conditional={"hide": "=true"}, readonly=True), "price")
    assert forms.validate(alone, {"price": "4"}, {"price": 3}) == ({"price": 4}, [])


def test_its_own_rules_still_judge_and_read_the_others():
    alone = forms.alone(form(validate={"max": "=most"}), "price")
    assert forms.validate(alone, {"price": "4"}, {"most": 5}) == ({"price": 4}, [])
    values, problems = forms.validate(alone, {"price": "6"}, {"most": 5})
    assert (values, [problem.where for problem in problems]) == ({}, ["price"])


def test_what_nobody_types_is_not_asked():
    assert forms.alone(form(), "twice") is None
    assert forms.alone(form(), "nothing") is None
