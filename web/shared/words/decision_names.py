"""What a decision file calls its parts, in both languages: decisions, remarks on rules, outputs and their values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine import xml
from engine.bpmn import Definition
from web.shared.language import in_language
from web.shared.words.role_names import name_of_address

OURS = "{urn:clauseflow:bpmn:1}"
Both = tuple[str, str]
"""Chinese and English; English is empty where the file has none."""


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results: its name, and what its values are called."""

    name: Both
    words: dict[str, Both]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one file: decisions and rules' remarks by id, outputs by decision and name."""

    decisions: dict[str, Both] = field(default_factory=dict)
    notes: dict[str, Both] = field(default_factory=dict)
    outputs: dict[str, dict[str, Output]] = field(default_factory=dict)

    def result(self, decision: str, value: Any, text: Callable[[Any], str]) -> list[tuple[str, str]]:
        """A decision's result as labels and texts; `text` says what the file has no words for."""
        outputs = self.outputs.get(decision, {})
        if isinstance(value, dict):
            return [self._told(outputs.get(key), key, part, text) for key, part in value.items()]
        only = next(iter(outputs.values())) if len(outputs) == 1 else None
        return [("", self._told(only, "", value, text)[1])]

    def _told(self, output: Output | None, key: str, value: Any, text: Callable[[Any], str]) -> tuple[str, str]:
        label = in_language(*output.name) if output else key
        parts = value if isinstance(value, list) else [value]
        said = [_said(output.words if output else {}, part, text) for part in parts]
        return label, text(said) if isinstance(value, list) else said[0]


def names_of(definition: Definition) -> Names:
    """The names in a version's decision file, if it has one."""
    path = f"processes/{definition.key}.dmn"
    return _read(definition.files[path], path) if path in definition.files else Names()


def _said(words: dict[str, Both], value: Any, text: Callable[[Any], str]) -> str:
    if isinstance(value, str):
        return in_language(*words[value]) if value in words else name_of_address(value)
    return text(value)


@lru_cache(maxsize=64)
def _read(content: bytes, path: str) -> Names:
    root = xml.parse(content, path)
    names = Names()
    for element in root.iter("{*}decision"):
        key = element.get("id", "")
        names.decisions[key] = element.get("name", ""), element.get(f"{OURS}nameEn", "")
        for table in element.iter("{*}decisionTable"):
            names.notes.update(_notes(table))
            names.outputs[key] = {output.get("name", ""): _output(output) for output in table.iterchildren("{*}output")}
    return names


def _output(element: xml.Element) -> Output:
    name = element.get("name", "")
    return Output(
        (element.get("label") or name, element.get(f"{OURS}nameEn", "")),
        dict(_words(element.get(f"{OURS}words", ""))),
    )


def _words(text: str) -> Iterator[tuple[str, Both]]:
    """`code=中文|English; …`: what each value of a column is called."""
    for part in filter(None, map(str.strip, text.split(";"))):
        code, _, said = part.partition("=")
        zh, _, en = said.partition("|")
        yield code.strip(), (zh.strip(), en.strip())


def _notes(table: xml.Element) -> Iterator[tuple[str, Both]]:
    """Each rule's remarks: a column with an English heading holds the English ones."""
    headings = [column.get("name", "") for column in table.iterchildren("{*}annotation")]
    for rule in table.iterchildren("{*}rule"):
        texts = ["".join(map(str, entry.itertext())).strip() for entry in rule.iterchildren("{*}annotationEntry")]
        english = [text for heading, text in zip(headings, texts, strict=False) if heading.isascii()]
        chinese = [text for heading, text in zip(headings, texts, strict=False) if not heading.isascii()]
        yield rule.get("id", ""), (" ".join(chinese or english), " ".join(english))
