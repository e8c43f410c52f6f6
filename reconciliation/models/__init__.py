"""Does the bank's statement agree with us, and what do we report."""

from reconciliation.models.snapshots import ReportSnapshot
from reconciliation.models.statements import Discrepancy, Statement, StatementLine, StatementMatch

__all__ = ["Discrepancy", "ReportSnapshot", "Statement", "StatementLine", "StatementMatch"]
