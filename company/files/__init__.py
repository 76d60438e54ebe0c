"""Files people add: what they are, where their bytes lie, and pictures made fit to keep."""
