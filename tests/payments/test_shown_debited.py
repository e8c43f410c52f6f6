"""The statement shows that money left for what everybody says was not paid: it goes no other way until it came back, or two people sign (ADR 40)."""

import io
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from PIL import Image

from banks.files_fake import FakeFiles
from banks.transfers import Status
from beneficiaries.models import BankAccount, Case, Solution
from beneficiaries.services.cases.proposals import propose_solution
from mockbank.statement_lines import StatementLine as BankLine
from payments.errors import (
    NothingToReissue,
)
from payments.errors.outcomes import (
    ShownDebited,
)
from payments.models import Contradiction, Entitlement, Finding, FundingAccount, Payment, Posting
from payments.services.files import send_files
from payments.services.files.confirm import confirm_unpaid_in_files
from payments.services.learning.case_solutions import offer_again
from payments.services.learning.confirm import confirm_unpaid
from payments.services.learning.findings import confirm_finding, put_finding
from payments.services.learning.learn import fetch_states
from payments.services.lists.reissue import reissue
from payments.services.sending.send import send_ready_payments
from payments.services.signing.sign import approve, release, submit
from reconciliation.models import Discrepancy, StatementLine, StatementMatch
from reconciliation.services.differences import discrepancies as about
from reconciliation.services.differences.write_off import propose_write_off, sign_write_off
from reconciliation.services.lines.debits_that_stand import mark_ended_meanwhile
from reconciliation.services.lines.match_by_hand import link_to_payment, undo_match
from reconciliation.services.months.prove import prove_cycle
from reconciliation.services.statements.import_statement import import_statements
from staff.models import Role, User
from tests.payments.province import AUGUST, SEPTEMBER
from tests.reconciliation.paid_month import Page

STREAM = io.BytesIO()
Image.new("L", (8, 8), 200).save(STREAM, "PNG")
PNG = STREAM.getvalue()
CLOSED = {"status": "REJECTED", "note": "Nhầm."}


@dataclass
class Office:
    """A payment, the bank that says one thing by its API and another on its statements, and the people who see to it."""

    province: object
    bank: object
    clock: object
    payment: Payment
    day: date = date(2024, 8, 5)
    sequence: int = 0
    lines: int = 0
    balance: int = 0
    ids: list = field(default_factory=list)

    def statement(self, *amounts: int, reference: str | None = None) -> None:
        """The next day's statement: a line of each amount, with the payment's reference unless another is given."""
        found = []
        for amount in amounts:
            self.lines += 1
            found.append(
                BankLine(
                    id=f"line_{self.lines}", kind="debit" if amount < 0 else "return", amount=amount, booked_on=self.day,
                    payment_id=None, end_to_end_id=self.payment.end_to_end_id if reference is None else reference,
                    message_id=None, counterparty_name="NGUYEN VAN", counterparty_account=None, counterparty_bank=None,
                    text="Tro cap", return_reason="AC04" if amount > 0 else None,
                )
            )  # fmt: skip
        opening, self.balance, self.sequence = self.balance, self.balance + sum(amounts), self.sequence + 1
        page = Page(tuple(found), opening, self.balance, len(found), self.sequence, (self.day, self.day))
        self.day += timedelta(days=1)
        self.clock.advance(hours=1)
        account = self.payment.batch.funding_account.bank_account_id
        import_statements(
            sources=[io.BytesIO(page.written(account=account))], actor=self.province.staff["CHECKER"], now=self.clock()
        )

    def fail(self) -> None:
        """The bank's API says that it was not paid."""
        (state,) = (one for one in self.bank.taken if one.end_to_end_id == self.payment.end_to_end_id)
        self.bank.move(state.bank_reference, to=Status.FAILED, return_code="account_closed")
        fetch_states(bank=self.bank, now=self.clock())

    def close_cases(self) -> None:
        """A person has read them, and thinks nothing of it."""
        Case.objects.update(decided_by=self.province.staff["CHECKER"], decided_at=self.clock(), **CLOSED)

    def confirmed(self) -> bool:
        """Whether the bank's fresh answer sets the money free; every case was closed before."""
        self.close_cases()
        self.clock.advance(hours=1)
        confirm_unpaid(bank=self.bank, now=self.clock())
        return Payment.objects.filter(pk=self.payment.pk, confirmed_at__isnull=False).exists()

    def shown(self) -> date | None:
        return Contradiction.objects.filter(payment=self.payment).values_list("debited_on", flat=True).first()

    def again(self) -> Payment:
        """On a reissue list of the month, in draft."""
        BankAccount.objects.update(status="VERIFIED", cause="VERIFY", reason="", note="")
        given = {"month": AUGUST, "unit": self.province.units["97"], "actor": self.province.staff["MAKER"]}
        self.ids = reissue(to_cash=(), now=self.clock(), **given).batch_ids
        return Payment.objects.get(reissues=self.payment)

    def release_again(self) -> None:
        people, now = self.province.staff, self.clock()
        submit(batch_ids=self.ids, actor=people["MAKER"], now=now)
        approve(batch_ids=self.ids, actor=people["CHECKER"], now=now)
        release(batch_ids=self.ids, actor=people["RELEASER"], now=now, bank=self.bank)

    def write_off(self, item: Discrepancy) -> None:
        said = {"note": "Quyết định số 12.", "now": self.clock()}
        other = User.objects.create(username="checker2", password="!", full_name="Kế toán hai", role=Role.CHECKER,
                                    unit=self.province.units["97"])  # fmt: skip
        propose_write_off(discrepancy_id=item.pk, actor=self.province.staff["CHECKER"], **said)
        sign_write_off(discrepancy_id=item.pk, actor=other, **said)


@pytest.fixture
def office(province, bank, clock) -> Office:
    """750,000 đ with the bank, which has not said yet what became of it."""
    payments = province.pay_through_accounts(2, bank=bank)
    send_ready_payments(bank=bank, clock=clock)
    fetch_states(bank=bank, now=clock())
    payments[0].refresh_from_db()
    return Office(province, bank, clock, payments[0])


@pytest.fixture
def shown(office) -> Office:
    """Failed by the API, debited on the statement."""
    office.fail()
    office.statement(-750_000)
    return office


class TestWhatHoldsIt:
    @pytest.mark.parametrize("first", ["statement", "api"])
    def test_the_statement_whichever_came_first(self, office, first):
        """The line before the bank's word is the usual way: debited in the evening, failed at night."""
        for step in (first, "api" if first == "statement" else "statement"):
            office.statement(-750_000) if step == "statement" else office.fail()

        assert (office.shown(), office.confirmed()) == (date(2024, 8, 5), False)
        with pytest.raises(NothingToReissue):
            office.again()

    def test_also_of_what_was_confirmed_already(self, office):
        office.fail()
        assert office.confirmed()

        office.statement(-750_000)

        office.payment.refresh_from_db()
        assert (office.payment.confirmed_at, office.confirmed()) == (None, False)
        case = Case.objects.get(subject=office.payment.end_to_end_id)
        assert (case.reason, case.evidence) == (
            "BANK_CONTRADICTS", ["sao kê ghi Nợ ngày 05/08/2024, chưa thấy hoàn trả"],
        )  # fmt: skip

    def test_the_next_month_does_not_carry_it(self, shown):
        shown.confirmed()

        shown.province.build(SEPTEMBER)

        september = Payment.objects.get(beneficiary=shown.payment.beneficiary, batch__cycle__month=SEPTEMBER)
        assert september.amount == 750_000
        assert Entitlement.objects.get(payment=shown.payment).cycle.month == AUGUST

    def test_a_debit_of_another_amount_and_a_second_debit_after_a_return(self, office):
        office.fail()
        office.statement(-700_000)
        assert not office.confirmed()

        office.statement(700_000, -750_000, 750_000, -750_000)

        assert not office.confirmed()

    def test_not_a_returned_payment_whose_return_line_is_still_to_come_but_a_second_debit_of_it(self, office):
        office.statement(-750_000)
        (state,) = (one for one in office.bank.taken if one.end_to_end_id == office.payment.end_to_end_id)
        office.bank.move(state.bank_reference, to=Status.RETURNED, return_code="account_closed")
        fetch_states(bank=office.bank, now=office.clock())
        office.payment.refresh_from_db()
        assert (office.payment.status, office.shown(), office.confirmed()) == ("RETURNED", None, True)

        office.statement(-750_000)
        assert not office.confirmed()

        office.statement(750_000)
        assert not office.confirmed()

    def test_a_waiting_payment_does_not_set_out(self, province, bank, clock):
        (payment, _) = province.pay_through_accounts(2, bank=bank)
        office = Office(province, bank, clock, payment)

        office.statement(-750_000)

        send_ready_payments(bank=bank, clock=clock)
        payment.refresh_from_db()
        assert (payment.status, payment.hold_code) == ("READY", "bank_contradicts")
        assert len(bank.taken) == 1
        assert payment.end_to_end_id != bank.taken[0].end_to_end_id
        clock.advance(hours=30)
        case = propose_solution(
            case_id=Case.objects.get(subject=payment.end_to_end_id).pk, solution=Solution.OFFER_AGAIN,
            proposal={"payment": payment.end_to_end_id}, actor=province.staff["MAKER"], note="Đã hỏi.", document="", now=clock(),
        )  # fmt: skip
        with pytest.raises(ShownDebited):
            offer_again(case_id=case.pk, bank=bank, actor=province.staff["CHECKER"], clock=clock)


class TestWhatFollowsIt:
    @pytest.fixture
    def repaid(self, office) -> Office:
        """Confirmed by the bank's fresh answer, on a reissue list with three signatures."""
        office.fail()
        office.confirmed()
        office.again()
        office.release_again()
        return office

    def test_is_held_while_it_waits(self, repaid):
        repaid.statement(-750_000)

        send_ready_payments(bank=repaid.bank, clock=repaid.clock)
        successor = Payment.objects.get(reissues=repaid.payment)
        assert (successor.status, successor.hold_code) == ("READY", "bank_contradicts")

    def test_may_have_been_paid_twice_when_it_has_gone(self, repaid):
        send_ready_payments(bank=repaid.bank, clock=repaid.clock)
        successor = Payment.objects.get(reissues=repaid.payment)
        assert successor.status == "PROCESSING"

        repaid.statement(-750_000)

        case = Case.objects.get(subject=successor.end_to_end_id)
        assert "có thể đã chi hai lần" in case.evidence[0]


class TestWhatSetsItFree:
    def test_the_return_line_and_the_bank_asked_afresh(self, shown):
        assert not shown.confirmed()
        Case.objects.update(status="OPEN")

        shown.statement(750_000)

        case = Case.objects.get(subject=shown.payment.end_to_end_id)
        assert (shown.shown(), case.status, case.note) == (None, "SOLVED", "Sao kê đã ghi tiền hoàn trả.")
        confirm_unpaid(bank=shown.bank, now=shown.clock())
        assert shown.again().amount == 750_000

    def test_not_a_return_of_part_of_it(self, shown):
        shown.statement(740_000)

        assert (shown.shown(), shown.confirmed()) == (date(2024, 8, 5), False)

    def test_two_signatures_and_not_what_was_opened_again(self, shown):
        item = Discrepancy.objects.get(kind="BANK_CONTRADICTS")
        shown.write_off(item)
        assert (shown.shown(), shown.confirmed()) == (None, True)

        shown.clock.advance(minutes=1)
        about.reopen(discrepancy_id=item.pk, note="Nhầm", actor=shown.province.staff["CHECKER"], now=shown.clock())

        shown.payment.refresh_from_db()
        assert (shown.payment.confirmed_at, shown.confirmed()) == (None, False)

    def test_undoing_a_match_that_was_a_guess_but_not_one_by_its_own_reference(self, office):
        """One person's word: the line that bears the payment's reference goes on naming it."""
        office.fail()
        checker = office.province.staff["CHECKER"]
        office.statement(-750_000, reference="KHONG-RO")
        assert office.confirmed()
        line = StatementLine.objects.get(reference="KHONG-RO")

        match = link_to_payment(line=line, payment=office.payment, actor=checker, reason="x", now=office.clock())
        assert not office.confirmed()
        undo_match(match=match, actor=checker, reason="Nhầm", now=office.clock())
        assert office.confirmed()

        office.statement(-750_000)
        match = StatementMatch.objects.get(line__reference=office.payment.end_to_end_id)
        undo_match(match=match, actor=checker, reason="Nhầm", now=office.clock())
        assert not office.confirmed()

    def test_what_came_back_whole_is_a_difference_no_more_on_either_line(self, shown):
        shown.statement(750_000)

        assert not Discrepancy.objects.filter(kind="BANK_CONTRADICTS", status="OPEN").exists()
        booked = dict(
            Posting.objects.filter(entry__batch=shown.payment.batch)
            .values_list("account__kind")
            .annotate(Sum("amount"))
        )
        assert (booked["PAID"], booked["RETURNED"]) == (750_000, -750_000)
        assert booked["RESERVED"] == 750_000  # the other payment, still on its way

    def test_debited_one_month_and_given_back_the_next_both_months_tie_out(self, shown):
        def too_much():
            (check,) = (one for one in prove_cycle(month=AUGUST).checks if "ngân hàng ghi Nợ" in one.name)
            return check.theirs - check.ours

        assert too_much() == 750_000
        shown.day = SEPTEMBER
        shown.statement(750_000)

        assert too_much() == 0

    def test_what_came_back_without_having_left_is_named(self, office):
        office.fail()
        office.statement(750_000)

        assert Discrepancy.objects.filter(kind="BANK_CONTRADICTS", status="OPEN", theirs=750_000).count() == 1

    def test_a_return_taken_back_opens_the_difference_again(self, shown):
        shown.statement(750_000)
        back = StatementMatch.objects.get(kind="RETURN")
        debit = Discrepancy.objects.get(kind="BANK_CONTRADICTS", theirs__lt=0)
        assert debit.status == "RESOLVED"

        undo_match(match=back, actor=shown.province.staff["CHECKER"], reason="Nhầm", now=shown.clock())

        debit.refresh_from_db()
        assert debit.status == "OPEN"


class TestByFile:
    def test_a_letter_of_two_people_says_nothing_against_the_money(self, province, bank, clock):
        FundingAccount.objects.update(sends_by="FILE")
        files = FakeFiles(now=clock)
        payments = province.pay_through_accounts(2, bank=bank)
        send_files(bank=files, clock=clock)
        files.report(reject=frozenset({payments[0].end_to_end_id}))
        send_files(bank=files, clock=clock)
        office = Office(province, bank, clock, payments[0])
        office.statement(-750_000)
        given = {"content": PNG, "document": "12/NH", "outcome": Finding.Outcome.LEFT_NOTHING}
        put_finding(payment_id=payments[0].pk, actor=province.staff["CHECKER"], now=clock(), **given)
        clock.advance(minutes=1)
        put_finding(payment_id=payments[0].pk, actor=province.staff["CHECKER"], now=clock(), **given)
        clock.advance(minutes=1)

        def end():
            return confirm_finding(payment_id=payments[0].pk, actor=province.staff["RELEASER"], now=clock())

        with pytest.raises(ShownDebited):
            end()
        office.close_cases()
        clock.advance(hours=1)
        before = confirm_unpaid_in_files(bank=files, now=clock())
        office.statement(750_000)
        end()

        assert (before, confirm_unpaid_in_files(bank=files, now=clock())) == (0, 1)


class TestTheDatabaseHoldsIt:
    def test_no_road_confirms_it(self, shown):
        with connection.cursor() as cursor:
            cursor.execute("SELECT session_user")
            assert cursor.fetchone() == ("ansinh_app",)
        with pytest.raises(IntegrityError, match="a statement shows"), transaction.atomic():
            Payment.objects.filter(pk=shown.payment.pk).update(confirmed_at=shown.clock())

    def test_nobody_takes_the_mark_off(self, shown):
        Contradiction.objects.filter(payment=shown.payment).update(debited_on=None)

        assert shown.shown() == date(2024, 8, 5)

    def test_looking_again_changes_nothing(self, shown):
        before = list(Contradiction.objects.values()), list(Case.objects.values()), list(Discrepancy.objects.values())

        shown.statement()
        mark_ended_meanwhile(now=shown.clock())

        after = list(Contradiction.objects.values()), list(Case.objects.values()), list(Discrepancy.objects.values())
        assert after == before


class TestAnyOrderOfEvents:
    @pytest.mark.parametrize("seed", range(6))
    def test_it_is_free_only_while_what_left_has_come_back(self, office, seed):
        dice = random.Random(seed)
        office.fail()
        net = 0
        for _ in range(6):
            amount = dice.choice([-750_000, 750_000]) if net else -750_000
            office.statement(amount)
            net += amount
            assert office.confirmed() == (net >= 0), (seed, net)
