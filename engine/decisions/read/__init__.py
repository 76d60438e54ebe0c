"""From the XML of a decision file to a model, or to every reason why it cannot be used."""
