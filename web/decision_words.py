"""Decisions in words: which rules of a table held, on what, and what they came to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine import xml
from engine.bpmn import Definition
from web.language import in_language
from web.wording import Rows, Wording

ENGLISH_NAME = "{urn:clauseflow:bpmn:1}nameEn"


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


@dataclass(frozen=True, slots=True)
class Names:
    """What a decision file calls its parts, each as (Chinese, English): decisions, rules' remarks, outputs."""

    decisions: dict[str, tuple[str, str]]
    notes: dict[str, tuple[str, str]]
    outputs: dict[str, tuple[str, str]]


def decided(trace: Iterable[dict[str, Any]], definition: Definition, wording: Wording) -> list[Decided]:
    """The decisions of a trace in the order they were taken (the shape is `engine.decisions.trace`'s)."""
    names = _names(definition)
    found, rules = [], list[Rule]()
    for step in trace:
        if "table" in step:
            rules = [
                Rule(int(rule["index"]), in_language(*names.notes.get(rule["id"], ("", "")))) for rule in step["rules"]
            ]
        elif "decision" in step:
            name = in_language(*names.decisions.get(step["decision"], (step["name"], "")))
            found.append(Decided(name, wording.rows(step["inputs"]), rules, _result(step["value"], names, wording)))
            rules = []
    return found


def _result(value: Any, names: Names, wording: Wording) -> Rows:
    if not isinstance(value, dict):
        return [("", wording.text(value))]
    return [(in_language(*names.outputs.get(key, (key, key))), wording.text(part)) for key, part in value.items()]


def _names(definition: Definition) -> Names:
    path = f"processes/{definition.key}.dmn"
    return _read(definition.files[path], path) if path in definition.files else Names({}, {}, {})


@lru_cache(maxsize=64)
def _read(content: bytes, path: str) -> Names:
    root = xml.parse(content, path)
    names = Names({}, {}, {})
    for element in root.iter("{*}decision"):
        names.decisions[element.get("id", "")] = (element.get("name", ""), element.get(ENGLISH_NAME, ""))
        for table in element.iter("{*}decisionTable"):
            names.notes.update(_notes(table))
            for output in table.iterchildren("{*}output"):
                name = output.get("name", "")
                names.outputs[name] = output.get("label") or name, name
    return names


def _notes(table: xml.Element) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each rule's remarks: a column with an English heading holds the English ones."""
    headings = [column.get("name", "") for column in table.iterchildren("{*}annotation")]
    for rule in table.iterchildren("{*}rule"):
        texts = ["".join(map(str, entry.itertext())).strip() for entry in rule.iterchildren("{*}annotationEntry")]
        english = [text for heading, text in zip(headings, texts, strict=False) if heading.isascii()]
        chinese = [text for heading, text in zip(headings, texts, strict=False) if not heading.isascii()]
        yield rule.get("id", ""), (" ".join(chinese or english), " ".join(english))
