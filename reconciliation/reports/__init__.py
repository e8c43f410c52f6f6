"""Reports: figures counted once, frozen as a snapshot, then written as PDF, workbook and JSON without asking the database again."""

from reconciliation.reports.snapshot import take_snapshot
from reconciliation.reports.writing import write_report

__all__ = ["take_snapshot", "write_report"]
