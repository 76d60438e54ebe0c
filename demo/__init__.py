"""Everything invented: the demo's people, business records and cases. Only `run` and `demo` load it."""
