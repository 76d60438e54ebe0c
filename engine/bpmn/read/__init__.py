"""From the XML of a diagram to its nodes, flows and lanes, or to every reason why it cannot be carried out."""
