"""Monthly lists, summary of changes, unpaid list: what they hold, that pages add up, that the same roll gives the same bytes."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from beneficiaries.models import BankAccount, Beneficiary, Decision
from beneficiaries.services.numbers import keep_account_numbers, keep_identity_numbers
from payments.money import format_amount
from payments.states import Channel
from reconciliation.reports.rolls import writing
from reconciliation.reports.rolls.changes import changes_roll
from reconciliation.reports.rolls.lines import Page, heading_block, pages_of
from reconciliation.reports.rolls.monthly import fields_of, monthly_rolls
from reconciliation.reports.rolls.pdf import line_height, render_roll, roll_html
from reconciliation.reports.rolls.roll import Field, Roll, sums
from reconciliation.reports.rolls.roll_csv import CSV_NAME
from reconciliation.reports.rolls.unpaid import unpaid_roll
from reconciliation.reports.rolls.workbook import roll_workbook
from reconciliation.reports.rolls.writing import documents_of, write_rolls
from tests.corrected import put_on_record
from tests.payments.plain_sql import run
from tests.reports.world import AUGUST, JULY, NOW, World

FIELDS = (Field("STT", 4), Field("Họ và tên", 10), Field("Số tiền", 14, money=True, summed=True), Field("Ghi chú", 8))
MADE = datetime(2024, 8, 1, tzinfo=UTC)


def roll_of(amounts: list[int], *, name: str = "Nguyễn Thị Hồng Hạnh") -> Roll:
    cells = tuple((nth, name, amount, "=1+1") for nth, amount in enumerate(amounts, start=1))
    return Roll(
        name="x", agency="UBND xã", title="DANH SÁCH", lines_below_title=("dòng",), fields=FIELDS, cells=cells, made_at=MADE, place="Phước Thuận",
        signatures=(("NGƯỜI LẬP", "(Ký, họ tên)"), ("THỦ TRƯỞNG ĐƠN VỊ", "(Ký, họ tên, đóng dấu)")),
    )  # fmt: skip


def amount_in(line: str) -> int:
    return int(re.sub(r"\D", "", line) or 0)


class TestPages:
    @settings(max_examples=40, deadline=None)
    @given(amounts=st.lists(st.integers(1, 9_999_999), min_size=1, max_size=200), line_mm=st.floats(2.0, 4.5))
    def test_what_is_carried_and_each_pages_sum_make_the_total_and_no_row_is_lost(
        self, amounts: list[int], line_mm: float
    ):
        pages: list[Page] = list(pages_of(roll_of(amounts), line_mm=line_mm))

        assert sum(len(page.rows) for page in pages) == len(amounts)
        assert amount_in(pages[-1].total) == sum(amounts)
        running = 0
        for page in pages:
            assert amount_in(page.carried) == running
            running += amount_in(page.subtotal) if len(pages) > 1 else sum(amounts)
        assert running == sum(amounts)

    def test_the_name_of_a_sum_stands_inside_one_column(self):
        fields = (FIELDS[0], Field("Họ và tên", 14), *FIELDS[2:])

        (page,) = pages_of(replace(roll_of([1]), fields=fields), line_mm=3.0)

        assert page.total.index("Tổng cộng") == 1 + fields[0].width + 1

    def test_no_sum_is_wider_than_its_column(self):
        amounts = [9_999_999] * 400
        narrow = (*FIELDS[:2], replace(FIELDS[2], width=9), FIELDS[3])

        html = roll_html(replace(roll_of(amounts), fields=narrow))

        printed = [line for text in re.findall(r"<pre[^>]*>(.*?)</pre>", html, re.DOTALL) for line in text.split("\n")]
        width = len(format_amount(sum(amounts)))
        assert {line[17 + width] for line in printed if len(line) > 17 + width} == {" "}

    def test_a_long_word_is_wrapped_and_never_cut(self):
        name = "Nguyễnthịhồnghạnhphúc Ân"

        page = next(pages_of(roll_of([1], name=name), line_mm=3.0))

        lines = page.rows[0].split("\n")
        assert "".join(line[6:16] for line in lines).replace(" ", "") == name.replace(" ", "")

    @pytest.mark.parametrize("title", ["DANH SÁCH", "DANH SÁCH CHI TRẢ TRỢ CẤP XÃ HỘI HẰNG THÁNG " * 3])
    def test_what_is_reckoned_to_fit_a_page_with_its_signatures_does(self, title: str):
        roll = replace(
            roll_of([]),
            fields=fields_of(Channel.ACCOUNT),
            title=title,
            lines_below_title=("dòng " * 40, "dòng", "dòng " * 24),
        )
        row = (1, "97101-000001", "Nguyễn Thị Hồng Hạnh", *[""] * 6, 1, 1, "", 1, 0, 1, "", "", "")
        fullest = max(
            (replace(roll, cells=(row,) * count) for count in range(1, 40)),
            key=lambda one: len(one.cells) if len(list(pages_of(one, line_mm=line_height(one)))) == 1 else 0,
        )

        assert len(fullest.cells) >= 6
        assert len(PdfReader(io.BytesIO(render_roll(fullest))).pages) == 1

    def test_an_empty_roll_is_one_page_with_its_headings(self):
        assert [page.rows for page in pages_of(roll_of([]), line_mm=3.0)] == [()]
        assert "Họ và tên" in heading_block(roll_of([]))


class TestDocuments:
    def test_the_pdf_names_total_in_words_signers_and_code_and_embeds_its_lines(self):
        roll = roll_of([500_000] * 100)

        reader = PdfReader(io.BytesIO(render_roll(roll)))

        text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
        assert "Tổng số người: 100; tổng số tiền: 50.000.000 đồng. Bằng chữ: Năm mươi triệu đồng." in text
        assert "Số mang sang" in text and "Cộng trang" in text and f"Mã số liệu {roll.code} · trang 1/" in text
        assert "NGƯỜI LẬP" in text and "(Ký, họ tên, đóng dấu)" in text
        rows = list(csv.reader(io.StringIO(reader.attachments[CSV_NAME][0].decode("utf-8-sig"))))
        assert rows[1] == ["1", "Nguyễn Thị Hồng Hạnh", "500000", "'=1+1"]

    def test_the_workbook_has_numbers_as_numbers_and_text_that_looks_like_a_formula_as_text(self):
        book = CalamineWorkbook.from_filelike(io.BytesIO(roll_workbook(roll_of([500_000, 250_000]))))

        rows = book.get_sheet_by_index(0).to_python()
        assert [1.0, "Nguyễn Thị Hồng Hạnh", 500_000.0, "=1+1"] in rows
        assert ["", "Tổng cộng", 750_000.0, ""] in rows

    def test_the_same_roll_gives_the_same_bytes_and_another_moment_the_same_code(self):
        roll = roll_of([1, 2])

        assert render_roll(roll) == render_roll(roll_of([1, 2]))
        assert roll_workbook(roll) == roll_workbook(roll_of([1, 2]))
        assert replace(roll, made_at=NOW).digest == roll.digest != roll_of([1, 3]).digest

    def test_a_roll_the_office_edits_comes_as_word_with_its_sum_in_words_and_signers(self):
        roll = replace(roll_of([500_000, 250_000]), editable=True)

        forms = dict(documents_of(roll))
        document = Document(io.BytesIO(forms[".docx"]))

        said = [paragraph.text for paragraph in document.paragraphs]
        assert "Bằng chữ: Bảy trăm năm mươi nghìn đồng." in said
        head, lines, signed = document.tables
        assert [cell.text for cell in lines.rows[-1].cells] == ["", "Tổng cộng", "750.000", ""]
        assert "THỦ TRƯỞNG ĐƠN VỊ" in signed.rows[0].cells[1].text
        assert "Độc lập - Tự do - Hạnh phúc" in head.rows[0].cells[1].text
        assert forms == dict(documents_of(roll))
        assert [suffix for suffix, _ in documents_of(roll_of([1]))] == [".pdf", ".xlsx"]

    def test_files_are_written_for_this_user_alone(self, tmp_path: Path):
        paths = write_rolls(rolls=[roll_of([1])], folder=tmp_path / "ds", processes=1)

        assert [path.name for path in paths] == ["x.pdf", "x.xlsx"]
        assert all(path.stat().st_mode & 0o077 == 0 for path in paths)

    @pytest.mark.slow  # starts processes
    def test_more_lists_than_the_processes_take_at_once_are_all_written_in_their_order(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(writing, "_MOST_PER_PROCESS", 1)
        names, written = [f"ds-{nth}" for nth in range(3)], list[Path]()
        rolls = [replace(roll_of([nth + 1]), name=name) for nth, name in enumerate(names)]
        work = Thread(
            target=lambda: written.extend(write_rolls(rolls=rolls, folder=tmp_path, processes=2)), daemon=True
        )
        work.start()
        work.join(timeout=600)  # a pool that waits for a process that is gone waits for ever

        assert not work.is_alive()
        assert [path.stem for path in written if path.suffix == ".pdf"] == names


class TestMonthly:
    def test_a_list_has_every_payment_of_its_commune_and_channel_once_by_given_name(self, world: World):
        names = ["Trần Văn Ân", "Lê Thị Bé", "Nguyễn Văn An"]
        for nth, name in enumerate(names):
            enrolment = world.person(commune=0)
            beneficiary = enrolment.beneficiary
            put_on_record(beneficiary, full_name=name)
            Beneficiary.objects.filter(pk=beneficiary.pk).update(sort_key=["C", "D", "B"][nth])
            kept = keep_account_numbers([("970436", f"00{nth}")])
            account = BankAccount.objects.create(
                beneficiary=beneficiary, number_id=kept["970436", f"00{nth}"], bank_bin="970436", source="BANK", status="VERIFIED", opened_on=JULY
            )  # fmt: skip
            Decision.objects.create(
                enrolment=enrolment, kind="GRANT", number="12/QĐ-UBND", signed_on=JULY, effective_month=JULY
            )
            world.pay(enrolment, JULY, account=account)
        world.pay(world.person(commune=1), JULY)
        world.play()

        rolls = list(monthly_rolls(unit=world.province, month=JULY, channel=Channel.ACCOUNT, now=NOW))

        assert [[row[2] for row in roll.cells] for roll in rolls] == [["Nguyễn Văn An", "Trần Văn Ân", "Lê Thị Bé"]]
        assert max(sums(rolls[0]).values()) == 1_500_000
        assert rolls[0].cells[0][16] == "002 Vietcombank"
        assert rolls[0].cells[0][6] == "12/QĐ-UBND 01/07/2024"
        assert "DỰ THẢO" not in " ".join(rolls[0].lines_below_title)

    def test_a_number_nobody_can_open_is_said_in_words_and_everybody_is_listed(self, world: World):
        enrolment = world.person(commune=0)
        account_number = keep_account_numbers([("970436", "001")])["970436", "001"]
        person_number = keep_identity_numbers(["097042000001"])["097042000001"]
        put_on_record(enrolment.beneficiary, number_id=person_number)
        account = BankAccount.objects.create(
            beneficiary=enrolment.beneficiary, number_id=account_number, bank_bin="970436", source="BANK", status="VERIFIED", opened_on=JULY
        )  # fmt: skip
        world.pay(enrolment, JULY, account=account)
        world.play()
        for table, kept in (("accountnumber", account_number), ("identitynumber", person_number)):
            run(
                f"UPDATE beneficiaries_{table} SET sealed = '\\xff'::bytea || substring(sealed from 2) WHERE id = %(id)s",
                id=kept,
            )

        (roll,) = monthly_rolls(unit=world.province, month=JULY, channel=Channel.ACCOUNT, now=NOW)

        assert roll.cells[0][4] == "không mở được số đã lưu"
        assert roll.cells[0][16] == "không mở được số đã lưu Vietcombank"

    def test_the_cash_list_has_a_place_to_sign_and_a_sensitive_group_only_its_neutral_code(self, world: World):
        world.pay(world.person(sensitive=True), JULY)

        roll = next(monthly_rolls(unit=world.province, month=JULY, channel=Channel.CASH, now=NOW))

        assert roll.fields[16].heading == "Ký nhận"
        assert roll.cells[0][7] == "N03"
        assert "HIV" not in str(roll)
        assert "DỰ THẢO" in " ".join(roll.lines_below_title)


class TestUnpaid:
    def test_who_was_refused_or_did_not_come_is_named_with_why(self, world: World):
        world.pay(world.person(), JULY, status="FAILED")
        world.refuse(world.person(), JULY, reason="NO_DECISION")
        paid = world.person()
        world.pay(paid, JULY)
        world.play()

        roll = unpaid_roll(unit=world.province, month=JULY, now=NOW)

        assert sorted(row[6] for row in roll.cells) == ["Chưa có quyết định hưởng", "Chưa đến nhận tiền mặt"]


class TestChanges:
    def test_last_month_and_what_came_and_went_make_this_month(self, world: World):
        stays, goes = world.person(), world.person(ended_month=AUGUST)
        for enrolment in (stays, goes):
            world.pay(enrolment, JULY)
        world.pay(stays, AUGUST, amount=750_000)
        world.pay(world.person(starts=AUGUST), AUGUST)

        cells = {
            str(row[0]).strip().partition(" (")[0]: row[1:3]
            for row in changes_roll(unit=world.province, month=AUGUST, now=NOW).cells
        }

        assert cells["Tháng trước"] == (2, 1_000_000)
        assert (cells["Mới hưởng"], cells["Hết điều kiện"], cells["Mức"]) == ((1, 500_000), (1, 500_000), (1, 250_000))
        assert cells["Tháng này"] == (2, 1_250_000)
        assert date(2024, 8, 1) == AUGUST
