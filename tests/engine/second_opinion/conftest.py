"""The house of small processes, for tapes of cases that call others."""

from tests.bench import house

__all__ = ["house"]
