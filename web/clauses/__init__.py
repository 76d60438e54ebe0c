"""Everybody reads the regulations here, clause by clause, with where each is carried out and how well."""
