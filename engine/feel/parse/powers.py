"""How tightly operators bind, loosest first; both halves of the parser go by it."""

OR, AND, COMPARISON, SUM, PRODUCT, POWER, INSTANCE, OPERAND = range(1, 9)
