"""The bench of small processes, for tapes of cases that call others."""

from tests.bench import bench

__all__ = ["bench"]
