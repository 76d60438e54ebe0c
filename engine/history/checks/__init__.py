"""Checks that history was not changed: its chains, its anchors, and the verdicts."""
