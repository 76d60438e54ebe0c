"""Whoever may see a case reads its file here, comments on it, prints its papers, and puts it right."""
