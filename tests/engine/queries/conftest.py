"""The bench of small processes, for what is read of it."""

from tests.bench import bench

__all__ = ["bench"]
