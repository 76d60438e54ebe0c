"""Decisions as they are evaluated: boxed expressions, tables, the graph that ties them together."""
