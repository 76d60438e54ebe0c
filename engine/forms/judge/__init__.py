"""What was sent, held against the form: settled, judged, accepted or refused field by field."""
