"""The data of a case as an administrator corrects it: each item with its label, and the control that asks it anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as words

from engine import feel, forms
from engine.bpmn import INSTANCE_SCOPE, visible_variables
from engine.errors import ClauseflowError, Refused
from engine.queries.standing import Standing
from engine.values import Value, canonical
from web.shared.forms.sheet import Sheet
from web.shared.services import services
from web.shared.words import story
from web.shared.words.wording import Rows, Wording
from web.shared.zone import company_zone

_UNNAMED = words("流程内部的数据")
"""What neither a form nor the diagram gives a name."""


class NoSuchData(ClauseflowError):
    """The case does not hold it (any more)."""

    zh = "事项里没有数据“{name}”。"
    en = "The case holds no “{name}”."


class NotByHand(ClauseflowError):
    """A value of many parts that no form asks: only a step can make it."""

    zh = "“{name}”由多个部分组成，是流程的步骤自己写下的，不能在这里逐项更正；可以把流程移回写下它的那一步。"
    en = "“{name}” has many parts, written by a step of the process; move the case back to that step instead."


class NoContext(ClauseflowError):
    """What a skipped step is to bring is not written as names with values."""

    zh = '带回的数据应写成 FEEL 上下文，如 {{number: 3, note: "已电话确认"}}。'
    en = 'What the step is to bring must be a FEEL context, such as {{number: 3, note: "confirmed by telephone"}}.'


@dataclass(frozen=True, slots=True)
class Datum:
    """One item of data in words; `more` are the parts of a list, `correctable` whether a page asks it anew."""

    name: str
    label: str
    text: str
    more: Rows
    correctable: bool


@dataclass(frozen=True, slots=True)
class DataOfScope:
    """The data of the whole case (an empty `name`), or of a sub-process or an item inside it."""

    scope: str
    name: str
    data: list[Datum]


def data_of(found: Standing) -> list[DataOfScope]:
    """Everything the case holds now, the case's own data first."""
    wording = Wording(found.definition)
    return [
        DataOfScope(
            scope,
            _scope_name(found, scope),
            [_datum(wording, name, variables[name]) for name in sorted(variables, key=wording.order)],
        )
        for scope, variables in sorted(found.state.variables.items())
        if variables
    ]


def one_datum(found: Standing, scope: str, name: str) -> Datum:
    """One item as it stands now. Raises NoSuchData."""
    return _datum(Wording(found.definition), name, _value(found, scope, name))


def sheet_of(found: Standing, scope: str, name: str) -> Sheet:
    """What asks one item anew, holding what is there now. Raises NoSuchData, NotByHand."""
    value, wording = _value(found, scope, name), Wording(found.definition)
    form = _asking(wording, name, value)
    if form is None:
        raise NotByHand(name=_datum(wording, name, value).label)
    return Sheet(form, visible_variables(found.state, scope))


def brought(text: str) -> dict[str, Value]:
    """What a skipped step is said to have brought. Raises NoContext, FeelError."""
    if not text.strip():
        return {}
    given = feel.evaluate(text, now=services().now(), zone=company_zone())
    if not isinstance(given, dict):
        raise NoContext
    found: dict[str, Value] = canonical(given, "values")
    return found


def _value(found: Standing, scope: str, name: str) -> Value:
    variables = found.state.variables.get(scope, {})
    if name not in variables:
        raise NoSuchData(name=name[:60])
    return variables[name]


def _datum(wording: Wording, name: str, value: Value) -> Datum:
    unnamed = str(_UNNAMED), wording.text(value)
    (label, text), *more = wording.rows({name: value}) or [unnamed]
    return Datum(name, label, text, more, _asking(wording, name, value) is not None)


def _scope_name(found: Standing, scope: str) -> str:
    if scope == INSTANCE_SCOPE:
        return ""
    node, _colon, place = scope.partition(":")
    name = story.node_name(found.definition, node)
    turn, _slash, item = place.partition("/")
    return _("%(name)s，第 %(item)s 项", name=name, item=item) if item else f"{name} {turn}"


def _asking(wording: Wording, name: str, value: Value) -> forms.Form | None:
    """The form that asks one item: the field of the process's forms, else a plain one for that kind of value."""
    return wording.field(name) or _plain_form(wording, name, value)


def _plain_form(wording: Wording, name: str, value: Value) -> forms.Form | None:
    component = _outcomes(wording.outcomes(name)) or _plain_component(value)
    if component is None:
        return None
    label = wording.name(name) or str(_UNNAMED)
    content = {
        "type": "default",
        "schemaVersion": 16,
        "components": [{"id": name, "key": name, "label": label} | component],
    }
    try:
        return forms.read(json.dumps(content).encode(), name)
    except Refused:  # a name that no form may ask for
        return None


def _outcomes(words: Mapping[str, str]) -> dict[str, Any] | None:
    """A choice of what a decision may come to."""
    values = [{"value": code, "label": said} for code, said in words.items()]
    return {"type": "select", "values": values} if values else None


def _plain_component(value: Value) -> dict[str, Any] | None:
    match value:
        case bool():
            return {"type": "radio", "values": [{"value": True, "label": _("是")}, {"value": False, "label": _("否")}]}
        case None | str():
            return {"type": "textarea"}
        case Decimal():
            return {"type": "number"}
        case datetime():
            return {"type": "datetime", "subtype": "datetime", "dateLabel": _("日期"), "timeLabel": _("时间")}
        case date():
            return {"type": "datetime", "subtype": "date"}
    return None
