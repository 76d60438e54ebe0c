"""Drawing and judging a form of 200 fields and 100 rows.

Drawing stands beside a bare Jinja loop that prints the same HTML from finished dicts. Judging stands beside pydantic
(where it is installed; it is no dependency) and beside plain Python written by hand for the same types and limits.
Judged are the same posted texts by the same rules, once by types and limits alone, once with conditions too: 20 fields
that may be hidden, 10 required and 10 read-only by an expression, 20 cross-field rules, and in each of the rows a rule
and a product, added up below. All give the same values.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from statistics import median
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from engine import forms

FIELDS = 200
ROWS = 100
ROUNDS = 41
OPTIONS = [{"value": value, "label": f"选项 {value}"} for value in ("a", "b", "c")]
TYPES = ("textfield", "number", "cf-money", "select", "datetime")
ROWS_KEY = "rows"
HIDDEN, HIDDEN_NOW = range(10, FIELDS, 40), range(30, FIELDS, 40)
"""Texts with a condition, of which the second half is hidden in what is posted."""
NEEDED, LOCKED = range(13, FIELDS, 20), range(18, FIELDS, 20)
CHECKED, DATED = range(7, FIELDS, 20), range(4, FIELDS, 20)
TEXTS = {"textfield": "离心泵", "number": "12", "cf-money": "1234.50", "select": "b", "datetime": "2026-03-02"}


def _component(type_: str, key: str) -> dict[str, Any]:
    limits: dict[str, Any] = {"required": True}
    limits |= {"maxLength": 100} if type_ == "textfield" else {}
    limits |= {"min": 0, "max": 100000} if type_ in ("number", "cf-money") else {}
    words = {"label": f"字段 {key}", "description": "照铭牌填写"}
    return {"type": type_, "id": key, "key": key, "validate": limits, "values": OPTIONS, **words}


def _form(*, ruled: bool = False) -> forms.Form:
    fields = [_component(TYPES[number % len(TYPES)], f"f{number}") for number in range(FIELDS)]
    row = [_component(type_, f"r{number}") for number, type_ in enumerate(TYPES)]
    rows = {"type": "dynamiclist", "id": "rows", "path": ROWS_KEY, "label": "明细", "components": row}
    data = {"type": "default", "schemaVersion": 18, "id": "benchmark", "components": [*fields, rows]}
    if ruled:
        _add_rules(fields, row)
        data["components"] += [_formula("both", "f2 + f7"), _formula("total", "sum(rows.amount)")]
    return forms.read(json.dumps(data).encode(), "benchmark.form")


def _add_rules(fields: list[dict[str, Any]], row: list[dict[str, Any]]) -> None:
    for number in HIDDEN:
        fields[number]["conditional"] = {"hide": '=f3 = "a"'}
    for number in HIDDEN_NOW:
        fields[number]["conditional"] = {"hide": '=f3 = "b"'}
    for number in NEEDED:
        fields[number] |= {"validate": {}, "properties": {"required": "=f1 > 10"}}
    for number in LOCKED:
        fields[number]["readonly"] = '=f3 = "b"'
    for number in CHECKED:
        fields[number]["properties"] = {"check": f"=f{number} <= f1 * 1000"}
    for number in DATED:
        fields[number]["properties"] = {"check": f'=f{number} >= date("2026-01-01")'}
    row[2]["properties"] = {"check": "=r2 >= r1"}
    row.append(_formula("amount", "r1 * r2"))


def _formula(key: str, text: str) -> dict[str, Any]:
    return {"type": "expression", "id": key, "key": key, "label": key, "expression": "=" + text}


def _raw(form: forms.Form) -> dict[str, Any]:
    raw: dict[str, Any] = {field.key: TEXTS[field.type] for field in form.fields if not field.row}
    row = {f"r{number}": TEXTS[type_] for number, type_ in enumerate(TYPES)}
    return {**raw, "rows": [dict(row) for _ in range(ROWS)]}


def _milliseconds(*works: Callable[[], Any]) -> list[float]:
    """Medians of processor time, taken by turns: what else the machine does meets every work alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, taken in zip(works, times, strict=True):
            begin = time.process_time()
            work()
            taken.append(time.process_time() - begin)
    return [median(taken) * 1000 for taken in times]


def main() -> None:
    """Print the medians and the ratios, in one run."""
    form = _form()
    raw = _raw(form)
    printed = _bare(form, raw)
    ours, bare = _milliseconds(lambda: forms.render(form, raw, {}, language="zh"), printed)
    assert _squeezed(forms.render(form, raw, {}, language="zh")) == _squeezed(printed()), "not the same HTML"
    print(f"render    {ours:7.1f} ms   bare Jinja {bare:7.1f} ms   ratio {ours / bare:.2f}")
    _compare("types and limits", form, raw, {}, {"plain Python": _by_hand(form)} | _pydantic("plain"))
    context = {f"f{number}": "b" for number in LOCKED}
    _compare("conditions too", _form(ruled=True), raw, context, _pydantic("ruled", context))


def _compare(name: str, form: forms.Form, raw: dict[str, Any], context: dict[str, Any], others: dict[str, Any]) -> None:
    clean, problems = forms.validate(form, raw, context)
    assert problems == [], problems[0].zh
    for other, judge in others.items():
        assert judge(raw) == clean, f"{other} gives other values"
        judged, theirs = _milliseconds(lambda: forms.validate(form, raw, context), lambda judge=judge: judge(raw))
        print(f"validate  {judged:7.2f} ms   {other} {theirs:7.2f} ms   ratio {judged / theirs:.2f}   ({name})")


def _pydantic(name: str, *context: Any) -> dict[str, Any]:
    try:
        from benchmarks.language import forms_pydantic
    except ImportError:
        print("pydantic 未安装，略过 · pydantic is not installed, left out")
        return {}
    return {"pydantic": getattr(forms_pydantic, name)(*context)}


def _squeezed(text: str) -> str:
    return re.sub(r">\s+<", "><", re.sub(r"\s+", " ", str(text))).strip()


_FIELD = """
{%- macro field(f) -%}
<div class="cf-field cf-w" data-cf="{{ f.name }}">
  <label for="{{ f.name }}">{{ f.label }}<span class="cf-mark">必填</span></label>
  <div class="cf-hint" id="{{ f.name }}-hint">{{ f.hint }}</div>
  {% if f.type == "select" %}
  <select id="{{ f.name }}" name="{{ f.name }}" aria-describedby="{{ f.name }}-hint" aria-required="true">
    <option value="">请选择</option>
    {% for o in f.options %}
      <option value="{{ o.value }}"{% if o.value == f.value %} selected{% endif %}>{{ o.label }}</option>
    {% endfor %}
  </select>
  {% else %}
  <div class="cf-input">
    {% if f.before %}<span class="cf-adorner" id="{{ f.name }}-before">{{ f.before }}</span>{% endif %}
    <input id="{{ f.name }}" name="{{ f.name }}" type="{{ f.input }}" value="{{ f.value }}"
      {%- if f.mode %} inputmode="{{ f.mode }}"{% endif %} autocomplete="off" aria-describedby="
      {%- if f.before %}{{ f.name }}-before {% endif %}{{ f.name }}-hint" aria-required="true">
  </div>
  {% endif %}
</div>
{%- endmacro -%}
{%- for f in fields %}{{ field(f) }}{% endfor %}
{{- before }}
{%- for row in rows %}
<fieldset class="cf-row" data-cf-row="rows-{{ loop.index0 }}">
  <legend id="rows-{{ loop.index0 }}-legend" data-cf-number>第 {{ loop.index }} 行</legend>
  <input type="hidden" name="rows-{{ loop.index0 }}-_row" value="">
  <div class="cf-row-fields">{% for f in row %}{{ field(f) }}{% endfor %}</div>
  <div class="cf-row-buttons">
    {% for verb, text in verbs %}
    <button type="submit" name="_row" value="{{ verb }}:rows-{{ row[0].row }}" class="cf-row-button" formnovalidate
      aria-describedby="rows-{{ row[0].row }}-legend">{{ text }}</button>
    {% endfor %}
  </div>
</fieldset>
{% endfor -%}
{{ after }}
"""


def _bare(form: forms.Form, raw: dict[str, Any]) -> Callable[[], str]:
    """A template without our engine; what stands around fields and rows is text that it only prints."""
    drawn = str(forms.render(form, raw, {}, language="zh"))
    start = drawn.index('<div class="cf-field')
    middle = drawn.index("<fieldset"), drawn.index('<fieldset class="cf-row"')
    end = drawn.rindex("</fieldset>", 0, drawn.index("<template")) + len("</fieldset>")
    template = Environment(autoescape=True).from_string("{{ head }}" + _FIELD)
    fields = [_view(field, field.key, raw[field.key], 0) for field in form.fields if not field.row]
    level = form.level.by_key["rows"].row
    assert level is not None
    rows = [
        [_view(field, f"rows-{number}-{field.key}", row[field.key], number) for field in level.fields]
        for number, row in enumerate(raw["rows"])
    ]
    around = {"head": drawn[:start], "before": drawn[middle[0] : middle[1]], "after": drawn[end:]}
    around = {name: Markup(text) for name, text in around.items()}  # noqa: S704  # our own HTML
    verbs = [("up", "上移"), ("down", "下移"), ("remove", "删除")]

    def printed() -> str:
        return template.render(fields=fields, rows=rows, verbs=verbs, **around)

    return printed


def _view(field: forms.Component, name: str, value: str, row: int) -> dict[str, Any]:
    return {
        "name": name,
        "row": row,
        "type": field.type,
        "label": field.label.zh,
        "hint": field.description.zh,
        "value": value,
        "options": OPTIONS,
        "before": "¥" if field.type == "cf-money" else "",
        "input": "date" if field.type == "datetime" else "text",
        "mode": "decimal" if field.type in ("number", "cf-money") else "",
    }


def _by_hand(form: forms.Form) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The same types and limits as a careful programmer would write them for this one form."""
    types = {field.key: field.type for field in form.fields if not field.row}

    def judge(raw: dict[str, Any]) -> dict[str, Any]:
        clean = {key: _one(type_, raw[key]) for key, type_ in types.items()}
        clean[ROWS_KEY] = [{f"r{n}": _one(type_, row[f"r{n}"]) for n, type_ in enumerate(TYPES)} for row in raw["rows"]]
        return clean

    return judge


def _one(type_: str, text: str) -> Any:
    text = text.strip()
    if not text:
        raise ValueError("required")
    if type_ == "textfield" and (len(text) > 100 or not text.isprintable()):
        raise ValueError("text")
    if type_ in ("number", "cf-money"):
        return _number(text)
    if type_ == "select" and text not in ("a", "b", "c"):
        raise ValueError("option")
    return date.fromisoformat(text) if type_ == "datetime" else text


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not number.is_finite() or not 0 <= number <= 100000 or number != round(number, 2):
        raise ValueError(text)
    return number


if __name__ == "__main__":
    main()
