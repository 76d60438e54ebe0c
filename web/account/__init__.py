"""One's own: logging in and out, password, sessions, substitutes."""
