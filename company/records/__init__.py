"""Business records (customers, equipment, products, parts, contracts, knowledge): kept, searched, brought in and out."""
