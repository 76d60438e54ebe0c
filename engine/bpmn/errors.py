"""What `advance` refuses to do, each naming the element it concerns."""

from __future__ import annotations

from typing import Any

from engine.bpmn.state import Status
from engine.errors import ClauseflowError


class WaitGone(ClauseflowError):
    """The input answers a wait that is not open (any more), or one of another kind."""

    zh = "这一步已经结束或不再等待，本次操作没有执行（等待 {wait}）。"
    en = "This step has ended or is no longer waiting; nothing was done (wait {wait})."


class NotActive(ClauseflowError):
    """The instance is suspended or has ended."""

    zh = "事项{status_zh}，不能这样做。"
    en = "The case is {status}; this cannot be done."

    def __init__(self, status: Status) -> None:
        words = {"active": "正在进行", "suspended": "已暂停", "completed": "已办结", "cancelled": "已取消"}
        super().__init__(status=status, status_zh=words[status])


class ElementError(ClauseflowError):
    """An error that names elements: `node`, `earlier` in Chinese, the same with `_en` in English."""

    def __init__(self, **facts: Any) -> None:
        english = {f"{name}_en": facts[name] for name in ("node", "earlier") if name in facts}
        super().__init__(**english | facts)


class FourEyes(ElementError):
    """`cf:notSameAs`: who completed an earlier step of this case may not complete this one."""

    zh = "“{node}”必须由另一人办理：{person} 已经办理过本事项的“{earlier}”。"
    en = "“{node_en}” must be completed by somebody else: {person} has completed “{earlier_en}” in this case."


class NoFlow(ElementError):
    """No outgoing condition is true and there is no default flow."""

    zh = "“{node}”没有任何流出条件成立，也没有默认流。"
    en = "No outgoing condition of “{node_en}” is true, and it has no default flow."


class ExpressionFailed(ElementError):
    """An expression of the diagram gave no usable value."""

    zh = "“{node}”的 {attribute} 无法计算：{expression}——{reason_zh}"
    en = "{attribute} of “{node_en}” cannot be computed: {expression} – {reason_en}"


class StepLimit(ElementError):
    """One step ran through more elements than any honest diagram needs: an endless automatic loop."""

    zh = "一步之内经过的节点超过 {limit} 个，停在“{node}”：图中可能有无人参与的死循环。"
    en = "One step passed more than {limit} nodes and stopped at “{node_en}”: the diagram may loop for ever by itself."


class TooManyItems(ElementError):
    """A multi-instance activity over more items than an instance can hold."""

    zh = "“{node}”要办理 {count} 项，超过上限 {limit} 项。"
    en = "“{node_en}” would have {count} items; the limit is {limit}."


class CannotMove(ElementError):
    """A token cannot be moved there."""

    zh = "不能移到“{node}”：{reason_zh}"
    en = "The token cannot be moved to “{node_en}”: {reason_en}"


class UnknownRevision(ClauseflowError):
    """An input recorded by a later version of the product, whose rules this one does not know."""

    zh = "这条记录由引擎修订 {revision} 写成，本版本只认识到修订 {known}。请升级后再办。"
    en = "Revision {revision} of the engine wrote this entry; this version knows those up to {known}. Please upgrade."


class UnknownInput(ClauseflowError):
    """An input of a kind the engine does not know, or without what its kind needs."""

    zh = "引擎不认识或无法使用这个输入：{kind}。"
    en = "The engine does not know or cannot use this input: {kind}."
