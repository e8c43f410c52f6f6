"""Who receives for a person, and whose telephone notices go to."""
