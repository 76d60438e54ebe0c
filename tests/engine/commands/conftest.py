"""The house of small processes, for every command's tests."""

from tests.bench import house

__all__ = ["house"]
