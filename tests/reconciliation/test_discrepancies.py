"""A difference ends by rows or by two people's word, every step stays, and what ended wrongly opens again."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from payments.models import FundingAccount, Payment, Posting, TopUp
from reconciliation.errors import (
    AnswerDayOutOfBounds,
    NotForThisKind,
    SecondSignerIsTheFirst,
    WrongDiscrepancyState,
    WroteOffWhatTheyReleased,
)
from reconciliation.models import Discrepancy, DiscrepancyStep, Statement, StatementMatch
from reconciliation.services.differences import discrepancies as about
from reconciliation.services.differences.ageing import age_discrepancies
from reconciliation.services.differences.write_off import decline_write_off, propose_write_off, sign_write_off
from reconciliation.services.differences.write_off_signers import second_signers
from reconciliation.services.lines.match_by_hand import undo_match
from reconciliation.services.months.journal_export import balances, export_journal
from reconciliation.services.months.minutes import write_minutes
from reconciliation.services.months.minutes_paper import render_minutes
from reconciliation.services.months.minutes_roll import minutes_roll
from reconciliation.services.months.prove import prove_cycle
from staff.errors import NotAllowed
from staff.models import AdministrativeUnit, Role, User
from tests.reconciliation.damages import (
    both_references_lost,
    charge_taken,
    debit_twice_and_balances_agree,
    unknown_debit,
)
from tests.reconciliation.paid_month import MONTH, RECEIVED_AT, PaidMonth

SAID = {"note": "Theo công văn số 12 của ngân hàng.", "now": RECEIVED_AT}


def second_checker(month: PaidMonth) -> User:
    return User.objects.create(
        username="checker2", password="!", full_name="Kế toán hai", role=Role.CHECKER, unit=month.checker.unit
    )


def province_of(unit: AdministrativeUnit | None) -> AdministrativeUnit:
    assert unit is not None
    return AdministrativeUnit.objects.get(path=unit.path[: unit.path.index("/", 1) + 1])


def balance(*kinds: str) -> int:
    return Posting.objects.filter(account__kind__in=kinds).aggregate(total=Sum("amount"))["total"] or 0


@pytest.fixture
def charge(month: PaidMonth) -> Discrepancy:
    """A charge on the second statement that nothing explains."""
    first, second, _ = charge_taken(*month.pages, random.Random(1))
    month.receive(first, second)
    return Discrepancy.objects.get()


@pytest.fixture
def doubled(month: PaidMonth) -> Discrepancy:
    """A payment debited twice; the balances of both statements say so too."""
    first, second, _ = debit_twice_and_balances_agree(*month.pages, random.Random(1))
    extra = first.closing - month.pages[0].closing
    month.receive(first, replace(second, opening=second.opening + extra, closing=second.closing + extra))
    return Discrepancy.objects.get()


class TestReevaluation:
    def test_a_line_that_comes_with_a_later_statement_ends_what_was_missing_and_is_named_late(self, month: PaidMonth):
        first, second = month.pages
        lost = next(line for line in first.lines if line.kind == "debit")
        page = first.with_lines(*(line for line in first.lines if line is not lost))
        month.receive(replace(page, closing=first.closing - lost.amount, declared=first.declared - 1))
        missing = Discrepancy.objects.get()

        late = replace(lost, booked_on=date(2024, 8, 12))
        month.receive(
            replace(
                second.with_lines(*second.lines, late),
                opening=first.closing - lost.amount,
                declared=second.declared + 1,
            )
        )

        missing.refresh_from_db()
        assert (missing.status, missing.ground) == ("RESOLVED", "FOUND_LATER")
        assert missing.steps.get().note == "Đã thấy trên sao kê, ngày 12/08/2024."
        assert list(Discrepancy.objects.filter(status="OPEN").values_list("kind", flat=True)) == ["LATE"]

    def test_a_statement_that_comes_late_closes_the_gap_it_left(self, month: PaidMonth):
        first, second = month.pages
        third = replace(
            second, lines=(), opening=second.closing, closing=second.closing, declared=0, sequence=3,
            days=(date(2024, 9, 1), date(2024, 9, 10)),
        )  # fmt: skip
        month.receive(first, third)
        assert set(Discrepancy.objects.filter(status="OPEN").values_list("kind", flat=True)) == {"BALANCE_GAP"}

        month.receive(second)

        assert not Discrepancy.objects.filter(status="OPEN").exists()

    def test_a_top_up_recorded_after_its_line_explains_it_at_the_next_import(self, month: PaidMonth):
        top_up = TopUp.objects.get()
        kept = {"funding_account": top_up.funding_account, "amount": top_up.amount, "booked_on": top_up.booked_on}
        first, second = month.pages
        line = replace(first.lines[0], end_to_end_id="CAP-KHAC")
        month.receive(first.with_lines(line, *first.lines[1:]))
        assert list(Discrepancy.objects.values_list("kind", flat=True)) == ["UNEXPECTED_LINE"]

        TopUp.objects.create(reference="CAP-KHAC", **kept)
        month.receive(second)

        assert Discrepancy.objects.get().ground == "FOUND_LATER"

    def test_a_match_taken_back_opens_the_difference_again(self, month: PaidMonth, charge: Discrepancy):
        about.book_entry(discrepancy_id=charge.pk, kind=StatementMatch.Kind.CHARGE, actor=month.checker, **SAID)
        assert prove_cycle(month=MONTH).proven

        undo_match(match=StatementMatch.objects.get(kind="CHARGE"), actor=month.checker, reason="Nhầm", now=RECEIVED_AT)

        charge.refresh_from_db()
        assert charge.status == "OPEN"
        assert list(charge.steps.order_by("pk").values_list("kind", flat=True)) == ["RESOLVED", "REOPENED"]


class TestByHand:
    def test_a_link_ends_the_line_and_what_was_missing(self, month: PaidMonth):
        first, second, _ = both_references_lost(*month.pages, random.Random(1))
        month.receive(first, second)
        line, missing = (
            Discrepancy.objects.get(kind="UNEXPECTED_LINE"),
            Discrepancy.objects.get(kind="MISSING_ON_STATEMENT"),
        )

        about.link(discrepancy_id=line.pk, payment=missing.payment, actor=month.checker, **SAID)

        assert set(Discrepancy.objects.values_list("status", "ground")) == {("RESOLVED", "LINKED")}
        assert prove_cycle(month=MONTH).proven

    def test_interest_is_not_money_that_left(self, month: PaidMonth, charge: Discrepancy):
        with pytest.raises(NotForThisKind):
            about.book_entry(discrepancy_id=charge.pk, kind=StatementMatch.Kind.INTEREST, actor=month.checker, **SAID)

    def test_asking_the_bank_keeps_it_open_with_a_date_and_an_owner(self, month: PaidMonth, charge: Discrepancy):
        for wrong in (date(2024, 1, 1), date(2030, 1, 1)):
            with pytest.raises(AnswerDayOutOfBounds, match="phải từ"):
                about.ask_bank(discrepancy_id=charge.pk, answer_due_on=wrong, actor=month.checker, **SAID)
        about.ask_bank(discrepancy_id=charge.pk, answer_due_on=date(2024, 9, 10), actor=month.checker, **SAID)

        charge.refresh_from_db()
        assert (charge.status, charge.answer_due_on, charge.owner) == ("OPEN", date(2024, 9, 10), month.checker)

    def test_an_answer_alone_does_not_end_a_difference_in_money(self, month: PaidMonth, charge: Discrepancy):
        with pytest.raises(NotForThisKind):
            about.accept_answer(discrepancy_id=charge.pk, actor=month.checker, **SAID)

    def test_is_given_only_to_somebody_who_may_reconcile(self, month: PaidMonth, charge: Discrepancy):
        with pytest.raises(NotAllowed):
            about.assign(discrepancy_id=charge.pk, owner=month.maker, actor=month.checker, **SAID)

    def test_reopening_a_booked_charge_takes_its_entry_back(self, month: PaidMonth, charge: Discrepancy):
        about.book_entry(discrepancy_id=charge.pk, kind=StatementMatch.Kind.CHARGE, actor=month.checker, **SAID)

        about.reopen(discrepancy_id=charge.pk, actor=month.checker, **SAID)

        charge.refresh_from_db()
        assert charge.status == "OPEN"
        assert balance("CHARGES") == 0


class TestWriteOff:
    def test_needs_two_people(self, month: PaidMonth, doubled: Discrepancy):
        propose_write_off(discrepancy_id=doubled.pk, actor=month.checker, **SAID)

        with pytest.raises(SecondSignerIsTheFirst):
            sign_write_off(discrepancy_id=doubled.pk, actor=month.checker, **SAID)

    def test_is_not_signed_by_who_released_the_payment(self, month: PaidMonth, doubled: Discrepancy):
        propose_write_off(discrepancy_id=doubled.pk, actor=month.checker, **SAID)

        with pytest.raises(WroteOffWhatTheyReleased):
            sign_write_off(discrepancy_id=doubled.pk, actor=User.objects.get(username="releaser"), **SAID)

    def test_says_who_can_where_one_account_holder_released_it_and_what_to_do_where_nobody_can(
        self, month: PaidMonth, doubled: Discrepancy
    ):
        propose_write_off(discrepancy_id=doubled.pk, actor=month.checker, **SAID)
        doubled.refresh_from_db()
        releaser, unit = User.objects.get(username="releaser"), month.checker.unit

        with pytest.raises(
            WroteOffWhatTheyReleased, match="Chưa ai ký được chữ ký thứ hai: cần một kế toán trưởng hoặc"
        ):
            sign_write_off(discrepancy_id=doubled.pk, actor=releaser, **SAID)
        above = User.objects.create(
            username="tren", password="!", full_name="Lê Trên", role=Role.RELEASER, unit=province_of(unit)
        )
        User.objects.create(username="lap", password="!", full_name="Người Lập", role=Role.MAKER, unit=unit)

        assert second_signers(doubled) == [above]
        with pytest.raises(WroteOffWhatTheyReleased, match=r"Lê Trên \(chủ tài khoản, "):
            sign_write_off(discrepancy_id=doubled.pk, actor=releaser, **SAID)
        sign_write_off(discrepancy_id=doubled.pk, actor=above, **SAID)

    def test_names_nobody_beside_the_way_up(self, month: PaidMonth, doubled: Discrepancy):
        unit = FundingAccount.objects.get().paying_unit
        elsewhere = AdministrativeUnit.objects.filter(path__startswith=unit.path).exclude(pk=unit.pk).first()
        User.objects.create(username="khac", password="!", full_name="Nơi Khác", role=Role.RELEASER, unit=elsewhere)
        gone = User.objects.create(
            username="nghi", password="!", full_name="Đã Nghỉ", role=Role.CHECKER, unit=unit, is_active=False
        )

        assert not {"khac", gone.username} & {one.username for one in second_signers(doubled)}

    def test_needs_a_first_signature(self, month: PaidMonth, doubled: Discrepancy):
        with pytest.raises(WrongDiscrepancyState):
            sign_write_off(discrepancy_id=doubled.pk, actor=month.checker, **SAID)

    def test_a_proposal_declined_leaves_it_open(self, month: PaidMonth, doubled: Discrepancy):
        propose_write_off(discrepancy_id=doubled.pk, actor=month.checker, **SAID)
        decline_write_off(discrepancy_id=doubled.pk, actor=second_checker(month), **SAID)

        doubled.refresh_from_db()
        assert (doubled.status, doubled.write_off_by) == ("OPEN", None)

    def test_books_the_difference_and_the_cycle_is_proven_with_it(self, month: PaidMonth, doubled: Discrepancy):
        assert not prove_cycle(month=MONTH).proven
        propose_write_off(discrepancy_id=doubled.pk, actor=month.checker, **SAID)

        sign_write_off(discrepancy_id=doubled.pk, actor=second_checker(month), **SAID)

        assert balance("ADJUSTED") == -doubled.theirs
        assert prove_cycle(month=MONTH).differences == []

    def test_a_further_debit_of_another_amount_is_one_too_many_too_and_what_is_booked_of_it_leaves_the_payment_alone(
        self, month: PaidMonth
    ):
        first, second = month.pages
        paid = next(line for line in first.lines if line.kind == "debit")
        more = replace(paid, id="x", amount=paid.amount + 1_000)
        page = first.with_lines(*first.lines, more)
        month.receive(
            replace(page, closing=first.closing + more.amount, declared=first.declared + 1),
            replace(second, opening=second.opening + more.amount, closing=second.closing + more.amount),
        )
        item = Discrepancy.objects.get()
        assert (item.kind, item.ours, item.theirs) == ("DUPLICATE_DEBIT", 0, more.amount)
        assert [(row.kind, row.amount) for row in age_discrepancies(Discrepancy.objects.all(), now=RECEIVED_AT)] == [
            ("DUPLICATE_DEBIT", -more.amount)
        ]
        paid_before = balance("PAID")

        propose_write_off(discrepancy_id=item.pk, actor=month.checker, **SAID)
        sign_write_off(discrepancy_id=item.pk, actor=second_checker(month), **SAID)

        assert (balance("PAID"), balance("ADJUSTED")) == (paid_before, -more.amount)
        assert prove_cycle(month=MONTH).differences == []

    def test_another_amount_whose_payment_another_line_explained_since_is_booked_beside_it(self, month: PaidMonth):
        first, second = month.pages
        paid = next(line for line in first.lines if line.kind == "debit")
        wrong = replace(paid, amount=paid.amount + 1_000)
        page = first.with_lines(*(wrong if line is paid else line for line in first.lines))
        month.receive(replace(page, closing=first.closing + 1_000))
        item = Discrepancy.objects.get(kind="AMOUNT_DIFFERS")
        right = replace(paid, id="x", booked_on=second.lines[0].booked_on)
        month.receive(
            replace(
                second.with_lines(*second.lines, right), opening=second.opening + 1_000,
                closing=second.closing + 1_000 + right.amount, declared=second.declared + 1,
            )
        )  # fmt: skip
        paid_before = balance("PAID")

        propose_write_off(discrepancy_id=item.pk, actor=month.checker, **SAID)
        sign_write_off(discrepancy_id=item.pk, actor=second_checker(month), **SAID)
        assert (balance("PAID"), balance("ADJUSTED")) == (paid_before, -wrong.amount)

        about.reopen(discrepancy_id=item.pk, actor=month.checker, **SAID)
        assert balance("ADJUSTED") == 0

    def test_reopened_its_entry_is_booked_in_reverse(self, month: PaidMonth, doubled: Discrepancy):
        propose_write_off(discrepancy_id=doubled.pk, actor=month.checker, **SAID)
        sign_write_off(discrepancy_id=doubled.pk, actor=second_checker(month), **SAID)

        about.reopen(discrepancy_id=doubled.pk, actor=month.checker, **SAID)

        assert balance("ADJUSTED") == 0
        assert not prove_cycle(month=MONTH).proven

    def test_the_database_refuses_one_person_and_the_releaser_too(self, month: PaidMonth, doubled: Discrepancy):
        releaser = User.objects.get(username="releaser")
        step = {"discrepancy": doubled, "note": "x", "made_at": RECEIVED_AT}
        written_off = {"kind": "RESOLVED", "ground": "WRITTEN_OFF"}
        for alone, refusal in (
            (written_off | {"made_by": month.checker}, "two people"),
            (written_off | {"made_by": releaser}, "released"),
            ({"kind": "PROPOSED", "made_by": releaser}, "by a controller"),
        ):
            with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
                DiscrepancyStep.objects.create(**step, **alone)
        with pytest.raises(IntegrityError, match="stands in the steps"), transaction.atomic():
            Discrepancy.objects.filter(pk=doubled.pk).update(
                status="RESOLVED", ground="WRITTEN_OFF", resolved_by=month.checker, resolved_at=RECEIVED_AT
            )

    def test_a_missing_debit_written_off_and_found_later_is_booked_once(self, month: PaidMonth):
        first, second = month.pages
        lost = next(line for line in first.lines if line.kind == "debit")
        kept = first.closing - lost.amount
        month.receive(
            replace(
                first.with_lines(*(x for x in first.lines if x is not lost)), closing=kept, declared=first.declared - 1
            )
        )
        missing = Discrepancy.objects.get()
        propose_write_off(discrepancy_id=missing.pk, actor=month.checker, **SAID)
        sign_write_off(discrepancy_id=missing.pk, actor=second_checker(month), **SAID)

        late = replace(lost, booked_on=date(2024, 8, 12))
        month.receive(replace(second.with_lines(*second.lines, late), opening=kept, declared=second.declared + 1))

        missing.refresh_from_db()
        assert (missing.ground, balance("ADJUSTED")) == ("FOUND_LATER", 0)
        assert balance("PAID") == -StatementMatch.objects.filter(kind="DEBIT").aggregate(total=Sum("amount"))["total"]


class TestSteps:
    @pytest.mark.parametrize(
        "change", ["UPDATE reconciliation_discrepancystep SET note = 'x'", "DELETE FROM reconciliation_discrepancystep"]
    )
    def test_stay_as_they_were_written(self, month: PaidMonth, charge: Discrepancy, change: str):
        about.note(discrepancy_id=charge.pk, text="Đã gọi", actor=month.checker, now=RECEIVED_AT)

        with pytest.raises(Exception, match=r"append|denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


class TestAgeing:
    def test_counts_each_difference_in_the_band_of_its_age(self, month: PaidMonth):
        first, second, _ = unknown_debit(*month.pages, random.Random(1))
        month.receive(first, second)
        everything = Discrepancy.objects.all()

        rows = age_discrepancies(everything, now=RECEIVED_AT + timedelta(days=11, hours=1))

        assert {(row.kind.value, row.counts["11-30"], row.total, row.oldest_days) for row in rows} == {
            ("UNEXPECTED_LINE", 1, 1, 11),
            ("BALANCE_GAP", 2, 2, 11),
        }
        assert age_discrepancies(everything.filter(status="RESOLVED"), now=RECEIVED_AT) == []


class TestJournal:
    """One list's whole life, with every posting."""

    def test_of_a_paid_month_every_account_is_what_the_rows_say(self, month: PaidMonth):
        month.receive(*month.pages)

        top_up = TopUp.objects.get().amount
        account = Payment.objects.filter(batch__channel="ACCOUNT")
        left = account.filter(status__in=["POSTED", "RETURNED"]).aggregate(total=Sum("amount"))["total"]
        back = account.filter(status="RETURNED").aggregate(total=Sum("amount"))["total"]
        assert balance("ALLOTTED") == -top_up
        assert balance("RESERVED") == 0
        assert balance("PAID") == left
        assert balance("RETURNED") == -back
        assert balance("FUNDS") == top_up - left + back == Statement.objects.get(sequence_number=2).closing

    def test_a_debit_taken_back_stands_as_reserved_again(self, month: PaidMonth):
        month.receive(month.pages[0])
        match = StatementMatch.objects.filter(kind="DEBIT").first()
        assert match

        undo_match(match=match, actor=month.checker, reason="Nhầm", now=RECEIVED_AT)

        assert balance("RESERVED") == -match.amount

    def test_the_workbook_and_the_minutes_say_the_same(self, month: PaidMonth):
        month.receive(*month.pages)
        account = TopUp.objects.get().funding_account

        minutes = write_minutes(account=account, month=MONTH)

        sums = {row.name: row.ours for row in minutes.rows}
        assert minutes.agreed
        assert sums["Dư cuối kỳ tại ngân hàng"] == sum(
            amount
            for kind, _, _, amount in balances(account=account, until=date(2024, 8, 31))
            if kind in ("FUNDS", "RESERVED")
        )
        assert export_journal(account=account, month=MONTH).startswith(b"PK")
        assert render_minutes(minutes, minutes_roll(minutes, now=RECEIVED_AT)).startswith(b"%PDF")
