"""What can be told about an expression before it runs: names, types, certain mistakes."""
