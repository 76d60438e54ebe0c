"""The house of small processes, for what is read of it."""

from tests.house import house

__all__ = ["house"]
