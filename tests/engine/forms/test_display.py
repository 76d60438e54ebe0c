"""Values as people read them later."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine import forms

OPTIONS = [{"value": "a", "label": "同意"}, {"value": "b", "label": "拒绝"}]


def field(type_, **more):
    return {"type": type_, "key": "f", "label": "字段", **more}


@pytest.mark.parametrize(
    "component, value, zh, en",
    [
        (field("textfield"), "泵", "泵", "泵"),
        (field("number"), Decimal("1000.5"), "1000.5", "1000.5"),
        (field("cf-money"), Decimal("1000.5"), "¥1,000.50", "¥1,000.50"),
        (field("cf-money", currency="USD"), Decimal("-0.125"), "-US$0.125", "-US$0.125"),
        (field("checkbox"), True, "是", "Yes"),
        (field("datetime"), date(2026, 3, 2), "2026年3月2日", "2 Mar 2026"),
        (field("datetime", subtype="time"), time(9, 5), "09:05", "09:05"),
        (
            field("datetime", subtype="datetime"),
            datetime(2026, 3, 2, 1, tzinfo=UTC),
            "2026年3月2日 09:00",
            "2 Mar 2026 09:00",
        ),
        (field("radio", values=OPTIONS, properties={"option:a:en": "Agree"}), "a", "同意", "Agree"),
        (field("checklist", values=OPTIONS), ["a", "b"], "同意、拒绝", "同意, 拒绝"),
        (field("radio", values=OPTIONS), "gone", "gone", "gone"),
        (field("textfield"), None, "未填写", "Not given"),
        (field("filepicker"), [{"name": "a.png"}, {"name": "b.pdf"}], "a.png、b.pdf", "a.png, b.pdf"),
        (field("cf-person"), "p9", "p9", "p9"),
        (field("number"), "not a number at all", "not a number at all", "not a number at all"),
    ],
)
def test_every_kind_is_written_for_people(form_of, component, value, zh, en):
    environment = forms.FormEnvironment(zone=ZoneInfo("Asia/Shanghai"))
    form = form_of(component)
    assert forms.display(form, {"f": value}, language="zh", environment=environment) == [("字段", zh)]
    assert forms.display(form, {"f": value}, language="en", environment=environment) == [("字段", en)]


def test_what_was_not_part_of_it_is_left_out(form_of):
    hidden = {"type": "expression", "key": "inner", "expression": "=1", "label": ""}
    form = form_of(field("textfield"), {"type": "textfield", "key": "other"}, hidden)
    assert forms.display(form, {"f": "x", "inner": Decimal(1)}, language="zh") == [("字段", "x")]


def test_rows_are_told_field_by_field(form_of):
    parts = {
        "type": "dynamiclist",
        "path": "parts",
        "label": "零件",
        "components": [{"type": "textfield", "key": "name", "label": "名称"}],
    }
    assert forms.display(form_of(parts), {"parts": [{"name": "泵"}, {}]}, language="zh") == [
        ("零件", "2 行"),
        ("零件第 1 行 名称", "泵"),
    ]


def test_changes_become_sentences(form_of):
    form = form_of(
        field("cf-money"), {"type": "textfield", "key": "note", "label": "备注"}, {"type": "textfield", "key": "same"}
    )
    changes = {"f": (Decimal(1000), Decimal(900)), "note": (None, "急"), "same": ("x", "x"), "foreign": (1, 2)}
    assert forms.describe(changes, form, "zh") == ["“字段”由“¥1,000.00”改为“¥900.00”", "“备注”填写为：急"]
    assert forms.describe({"note": ("急", None)}, form, "en") == ["“备注” cleared; it was: 急"]
