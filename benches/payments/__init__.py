"""The budgets of payments, each with its floor measured in the same run: `make bench-payments`."""
