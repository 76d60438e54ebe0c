"""The house of small processes, for histories to tamper with."""

from tests.house import house

__all__ = ["house"]
