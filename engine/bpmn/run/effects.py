"""What one step did, collected while it runs and given as one value."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.bpmn.state import ClosedWhy, Effects, Wait
from engine.values import Value


@dataclass(slots=True)
class EffectsRecord:
    """The effects of one step so far. Waits that open and close within the step leave no trace here."""

    path: list[str] = field(default_factory=list)
    closed: list[dict[str, Value]] = field(default_factory=list)
    set: list[dict[str, Value]] = field(default_factory=list)
    decisions: list[dict[str, Value]] = field(default_factory=list)
    sent: list[dict[str, Value]] = field(default_factory=list)
    calls: dict[int, dict[str, Value]] = field(default_factory=dict)
    """Token number -> what the case it calls is given."""
    facts: dict[str, Value] = field(default_factory=dict)
    """Single facts of the step: status, title, assigned, error."""

    def close(self, wait: Wait, why: ClosedWhy) -> None:
        """Note that a wait of an earlier step has ended."""
        self.closed.append({"wait": list(wait.id), "why": why})

    def write(self, scope: str, name: str, value: Value) -> None:
        """Note a variable that the step itself computed (those of the input are in the input)."""
        self.set.append({"scope": scope, "name": name, "value": value})

    def to_value(self, opened: list[Wait], tokens: list[tuple[str, str, int]]) -> Effects:
        """The effects as history keeps them; empty parts are left out."""
        found: Effects = {
            "path": self.path,
            "opened": [wait.to_value() for wait in opened],
            "closed": self.closed,
            "set": self.set,
            "decisions": self.decisions,
            "children": [self._child(wait) for wait in opened if wait.kind == "child"],
            "sent": self.sent,
            "tokens": [list(token) for token in tokens],
            **self.facts,
        }
        return {name: part for name, part in found.items() if part or name == "tokens"}

    def _child(self, wait: Wait) -> dict[str, Value]:
        return {"wait": list(wait.id), "process": wait.details["process"], "values": self.calls[wait.token]}
