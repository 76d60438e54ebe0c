"""Which cases were opened: noted where a case is loaded for its reader, so that no address can say otherwise."""

from __future__ import annotations

from contextvars import ContextVar

_opened: ContextVar[set[str] | None] = ContextVar("opened", default=None)


def watch() -> set[str]:
    """A set that from now on holds the number of every case opened in this thread; the last one that asked has it."""
    numbers: set[str] = set()
    _opened.set(numbers)
    return numbers


def opened(number: str) -> None:
    """Say that a query gives its reader more of this case than a list would."""
    numbers = _opened.get()
    if numbers is not None:
        numbers.add(number)
