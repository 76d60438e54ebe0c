"""Reads decision files: from bytes to a Model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any

from engine.decisions.logic.boxed import FunctionDefinition
from engine.decisions.logic.graph import Decision, GraphElement, InputData, Knowledge, Service
from engine.decisions.logic.parts import DecisionVariable, Reference
from engine.decisions.model import Model
from engine.decisions.read.boxed_expressions import BoxedReader
from engine.decisions.read.requirements import check_references
from engine.decisions.read.source import NAMESPACES, DecisionSource
from engine.decisions.read.type_references import NamedTypes
from engine.feel.names import split
from engine.feel.types import FeelType
from engine.xml import Element as XmlElement


def evaluate(
    dmn: bytes,
    decision: str,
    inputs: Mapping[str, Any],
    *,
    now: datetime | None = None,
    zone: tzinfo | None = None,
    calendar: Any = None,
    imports: Mapping[str, Model] | None = None,
) -> Any:
    """The value of a decision or decision service, by id or name; `Model.evaluate` also tells why.

    Raises Refused for a file that cannot be used and UnknownDecision.
    """
    model = read(dmn, "decision.dmn", imports)
    return model.evaluate(decision, inputs, now=now, zone=zone, calendar=calendar).value


def read(dmn: bytes, file: str, imports: Mapping[str, Model] | None = None) -> Model:
    """The model in a file's bytes; `imports` are the models it may import, by namespace.

    The same bytes give the same model without being read again. Raises Refused for what keeps the file from
    being used; what spoils only a part of it is reported by `engine.decisions.check`.
    """
    return _Reading(dmn, file, imports).model() if imports else _read_alone(dmn, file)


@lru_cache(maxsize=128)
def _read_alone(dmn: bytes, file: str) -> Model:
    return _Reading(dmn, file, {}).model()


class _Reading:
    def __init__(self, dmn: bytes, file: str, imports: Mapping[str, Model]) -> None:
        self.source = DecisionSource(dmn, file)
        self.offered = imports
        self.imports: dict[str, Model] = {}
        self.prefixes: dict[str, str] = {}
        for element in self.source.children(self.source.root, "import"):
            self._import(element)
        self.types = NamedTypes(self.source, self._imported_types(), self.prefixes)
        self.boxed = BoxedReader(self.source, self.types)

    def model(self) -> Model:
        elements: dict[str, GraphElement] = {}
        for child in self.source.root:
            read = _ELEMENTS.get(self.source.kind(child))
            if read:
                found = read(self, child)
                if found.id in elements:
                    zh, en = f"标识“{found.id}”重复。", f"The id “{found.id}” is used twice."
                    self.source.refuse(child, "dmn-duplicate-id", zh, en)
                elements[found.id] = found
        model = Model(
            file=self.source.file,
            name=self.source.name(self.source.root),
            namespace=self.source.namespace,
            elements=elements,
            types=self.types.known,
            member_names=frozenset(self.source.member_names) | self._imported_names(),
            imports=self.imports,
            prefixes=self.prefixes,
            problems=self.source.problems,
        )
        check_references(model)
        return model

    def _import(self, element: XmlElement) -> None:
        namespace, kind = element.get("namespace", ""), element.get("importType", "")
        if kind not in NAMESPACES:
            self.source.refuse(
                element,
                "dmn-import",
                f"只能导入 DMN 模型，不能导入 {kind}。",
                f"Only DMN models can be imported, not {kind}.",
            )
        if namespace not in self.offered:
            self.source.refuse(
                element,
                "dmn-import",
                f"导入的模型“{namespace}”不在手边；请把它的决策放进本文件。",
                f"The imported model “{namespace}” is not at hand; put its decisions into this file.",
            )
        self.imports[namespace] = self.offered[namespace]
        self.prefixes[namespace] = self.source.name(element)

    def _imported_types(self) -> dict[str, FeelType]:
        return {
            f"{self.prefixes[namespace]}.{name}" if self.prefixes[namespace] else name: kind
            for namespace, model in self.imports.items()
            for name, kind in model.types.items()
        }

    def _imported_names(self) -> frozenset[str]:
        models = self.imports.values()
        own = {one.name for model in models for one in model.elements.values() if len(split(one.name)) > 1}
        return frozenset(own).union(*(model.member_names for model in models))

    def _basics(self, element: XmlElement) -> dict[str, Any]:
        title = self.source.name(element)
        found = self.source.child(element, "variable")
        variable = (
            DecisionVariable(name=title, place=self.source.place(element))
            if found is None
            else self._variable(found, title)
        )
        return {
            "id": element.get("id") or title,
            "title": title,
            "variable": variable,
            "place": self.source.place(element),
        }

    def _variable(self, element: XmlElement, title: str) -> DecisionVariable:
        return self.boxed.variable(element, title)

    def read_input_data(self, element: XmlElement) -> GraphElement:
        return InputData(**self._basics(element))

    def read_decision(self, element: XmlElement) -> GraphElement:
        return Decision(
            **self._basics(element), requirements=self._requirements(element), logic=self.boxed.inside(element)
        )

    def read_knowledge(self, element: XmlElement) -> GraphElement:
        logic = self.source.child(element, "encapsulatedLogic")
        function = None if logic is None else self.boxed.function(logic)
        return Knowledge(
            **self._basics(element),
            requirements=self._requirements(element),
            function=function if isinstance(function, FunctionDefinition) else None,
        )

    def read_service(self, element: XmlElement) -> GraphElement:
        outputs = self._references(element, "outputDecision")
        if not outputs:
            self.source.refuse(
                element, "dmn-structure", "决策服务没有输出决策。", "The decision service has no output."
            )
        return Service(
            **self._basics(element),
            outputs=outputs,
            input_decisions=self._references(element, "inputDecision"),
            input_data=self._references(element, "inputData"),
        )

    def _requirements(self, element: XmlElement) -> list[Reference]:
        return [
            self._reference(required)
            for requirement in element
            if self.source.kind(requirement) in ("informationRequirement", "knowledgeRequirement")
            for required in requirement
            if self.source.kind(required) in ("requiredDecision", "requiredInput", "requiredKnowledge")
        ]

    def _references(self, element: XmlElement, kind: str) -> list[Reference]:
        return [self._reference(one) for one in self.source.children(element, kind)]

    def _reference(self, element: XmlElement) -> Reference:
        namespace, _, target = element.get("href", "").rpartition("#")
        own = namespace in ("", self.source.namespace)
        return Reference("" if own else namespace, target.strip(), self.source.place(element))


_ELEMENTS = {
    "inputData": _Reading.read_input_data,
    "decision": _Reading.read_decision,
    "businessKnowledgeModel": _Reading.read_knowledge,
    "decisionService": _Reading.read_service,
}
