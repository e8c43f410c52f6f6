"""PDF, workbook and JSON of one snapshot."""

import csv
import io
import json
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from reconciliation.reports.chart import coverage_chart
from reconciliation.reports.docx import render_docx
from reconciliation.reports.pdf import CSV_NAME, render_pdf
from reconciliation.reports.small_groups import merge_small_groups
from reconciliation.reports.tables import report_tables
from reconciliation.reports.workbook import render_workbook
from reconciliation.reports.writing import write_report
from staff.printing import SCHEME, AssetFetcher
from tests.reports.provinces import province_figures, province_snapshot

DIFFERENCE = "Tổng số đối tượng (1) lệch 4 người."


@pytest.fixture(scope="module")
def pdf() -> PdfReader:
    return PdfReader(io.BytesIO(render_pdf(snapshot=province_snapshot(districts=2, communes=2))))


def squeezed(text: str) -> str:
    """One line: a page breaks lines where it likes."""
    return " ".join(text.split())


class TestPdf:
    def test_has_the_form_of_the_decree_and_the_sentence(self, pdf: PdfReader):
        first = squeezed(pdf.pages[0].extract_text())

        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in first
        assert "UBND TỈNH AN SƠN" in first
        assert "quý III năm 2024 (thực hiện Đề án 06)" in first
        assert "Số liệu chốt đến 24 giờ ngày 30/9/2024 · Mã số liệu" in first
        assert "DỰ THẢO" not in first

    def test_has_every_table(self, pdf: PdfReader):
        text = squeezed(" ".join(page.extract_text() for page in pdf.pages))

        assert all(f"Biểu {number}." in text for number in ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10"))
        assert f"trang {len(pdf.pages)}/{len(pdf.pages)}" in text

    def test_uses_only_the_fonts_of_the_repository(self, pdf: PdfReader):
        fonts = {
            str(font.get_object()["/BaseFont"]) for page in pdf.pages for font in page["/Resources"]["/Font"].values()
        }

        assert {font.partition("+")[2].split("-")[0] for font in fonts} <= {"AnSinhSerif", "AnSinhSans"}

    def test_is_pdf_a_3_with_the_figures_embedded(self, pdf: PdfReader):
        rows = list(csv.DictReader(io.StringIO(pdf.attachments[CSV_NAME][0].decode())))

        total = province_figures(districts=2, communes=2)["headline"]
        first = next(row for row in rows if row["bieu"] == "Biểu 01" and row["cot"] == "(1)")
        assert (first["ten_dong"], first["gia_tri"]) == ("Toàn tỉnh", str(total["beneficiaries"]))
        assert b"<pdfaid:part>3</pdfaid:part>" in pdf.xmp_metadata.stream.get_data() or "pdfaid" in str(
            pdf.xmp_metadata.stream.get_data()
        )

    def test_the_same_snapshot_gives_the_same_bytes(self):
        assert render_pdf(snapshot=province_snapshot(districts=1, communes=1)) == render_pdf(
            snapshot=province_snapshot(districts=1, communes=1)
        )

    def test_a_report_that_does_not_tie_out_is_a_draft_that_names_the_difference_on_page_one(self):
        content = render_pdf(snapshot=province_snapshot(districts=1, communes=1, differences=(DIFFERENCE,)))

        first = squeezed(PdfReader(io.BytesIO(content)).pages[0].extract_text())
        assert "SỐ LIỆU CHƯA KHỚP – BẢN DỰ THẢO" in first
        assert DIFFERENCE in first

    @pytest.mark.parametrize(
        "address", ["https://127.0.0.1/x.png", "file:///etc/hostname", f"{SCHEME}../../../config/settings.py"]
    )
    def test_nothing_but_its_own_files_is_ever_fetched(self, address: str):
        with pytest.raises(FatalURLFetchingError):
            HTML(string=f'<img src="{address}">', url_fetcher=AssetFetcher()).write_pdf()


class TestWorkbook:
    def test_holds_the_same_tables_with_numbers_as_numbers(self):
        snapshot = province_snapshot(districts=2, communes=2)

        book = CalamineWorkbook.from_filelike(io.BytesIO(render_workbook(snapshot=snapshot)))

        rows = book.get_sheet_by_name("Biểu 01").to_python(skip_empty_area=False)
        assert book.sheet_names == [table.key for table in report_tables(snapshot.figures)]
        assert rows[5][7] == "(6)=(2)/(1)×100"
        assert rows[6][1:4] == [
            "Toàn tỉnh",
            snapshot.figures["headline"]["beneficiaries"],
            snapshot.figures["headline"]["accounts"],
        ]
        assert isinstance(rows[6][7], float)

    def test_a_draft_names_its_differences(self):
        content = render_workbook(snapshot=province_snapshot(districts=1, communes=1, differences=(DIFFERENCE,)))

        book = CalamineWorkbook.from_filelike(io.BytesIO(content))

        assert book.sheet_names[-1] == "Chênh lệch"
        assert "BẢN DỰ THẢO" in book.get_sheet_by_name("Biểu 01").to_python(skip_empty_area=False)[1][0]

    def test_the_same_snapshot_gives_the_same_bytes(self):
        assert render_workbook(snapshot=province_snapshot()) == render_workbook(snapshot=province_snapshot())


class TestWriting:
    def test_writes_pdf_word_workbook_and_json_named_by_unit_day_and_digest(self, tmp_path: Path):
        snapshot = province_snapshot(districts=1, communes=1)

        paths = write_report(snapshot=snapshot, folder=tmp_path / "bao-cao")

        assert [path.name for path in paths] == [
            f"bao-cao-97-2024-09-30-{snapshot.digest[:12]}{suffix}" for suffix in (".pdf", ".docx", ".xlsx", ".json")
        ]
        document = json.loads(paths[3].read_text(encoding="utf-8"))
        assert (document["digest"], document["figures"]) == (snapshot.digest, snapshot.figures)


class TestChart:
    def test_orders_districts_by_coverage_and_says_who_reaches_the_target(self):
        chart = coverage_chart(province_figures(districts=3, communes=2))

        assert chart is not None
        assert chart.heading.startswith("3/3 đơn vị đạt chỉ tiêu; cao nhất huyện Phước Sơn")
        assert [bar.label for bar in chart.bars] == [
            "Toàn tỉnh",
            "Huyện Phước Sơn",
            "Thị xã Ninh Hải",
            "Thành phố An Sơn",
        ]
        assert all(bar.paid <= bar.accounts for bar in chart.bars)

    def test_there_is_none_without_units_to_compare(self):
        assert coverage_chart(province_figures(districts=0, communes=0)) is None


class TestSmallGroups:
    def row(self, code: str, people: int, accounts: int, *, sensitive: bool = False) -> dict[str, object]:
        counts = {"beneficiaries": people, "accounts": accounts, "paid_cashless": accounts}
        return {"code": code, "name": code, "sensitive": sensitive} | counts

    def test_two_small_ones_go_together(self):
        rows = merge_small_groups([self.row("A", 100, 50), self.row("B", 3, 1), self.row("C", 4, 2)])

        assert [(row["code"], row["beneficiaries"]) for row in rows] == [("A", 100), ("KHAC", 7)]

    def test_one_small_one_takes_the_next_smallest_with_it_so_that_no_subtraction_reveals_it(self):
        rows = merge_small_groups([self.row("A", 100, 50), self.row("B", 3, 1), self.row("C", 40, 20)])

        assert [(row["code"], row["beneficiaries"]) for row in rows] == [("A", 100), ("KHAC", 43)]

    def test_a_sensitive_one_is_small_by_any_of_its_cells(self):
        rows = merge_small_groups(
            [self.row("A", 100, 50), self.row("N01", 30, 28, sensitive=True), self.row("C", 40, 20)]
        )

        assert [(row["code"], row["beneficiaries"]) for row in rows] == [("A", 100), ("KHAC", 70)]

    def test_large_ones_are_left_as_they_are(self):
        rows = [self.row("A", 100, 50), self.row("B", 10, 5)]

        assert merge_small_groups(rows) == rows


def test_in_word_receivers_and_signer_are_not_split_over_two_pages():
    document = Document(io.BytesIO(render_docx(snapshot=province_snapshot(districts=1, communes=1))))

    (row,) = next(table.rows for table in document.tables if table.cell(0, 0).text.startswith("Nơi nhận:"))
    assert "<w:cantSplit/>" in row._tr.xml
