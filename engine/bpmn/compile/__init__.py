"""From a read diagram to the specs SpiffWorkflow carries out, its FEEL compiled on the way."""
