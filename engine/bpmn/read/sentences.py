"""Every reason for refusing a diagram, in both languages: rule -> (zh, en) over the facts of the finding.

One table, so that the sentences are one voice and a test can ask for the fixture that proves each.
"""

from __future__ import annotations

from typing import Final

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "bpmn-process": (
        "文件须是恰好含一个流程的 BPMN 2.0 图，找到 {count} 个流程。",
        "The file must be a BPMN 2.0 diagram with exactly one process; it has {count}.",
    ),
    "bpmn-key": (
        "流程的 id 须与文件名相同：“{key}”。",
        "The process id must be the file's name: “{key}”.",
    ),
    "bpmn-id": (
        "id“{id}”重复，第 {line} 行已用过。",
        "The id “{id}” is used already on line {line}.",
    ),
    "bpmn-id-form": (
        "id“{id}”须以字母或下划线开头，只含字母、数字、_、-、.。",
        "The id “{id}” must begin with a letter or underscore and hold only letters, digits, _, - and dots.",
    ),
    "bpmn-nodes": (
        "图的节点超过 {limit} 个，请拆成被调用的流程。",
        "The diagram has more than {limit} nodes; split it into called processes.",
    ),
    "bpmn-nesting": (
        "子流程嵌套超过 {limit} 层。",
        "Sub-processes are nested more than {limit} deep.",
    ),
    "bpmn-element": (
        "不支持元素“{name}”，请改用：{zh}。",
        "The element “{name}” is not carried out; use {en}.",
    ),
    "bpmn-attribute": (
        "{kind} 上的 {name} 不会起作用，请删除。",
        "{name} has no effect on a {kind}; remove it.",
    ),
    "bpmn-value": (
        "{name}=“{text}”应为{zh}。",
        "{name} “{text}” must be {en}.",
    ),
    "bpmn-missing": (
        "缺少 {name}。",
        "{name} is missing.",
    ),
    "bpmn-either": (
        "须写明 {first} 与 {second} 之一，且只写一个。",
        "Exactly one of {first} and {second} is needed.",
    ),
    "bpmn-reference": (
        "{name}=“{text}”没有指向{zh}。",
        "{name} “{text}” names no {en}.",
    ),
    "bpmn-flow-crosses": (
        "顺序流不能穿过子流程的边界。",
        "A sequence flow cannot cross the border of a sub-process.",
    ),
    "bpmn-flow-leaves": (
        "“{node}”不能有流出的顺序流。",
        "No sequence flow can leave “{node}”.",
    ),
    "bpmn-flow-enters": (
        "“{node}”不能有流入的顺序流。",
        "No sequence flow can enter “{node}”.",
    ),
    "bpmn-flow-missing": (
        "没有流出的顺序流，请画到结束事件。",
        "No sequence flow leaves this node; draw one to an end event.",
    ),
    "bpmn-start": (
        "缺少开始事件。",
        "There is no start event.",
    ),
    "bpmn-starts": (
        "这里已有一个开始事件。",
        "There is a start event already.",
    ),
    "bpmn-end": (
        "缺少结束事件。",
        "There is no end event.",
    ),
    "bpmn-unreachable": (
        "从开始事件到不了这个节点。",
        "No way from a start event leads to this node.",
    ),
    "bpmn-lane": (
        "人工任务须放在泳道里，泳道的 id 就是角色。",
        "A task for people must be in a lane; the lane's id is the role.",
    ),
    "bpmn-default-condition": (
        "默认流不能有条件。",
        "A default flow takes no condition.",
    ),
    "bpmn-condition-place": (
        "{kind} 的流出不能有条件，请用排他网关。",
        "A flow out of a {kind} takes no condition; use an exclusive gateway.",
    ),
    "bpmn-condition-only": (
        "唯一的流出不能有条件：不成立时事项就卡住了。请加默认流。",
        "The only flow out of a node takes no condition: the case would be stuck. Add a default flow.",
    ),
    "bpmn-condition-missing": (
        "在做选择的节点上，每条流出须有条件，或是默认流。",
        "Where a choice is made, every flow out needs a condition or is the default flow.",
    ),
    "bpmn-event-count": (
        "一个事件只能有一个事件定义，请画成多个事件。",
        "An event takes one event definition; draw several events.",
    ),
    "bpmn-event-kind": (
        "这里不支持 {kind} 事件，可用：{allowed}。",
        "A {kind} event cannot stand here; possible: {allowed}.",
    ),
    "bpmn-event-never": (
        "“{node}”（{type}）不会抛出 {kind}。",
        "“{node}” is a {type}; nothing in it throws an {kind}.",
    ),
    "bpmn-error-interrupts": (
        "错误事件总是中断，不能设为不中断。",
        "An error event always interrupts; it cannot be non-interrupting.",
    ),
    "bpmn-cycle-interrupts": (
        "会中断或只等一次的定时器不能是周期，请用 timeDuration。",
        "A timer that interrupts, or is waited for once, cannot be a cycle; use timeDuration.",
    ),
    "bpmn-event-gateway": (
        "事件网关“{gateway}”之后只能是中间捕获事件，且只从该网关到达。",
        "Behind the event-based gateway “{gateway}” stands a catch event that only it leads to.",
    ),
    "bpmn-escalation": (
        "没有任何事件捕获这个升级，它不会起作用。",
        "Nothing catches this escalation; it would have no effect.",
    ),
    "bpmn-timer": (
        "定时器须恰好写明 timeDate、timeDuration、timeCycle 之一。",
        "A timer needs exactly one of timeDate, timeDuration, timeCycle.",
    ),
    "bpmn-start-reads": (
        "{name} 不能读取变量“{text}”：到点发起时还没有事项。",
        "{name} cannot read the variable “{text}”: when it is due there is no case yet.",
    ),
    "bpmn-loop": (
        "事件子流程不能重复执行。",
        "An event sub-process cannot be repeated.",
    ),
    "feel": (
        "{name} 不是有效的 FEEL 表达式“{text}”：{zh}",
        "{name} is not a valid FEEL expression “{text}”: {en}",
    ),
    "feel-name": (
        "{name} 应为 FEEL 表达式，“{text}”不是变量名：相等写 =，否定写 not(…)，名称不含空格。",
        "{name} must be FEEL, where “{text}” is no variable: equality is =, negation not(…), names hold no blanks.",
    ),
}
"""Rule -> its sentence in Chinese and in English."""
