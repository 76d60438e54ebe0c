"""What the handlers of service and send tasks are given, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as words

from web.shared.words.wording import Rows, Wording

NAMES = {
    "at": words("时间"),
    "customer": words("客户"),
    "due": words("期限"),
    "items": words("配件"),
    "kind": words("种类"),
    "note": words("备注"),
    "part_in": words("换上的件"),
    "part_out": words("换下的件"),
    "prefix": words("编号的前缀"),
    "process": words("流程"),
    "serial_no": words("出厂编号"),
    "subject": words("标题"),
    "text": words("内容"),
    "to": words("通知谁"),
    "values": words("交给它的数据"),
    "who": words("谁"),
}
"""The names of inputs."""

MOVEMENTS = {
    "in": words("入库"),
    "loan": words("借出"),
    "out": words("出库"),
    "return": words("归还"),
    "use": words("耗用"),
}
"""The kinds of stock movements."""


def handed_rows(handler: str, given: Mapping[str, Any], wording: Wording) -> Rows:
    """What a job was given, as labels and texts; names that no handler of ours asks for are those of the process."""
    found: Rows = []
    for name, value in given.items():
        if name in NAMES:
            found.append((str(NAMES[name]), _text(handler, name, value, wording)))
        else:
            found += wording.rows({name: value})
    return found


def _text(handler: str, name: str, value: Any, wording: Wording) -> str:
    if handler == "stock_movement" and name == "kind":
        return str(MOVEMENTS.get(value, value))
    if name == "process":
        return wording.process_name(str(value))
    return wording.text(value)
