"""What `advance` refuses to do, each naming the element it concerns."""

from __future__ import annotations

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


class FourEyes(ClauseflowError):
    """`cf:notSameAs`: who completed an earlier step of this case may not complete this one."""

    zh = "“{node}”必须由另一人办理：{person} 已经办理过本事项的“{earlier}”。"
    en = "“{node}” must be completed by somebody else: {person} has completed “{earlier}” in this case."


class NoFlow(ClauseflowError):
    """No outgoing condition is true and there is no default flow."""

    zh = "“{node}”没有任何流出条件成立，也没有默认流。"
    en = "No outgoing condition of “{node}” is true, and it has no default flow."


class ExpressionFailed(ClauseflowError):
    """An expression of the diagram gave no usable value."""

    zh = "“{node}”的 {attribute} 无法计算：{expression}——{reason_zh}"
    en = "{attribute} of “{node}” cannot be computed: {expression} – {reason_en}"


class StepLimit(ClauseflowError):
    """One step ran through more elements than any honest diagram needs: an endless automatic loop."""

    zh = "一步之内经过的节点超过 {limit} 个，停在“{node}”：图中可能有无人参与的死循环。"
    en = "One step passed more than {limit} nodes and stopped at “{node}”: the diagram may loop for ever by itself."


class TooManyItems(ClauseflowError):
    """A multi-instance activity over more items than an instance can hold."""

    zh = "“{node}”要办理 {count} 项，超过上限 {limit} 项。"
    en = "“{node}” would have {count} items; the limit is {limit}."


class CannotMove(ClauseflowError):
    """A token cannot be moved there."""

    zh = "不能移到“{node}”：{reason_zh}"
    en = "The token cannot be moved to “{node}”: {reason_en}"


class UnknownInput(ClauseflowError):
    """An input of a kind the engine does not know, or without what its kind needs."""

    zh = "引擎不认识或无法使用这个输入：{kind}。"
    en = "The engine does not know or cannot use this input: {kind}."
