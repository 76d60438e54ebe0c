"""Customers, without a log-in, file a request here and see how it stands."""
