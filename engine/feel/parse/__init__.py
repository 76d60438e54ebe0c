"""From text to the syntax tree: a Pratt parser that is told the names in scope."""
