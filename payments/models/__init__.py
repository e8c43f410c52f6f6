"""What is owed, who signed it, what the bank said."""

from payments.models.alarms import Alarm, Heartbeat
from payments.models.batches import BankEvent, Payment, PaymentBatch, PaymentQuerySet, Signature
from payments.models.budget_codes import BudgetCode
from payments.models.cash_days import CashDay, CashDayEnd
from payments.models.certificates import Certificate
from payments.models.contradictions import Contradiction, Finding
from payments.models.cycles import Cycle, Deduction, Entitlement, EntitlementPart, FundingAccount
from payments.models.enquiries import BankLetter, Enquiry, Succession
from payments.models.estimates import BudgetEstimate
from payments.models.files import BankReport, PaymentFile
from payments.models.journal import FundTransfer, JournalEntry, LedgerAccount, Posting, TopUp
from payments.models.lanes import BankHoliday, BankHours, BankLane
from payments.models.life import RecoveryProposal, StopNotice
from payments.models.notices import Notice
from payments.models.orders import GiftLook, GrantOrder, ListOrder, OfficeFile
from payments.models.papers import SignedPaper, TreasuryVoucher
from payments.models.places import BooksPlace, BooksStart
from payments.models.providers import HandOver, PayingPoint, Provider, ProviderTemplate, ResultLine, ResultList
from payments.models.recoveries import RecoveryReceipt
from payments.models.reducing import Freeze, RemovalSlip, SlipSignature
from payments.models.row_notes import RowNote
from payments.models.setting_changes import SettingChange
from payments.models.signing import ConflictNote, ListMaker, SigningRule

__all__ = [
    "Alarm",
    "BankEvent",
    "BankHoliday",
    "BankHours",
    "BankLane",
    "BankLetter",
    "BankReport",
    "BooksPlace",
    "BooksStart",
    "BudgetCode",
    "BudgetEstimate",
    "CashDay",
    "CashDayEnd",
    "Certificate",
    "ConflictNote",
    "Contradiction",
    "Cycle",
    "Deduction",
    "Enquiry",
    "Entitlement",
    "EntitlementPart",
    "Finding",
    "Freeze",
    "FundTransfer",
    "FundingAccount",
    "GiftLook",
    "GrantOrder",
    "HandOver",
    "Heartbeat",
    "JournalEntry",
    "LedgerAccount",
    "ListMaker",
    "ListOrder",
    "Notice",
    "OfficeFile",
    "PayingPoint",
    "Payment",
    "PaymentBatch",
    "PaymentFile",
    "PaymentQuerySet",
    "Posting",
    "Provider",
    "ProviderTemplate",
    "RecoveryProposal",
    "RecoveryReceipt",
    "RemovalSlip",
    "ResultLine",
    "ResultList",
    "RowNote",
    "SettingChange",
    "Signature",
    "SignedPaper",
    "SigningRule",
    "SlipSignature",
    "StopNotice",
    "Succession",
    "TopUp",
    "TreasuryVoucher",
]
