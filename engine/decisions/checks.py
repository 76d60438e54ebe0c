"""What a deploy should know about a decision file before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import Problem

if TYPE_CHECKING:
    from engine.decisions.model import Model


def check(model: Model) -> list[Problem]:
    """The problems of a model, in the order of the file."""
    return sorted(model.problems, key=lambda problem: problem.line or 0)
