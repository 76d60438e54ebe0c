"""Accounts: who people are, what they may do, how they log in, who stands in for whom, and the log of it all."""
