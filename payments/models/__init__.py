"""What is owed, who signed it, what the bank said."""

from payments.models.batches import BankEvent, Payment, PaymentBatch, PaymentQuerySet, Signature
from payments.models.cycles import Cycle, Deduction, Entitlement, EntitlementPart, FundingAccount
from payments.models.journal import JournalEntry, LedgerAccount, Posting, TopUp

__all__ = [
    "BankEvent",
    "Cycle",
    "Deduction",
    "Entitlement",
    "EntitlementPart",
    "FundingAccount",
    "JournalEntry",
    "LedgerAccount",
    "Payment",
    "PaymentBatch",
    "PaymentQuerySet",
    "Posting",
    "Signature",
    "TopUp",
]
