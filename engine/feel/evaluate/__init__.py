"""From the syntax tree to Python closures over a frame, and what they do."""
