"""Data of cases in words: history told in sentences, variables and decisions by the names people gave them."""
