"""The working calendar a company begins with and changes, and what cases put into diaries."""
