"""What is owed, who signed it, what the bank said."""

from payments.models.batches import BankEvent, Payment, PaymentBatch, PaymentQuerySet, Signature
from payments.models.cycles import Cycle, Deduction, Entitlement, EntitlementPart, FundingAccount
from payments.models.journal import FundTransfer, JournalEntry, LedgerAccount, Posting, TopUp
from payments.models.life import RecoveryProposal, StopNotice
from payments.models.notices import Notice

__all__ = [
    "BankEvent",
    "Cycle",
    "Deduction",
    "Entitlement",
    "EntitlementPart",
    "FundTransfer",
    "FundingAccount",
    "JournalEntry",
    "LedgerAccount",
    "Notice",
    "Payment",
    "PaymentBatch",
    "PaymentQuerySet",
    "Posting",
    "RecoveryProposal",
    "Signature",
    "StopNotice",
    "TopUp",
]
