"""Process designers change what processes ask here."""
