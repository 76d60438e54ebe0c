"""What all pages share: language, formats, navigation, errors, security, and the drawing of forms."""
