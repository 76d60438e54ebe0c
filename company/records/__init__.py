"""Business records (customers, equipment, products, parts, contracts, knowledge): kept, found, in and out of Excel."""
