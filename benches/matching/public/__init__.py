"""Public data others measure matching by, asked through the product's own `link` with the fields mapped: FEBRL 4 and pseudopeople."""
