"""What every room of the pages stands on: language, formats, navigation, errors, security, and the drawing of forms."""
