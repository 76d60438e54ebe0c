"""What a definition may rely on beside its own files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from engine.clauses import Register
from engine.history.deployments import PutInForce


@dataclass(frozen=True, slots=True)
class LintContext:
    """The register of clauses, the names of the handlers and of the other processes, and the version now in force."""

    register: Register
    handlers: Collection[str] = field(default_factory=frozenset)
    processes: Collection[str] = field(default_factory=frozenset)
    in_force: PutInForce | None = None
