"""Built-ins on truth values, and the two that look at any value (DMN 1.5, 10.3.4.2, 10.3.4.6)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from engine.feel.builtins.signature import signature
from engine.feel.comparison import equal


def _is(left: Any, right: Any) -> bool:
    """Sameness: as `=`, but never null, and zones have to agree."""
    if type(left) is not type(right):
        return False
    if type(left) in (time, datetime) and (left.tzinfo is None) != (right.tzinfo is None):
        return False
    return equal(left, right) is True


SIGNATURES = {
    "not": [signature("negand: boolean", lambda negand: not negand)],
    "is": [signature("value1: any?, value2: any?", _is)],
}
