"""What is owed, who signed it, what the bank said."""

from payments.models.alarms import Alarm, Enquiry, Heartbeat
from payments.models.batches import BankEvent, Payment, PaymentBatch, PaymentQuerySet, Signature
from payments.models.cycles import Cycle, Deduction, Entitlement, EntitlementPart, FundingAccount
from payments.models.journal import JournalEntry, LedgerAccount, Posting, TopUp
from payments.models.lanes import BankHoliday, BankHours, BankLane
from payments.models.life import RecoveryProposal, StopNotice
from payments.models.notices import Notice

__all__ = [
    "Alarm",
    "BankEvent",
    "BankHoliday",
    "BankHours",
    "BankLane",
    "Cycle",
    "Deduction",
    "Enquiry",
    "Entitlement",
    "EntitlementPart",
    "FundingAccount",
    "Heartbeat",
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
