"""Staff keep the company's business records here: customers, equipment, parts, contracts, knowledge."""
