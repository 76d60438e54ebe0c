"""Anchors are sent outside: by mail, and to an authority for time-stamps."""
