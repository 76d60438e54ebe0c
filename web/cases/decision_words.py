"""Decisions in words: which rules of a table held, on what, and what they came to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.bpmn import Definition
from web.shared.language import in_language
from web.shared.words.decision_names import names_of
from web.shared.words.wording import Rows, Wording


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a table that held; `note` is the table's own remark on it, empty when it makes none."""

    number: int
    note: str


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision that was taken: on which inputs, by which rules, with which result."""

    name: str
    inputs: Rows
    rules: list[Rule]
    result: Rows


def decided(trace: Iterable[dict[str, Any]], definition: Definition, wording: Wording) -> list[Decided]:
    """The decisions of a trace in the order they were taken (the shape is `engine.decisions.trace`'s)."""
    names = names_of(definition)
    found, rules = [], list[Rule]()
    for step in trace:
        if "table" in step:
            rules = [
                Rule(int(rule["index"]), in_language(*names.notes.get(rule["id"], ("", "")))) for rule in step["rules"]
            ]
        elif "decision" in step:
            name = in_language(*names.decisions.get(step["decision"], (step["name"], "")))
            result = names.result(step["decision"], step["value"], wording.text)
            found.append(Decided(name, wording.rows(step["inputs"]), rules, result))
            rules = []
    return found
