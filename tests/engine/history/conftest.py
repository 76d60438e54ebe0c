"""The house of small processes, for histories to tamper with."""

from tests.bench import house

__all__ = ["house"]
