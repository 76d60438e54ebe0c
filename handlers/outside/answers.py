"""How the other side may fail us: for good, for now, or altogether. Its answer is the error's text."""

from __future__ import annotations

from engine.jobs import TryLater


class Declined(Exception):
    """It will not take this, however often it is asked."""


class Deferred(TryLater):
    """It answered that it does not take this now."""


class BrokenOff(TryLater):
    """The connection broke or time ran out on the way: it may or may not have taken this."""


class Away(TryLater):
    """It cannot be reached or is out of order: whatever else there is for it will fare no better now."""
