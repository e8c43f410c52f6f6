"""Does the bank's statement agree with us, and what do we report."""

from reconciliation.models.deliveries import ReportReading, SignedReport
from reconciliation.models.discrepancies import Discrepancy, DiscrepancyStep
from reconciliation.models.issued_files import IssuedFile
from reconciliation.models.papers import IssuedPaper, PaperKind, PaperOrder
from reconciliation.models.periods import PeriodStep
from reconciliation.models.prison_lists import PrisonList, PrisonStay
from reconciliation.models.schedules import ReportRun
from reconciliation.models.seal_checks import SealCheckOrder
from reconciliation.models.signed_minutes import SignedMinutes
from reconciliation.models.snapshots import ReportSnapshot
from reconciliation.models.statements import Statement, StatementLine, StatementMapping, StatementMatch
from reconciliation.models.verifications import VerificationOrder

__all__ = [
    "Discrepancy",
    "DiscrepancyStep",
    "IssuedFile",
    "IssuedPaper",
    "PaperKind",
    "PaperOrder",
    "PeriodStep",
    "PrisonList",
    "PrisonStay",
    "ReportReading",
    "ReportRun",
    "ReportSnapshot",
    "SealCheckOrder",
    "SignedMinutes",
    "SignedReport",
    "Statement",
    "StatementLine",
    "StatementMapping",
    "StatementMatch",
    "VerificationOrder",
]
