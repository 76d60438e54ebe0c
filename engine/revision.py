"""The revision of the engine: the number every entry records, so that its input can be carried out again as it was.

A change that lets the same input on the same state come to something else is a new revision. `advance`, FEEL and
decisions are handed the revision of the entry (`Input.revision`, `Run.revision`) and go by the rule it had:

    if run.revision < 2: ...the old rule...

docs/operations.md says when a change is one, and what else it takes.
"""

from __future__ import annotations

from typing import Final

CURRENT: Final = 1
"""What new entries record."""

KNOWN: Final = frozenset(range(1, CURRENT + 1))
"""What this version can carry out again."""
