"""Anchors: heads of all histories kept outside, and their time-stamps."""
