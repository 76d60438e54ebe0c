"""Administrators say here who may do what, keep the working calendar, and see what stands still."""
