"""Auditors step through a case's history on its diagram here, and prove it."""
