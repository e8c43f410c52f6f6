"""A snapshot as PDF/A-3: the form of Decree 30/2020, tables, one chart, and the figures as an embedded CSV."""

import os
from datetime import UTC

from django.template.loader import render_to_string
from weasyprint import HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from reconciliation.models import ReportSnapshot
from reconciliation.reports.chart import coverage_chart
from reconciliation.reports.figures_csv import figures_csv
from reconciliation.reports.sentences import day_text
from reconciliation.reports.tables import Table, report_tables
from reconciliation.reports.tables.layout import laid_out
from reconciliation.reports.wording import bounds, write_sentences
from staff.printing import SCHEME, AssetFetcher

TEMPLATE = "reconciliation/report.html"
CSV_NAME = "so-lieu.csv"

# Where HarfBuzz's subsetter is missing, fontTools takes its place, and writes the hour into every font unless it is given one.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")


def render_pdf(*, snapshot: ReportSnapshot) -> bytes:
    """The report's PDF. The same snapshot gives the same bytes: dates and identifier come from it, fonts from the repository."""
    fetcher = AssetFetcher()
    tables = report_tables(snapshot.figures)
    attachment = Attachment(
        string=figures_csv(tables), name=CSV_NAME, description="Số liệu của báo cáo", relationship="Data", base_url=SCHEME, url_fetcher=fetcher,
        created=snapshot.created_at.astimezone(UTC), modified=snapshot.created_at.astimezone(UTC),
    )  # fmt: skip
    document = HTML(string=render_html(snapshot=snapshot, tables=tables), base_url=SCHEME, url_fetcher=fetcher)
    content: bytes = document.write_pdf(
        font_config=FontConfiguration(), pdf_variant="pdf/a-3u", pdf_tags=True, pdf_identifier=bytes.fromhex(snapshot.digest)[:16],
        attachments=[attachment],
    )  # fmt: skip
    return content


def render_html(*, snapshot: ReportSnapshot, tables: list[Table]) -> str:
    """The HTML the PDF is made from."""
    figures = snapshot.figures
    place = str(figures["unit"]["name"])
    rates, *annexes = tables
    return render_to_string(
        TEMPLATE,
        {
            "snapshot": snapshot,
            "figures": figures,
            "created": snapshot.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "sentences": write_sentences(figures),
            "unit_name": place.upper(),
            "agency_name": str(figures["agency"]["name"]).upper(),
            "place": place.removeprefix("tỉnh ").removeprefix("thành phố "),
            "year": bounds(figures)[1].year,
            "as_of": day_text(bounds(figures)[1]),
            "code": data_code(snapshot),
            "rates": laid_out(rates),
            "annexes": [laid_out(table) for table in annexes],
            "chart": coverage_chart(figures),
        },
    )


def data_code(snapshot: ReportSnapshot) -> str:
    """The code printed on every page: the start of the figures' digest, so that paper and snapshot can be compared."""
    return snapshot.digest[:12]
