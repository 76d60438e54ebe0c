"""The house of small processes, for every command's tests."""

from tests.house import house

__all__ = ["house"]
