"""Statements as tables: whatever moves money is read, or the file is refused with row and column."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciliation.parsers.any_format import read_files
from reconciliation.parsers.errors import (
    AmountNotWhole,
    BalanceMissing,
    ColumnsUnknown,
    CurrencyNotSupported,
    RowsUnreadable,
    StatementRefused,
    TableRefused,
)
from reconciliation.parsers.interface import ParsedLine, StatementReading
from reconciliation.parsers.table import TableForm
from reconciliation.parsers.table_cells import read_day, read_money

HEADING = ["Ngày giao dịch", "Ghi nợ", "Ghi có", "Số dư", "Diễn giải"]
ROWS = [
    ["05/08/2024", "500.000", "", "500.000", "ab12cd34000017 tro cap"],
    ["05/08/2024", "", "200.000", "700.000", "HOAN TRA AB12CD34000017"],
    ["06/08/2024", "11.000", "", "689.000", "Phi"],
]


def csv_of(rows: list[list[str]], *, above: Sequence[list[str]] = (), heading: list[str] = HEADING) -> bytes:
    return "\n".join(";".join(row) for row in [*above, heading, *rows]).encode()


def read(content: bytes, *, account: str | None = "0011", **form: object) -> tuple[StatementReading, list[ParsedLine]]:
    (found,) = (
        (reading, list(reading.lines()))
        for reading in read_files([io.BytesIO(content)], form=TableForm(account=account, **form))
    )
    return found


class TestNothingIsPassedOver:
    @pytest.mark.parametrize(
        ("at", "column", "value", "sentence"),
        [
            (1, 0, "31/02/2024", "Dòng 3, cột “Ngày hạch toán”"),
            (1, 0, "08/25/2024", "Dòng 3, cột “Ngày hạch toán”"),
            (1, 0, "", "Dòng 3, cột “Ngày hạch toán”"),
            (1, 2, "5OO", "Dòng 3, cột “Ghi có”"),
            (1, 2, "500,50", "Dòng 3, cột “Ghi có”"),
            (1, 2, "", "Dòng 3, cột “Ghi nợ”: không có số tiền"),
            (1, 1, "7", "cùng có số tiền"),
            (2, 3, "68g.000", "Dòng 4, cột “Số dư”"),
        ],
    )
    def test_a_row_that_can_not_be_read_is_named(self, at: int, column: int, value: str, sentence: str) -> None:
        rows = [list(row) for row in ROWS]
        rows[at][column] = value

        with pytest.raises(RowsUnreadable, match="Dòng") as refused:
            read(csv_of(rows))
        assert sentence in refused.value.problems[0]

    def test_a_row_of_another_currency_is_refused(self) -> None:
        with pytest.raises(CurrencyNotSupported):
            read(csv_of([[*ROWS[0], "USD"]], heading=[*HEADING, "Loại tiền"]))

    def test_columns_that_do_not_say_how_much_moved_are_asked_about(self) -> None:
        with pytest.raises(ColumnsUnknown) as refused:
            read(csv_of([["05/08/2024", "5", "", "9", ""]], heading=["Ngày", "Rút", "Nạp", "Số dư", "Nội dung"]))
        assert refused.value.missing == ("Ghi nợ", "Ghi có")

    def test_without_any_balance_nothing_can_be_proved(self) -> None:
        with pytest.raises(BalanceMissing):
            read(csv_of([["05/08/2024", "5", "", ""]], heading=["Ngày", "Ghi nợ", "Ghi có", "Nội dung"]))

    def test_a_date_that_is_of_the_days_on_the_file_only_turned_round_is_a_mistake(self) -> None:
        with pytest.raises(TableRefused, match="tháng trước ngày"):
            read(csv_of(ROWS, above=[["Từ ngày 01/05/2024 đến ngày 31/05/2024", "", "", "", ""]]))

    @settings(deadline=None)
    @given(st.integers(-(10**14), 10**14), st.sampled_from([",", "."]), st.booleans())
    def test_an_amount_is_read_as_it_was_printed(self, amount: int, separator: str, brackets: bool) -> None:
        text = f"{abs(amount):,}".replace(",", separator)
        printed = (f"({text})" if brackets else f"-{text} đ") if amount < 0 else f"{text} VND"

        assert read_money(printed) == amount

    @pytest.mark.parametrize(
        "cell",
        ["1.5", "1,234.56", "1.2345", "12.34.567", "1e5", "", "--5 5", 0.5, 1e16, float("nan"), True, None, "１２"],
    )
    def test_what_is_no_whole_amount_is_no_amount(self, cell: object) -> None:
        assert read_money(cell) is None  # type: ignore[arg-type]  # whatever a cell may hold

    def test_a_time_of_day_does_not_hide_the_day(self) -> None:
        assert {
            read_day("05/08/2024 23:59:59"),
            read_day("2024-08-05T00:00:00+07:00"),
            read_day(datetime(2024, 8, 5, 23, tzinfo=UTC)),
        } == {date(2024, 8, 5)}


class TestBalances:
    def test_opening_and_closing_come_from_the_balance_column(self) -> None:
        reading, lines = read(csv_of(ROWS))

        assert (reading.statement.opening, reading.statement.closing) == (1_000_000, 689_000)
        assert [line.amount for line in lines] == [-500_000, 200_000, -11_000]
        assert reading.balances_tie
        assert reading.doubts == ()

    def test_newest_first_is_turned_round(self) -> None:
        assert read(csv_of(ROWS[::-1]))[1] == read(csv_of(ROWS))[1]

    def test_rows_somebody_sorted_still_prove_their_balances(self) -> None:
        reading, _ = read(csv_of([ROWS[1], ROWS[0], ROWS[2]]))

        assert (reading.statement.opening, reading.statement.closing, reading.doubts) == (1_000_000, 689_000, ())

    def test_a_row_taken_out_is_named_by_the_one_after_it(self) -> None:
        reading, _ = read(csv_of([ROWS[0], ROWS[2]]))

        (doubt,) = reading.doubts
        assert (doubt.key, doubt.ours, doubt.theirs) == ("row", 489_000, 689_000)
        assert doubt.sentence.startswith("Dòng 3 ")

    def test_what_is_printed_counts_and_must_agree_with_the_rows(self) -> None:
        reading, _ = read(csv_of(ROWS, above=[["Số dư đầu kỳ", "1.000.001", "", "", ""]]))

        assert reading.statement.opening == 1_000_001
        assert [doubt.key for doubt in reading.doubts] == ["opening"]
        assert not reading.balances_tie

    def test_totals_under_the_table_are_no_bookings_and_are_compared(self) -> None:
        total = ["", "511.000", "200.001", "", "Cộng phát sinh"]
        reading, lines = read(
            csv_of([*ROWS, total, ["Số dư cuối kỳ", "", "", "689.000", ""], ["", "", "Kế toán", "", ""]])
        )

        assert len(lines) == 3
        assert [(doubt.key, doubt.ours, doubt.theirs) for doubt in reading.doubts] == [("credits", 200_000, 200_001)]


class TestWhatBanksPrint:
    def test_letter_head_two_row_heading_and_numbered_columns(self) -> None:
        above = [
            ["NGÂN HÀNG ABC", "", "", "", ""],
            ["Số tài khoản: 0011 002 233", "", "", "", ""],
            ["Từ ngày 01/08/2024 đến ngày 31/08/2024", "", "", "", ""],
            ["Ngày giao dịch", "Phát sinh", "", "Số dư", "Diễn giải"],
        ]
        reading, lines = read(
            csv_of([["(1)", "(2)", "(3)", "(4)", "(5)"], *ROWS], above=above, heading=["", "Nợ", "Có", "", ""]),
            account=None,
        )

        head = reading.statement
        assert (head.account, head.from_on, head.to_on) == ("0011002233", date(2024, 8, 1), date(2024, 8, 31))
        assert len(lines) == 3

    def test_our_reference_is_found_in_the_text_and_money_back_is_a_return(self) -> None:
        _, lines = read(csv_of(ROWS))

        assert [line.end_to_end_id for line in lines] == ["ab12cd34000017", "ab12cd34000017", None]
        assert [line.is_return for line in lines] == [False, True, False]

    @pytest.mark.parametrize(
        ("heading", "rows"),
        [
            (["Ngày", "Số tiền", "Số dư"], [["05/08/2024", "-300", "700"], ["05/08/2024", "+50", "750"]]),
            (
                ["Ngày", "Số tiền", "Nợ/Có", "Số dư"],
                [["05/08/2024", "300", "D", "700"], ["05/08/2024", "50", "C", "750"]],
            ),
            (
                ["Ngày", "Ghi nợ", "Ghi có", "Số dư"],
                [["05/08/2024", "-300", "0", "700"], ["05/08/2024", "0", "50", "750"]],
            ),
        ],
    )
    def test_debit_and_credit_in_any_of_the_usual_ways(self, heading: list[str], rows: list[list[str]]) -> None:
        reading, lines = read(csv_of(rows, heading=heading))

        assert [line.amount for line in lines] == [-300, 50]
        assert reading.statement.opening == 1000

    def test_a_saved_mapping_counts_for_its_own_headings_only(self) -> None:
        content = csv_of([["05/08/2024", "5", "", "95"]], heading=["Ngày", "Rút", "Nạp", "Còn"])
        mapping = {"ngay": "booked_on", "rut": "debit", "nap": "credit", "con": "balance"}

        assert read(content, mappings=[{"khac": "debit"}, mapping])[0].statement.opening == 100
        with pytest.raises(ColumnsUnknown):
            read(content, mappings=[{**mapping, "themcot": ""}])

    def test_without_an_account_somebody_must_say_it(self) -> None:
        with pytest.raises(TableRefused, match="chọn tài khoản"):
            read(csv_of(ROWS), account=None)


class TestFormats:
    def test_excel_new_and_old_say_what_csv_says(self) -> None:
        assert read(_xlsx())[1] == read(csv_of(ROWS))[1] == read(_xls())[1]

    @settings(deadline=None)  # a busy machine is no fault of the bytes
    @given(st.binary(max_size=300))
    def test_any_bytes_are_read_or_refused(self, noise: bytes) -> None:
        try:
            for reading in read_files([io.BytesIO(csv_of(ROWS) + b"\n" + noise)], form=TableForm(account="1")):
                lines = list(reading.lines())
                assert reading.total == sum(line.amount for line in lines)
        except (StatementRefused, AmountNotWhole):
            pass


def _typed(row: list[str]) -> list[object]:
    return [
        date(2024, 8, int(row[0][:2])),
        *(float(cell.replace(".", "")) if cell else None for cell in row[1:4]),
        row[4],
    ]


def _xlsx() -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"default_date_format": "dd/mm/yyyy"}) as workbook:
        sheet = workbook.add_worksheet("So phu")
        for at, row in enumerate([HEADING, *map(_typed, ROWS)]):
            sheet.write_row(at, 0, row)
    return held.getvalue()


def _xls() -> bytes:
    held = io.BytesIO()
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("So phu")
    dates = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for at, row in enumerate([HEADING, *map(_typed, ROWS)]):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(at, column, cell, dates if isinstance(cell, date) else xlwt.Style.default_style)
    workbook.save(held)
    return held.getvalue()
