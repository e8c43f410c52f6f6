"""The report's tables (Biểu), each built once and printed as PDF, workbook and CSV."""

from reconciliation.reports.tables.by_person import person_table
from reconciliation.reports.tables.by_programme import programme_table
from reconciliation.reports.tables.by_reason import reason_table
from reconciliation.reports.tables.by_unit import unit_table
from reconciliation.reports.tables.comparison import comparison_table
from reconciliation.reports.tables.funds import funds_table
from reconciliation.reports.tables.opening import opening_table
from reconciliation.reports.tables.quality import quality_table
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
    "funds_table",
    "opening_table",
    "person_table",
    "programme_table",
    "quality_table",
    "rate_table",
    "reason_table",
    "register_table",
    "report_tables",
    "statement_table",
    "unit_table",
]


def report_tables(figures: dict[str, object]) -> list[Table]:
    """All tables of a report in their printed order; a snapshot of an older schema has fewer."""
    makers = (
        rate_table, unit_table, programme_table, person_table, reason_table, funds_table, comparison_table, opening_table, quality_table,
        register_table, statement_table, definition_table,
    )  # fmt: skip
    return [table for make in makers if (table := make(figures)) is not None]
