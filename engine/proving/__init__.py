"""The proof of a case: its chain is whole and its inputs re-execute to the same states."""
