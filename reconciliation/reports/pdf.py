"""A snapshot as PDF/A-3: the form of Decree 30/2020, tables, one chart, and the figures as an embedded CSV."""

from datetime import UTC

from django.template.loader import render_to_string

from reconciliation.models import ReportSnapshot
from reconciliation.reports.chart import coverage_chart
from reconciliation.reports.figures_csv import figures_csv
from reconciliation.reports.letterhead import letterhead, place_of
from reconciliation.reports.sentences import day_text
from reconciliation.reports.tables import Table, report_tables
from reconciliation.reports.tables.layout import laid_out
from reconciliation.reports.wording import audit_sentence, bounds, write_sentences
from staff.printing import Embedded, archive_pdf

TEMPLATE = "reconciliation/report.html"
CSV_NAME = "so-lieu.csv"


def render_pdf(*, snapshot: ReportSnapshot) -> bytes:
    """The report's PDF. The same snapshot gives the same bytes: dates and identifier come from it, fonts from the repository."""
    tables = report_tables(snapshot.figures)
    figures = Embedded(
        name=CSV_NAME, description="Số liệu của báo cáo", content=figures_csv(tables).encode(), modified=snapshot.created_at
    )  # fmt: skip
    html = render_html(snapshot=snapshot, tables=tables)
    return archive_pdf(html, identifier=bytes.fromhex(snapshot.digest), files=[figures])


def render_html(*, snapshot: ReportSnapshot, tables: list[Table]) -> str:
    """The HTML the PDF is made from."""
    figures = snapshot.figures
    rates, *annexes = tables
    return render_to_string(
        TEMPLATE,
        {
            "snapshot": snapshot,
            "figures": figures,
            "created": snapshot.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "sentences": write_sentences(figures),
            "audit": audit_sentence(checked_at=snapshot.seal_checked_at, findings=snapshot.seal_findings),
            "head": letterhead(figures),
            "place": place_of(str(figures["unit"]["name"])),
            "as_of": day_text(bounds(figures)[1]),
            "code": data_code(snapshot),
            "seal": snapshot.seal_digest[:16],
            "rates": laid_out(rates),
            "annexes": [laid_out(table) for table in annexes],
            "chart": coverage_chart(figures),
        },
    )


def data_code(snapshot: ReportSnapshot) -> str:
    """The code printed on every page: the start of the figures' digest, so that paper and snapshot can be compared."""
    return snapshot.digest[:12]
