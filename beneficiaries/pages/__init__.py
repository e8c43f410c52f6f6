"""Open work for people: the queue, one case, and the steps of whoever may take them."""
