"""FEEL in diagrams: compiled when the diagram is read, evaluated over the scope chain and nothing else.

No other evaluator exists here: SpiffWorkflow's script engine is never created.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from engine import feel
from engine.bpmn.errors import ExpressionFailed
from engine.errors import ClauseflowError
from engine.revision import CURRENT
from engine.values import Value, canonical, encode

if TYPE_CHECKING:
    from engine.bpmn.diagram import Node
    from engine.calendar import Calendar


@dataclass(frozen=True, slots=True)
class EvaluationContext:
    """What an expression may know besides variables: the input's time, calendar version and revision."""

    now: datetime
    calendar: Calendar | None = None
    revision: int = CURRENT

    @property
    def zone(self) -> tzinfo | None:
        """The company's zone, for `today()` and times without a zone."""
        return self.calendar.zone if self.calendar else None

    def for_feel(self) -> dict[str, Any]:
        """The keyword arguments every FEEL evaluation gets."""
        return {"now": self.now, "zone": self.zone, "calendar": self.calendar, "revision": self.revision}


def shown(value: Value) -> str:
    """A value as an error shows it: canonical text, cut short."""
    text = encode(value).decode()
    return text if len(text) <= 80 else text[:79] + "…"


def named(node: Node, fact: str = "node") -> dict[str, str]:
    """How an error names an element in both languages: its name for people, its id for designers."""
    english = node.name_en or node.name
    return {
        fact: f"{node.name} [{node.id}]" if node.name else node.id,
        f"{fact}_en": f"{english} [{node.id}]" if english else node.id,
    }


class Formula:
    """One FEEL expression of one attribute of one element."""

    __slots__ = ("attribute", "expression", "owner")

    def __init__(self, owner: Mapping[str, str], attribute: str, text: str) -> None:
        """Compile `text`; `owner` names the element (`named`). Raises FeelSyntaxError."""
        self.owner = owner
        self.attribute = attribute
        self.expression = feel.compile(text)

    def value(self, variables: Mapping[str, Value], context: EvaluationContext) -> Value:
        """The value over `variables`, canonical. Raises ExpressionFailed."""
        try:
            return canonical(self.expression.evaluate(variables, **context.for_feel()), self.attribute)
        except ClauseflowError as error:
            raise self.failed(error.text("zh"), error.text("en")) from error

    def truth(self, variables: Mapping[str, Value], context: EvaluationContext) -> bool:
        """The value of a condition. Raises ExpressionFailed unless it is true or false.

        A null would send a case down the wrong way without a word, so it is refused.
        """
        found = self.value(variables, context)
        if not isinstance(found, bool):
            raise self.failed(
                f"条件的结果应为 true 或 false，得到 {shown(found)}。",
                f"a condition must be true or false; it is {shown(found)}.",
            )
        return found

    def failed(self, zh: str, en: str) -> ExpressionFailed:
        """The error that names this expression, with a reason."""
        return ExpressionFailed(
            **self.owner, attribute=self.attribute, expression=self.expression.text, reason_zh=zh, reason_en=en
        )
