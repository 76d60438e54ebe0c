"""From the bytes of a form file to a form, or to every reason why it cannot be used."""
