"""The bench of small processes, for every command's tests."""

from tests.bench import bench

__all__ = ["bench"]
