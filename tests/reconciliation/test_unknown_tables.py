"""A table none of whose headings is known is no dead end: somebody says once what its columns are, and a wrong answer is refused."""

import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from beneficiaries.errors import MappingUnclear
from payments.models import FundingAccount
from reconciliation.errors import StatementNotAccepted
from reconciliation.models import Discrepancy, Statement, StatementMapping
from reconciliation.services.statements.import_statement import StatementIntake, import_statements
from reconciliation.services.statements.preview_statement import Preview, preview_statements, save_statement_mapping
from tests.reconciliation.paid_month import RECEIVED_AT, PaidMonth

STRANGE = ["Rgl", "Ghimzuq", "Wob", "Ykt", "Zzpaq"]
RIGHT = {0: "booked_on", 1: "reference", 2: "debit", 3: "credit", 4: "balance"}
ABOVE = [["BẢNG KÊ", "", "", "", ""], ["In lúc 10:00", "", "", "", ""]]


def table(month: PaidMonth, *, heading: list[str] | None, above: list[list[str]] = ABOVE) -> bytes:
    """The first statement, every row with its balance, under headings of nobody's."""
    page, left = month.pages[0], month.pages[0].opening
    rows = [*above, *([heading] if heading else [])]
    for line in page.lines:
        left += line.amount
        out, into = (str(-line.amount), "") if line.amount < 0 else ("", str(line.amount))
        rows.append([f"{line.booked_on:%d/%m/%Y}", line.end_to_end_id or "", out, into, str(left)])
    return "\n".join(";".join(row) for row in rows).encode()


def account() -> FundingAccount:
    return FundingAccount.objects.get()


def look(month: PaidMonth, content: bytes) -> Preview:
    (found,) = preview_statements(sources=[io.BytesIO(content)], actor=month.checker, account=account())
    return found


def name(month: PaidMonth, content: bytes, columns: dict[int, str], heading_row: int | None = None) -> Preview:
    (found,) = save_statement_mapping(
        sources=[io.BytesIO(content)], account=account(), columns=columns, actor=month.checker, now=RECEIVED_AT,
        heading_row=heading_row,
    )  # fmt: skip
    return found


def take_in(month: PaidMonth, content: bytes) -> StatementIntake:
    (intake,) = import_statements(
        sources=[io.BytesIO(content)], actor=month.checker, now=RECEIVED_AT, account=account()
    )
    return intake


class TestLooking:
    def test_shows_the_headings_found_and_the_first_rows(self, month: PaidMonth) -> None:
        found = look(month, table(month, heading=STRANGE))

        assert [one.text for one in found.headings] == STRANGE
        assert found.missing == ["Ngày hạch toán", "Ghi nợ", "Ghi có"]
        assert found.shown is not None
        assert (found.shown.heading_row, found.shown.first_booking) == (3, 4)
        assert found.shown.rows[3].cells[0] == "03/08/2024"

    def test_numbers_the_columns_where_nothing_stands_above(self, month: PaidMonth) -> None:
        found = look(month, table(month, heading=None, above=[]))

        assert [one.text for one in found.headings] == ["Cột 1", "Cột 2", "Cột 3", "Cột 4", "Cột 5"]
        assert found.shown is not None and found.shown.heading_row == 0

    def test_one_known_word_in_a_letter_head_is_no_heading(self, month: PaidMonth) -> None:
        above = [["Diễn giải", "", "", "", ""]]
        assert [one.text for one in look(month, table(month, heading=STRANGE, above=above)).headings] == STRANGE

    def test_shows_little_of_a_long_cell(self, month: PaidMonth) -> None:
        above = [["x" * 5_000, "", "", "", ""]]
        shown = look(month, table(month, heading=STRANGE, above=above)).shown
        assert shown is not None and max(len(cell) for row in shown.rows for cell in row.cells) == 60

    @pytest.mark.parametrize("content", [b"Kinh gui ngan hang;\nde nghi;", b"x;" * 300 + b"\n05/08/2024;5;" * 20, b"5"])
    def test_what_has_no_booking_is_refused_and_asks_nothing(self, month: PaidMonth, content: bytes) -> None:
        with pytest.raises(StatementNotAccepted, match="sao kê"):
            look(month, content)

    def test_another_row_may_be_said_to_be_the_heading(self, month: PaidMonth) -> None:
        content = table(month, heading=None, above=[STRANGE, ["x"] * 5, ["y"] * 5, ["z"] * 5, ["t"] * 5])

        assert name(month, content, RIGHT, heading_row=1).missing == []
        assert take_in(month, content).lines == len(month.pages[0].lines)

    @pytest.mark.parametrize(("row", "sentence"), [(41, "một trong"), (5, "không có tên cột")])
    def test_a_row_that_is_no_heading_is_refused(self, month: PaidMonth, row: int, sentence: str) -> None:
        with pytest.raises(StatementNotAccepted, match=sentence):
            name(month, table(month, heading=STRANGE), RIGHT, heading_row=row)


class TestNaming:
    @pytest.mark.parametrize("heading", [STRANGE, None])
    def test_once_reads_this_file_and_the_next_of_its_kind(self, month: PaidMonth, heading: list[str] | None) -> None:
        content = table(month, heading=heading)
        known = month.receive(month.pages[0])[0].lines

        assert name(month, content, RIGHT).lines == known
        again = take_in(month, table(month, heading=heading, above=[]))

        assert again.repeated  # every line was recognised as the bank's own statement told it
        assert StatementMapping.objects.count() == 1

    def test_for_a_table_without_headings_is_not_used_for_one_of_another_width(self, month: PaidMonth) -> None:
        content = table(month, heading=None, above=[])
        name(month, content, RIGHT)

        wider = b"\n".join(line + b";x" for line in content.splitlines())

        assert look(month, wider).missing

    def test_for_a_table_without_headings_is_not_used_under_headings(self, month: PaidMonth) -> None:
        name(month, table(month, heading=None, above=[]), RIGHT)

        assert look(month, table(month, heading=STRANGE, above=[])).missing

    def test_of_debit_as_credit_is_refused_by_the_balances(self, month: PaidMonth) -> None:
        with pytest.raises(MappingUnclear, match="khai ngược"):
            name(month, table(month, heading=STRANGE), {**RIGHT, 2: "credit", 3: "debit"})
        assert not StatementMapping.objects.exists()

    @pytest.mark.parametrize("columns", [{4: "balance"}, {4: ""}])
    @pytest.mark.parametrize("printed", ["đầu", "cuối"])
    def test_that_leaves_out_which_way_money_went_is_refused(
        self, month: PaidMonth, columns: dict[int, str], printed: str
    ) -> None:
        """Every debit would be read as money in; a single balance printed above fits whatever is made of the rows."""
        page, left = month.pages[0], month.pages[0].opening
        rows = [[f"Số dư {printed} kỳ", "", "", "", str(page.opening if printed == "đầu" else page.closing)], STRANGE]
        for line in page.lines:
            left += line.amount
            way = "D" if line.amount < 0 else "C"
            rows.append([f"{line.booked_on:%d/%m/%Y}", line.end_to_end_id or "", str(abs(line.amount)), way, str(left)])
        content = "\n".join(";".join(row) for row in rows).encode()

        with pytest.raises(MappingUnclear, match=r"không khớp số dư|mọi dòng đều thành tiền vào"):
            name(month, content, {0: "booked_on", 1: "reference", 2: "amount", 3: "", **columns})
        assert not StatementMapping.objects.exists()
        assert name(month, content, {0: "booked_on", 1: "reference", 2: "amount", 3: "direction", **columns}).debits

    def test_that_the_balances_of_most_rows_contradict_is_refused(self, month: PaidMonth) -> None:
        """The amounts stand twice as large as the bank booked: no row follows on the one before."""
        heads, *rest = table(month, heading=STRANGE, above=[]).decode().split("\n")
        cells = [row.split(";") for row in rest]
        doubled = [[day, key, out and f"{out}0", into and f"{into}0", left] for day, key, out, into, left in cells]

        with pytest.raises(MappingUnclear, match="không khớp số dư"):
            name(month, "\n".join([heads, *(";".join(row) for row in doubled)]).encode(), RIGHT)
        assert not StatementMapping.objects.exists()

    def test_of_a_column_of_numbers_as_the_day_is_refused_with_its_row(self, month: PaidMonth) -> None:
        with pytest.raises(MappingUnclear, match="Dòng 4, cột “Ngày hạch toán”"):
            name(month, table(month, heading=STRANGE), {**RIGHT, 0: "", 4: "booked_on"})
        assert not StatementMapping.objects.exists()

    def test_of_two_columns_of_one_name_is_refused(self, month: PaidMonth) -> None:
        twice = ["Rgl", "Wob", "Wob", "Ykt", "Zzpaq"]
        with pytest.raises(MappingUnclear, match="cùng tên"):
            name(month, table(month, heading=twice), RIGHT)

    def test_without_a_day_or_an_amount_is_refused(self, month: PaidMonth) -> None:
        with pytest.raises(MappingUnclear, match="Còn thiếu"):
            name(month, table(month, heading=STRANGE), {0: "booked_on", 2: "debit"})

    def test_of_another_text_does_not_hide_a_mapping_saved_before(self, month: PaidMonth) -> None:
        content = table(month, heading=STRANGE)
        name(month, content, RIGHT)
        name(month, table(month, heading=["Khac1", "Khac2", "Khac3", "Khac4", "Khac5"]), RIGHT)

        assert not look(month, content).missing


class TestPageAndCommand:
    def test_a_page_shows_rows_takes_names_and_reads_the_file(self, month: PaidMonth) -> None:
        client = Client()
        client.force_login(month.checker)
        sent = io.BytesIO(table(month, heading=STRANGE))
        sent.name = "sao ke.csv"

        looked = client.post("/sao-ke/xem-truoc/", {"file": sent}, follow=True)
        shown = looked.content.decode()
        form = {"kept": looked.context["kept"], "account": "TKCT-971", "heading_row": "3"}
        wrong = client.post("/sao-ke/ten-cot/", form | {f"column-{at}": key for at, key in {**RIGHT, 0: ""}.items()})
        right = client.post(
            "/sao-ke/ten-cot/", form | {f"column-{at}": key for at, key in RIGHT.items()}, follow=True
        ).content.decode()

        assert "Các dòng đầu của tệp" in shown and "Ghimzuq" in shown and "03/08/2024" in shown
        assert wrong.status_code == 409 and "Còn thiếu cột ngày" in wrong.content.decode()
        assert '<option value="debit" selected>' in wrong.content.decode()
        assert "Nạp sao kê vừa xem" in right and not Statement.objects.exists()

    def test_the_command_does_the_same(self, month: PaidMonth, tmp_path: Path) -> None:
        file = tmp_path / "sao-ke.csv"
        file.write_bytes(table(month, heading=STRANGE))
        given = ["--actor", month.checker.username, "--account", "TKCT-971"]

        with pytest.raises(CommandError, match="không được nhận"):
            call_command("import_statement", str(file), *given)
        call_command("import_statement", str(file), *given, *(f"--column={at + 1}={key}" for at, key in RIGHT.items()))

        assert Statement.objects.count() == 1
        assert not Discrepancy.objects.filter(kind="UNEXPECTED_LINE").exists()

    def test_the_command_takes_files_of_bounded_size_alone(
        self, month: PaidMonth, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Before a byte is copied: of a pipe or a device there is no end to copy to."""
        file, pipe = tmp_path / "sao-ke.csv", tmp_path / "ong"
        file.write_bytes(table(month, heading=["Ngày giao dịch", "Mã đối chiếu", "Ghi nợ", "Ghi có", "Số dư"]))
        os.mkfifo(pipe)
        given = ["--actor", month.checker.username, "--account", "TKCT-971"]
        monkeypatch.setattr("reconciliation.management.commands.import_statement.MOST_BYTES", file.stat().st_size)

        for paths in ([pipe], [tmp_path], [file, file]):
            with pytest.raises(CommandError, match="không được nhận"):
                call_command("import_statement", *map(str, paths), *given, *(["--together"] if len(paths) > 1 else []))
        said = " ".join(capsys.readouterr().out.split())
        assert said.count("Không phải tệp") == 2 and said.count("Lớn hơn") == 1
        assert not Statement.objects.exists()

        call_command("import_statement", str(file), *given)
        assert Statement.objects.count() == 1

    def test_a_column_nobody_knows_is_refused_before_anything(self, month: PaidMonth) -> None:
        with pytest.raises(CommandError, match="Không hiểu"):
            call_command(
                "import_statement", "x", "--actor", month.checker.username, "--account=TKCT-971", "--column=1=ngay"
            )
