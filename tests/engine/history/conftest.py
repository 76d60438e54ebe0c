"""The bench of small processes, for histories to tamper with."""

from tests.bench import bench

__all__ = ["bench"]
