"""A process's key stands in addresses, where some words mean something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.bpmn import Definition
from engine.errors import Problem
from engine.lint.context import LintContext

LONGEST: Final = 60
"""Characters of a key, as of every other that becomes an address."""

RESERVED: Final = frozenset({"evaluate", "export", "import", "new", "progress", "receipt"})
"""What means something else in an address where a process may stand."""


def process_key(definition: Definition, *args: LintContext) -> Iterator[Problem]:
    """A key that is a word of the router, or longer than any other may be, is an error."""
    key = definition.diagram.key
    if key.casefold() in RESERVED:
        yield _problem(definition, f"流程标识“{key}”在网址里另有用处，请换一个",
                       f"the process key “{key}” means something else in addresses; choose another")  # fmt: skip
    if len(key) > LONGEST:
        yield _problem(definition, f"流程标识最多 {LONGEST} 个字符", f"a process key has at most {LONGEST} characters")


def _problem(definition: Definition, zh: str, en: str) -> Problem:
    diagram = definition.diagram
    return Problem("process_key", diagram.key, zh, en, diagram.line, file=definition.bpmn_path)
