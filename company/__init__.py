"""The company's own records, beside the processes: people, roles, sessions and what administrators did."""
