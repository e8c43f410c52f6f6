"""The same bookings as a table, or as a notification: each counts once, whatever came first (I9), and nothing new is swallowed."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest
import xlsxwriter

from mockbank.csv_statement import write_csv
from payments.models import FundingAccount
from reconciliation.errors import StatementNotAccepted, StatementOfAnotherAccount
from reconciliation.models import Discrepancy, Statement, StatementLine
from reconciliation.services.months.prove import prove_cycle
from reconciliation.services.statements.import_statement import StatementIntake, import_statements
from staff.models import AdministrativeUnit
from tests.reconciliation.paid_month import MONTH, RECEIVED_AT, PaidMonth

Table = list[list[str]]


def as_notification(content: bytes) -> bytes:
    """The same entries as camt.054: no balances, no number."""
    text = content.decode().replace("camt.053", "camt.054").replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn")
    return text.replace("<Stmt>", "<Ntfctn>").replace("</Stmt>", "</Ntfctn>").encode()


def table_of(content: bytes) -> Table:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def as_excel(rows: Table) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as workbook:
        sheet = workbook.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return held.getvalue()


def bare(rows: Table) -> Table:
    """As many banks print it: no period, no reference of ours, the bank's number another one."""
    heading = next(at for at, row in enumerate(rows) if row and row[0] == "Ngày hạch toán")
    dropped = {
        rows[heading].index(name)
        for name in ("Mã đối chiếu", "Mã giao dịch", "Mã lệnh", "Mã lý do hoàn trả", "Số bút toán")
    }
    kept = [row for row in rows[:heading] if row and row[0] not in ("Từ ngày", "Đến ngày", "Số sao kê")]
    return [*kept, *([cell for at, cell in enumerate(row) if at not in dropped] for row in rows[heading:])]


def shuffled(rows: Table) -> Table:
    heading = next(at for at, row in enumerate(rows) if row and row[0] == "Ngày hạch toán")
    return [*rows[: heading + 1], *rows[:heading:-1]]


def as_csv(rows: Table) -> bytes:
    return "\n".join(";".join(row) for row in rows).encode()


FORMS: dict[str, Callable[[Table], bytes]] = {
    "as the bank writes it": as_csv,
    "in another order": lambda rows: as_csv(shuffled(rows)),
    "as Excel": as_excel,
    "without period and references": lambda rows: as_csv(bare(rows)),
}


def receive(month: PaidMonth, content: bytes) -> StatementIntake:
    (intake,) = import_statements(sources=[io.BytesIO(content)], actor=month.checker, now=RECEIVED_AT)
    return intake


def counts() -> tuple[int, int]:
    return StatementLine.objects.count(), Discrepancy.objects.count()


class TestTable:
    @pytest.mark.parametrize("form", FORMS)
    def test_of_days_already_here_adds_nothing(self, month: PaidMonth, form: str) -> None:
        month.receive(*month.pages)
        before = counts()

        intakes = [receive(month, FORMS[form](table_of(page.written(write=write_csv)))) for page in month.pages]

        assert counts() == before
        assert all(intake.repeated for intake in intakes)

    def test_alone_proves_the_cycle(self, month: PaidMonth) -> None:
        for page in month.pages:
            receive(month, page.written(write=write_csv))

        assert not Discrepancy.objects.exists()
        assert prove_cycle(month=MONTH).proven

    def test_followed_by_camt_of_the_same_days_adds_nothing(self, month: PaidMonth) -> None:
        for page in month.pages:
            receive(month, page.written(write=write_csv))
        before = counts()

        month.receive(*month.pages)

        assert counts() == before

    def test_with_one_booking_more_brings_that_one(self, month: PaidMonth) -> None:
        month.receive(*month.pages)
        first = month.pages[0]
        charge = replace(first.lines[-1], end_to_end_id=None, payment_id=None, id="phi1", amount=-1000, text="Phi")
        more = replace(first.with_lines(*first.lines, charge), sequence=None)

        receive(month, as_csv(bare(table_of(more.written(write=write_csv)))))

        assert StatementLine.objects.count() == len(first.lines) + 2
        assert {item.kind for item in Discrepancy.objects.all()} == {"UNEXPECTED_LINE", "BALANCE_GAP"}

    def test_of_an_account_is_not_taken_for_another(self, month: PaidMonth) -> None:
        other = FundingAccount.objects.create(
            code="TKCT-x",
            bank_account_id="fa_x",
            paying_unit=AdministrativeUnit.objects.filter(funding_account=None).first(),
        )

        with pytest.raises(StatementOfAnotherAccount):
            import_statements(
                sources=[io.BytesIO(month.pages[0].written(write=write_csv))],
                actor=month.checker,
                now=RECEIVED_AT,
                account=other,
            )


class TestNotification:
    def test_before_the_statement_explains_and_adds_nothing_twice(self, month: PaidMonth) -> None:
        first, second = month.pages
        (told,) = import_statements(
            sources=[io.BytesIO(as_notification(replace(first.with_lines(*first.lines[:4]), declared=4).written()))],
            actor=month.checker,
            now=RECEIVED_AT,
        )
        assert told.matched is not None
        assert (told.matched.payments, told.matched.top_ups, told.matched.discrepancies) == (3, 1, 0)

        month.receive(first, second)

        assert StatementLine.objects.count() == len(first.lines) + len(second.lines)
        assert not Discrepancy.objects.exists()
        assert prove_cycle(month=MONTH).proven

    def test_without_the_day_of_booking_is_refused(self, month: PaidMonth) -> None:
        """Taken in by the day it counts from, each booking would stand there twice: once more by the day its statement names."""
        content = (
            month.pages[0]
            .written()
            .replace(b"<ValDt><Dt>2024-08-05</Dt></ValDt>", b"<ValDt><Dt>2024-08-06</Dt></ValDt>")
        )
        with pytest.raises(StatementNotAccepted):
            receive(month, as_notification(content.replace(b"<BookgDt><Dt>2024-08-05</Dt></BookgDt>", b"")))
        assert not StatementLine.objects.exists()

    def test_proves_nothing_and_covers_no_day(self, month: PaidMonth) -> None:
        for page in month.pages:
            receive(month, as_notification(page.written()))

        assert set(Statement.objects.values_list("opening", "closing", "sequence_number")) == {(None, None, None)}
        assert not Discrepancy.objects.exists()
        assert not prove_cycle(month=MONTH).proven

    def test_after_the_statement_or_twice_adds_nothing(self, month: PaidMonth) -> None:
        month.receive(*month.pages)
        before = (*counts(), Statement.objects.count())

        assert receive(month, as_notification(month.pages[0].written())).repeated
        assert receive(
            month, as_notification(replace(month.pages[0], lines=month.pages[0].lines[2:4], declared=2).written())
        ).repeated
        assert (*counts(), Statement.objects.count()) == before


def test_the_table_says_what_camt_says(month: PaidMonth) -> None:
    month.receive(*month.pages, write=write_csv)
    stored = set(StatementLine.objects.values_list("amount", "booked_on", "reference", "bank_reference", "is_return"))
    meant = {
        (line.amount, line.booked_on, line.end_to_end_id, line.payment_id or line.id, line.kind == "return")
        for page in month.pages
        for line in page.lines
    }

    assert stored == meant
