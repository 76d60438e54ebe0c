"""Forms of processes on pages: drawn, filled from outside, read from a post, their files taken in."""
