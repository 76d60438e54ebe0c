"""Anchors leave the house: by mail, and to an authority for time-stamps."""
