"""What cases tell people, by which channel, and what became of it."""
