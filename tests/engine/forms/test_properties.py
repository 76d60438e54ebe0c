"""Random forms against random posts: the judge never fails, never lets through, and agrees with itself."""

from __future__ import annotations

import contextlib
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import forms
from engine.errors import Refused
from engine.forms.judge.accepting import accept
from engine.forms.judge.validating import _every_problem
from engine.forms.words import Wrong

KEYS = ["a", "b", "c", "d", "e"]
HIDES = ["=a = null", '=b = "x"', "=c > 3", "=count(d) = 1", "=e"]
RULE = st.sampled_from(["=a != null", "=d = null", "=this.b = null", "=parent.c = null", "=today() = null"])
TYPED = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "x", "y", "1", "-1", "1.005", "1e400", "1,5", "１２", "true", "2026-03-02", "09:30", "2026-03-02T09:30"]
    ),
)
RAW = st.recursive(
    st.one_of(
        TYPED,
        st.none(),
        st.booleans(),
        st.integers(),
        st.decimals(allow_nan=False),
        st.dates(),
        st.times(),
        st.datetimes(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from([*KEYS, "z"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def components(draw: st.DrawFn, depth: int = 0) -> list[dict[str, Any]]:
    found = [draw(component(key, depth)) for key in draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=4))]
    return [{"type": "group", "id": "g", "components": found}] if found and draw(st.booleans()) else found


@st.composite
def component(draw: st.DrawFn, key: str, depth: int) -> dict[str, Any]:
    types = [
        "textfield",
        "textarea",
        "number",
        "cf-money",
        "datetime",
        "select",
        "radio",
        "checkbox",
        "checklist",
        "cf-rating",
    ]
    type_ = draw(st.sampled_from([*types, "expression", *(["dynamiclist"] if depth < 2 else [])]))
    made: dict[str, Any] = {"type": type_, "id": key, "key": key, "label": key}
    if type_ == "dynamiclist":
        return {
            **made,
            "path": key,
            "components": draw(components(depth + 1)) or [{"type": "checkbox", "key": "x", "label": "x"}],
            "properties": draw(st.sampled_from([{}, {"maxRows": "2"}])),
        }
    if type_ == "expression":
        return {**made, "expression": draw(st.sampled_from(["=1", "=today()", '="x"', "=null"]))}
    made["validate"] = {"required": draw(st.booleans())}
    if type_ in ("textfield", "textarea"):
        made["validate"]["maxLength"] = draw(st.integers(0, 5))
    if type_ in ("number", "cf-money"):
        made["validate"]["min"] = draw(st.one_of(st.integers(-1, 2), st.sampled_from(["=count(d)", "=b", "=parent.e"])))
        made["decimalDigits"] = draw(st.integers(0, 2))
    if type_ == "datetime":
        made["subtype"] = draw(st.sampled_from(["date", "time", "datetime"]))
    if type_ in ("select", "radio", "checklist"):
        made["values"] = [{"value": "x"}, {"value": 1}, {"value": True}]
    if draw(st.integers(0, 3)) == 0:
        made["conditional"] = {"hide": draw(st.sampled_from(HIDES))}
    if draw(st.integers(0, 3)) == 0:
        made["properties"] = draw(st.fixed_dictionaries({}, optional=dict.fromkeys(("required", "check"), RULE)))
    if depth == 0 and draw(st.integers(0, 5)) == 0:
        made["readonly"] = draw(st.sampled_from([True, "=a = null"]))
    return made


@st.composite
def form(draw: st.DrawFn) -> forms.Form:
    data = json.dumps({"type": "default", "schemaVersion": 18, "id": "f", "components": draw(components())})
    return forms.read(data.encode(), "random.form")


VALUES = st.dictionaries(st.sampled_from([*KEYS, "z"]), RAW, max_size=5)
CONTEXT = st.dictionaries(
    st.sampled_from(KEYS),
    st.one_of(st.none(), st.booleans(), st.text(max_size=3), st.integers().map(Decimal)),
    max_size=3,
)
POST_NAME = st.one_of(
    st.sampled_from([*KEYS, "csrf_token"]),
    st.builds("{}-{}-{}".format, st.sampled_from(KEYS), st.integers(0, 3), st.sampled_from([*KEYS, "_row", "z"])),
    st.text(max_size=6),
)
POST = st.dictionaries(POST_NAME, st.lists(TYPED, min_size=1, max_size=2), max_size=8)
slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@slowly
@given(form(), VALUES, CONTEXT)
def test_it_never_raises_and_lets_through_only_declared_keys(form, values, context):
    clean, problems = forms.validate(form, values, context)
    assert set(clean) <= set(form.keys)
    assert not {problem.where.partition("[")[0] for problem in problems} & set(clean)


@slowly
@given(form(), POST, CONTEXT)
def test_it_never_lets_through_what_the_form_forbids(form, post, context):
    clean, problems = forms.validate(form, forms.parse_post(form, post), context)
    forbidden = list(_forbidden(form.level, clean))
    assert problems or not forbidden
    assert not forbidden


@slowly
@given(form(), st.one_of(VALUES, POST), CONTEXT)
def test_what_it_accepts_it_accepts_again(form, values, context):
    raw = forms.parse_post(form, values) if all(isinstance(one, list) for one in values.values()) else values
    clean, problems = forms.validate(form, raw, context)
    if not problems:
        assert forms.validate(form, clean, context) == (clean, [])


@slowly
@given(form(), st.one_of(VALUES, POST, st.builds(dict)), CONTEXT)
def test_the_short_way_of_judging_gives_what_the_long_way_gives(form, values, context):
    raw = forms.parse_post(form, values) if all(isinstance(one, list) for one in values.values()) else values
    clean, problems = _every_problem(form, raw, context, forms.FormEnvironment())
    try:
        assert accept(form.level, raw, context, forms.FormEnvironment()) == clean
        assert problems == []
    except Wrong:
        assert problems or any(isinstance(one, list) for one in raw.values())


@slowly
@given(form=form(), values=st.one_of(VALUES, POST), context=CONTEXT)
def test_a_rendered_form_posts_the_same_values(form, values, context, post_of):
    raw = forms.parse_post(form, values) if all(isinstance(one, list) for one in values.values()) else values
    clean, problems = forms.validate(form, raw, context)
    page = forms.render(form, raw, context, problems, language="zh")
    if not problems:
        assert forms.validate(form, forms.parse_post(form, post_of(page)), context) == (clean, [])


@slowly
@given(st.binary(max_size=50) | RAW.map(lambda raw: json.dumps(raw, default=str).encode()))
def test_reading_any_bytes_is_refused_with_problems(data):
    with pytest.raises(Refused) as caught:
        forms.read(data, "any.form")
    assert caught.value.problems


@slowly
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "type",
                "key",
                "path",
                "label",
                "validate",
                "properties",
                "conditional",
                "values",
                "columns",
                "layout",
                "readonly",
                "defaultValue",
                "expression",
                "text",
                "components",
            ]
        ),
        RAW,
    )
)
def test_a_component_of_anything_is_read_or_refused(attributes):
    data = json.dumps(
        {"type": "default", "schemaVersion": 1, "components": [{"type": "number", "key": "a", **attributes}]},
        default=str,
    )
    with contextlib.suppress(Refused):
        form = forms.read(data.encode(), "any.form")
        assert '<div class="cf-form"' in forms.render(form, {}, {}, language="en")


def _forbidden(level, values):
    """Reasons why these values should not be here, told without the code under test."""
    for key, value in values.items():
        empty = value is None or value is False or value == []
        component = level.by_key[key]
        wanted = component.readonly is False and component.type != "expression"
        if component.type == "dynamiclist" and wanted:
            for row in value:
                yield from _forbidden(component.row, row)
        elif wanted and not (component.required is not True if empty else _allowed(component, value)):
            yield key


def _allowed(component, value):
    if component.type in ("textfield", "textarea"):
        return isinstance(value, str) and "\0" not in value and len(value) <= component.settings.most
    if component.type in ("number", "cf-money"):
        digits = component.settings.digits
        least = component.settings.least
        above = value >= least if isinstance(least, Decimal) else True
        return value.is_finite() and above and value == round(value, digits)
    if component.type in ("select", "radio"):
        return value in ("x", 1, True)
    if component.type == "checklist":
        return all(one in ("x", 1, True) for one in value)
    return component.type != "cf-rating" or value in range(1, 6)
