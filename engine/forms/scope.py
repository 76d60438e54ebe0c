"""What the expressions of a form see: the variables of the case overlaid with what was typed so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from engine.errors import ClauseflowError
from engine.feel import Expression
from engine.feel.evaluate.frames import FeelRun
from engine.forms.context import FormEnvironment
from engine.forms.read.attributes import FlagOrExpression
from engine.forms.words import Wrong
from engine.values import Value, canonical


class RowFields(Protocol):
    """The fields of one row, as far as their scope asks."""

    @property
    def by_key(self) -> Mapping[str, object]: ...

    @property
    def names(self) -> frozenset[str]: ...

    @property
    def has_rules(self) -> bool: ...


@dataclass(slots=True)
class FormScope:
    """The names visible on one level; a row also sees itself as `this` and the level around it as `parent`."""

    values: dict[str, Value]
    environment: FormEnvironment

    def inner(self, level: RowFields, row: dict[str, Value]) -> FormScope:
        """The scope of one row; values missing in `row` are not settled yet and read as null."""
        return self.rows(level)(row)

    def rows(self, level: RowFields) -> Callable[[dict[str, Value]], FormScope]:
        """Makes the scopes of the rows of one list; what all rows see, and some rule reads, is gathered once."""
        if not level.has_rules:
            return lambda *args: FormScope({}, self.environment)
        read = self.values.keys() & (self.values if "parent" in level.names else level.names)
        shared: dict[str, Value] = {name: self.values[name] for name in read}
        shared |= {**dict.fromkeys(level.by_key), "parent": self.values}

        def one(row: dict[str, Value]) -> FormScope:
            names = shared.copy()
            names.update(row)
            names["this"] = row
            return FormScope(names, self.environment)

        return one

    def evaluate(self, expression: Expression) -> Value:
        """The expression's value. Raises Wrong when it exceeds its budget or gives no storable value."""
        environment = self.environment
        try:
            if environment.allowance:
                environment.allowance.check()
            value = expression.within(self.values, FeelRun(environment.now, environment.zone, environment.calendar))
            return value if value is True or value is False else canonical(value, expression.text)
        except ClauseflowError as error:
            raise Wrong("expression_failed", reason_zh=error.text("zh"), reason_en=error.text("en")) from error

    def holds(self, rule: FlagOrExpression) -> bool:
        """Whether a rule is true; anything but true is not."""
        return rule if isinstance(rule, bool) else self.evaluate(rule) is True

    def resolved(self, limit: Any) -> Any:
        """A limit's value, whether it was written as a literal or in FEEL."""
        return self.evaluate(limit) if isinstance(limit, Expression) else limit
