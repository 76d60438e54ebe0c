"""A form as HTML, as paper, as words, and as it changes while somebody types."""
