"""What the expressions of a form see: the variables of the case overlaid with what was typed so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.errors import ClauseflowError
from engine.feel import Expression
from engine.forms.model import Level, Rule, Surroundings
from engine.forms.words import Wrong
from engine.values import Value, canonical


@dataclass(slots=True)
class Scope:
    """The names visible on one level; a row also sees itself as `this` and the level around it as `parent`."""

    values: dict[str, Value]
    around: Surroundings

    def inner(self, level: Level, row: dict[str, Value]) -> Scope:
        """The scope of one row; values missing in `row` are not settled yet and read as null."""
        if not level.has_rules:
            return Scope({}, self.around)
        unsettled: dict[str, Value] = dict.fromkeys(level.by_key)
        return Scope({**self.values, **unsettled, **row, "this": row, "parent": self.values}, self.around)

    def evaluate(self, expression: Expression) -> Value:
        """The expression's value. Raises Wrong when it exceeds its budget or gives no storable value."""
        around = self.around
        try:
            value = expression.evaluate(self.values, now=around.now, zone=around.zone, calendar=around.calendar)
            return canonical(value, expression.text)
        except ClauseflowError as error:
            raise Wrong("expression_failed", reason_zh=error.text("zh"), reason_en=error.text("en")) from error

    def holds(self, rule: Rule) -> bool:
        """Whether a rule is true; anything but true is not."""
        return rule if isinstance(rule, bool) else self.evaluate(rule) is True

    def resolved(self, limit: Any) -> Any:
        """A limit's value, whether it was written as a literal or in FEEL."""
        return self.evaluate(limit) if isinstance(limit, Expression) else limit
