"""The report's tables (Biểu), each built once and printed as PDF, workbook and CSV."""

from reconciliation.reports.tables.by_programme import programme_table
from reconciliation.reports.tables.by_reason import reason_table
from reconciliation.reports.tables.by_unit import unit_table
from reconciliation.reports.tables.comparison import comparison_table
from reconciliation.reports.tables.rates import definition_table, rate_table
from reconciliation.reports.tables.registers import register_table
from reconciliation.reports.tables.statement import statement_table
from reconciliation.reports.tables.table import Column, Kind, Line, Table

__all__ = [
    "Column",
    "Kind",
    "Line",
    "Table",
    "comparison_table",
    "definition_table",
    "programme_table",
    "rate_table",
    "reason_table",
    "register_table",
    "report_tables",
    "statement_table",
    "unit_table",
]


def report_tables(figures: dict[str, object]) -> list[Table]:
    """All tables of a report in their printed order."""
    makers = (
        rate_table, unit_table, programme_table, reason_table, comparison_table, register_table, statement_table, definition_table,
    )  # fmt: skip
    return [make(figures) for make in makers]
