"""A bank to test against: Stripe-shaped API, double-entry books, statements, webhooks, faults. Stands alone."""
