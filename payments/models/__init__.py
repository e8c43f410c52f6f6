"""What is owed, who signed it, what the bank said."""

from payments.models.batches import BankEvent, Payment, PaymentBatch, PaymentQuerySet, Signature
from payments.models.cycles import Cycle, Deduction, Entitlement, EntitlementPart, FundingAccount
from payments.models.files import BankReport, PaymentFile
from payments.models.journal import JournalEntry, LedgerAccount, Posting, TopUp
from payments.models.life import RecoveryProposal, StopNotice
from payments.models.notices import Notice

__all__ = [
    "BankEvent",
    "BankReport",
    "Cycle",
    "Deduction",
    "Entitlement",
    "EntitlementPart",
    "FundingAccount",
    "JournalEntry",
    "LedgerAccount",
    "Notice",
    "Payment",
    "PaymentBatch",
    "PaymentFile",
    "PaymentQuerySet",
    "Posting",
    "RecoveryProposal",
    "Signature",
    "StopNotice",
    "TopUp",
]
