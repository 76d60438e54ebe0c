"""Measurements of FEEL and forms."""
