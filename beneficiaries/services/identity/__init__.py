"""Who a person on a list is: matching, verdicts, audits."""
