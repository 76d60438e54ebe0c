"""What was typed, told to whoever typed it without reading their case."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from engine import forms

OPTIONS = [{"value": "a", "label": "同意"}, {"value": "b", "label": "拒绝"}]


def field(type_, **more):
    return {"type": type_, "key": "f", "label": "字段", "properties": {"label:en": "Field"}} | more


def told(form, post, language="zh"):
    found = forms.recalled(form, post, language=language, zone=ZoneInfo("Asia/Shanghai"))
    return [plainly(one) for one in found]


def plainly(one):
    return (one.label, [[plainly(inner) for inner in row] for row in one.rows] if one.rows else one.text)


@pytest.mark.parametrize(
    "component, posted, zh, en",
    [
        (field("textarea"), ["一\r\n二"], "一\n二", "一\n二"),
        (field("cf-money"), ["1000.5"], "¥1,000.50", "¥1,000.50"),
        (field("number"), ["十二"], "十二", "十二"),
        (field("checkbox"), ["false", "true"], "是", "Yes"),
        (field("checkbox"), ["false"], "否", "No"),
        (field("datetime"), ["2026-03-02"], "2026年3月2日", "2 Mar 2026"),
        (field("datetime", subtype="datetime"), ["2026-03-02T09:00"], "2026年3月2日 09:00", "2 Mar 2026 09:00"),
        (field("radio", values=OPTIONS, properties={"label:en": "Field", "option:a:en": "Agree"}), ["", "a"],
         "同意", "Agree"),
        (field("checklist", values=OPTIONS), ["", "b", "a"], "同意、拒绝", "同意, 拒绝"),
        (field("radio", values=OPTIONS), ["", "gone"], "gone", "gone"),
        (field("select", valuesExpression="=offered"), ["x"], "x", "x"),
        (field("cf-person"), ["林青"], "林青", "林青"),
        (field("cf-photo"), ["", "0" * 64 + "/泵.jpg"], "泵.jpg", "泵.jpg"),
    ],
)  # fmt: skip
def test_every_kind_is_told_as_people_read_it(form_of, component, posted, zh, en):
    form = form_of(component)
    assert told(form, {"f": posted}) == [("字段", zh)]
    assert told(form, {"f": posted}, "en") == [("Field", en)]


def test_what_was_left_empty_says_nothing(form_of):
    form = form_of(field("textfield"), field("checklist", key="g", values=OPTIONS), field("number", key="n"))
    assert told(form, {"f": ["  "], "g": [""], "n": [""]}) == []


def test_what_the_page_or_nobody_declared_is_not_the_forms(form_of):
    assert told(form_of(field("textfield")), {"f": ["x"], "g": ["y"], "_version": ["3"], "next": ["/"]}) == [
        ("字段", "x")
    ]


def test_a_list_is_told_row_by_row_and_an_empty_row_keeps_its_place(form_of):
    inner = [field("textfield", key="name", label="名称"), field("checkbox", key="new", label="新件"),
             field("number", key="count", label="数量")]  # fmt: skip
    form = form_of({"type": "dynamiclist", "path": "parts", "label": "零件", "components": inner})
    post = {"parts": [""], "parts-0-_row": [""], "parts-0-name": ["泵"], "parts-0-new": ["false", "true"],
            "parts-1-_row": [""], "parts-1-name": [""], "parts-1-new": ["false"],
            "parts-2-_row": [""], "parts-2-count": ["两"], "parts-2-new": ["false"]}  # fmt: skip
    first, third = [("名称", "泵"), ("新件", "是")], [("新件", "否"), ("数量", "两")]
    assert told(form, post) == [("零件", [first, [], third])]
    assert told(form, {"parts": [""], "parts-0-_row": [""], "parts-0-new": ["false"]}) == []


def test_what_was_typed_hides_a_field_but_what_only_the_case_knows_does_not(form_of):
    form = form_of(
        field("radio", key="decision", label="意见", values=OPTIONS),
        field("textfield", key="why", label="理由", conditional={"hide": '=decision != "b"'}),
        field("textfield", key="more", label="补充", conditional={"hide": "=amount < 5"}),
        field("expression", key="sum", label="合计", expression="=1"),
    )
    post = {"decision": ["a"], "why": ["太贵"], "more": ["见附件"], "sum": ["1"]}
    assert told(form, post) == [("意见", "同意"), ("补充", "见附件")]
    assert told(form, post | {"decision": ["b"]})[1] == ("理由", "太贵")
