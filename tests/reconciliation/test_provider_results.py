"""A provider's words that are not ours become differences, once, with an end; the minutes lay both sides beside each other."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from banks.fake import FakeTransfers
from beneficiaries.models import BankAccount
from payments.models import FundingAccount, FundTransfer, JournalEntry, Payment, PaymentBatch
from payments.services.learning.contradictions import note_contradictions
from payments.services.ledger.transfers import record_transfer
from payments.services.lists.reissue import reissue
from payments.services.providers import hand_over
from payments.services.sending.sending_way import set_sending_way
from payments.services.signing.sign import approve, release, submit
from payments.services.signing.stop import stop_lost_accounts
from payments.states import SendsBy
from reconciliation.errors import NotForThisKind
from reconciliation.models import Discrepancy, DiscrepancyStep, PeriodStep, Statement, StatementLine
from reconciliation.services.differences.discrepancies import accept_answer, in_reach
from reconciliation.services.differences.write_off import propose_write_off
from reconciliation.services.lines.match_statement import match_statement
from reconciliation.services.lines.provider_results import import_result_list
from reconciliation.services.months.close_lists import close_finished_lists
from reconciliation.services.months.close_period import open_in_period
from reconciliation.services.months.free_reserves import free_reserves
from reconciliation.services.months.journal_export import balances
from reconciliation.services.months.minutes import write_minutes
from reconciliation.services.months.minutes_workbook import export_minutes
from reconciliation.services.months.prove import prove_cycle
from tests.payments.province import AUGUST, SEPTEMBER, Clock, Province, make_province
from tests.payments.test_cash_lists import collected, not_collected, table_of, workbook
from tests.payments.test_findings import ARRIVED
from tests.payments.test_found_wrong import Letters

BALANCES = {"fa_971": 1_000_000_000}


@pytest.fixture
def province(db: None) -> Province:
    return make_province(clock=Clock())


@pytest.fixture
def cash(province: Province) -> PaymentBatch:
    """A cash list of two people, 750,000 đ each, with the provider."""
    for _ in range(2):
        province.enrol()
    province.build(AUGUST)
    province.release_lists(AUGUST, bank=FakeTransfers(balances=BALANCES, now=province.clock))
    batch = PaymentBatch.objects.get()
    hand_over(batch_id=batch.pk, actor=province.staff["CHECKER"], now=province.clock())
    return batch


def take(province: Province, batch: PaymentBatch, *rows: list[object]):
    return import_result_list(
        content=workbook(*rows), batch=batch, actor=province.staff["CHECKER"], now=province.clock()
    )


def pair() -> tuple[Payment, Payment]:
    first, second = Payment.objects.order_by("ordinal")
    return first, second


STRANGER = ["zzzzzzzz000001", 500_000, "Đã nhận", "20/08/2024"]


class TestDifferences:
    def test_each_wrong_word_is_one_however_often_it_comes(self, province, cash):
        first, second = pair()
        for _ in range(2):
            take(province, cash, collected(first, amount=700_000), STRANGER)
        take(province, cash, collected(second))
        take(province, cash, not_collected(second))

        found = Discrepancy.objects.order_by("kind").values_list("kind", "ours", "theirs")
        assert list(found) == [
            ("NOT_ON_LIST", None, -500_000), ("PROVIDER_AMOUNT", -750_000, -700_000), ("PROVIDER_CONTRADICTS", -750_000, 0),
        ]  # fmt: skip

    def test_they_stand_in_the_proof_and_keep_the_month_open(self, province, cash):
        take(province, cash, STRANGER)
        account = FundingAccount.objects.get(code="TK-971")

        assert Discrepancy.objects.get().pk in prove_cycle(month=AUGUST).discrepancies
        assert prove_cycle(month=AUGUST, scope=province.units["972"].path).discrepancies == []
        assert open_in_period(account, month=AUGUST).count() == 1

    def test_a_right_amount_that_comes_later_ends_it(self, province, cash):
        first, _ = pair()
        take(province, cash, collected(first, amount=700_000))
        take(province, cash, collected(first))

        item = Discrepancy.objects.get()
        assert (item.status, item.ground, item.steps.count()) == ("RESOLVED", "FOUND_LATER", 1)

    def test_the_provider_s_written_answer_ends_it_and_no_write_off_does(self, province, cash):
        take(province, cash, STRANGER)
        item, checker, now = Discrepancy.objects.get(), province.staff["CHECKER"], province.clock()

        with pytest.raises(NotForThisKind):
            propose_write_off(discrepancy_id=item.pk, note="x", actor=checker, now=now)
        accept_answer(discrepancy_id=item.pk, note="Công văn 12 của bưu điện.", actor=checker, now=now)
        item.refresh_from_db()
        assert item.ground == "BANK_ANSWERED"

    def test_its_page_asks_the_provider_and_offers_what_is_taken(self, province, cash):
        take(province, cash, STRANGER)
        item, browser = Discrepancy.objects.get(), Client()
        browser.force_login(province.staff["CHECKER"])
        asked = {"answer_due_on": "2024-09-02", "note": "Hỏi bưu điện"}
        shown = browser.post(f"/chenh-lech/{item.pk}/tra-soat/", asked, follow=True).content.decode()

        assert "gân hàng" not in shown.split("<main", 1)[1]
        assert "Chấp nhận trả lời</button>" in shown and "Tra soát tổ chức chi trả" in shown
        assert not [word for word in ("Đề nghị</button>", "Nối</button>", "Dò lại</button>") if word in shown]

    def test_what_it_is_about_never_changes(self, province, cash):
        take(province, cash, STRANGER)

        with pytest.raises(Exception, match="never changes"), transaction.atomic():
            Discrepancy.objects.update(funding_account=FundingAccount.objects.get(code="TK-972"))

    def test_nobody_outside_the_unit_sees_it(self, province, cash):
        take(province, cash, STRANGER)
        checker = province.staff["CHECKER"]
        checker.unit = province.units["972"]

        assert not in_reach(checker).exists()


class TestTreasuryLines:
    """The first level and the third: one line per lump sum, one per refund, each booked with its list's source and year."""

    def read(self, province: Province, *lines: tuple[str, int]) -> FundingAccount:
        account = FundingAccount.objects.get(code="TK-971")
        statement = Statement.objects.create(
            funding_account=account, content_digest=b"1", statement_id="SP1", sequence_number=1, from_on=AUGUST, to_on=date(2024, 8, 31),
            opening=0, closing=sum(amount for _, amount in lines), line_count=len(lines), received_at=province.clock(),
        )  # fmt: skip
        for ordinal, (reference, amount) in enumerate(lines, start=1):
            StatementLine.objects.create(
                statement=statement, ordinal=ordinal, amount=amount, booked_on=date(2024, 8, 30), reference=reference, sealed_counterparty=b""
            )  # fmt: skip
        match_statement(statement=statement, actor=province.staff["CHECKER"], now=province.clock())
        return account

    def record(self, province: Province, batch: PaymentBatch, kind: str, amount: int, reference: str) -> None:
        record_transfer(
            account=FundingAccount.objects.get(code="TK-971"), kind=FundTransfer.Kind(kind), amount=amount, reference=reference,
            booked_on=AUGUST, batch=batch, actor=province.staff["CHECKER"], now=province.clock(),
        )  # fmt: skip

    def test_of_cash_leave_nothing_unexplained_and_keep_source_and_year(self, province, cash):
        first, second = pair()
        self.record(province, cash, "FORWARDED", 1_500_000, "UNC-1")
        take(province, cash, collected(first), not_collected(second))
        self.record(province, cash, "GIVEN_BACK", 750_000, "TL-1")
        self.record(province, cash, "TO_BUDGET", 750_000, "NT-1")

        account = self.read(province, ("UNC-1", -1_500_000), ("TL-1", 750_000), ("NT-1", -750_000))

        assert not Discrepancy.objects.exists()
        source = cash.budget_source
        found = {
            (kind, source_, year): amount
            for kind, source_, year, amount in balances(account=account, until=date(2024, 8, 31))
        }
        assert found == {
            ("FUNDS", source, 2024): -1_500_000, ("PAID_CASH", source, 2024): 750_000, ("REFUNDED", source, 2024): 750_000,
        }  # fmt: skip
        minutes = {row.name: row.difference for row in write_minutes(account=account, month=AUGUST).rows}
        assert minutes["Dư cuối kỳ tại tổ chức dịch vụ chi trả"] == 0

    def test_of_transfers_take_what_was_reserved_and_free_the_rest(self, province):
        set_sending_way(
            account=FundingAccount.objects.get(code="TK-971"), way=SendsBy.LIST, actor=province.staff["RELEASER"]
        )
        bank = FakeTransfers(balances=BALANCES, now=province.clock)
        batch = province.pay_through_accounts(2, bank=bank)[0].batch
        hand_over(batch_id=batch.pk, actor=province.staff["CHECKER"], now=province.clock())
        account = FundingAccount.objects.get(code="TK-971")
        assert free_reserves(account=account, on=AUGUST, now=province.clock()) == 0
        self.record(province, batch, "FORWARDED", 1_400_000, "UNC-1")

        self.read(province, ("UNC-1", -1_400_000))
        assert free_reserves(account=account, on=date(2024, 8, 31), now=province.clock()) == 100_000
        take(province, batch, *(collected(payment) for payment in pair()))
        assert close_finished_lists(now=province.clock()) == 1
        assert not Discrepancy.objects.exists()


class TestMinutes:
    def rows(self, province: Province) -> dict[str, tuple[int, int | None]]:
        minutes = write_minutes(account=FundingAccount.objects.get(code="TK-971"), month=AUGUST)
        return {row.name: (row.ours, row.theirs) for row in minutes.rows}

    def test_lay_what_was_signed_for_beside_what_the_provider_wrote(self, province, cash):
        first, second = pair()
        take(province, cash, collected(first), collected(second, amount=800_000), STRANGER)

        rows = self.rows(province)
        assert rows["Tổ chức chi trả đã chi tiền mặt"] == (750_000, 750_000 + 800_000 + 500_000)
        assert rows["Đã giao, tổ chức chi trả chưa báo kết quả"] == (750_000, 0)

    def test_agree_on_what_was_paid_and_not_collected(self, province, cash):
        first, second = pair()
        take(province, cash, collected(first), not_collected(second))

        rows = self.rows(province)
        assert rows["Tổ chức chi trả đã chi tiền mặt"] == (750_000, 750_000)
        assert rows["Chưa chi, chuyển kỳ sau"] == (750_000, 750_000)
        assert rows["Dư cuối kỳ tại tổ chức dịch vụ chi trả"] == (-750_000, -750_000)

    def test_name_the_letter_by_which_something_stands_as_collected(self, province, cash):
        """The provider said not collected, then collected; two people read its letter: no list of its says what the letter says."""
        first, second = pair()
        take(province, cash, not_collected(first), collected(second))
        note_contradictions(payment_ids=[first.pk], reason="CASH_RESULT_CONTRADICTS", now=province.clock())
        letters = Letters(province, province.clock, None, first)
        letters.put(outcome=ARRIVED, on=date(2024, 8, 5))
        letters.confirm()

        minutes = write_minutes(account=FundingAccount.objects.get(code="TK-971"), month=AUGUST)
        causes = {row.name: row.cause for row in minutes.rows if row.difference}
        said = "Ghi đã chi theo văn bản 12/NH ngày 06/8/2024: 750.000 đ đã đến người hưởng"
        assert {name for name, cause in causes.items() if cause == said} == {
            "Tổ chức chi trả đã chi tiền mặt",
            "Chưa chi, chuyển kỳ sau",
            "Dư cuối kỳ tại tổ chức dịch vụ chi trả",
        }

    def test_as_a_workbook_have_the_same_figures(self, province, cash):
        first, _ = pair()
        take(province, cash, collected(first))
        minutes = write_minutes(account=FundingAccount.objects.get(code="TK-971"), month=date(2024, 8, 1))

        table = table_of(export_minutes(minutes, digest="ab" * 32, made_at=datetime(2024, 9, 1, tzinfo=UTC)))
        assert [(row[1], row[2]) for row in table[4 : 4 + len(minutes.rows)]] == [
            (r.name, r.ours) for r in minutes.rows
        ]


class TestOfAClosedMonth:
    """The provider's list comes when the month of its payments is closed: nobody has to reopen it, nothing is lost, and it is said."""

    @pytest.fixture
    def closed(self, province: Province, cash: PaymentBatch) -> PaymentBatch:
        province.clock.now = datetime(2024, 9, 5, 3, 0, tzinfo=UTC)
        self.close(province, AUGUST)
        return cash

    def close(self, province: Province, month: date) -> None:
        account = FundingAccount.objects.get(code="TK-971")
        Statement.objects.create(
            funding_account=account, statement_id=f"{month}", format="camt.053", from_on=month, to_on=month + timedelta(days=31), opening=0, closing=0,
            line_count=0, received_at=province.clock(), content_digest=str(month).encode(),
        )  # fmt: skip
        for left in Discrepancy.objects.filter(status="OPEN").order_by("pk"):
            DiscrepancyStep.objects.create(
                discrepancy=left, kind="CARRIED", note="Hỏi tổ chức chi trả.", due_on=month,
                made_by=province.staff["CHECKER"], made_at=province.clock(),
            )  # fmt: skip
        PeriodStep.objects.create(
            funding_account=account, month=month, ordinal=1, kind="CLOSED",
            made_by=province.staff["CHECKER"], made_at=province.clock(),
        )  # fmt: skip

    def booked(self) -> list[date]:
        entries = JournalEntry.objects.filter(source__startswith="provider-paid").order_by("pk")
        return list(entries.values_list("booked_on", flat=True))

    def test_people_are_paid_on_their_day_and_booked_in_an_open_month(self, province, closed):
        first, second = pair()
        said = take(province, closed, collected(first, on="20/08/2024"), collected(second, on="02/09/2024"))

        assert said.problems == [
            "Tháng 08/2024 đã khóa sổ: 750.000 đồng chi ngày 20/08/2024 được ghi sổ ngày 05/09/2024. "
            "Kết quả từng người vẫn ghi đúng ngày nhận; không phải nạp lại."
        ]
        assert [payment.credited_on for payment in pair()] == [date(2024, 8, 20), date(2024, 9, 2)]
        assert self.booked() == [date(2024, 9, 5), date(2024, 9, 2)]
        take(province, closed, collected(second, on="02/09/2024"), collected(first, on="20/08/2024"))
        assert len(self.booked()) == 2

    def test_even_when_this_month_is_closed_on_its_last_day(self, province, closed):
        self.close(province, date(2024, 9, 1))
        take(province, closed, collected(pair()[0], on="20/08/2024"))

        assert self.booked() == [date(2024, 10, 1)]

    def test_both_sides_of_the_minutes_count_it_in_the_month_it_was_booked_in(self, province, closed):
        take(province, closed, collected(pair()[0], on="20/08/2024"))
        account = FundingAccount.objects.get(code="TK-971")
        paid = {
            month: next(row for row in write_minutes(account=account, month=month).rows if "chi tiền mặt" in row.name)
            for month in (AUGUST, date(2024, 9, 1))
        }
        assert [(row.ours, row.theirs) for row in paid.values()] == [(0, 0), (750_000, 750_000)]

    def test_the_signed_minutes_keep_what_was_told_in_time_of_the_same_day(self, province, cash):
        """Of two people paid on one day, the second is told of when the month is closed: only that one is counted later."""
        take(province, cash, collected(pair()[0], on="20/08/2024"))
        province.clock.now = datetime(2024, 9, 5, 3, 0, tzinfo=UTC)
        self.close(province, AUGUST)
        take(province, cash, collected(pair()[1], on="20/08/2024"))

        assert self.booked() == [date(2024, 8, 20), date(2024, 9, 5)]
        account = FundingAccount.objects.get(code="TK-971")
        for month in (AUGUST, SEPTEMBER):
            rows = {row.name: (row.ours, row.theirs) for row in write_minutes(account=account, month=month).rows}
            assert rows["Tổ chức chi trả đã chi tiền mặt"] == (750_000, 750_000)
            assert (
                rows["Dư cuối kỳ tại tổ chức dịch vụ chi trả"][0] == rows["Dư cuối kỳ tại tổ chức dịch vụ chi trả"][1]
            )

    def in_cash(self) -> list[tuple[int, int, str]]:
        """Ours, theirs and the cause, of August and of September; what each month begins with is what the one before ended with."""
        account = FundingAccount.objects.get(code="TK-971")
        august, september = (
            {row.name: (row.ours, row.theirs, row.cause) for row in write_minutes(account=account, month=month).rows}
            for month in (AUGUST, SEPTEMBER)
        )
        ends, begins = (
            august["Dư cuối kỳ tại tổ chức dịch vụ chi trả"],
            september["Dư đầu kỳ tại tổ chức dịch vụ chi trả"],
        )
        assert ends == begins
        assert "Chưa có giải thích" not in [
            row[2] for row in (*august.values(), *september.values()) if row[0] != row[1]
        ]
        return [rows["Tổ chức chi trả đã chi tiền mặt"] for rows in (august, september)]

    def letters(self, province, payment) -> Letters:
        note_contradictions(payment_ids=[payment.pk], reason="CASH_RESULT_CONTRADICTS", now=province.clock())
        return Letters(province, province.clock, None, payment)

    ARRIVED_BY = "Ghi đã chi theo văn bản 12/NH ngày 06/8/2024: 750.000 đ đã đến người hưởng"
    TAKEN_BACK_BY = "Rút lại ghi đã chi theo văn bản 30/NH ngày 20/8/2024: 750.000 đ không đến người hưởng"

    @pytest.mark.parametrize("told_afterwards", [False, True])
    def test_a_letter_of_a_closed_month_puts_no_word_into_the_providers_mouth(self, province, cash, told_afterwards):
        first, second = pair()
        take(province, cash, not_collected(first), collected(second))
        letters = self.letters(province, first)
        province.clock.now = datetime(2024, 9, 5, 3, 0, tzinfo=UTC)
        self.close(province, AUGUST)
        letters.put(outcome=ARRIVED, on=date(2024, 8, 5))
        letters.confirm()
        if told_afterwards:
            province.clock.advance(hours=1)
            take(province, cash, collected(first, on="05/08/2024"))

        signed = (750_000, 750_000, "")
        late = (750_000, 750_000, "") if told_afterwards else (750_000, 0, self.ARRIVED_BY)
        assert self.in_cash() == [signed, late]

    @pytest.mark.parametrize("told", [False, True])
    def test_a_letter_taken_back_later_leaves_the_closed_month_as_it_was_signed(self, province, cash, told):
        first, second = pair()
        take(province, cash, not_collected(first), collected(second))
        if told:
            take(province, cash, collected(first, on="05/08/2024"))
        letters = self.letters(province, first)
        letters.put(outcome=ARRIVED, on=date(2024, 8, 5))
        letters.confirm()
        signed, _ = self.in_cash()
        province.clock.now = datetime(2024, 9, 5, 3, 0, tzinfo=UTC)
        self.close(province, AUGUST)
        letters.take_back()

        assert signed == ((1_500_000, 1_500_000, "") if told else (1_500_000, 750_000, self.ARRIVED_BY))
        assert self.in_cash() == [signed, (-750_000, 0, self.TAKEN_BACK_BY)]

    def test_what_is_paid_again_late_is_reserved_in_an_open_month(self, province):
        bank = FakeTransfers(balances=BALANCES, now=province.clock)
        payment = province.pay_through_accounts(1, bank=bank)[0]
        BankAccount.objects.update(status="CLOSED", cause="CLOSE", reason="ACCOUNT_CLOSED", closed_on=AUGUST)
        stop_lost_accounts(now=province.clock())
        self.close(province, AUGUST)
        province.clock.now = datetime(2024, 9, 5, 3, 0, tzinfo=UTC)
        province.open_account(payment.beneficiary)
        again = reissue(
            month=AUGUST, unit=province.units["97"], to_cash=[], actor=province.staff["MAKER"], now=province.clock()
        ).batch_ids
        submit(batch_ids=again, actor=province.staff["MAKER"], now=province.clock())
        approve(batch_ids=again, actor=province.staff["CHECKER"], now=province.clock())

        assert release(batch_ids=again, actor=province.staff["RELEASER"], now=province.clock(), bank=bank) == 1
        entry = JournalEntry.objects.filter(source__startswith="release:").latest("pk")
        assert entry.booked_on == date(2024, 9, 5)

    def test_the_proof_of_both_months_ties_out(self, province, cash):
        """What was paid in August and booked in September was still with the provider by the books of August."""
        treasury = TestTreasuryLines()
        treasury.record(province, cash, "FORWARDED", 1_500_000, "UNC-1")
        treasury.read(province, ("UNC-1", -1_500_000))
        province.clock.now = datetime(2024, 9, 5, 3, 0, tzinfo=UTC)
        self.close(province, AUGUST)
        take(province, cash, collected(pair()[0], on="20/08/2024"), collected(pair()[1], on="02/09/2024"))
        province.build(SEPTEMBER)

        held = [
            line
            for month in (AUGUST, SEPTEMBER)
            for line in prove_cycle(month=month).differences
            if "tổ chức chi trả" in line
        ]
        assert held == []
