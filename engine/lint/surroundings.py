"""What a definition may rely on beside its own files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from engine.clauses import Register


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The register of clauses, and the names of the handlers and of the other processes there are."""

    register: Register
    handlers: Collection[str] = field(default_factory=frozenset)
    processes: Collection[str] = field(default_factory=frozenset)
