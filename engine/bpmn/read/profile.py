"""The BPMN profile: which elements and attributes are carried out, and what to use instead of the others.

Whatever is not in these tables is refused when a diagram is read; nothing is ever silently ignored.
`docs/bpmn-profile.md` says the same to people, and a test holds the two together.
"""

from __future__ import annotations

from typing import Final

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CF: Final = "urn:clauseflow:bpmn:1"

MAX_NODES: Final = 2_000
"""Flow nodes one diagram may hold."""
MAX_NESTING: Final = 20
"""Sub-processes within one another."""

_SAID = frozenset({"clauses", "nameEn", "documentationEn"})
_JOB = _SAID | {"handler", "input", "result", "retries", "due"}
_CATCHING = _SAID | {"key", "result"}
_THROWING = _SAID | {"key", "input"}

NODES: Final[dict[str, frozenset[str]]] = {
    "userTask": _SAID | {"form", "due", "assignee", "notSameAs", "priority", "result"},
    "manualTask": _SAID | {"due", "assignee", "notSameAs", "priority", "result"},
    "serviceTask": _JOB,
    "sendTask": _JOB,
    "receiveTask": _SAID | {"key", "result", "due"},
    "businessRuleTask": _SAID | {"decision", "result"},
    "scriptTask": _SAID | {"result"},
    "callActivity": _SAID | {"input", "result", "due"},
    "subProcess": _SAID,
    "exclusiveGateway": _SAID,
    "parallelGateway": _SAID,
    "inclusiveGateway": _SAID,
    "eventBasedGateway": _SAID,
    "startEvent": _CATCHING | {"form"},
    "intermediateCatchEvent": _CATCHING,
    "intermediateThrowEvent": _THROWING,
    "boundaryEvent": _CATCHING,
    "endEvent": _THROWING,
}
"""Flow node -> the attributes of our namespace it takes."""

OTHERS: Final[dict[str, frozenset[str]]] = {
    "process": _SAID | {"prefix", "title"},
    "participant": frozenset({"nameEn"}),
    "lane": frozenset({"nameEn", "documentationEn"}),
    "sequenceFlow": frozenset({"clauses", "nameEn", "documentationEn"}),
    "textAnnotation": frozenset({"textEn", "clauses", "nameEn"}),
    "dataObject": frozenset({"nameEn"}),
    "dataObjectReference": frozenset({"nameEn"}),
    "multiInstanceLoopCharacteristics": frozenset({"collection", "item", "outputCollection", "outputElement"}),
}
"""Other elements -> the attributes of our namespace they take."""

ACTIVITIES: Final = frozenset(
    {
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "scriptTask",
        "callActivity",
        "subProcess",
    }
)
PEOPLE: Final = frozenset({"userTask", "manualTask"})
JOBS: Final = frozenset({"serviceTask", "sendTask"})
GATEWAYS: Final = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})

DRAWN: Final = frozenset(
    {
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "laneSet",
        "textAnnotation",
        "association",
        "group",
        "dataObject",
        "dataObjectReference",
        "dataInputAssociation",
        "dataOutputAssociation",
        "property",
    }
)
"""Children of a process, sub-process or node that are read elsewhere or are drawings."""

EVENTS: Final[dict[str, frozenset[str]]] = {
    "startEvent": frozenset({"none", "message", "timer", "signal"}),
    "eventStart": frozenset({"message", "timer", "signal", "error", "escalation"}),
    "subProcess": frozenset({"none"}),
    "intermediateCatchEvent": frozenset({"message", "timer", "signal"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation"}),
    "boundaryEvent": frozenset({"message", "timer", "signal", "error", "escalation"}),
    "endEvent": frozenset({"none", "message", "signal", "error", "escalation", "terminate"}),
}
"""Where an event stands -> the kinds it may have (`eventStart`, `subProcess`: the start of such a sub-process)."""

LOOPS: Final = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})
_DEFINITIONS = frozenset(
    f"{kind}EventDefinition" for kind in ("message", "timer", "signal", "error", "escalation", "terminate")
)
PARTS: Final[dict[str, frozenset[str]]] = {
    kind: (LOOPS if kind in ACTIVITIES else frozenset())
    | (_DEFINITIONS if kind.endswith("Event") else frozenset())
    | ({"script"} if kind == "scriptTask" else frozenset())
    for kind in NODES
}
"""Flow node -> the children that mean something in it."""

INSTEAD: Final[dict[str, tuple[str, str]]] = {
    "task": ("用户任务、服务任务等具体类型的任务", "a user task, service task or another task with a type"),
    "complexGateway": ("排他、并行或包容网关", "an exclusive, parallel or inclusive gateway"),
    "transaction": ("带错误边界事件的子流程", "a sub-process with an error boundary event"),
    "adHocSubProcess": ("并行网关或多实例子流程", "a parallel gateway or a multi-instance sub-process"),
    "compensateEventDefinition": ("错误边界事件后的明确步骤", "explicit steps behind an error boundary event"),
    "cancelEventDefinition": ("错误事件", "an error event"),
    "conditionalEventDefinition": ("排他网关，或消息事件", "an exclusive gateway, or a message event"),
    "linkEventDefinition": ("一条直接的顺序流", "a plain sequence flow"),
    "dataStoreReference": (
        "文字注释；业务数据由处理器读写",
        "a text annotation; handlers read and write business data",
    ),
    "ioSpecification": ("cf:input 与 cf:result", "cf:input and cf:result"),
    "subChoreography": ("子流程", "a sub-process"),
    "resourceRole": ("泳道或 cf:assignee", "a lane or cf:assignee"),
    "potentialOwner": ("泳道或 cf:assignee", "a lane or cf:assignee"),
    "performer": ("泳道或 cf:assignee", "a lane or cf:assignee"),
    "humanPerformer": ("泳道或 cf:assignee", "a lane or cf:assignee"),
    "loopDataInputRef": ("cf:collection 与 cf:item", "cf:collection and cf:item"),
    "inputDataItem": ("cf:collection 与 cf:item", "cf:collection and cf:item"),
    "loopDataOutputRef": ("cf:outputCollection 与 cf:outputElement", "cf:outputCollection and cf:outputElement"),
    "outputDataItem": ("cf:outputCollection 与 cf:outputElement", "cf:outputCollection and cf:outputElement"),
}
"""Element outside the profile -> what to use instead (zh, en)."""

_FEEL = (
    "feel",
    "FEEL",
    "text/feel",
    "application/feel",
    "http://www.omg.org/spec/FEEL/20140401",
    *(f"https://www.omg.org/spec/DMN/{version}/FEEL/" for version in ("20180521", "20191111", "20211108", "20230324")),
)
FIXED: Final[dict[str, tuple[str, ...]]] = {
    "isForCompensation": ("false",),
    "startQuantity": ("1",),
    "completionQuantity": ("1",),
    "instantiate": ("false",),
    "eventGatewayType": ("Exclusive",),
    "parallelMultiple": ("false",),
    "behavior": ("All",),
    "isImmediate": ("true",),
    "scriptFormat": _FEEL,
    "language": _FEEL,
    "expressionLanguage": _FEEL,
}
"""Attribute of BPMN that would change behaviour -> the only values we carry out."""

KNOWN: Final = frozenset(
    {
        "id",
        "name",
        "default",
        "sourceRef",
        "targetRef",
        "gatewayDirection",
        "isExecutable",
        "isClosed",
        "processType",
        "attachedToRef",
        "cancelActivity",
        "isInterrupting",
        "triggeredByEvent",
        "calledElement",
        "implementation",
        "messageRef",
        "signalRef",
        "errorRef",
        "escalationRef",
        "isSequential",
        "testBefore",
        "loopMaximum",
        "operationRef",
        "processRef",
        "definitionalCollaborationRef",
        "itemSubjectRef",
        "isCollection",
        "dataObjectRef",
        "errorCode",
        "escalationCode",
        "partitionElementRef",
        "associationDirection",
        "textFormat",
        "structureRef",
        "itemKind",
        "categoryValueRef",
        "evaluatesToTypeRef",
        "itemRef",
    }
)
"""Plain attributes that are read, or that only say or draw something."""
