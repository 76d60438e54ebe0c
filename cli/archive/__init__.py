"""Backups: their format, how they are written and read."""
