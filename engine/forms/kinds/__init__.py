"""The component types we carry out: one visible table, and what to use instead of the others."""

from __future__ import annotations

from engine.forms.kinds.base import ComponentKind
from engine.forms.kinds.choice import Rating, Several, Single
from engine.forms.kinds.computed import Computed
from engine.forms.kinds.files import Files
from engine.forms.kinds.number import Money, Number
from engine.forms.kinds.picker import Picker
from engine.forms.kinds.rows import Rows
from engine.forms.kinds.shown import Group, Image, Shown, Table, Text
from engine.forms.kinds.temporal import Temporal
from engine.forms.kinds.text import Area, Line
from engine.forms.kinds.tick import Tick
from engine.forms.words import Words

PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")
"""What every browser shows; a phone that is asked for these sends its photos as JPEG."""

COMPONENT_KINDS: dict[str, ComponentKind] = {
    "textfield": Line(),
    "textarea": Area(),
    "number": Number(),
    "cf-money": Money(),
    "datetime": Temporal(),
    "select": Single("select"),
    "radio": Single("options"),
    "checkbox": Tick(),
    "checklist": Several(),
    "taglist": Several(),
    "cf-rating": Rating(),
    "cf-record": Picker(),
    "cf-person": Picker("people"),
    "filepicker": Files(),
    "cf-photo": Files("photo", PICTURES, 20),
    "cf-signature": Files("signature", PICTURES),
    "cf-stamp": Files("photo", PICTURES),
    "expression": Computed(),
    "dynamiclist": Rows(),
    "group": Group(),
    "text": Text(),
    "table": Table(),
    "image": Image(),
    "separator": Shown("separator"),
    "spacer": Shown("spacer"),
}

INSTEAD: dict[str, Words] = {
    "button": Words("请删除：提交按钮由页面提供", "remove it: the page brings the submit button"),
    "html": Words("请改用 text", "use text"),
    "iframe": Words("请改用 text 写明去处", "use a text that says where to look"),
    "multipage": Words("请改用 group 分段", "use groups"),
    "page": Words("请改用 group 分段", "use groups"),
    "documentPreview": Words("请改用只读的 filepicker", "use a read-only filepicker"),
}

__all__ = ["COMPONENT_KINDS", "INSTEAD", "ComponentKind"]
