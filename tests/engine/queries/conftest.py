"""The house of small processes, for what is read of it."""

from tests.bench import house

__all__ = ["house"]
