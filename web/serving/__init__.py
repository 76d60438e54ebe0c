"""How pages are served: waitress, held to limits of connections, bodies and time."""
