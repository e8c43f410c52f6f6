"""Which account a list uses: papers that ran out, changes that wait, wishes for cash. Whatever bars an account, the person is paid."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from beneficiaries.models import AccountChange, BankAccount, Case, RegistrationSlip, SourcePrecedence
from payments.models import Entitlement, Payment, RemovalSlip
from payments.services.reissue import reissue
from payments.services.send import send_ready_payments
from payments.services.stop import stop_lost_accounts
from tests.payments.province import AUGUST, JULY, Province, rolled_back

LISTED_ON, PAY_ON = date(2024, 7, 18), date(2024, 8, 5)


def authorised(province: Province, *, until: date | None, holder_kind: str = "AUTHORISED") -> BankAccount:
    """A person whose daughter collects, with the daughter's account."""
    enrolment = province.enrol(payee_kind="AUTHORISED", payee_name="Trần Thị Con", payee_paper_until=until)
    return province.open_account(enrolment.beneficiary, holder_kind=holder_kind)


def change(province: Province, old: BankAccount, new: BankAccount, *, usable_from: date | None) -> AccountChange:
    pending = AccountChange.objects.create(
        old_account=old, new_account=new, requested_by=province.staff["MAKER"], requested_at=province.clock()
    )
    if usable_from:
        AccountChange.objects.filter(pk=pending.pk).update(
            status="APPROVED",
            decided_by=province.staff["CHECKER"],
            decided_at=province.clock() + timedelta(seconds=pending.pk),
            usable_from=usable_from,
        )
    return pending


def the_answer() -> tuple[str, str, str, int | None]:
    due = Entitlement.objects.get()
    payment = Payment.objects.get()
    return due.channel, due.cash_reason, payment.payee_name, payment.bank_account_id


class TestPowerOfAttorney:
    @pytest.mark.parametrize("until", [PAY_ON - timedelta(days=1), date(2023, 1, 1)])
    def test_that_ran_out_pays_the_person_in_hand_and_opens_a_case(self, province: Province, until: date) -> None:
        person = authorised(province, until=until).beneficiary
        province.build(AUGUST)
        assert the_answer() == ("CASH", "AUTHORISATION_INVALID", person.full_name, None)
        assert list(Case.objects.values_list("kind", "reason")) == [("ACCOUNT", "AUTHORISATION_INVALID")]

    @pytest.mark.parametrize("until", [PAY_ON, PAY_ON + timedelta(days=40), None])
    def test_that_holds_on_the_day_of_paying_is_used(self, province: Province, until: date | None) -> None:
        account = authorised(province, until=until)
        province.build(AUGUST)
        assert the_answer() == ("ACCOUNT", "", "Trần Thị Con", account.pk)
        assert not Case.objects.exists()

    def test_that_ran_out_does_not_bar_the_persons_own_account(self, province: Province) -> None:
        agents = authorised(province, until=date(2023, 1, 1))
        own = province.open_account(agents.beneficiary, opened_on=date(2020, 1, 1))
        province.build(AUGUST)
        assert the_answer() == ("ACCOUNT", "", own.beneficiary.full_name, own.pk)

    def test_that_ran_out_is_no_paper_for_collecting_cash_either(self, province: Province) -> None:
        enrolment = province.enrol(
            payee_kind="AUTHORISED", payee_name="Trần Thị Con", payee_paper_until=date(2023, 1, 1)
        )
        province.build(AUGUST)
        assert the_answer() == ("CASH", "AUTHORISATION_INVALID", enrolment.beneficiary.full_name, None)


class TestAChangeOfAccount:
    @pytest.fixture
    def two(self, province: Province) -> tuple[BankAccount, BankAccount]:
        person = province.enrol().beneficiary
        return province.open_account(person), province.open_account(person)

    @pytest.mark.parametrize("usable_from", [None, LISTED_ON + timedelta(days=1)])
    def test_that_waits_leaves_the_old_account_in_use(self, province, two, usable_from) -> None:
        old, new = two
        change(province, old, new, usable_from=usable_from)
        province.build(AUGUST)
        assert the_answer()[3] == old.pk

    def test_that_waits_while_the_old_account_is_gone_leads_to_cash(self, province, two) -> None:
        old, new = two
        change(province, old, new, usable_from=LISTED_ON + timedelta(days=1))
        BankAccount.objects.filter(pk=old.pk).update(status="CLOSED", cause="CLOSE")
        province.build(AUGUST)
        assert the_answer()[:2] == ("CASH", "ACCOUNT_CHANGE_WAITING")

    def test_in_effect_uses_the_new_account(self, province, two) -> None:
        new, old = two  # by age alone the other one would be chosen
        change(province, old, new, usable_from=LISTED_ON)
        province.build(AUGUST)
        assert the_answer()[3] == new.pk

    def test_in_effect_never_falls_back_to_what_the_person_left(self, province, two) -> None:
        old, new = two
        change(province, old, new, usable_from=LISTED_ON)
        BankAccount.objects.filter(pk=new.pk).update(status="OPENED", cause="MONEY_BACK", reason="RETURNED")
        province.build(AUGUST)
        assert the_answer()[:2] == ("CASH", "RETURNED")

    def test_back_again_uses_the_first_account(self, province, two) -> None:
        first, second = two
        change(province, first, second, usable_from=LISTED_ON)
        change(province, second, first, usable_from=LISTED_ON)
        province.build(AUGUST)
        assert the_answer()[3] == first.pk


class TestWishes:
    @pytest.mark.parametrize(
        ("signed_on", "channel"), [(LISTED_ON, "CASH"), (LISTED_ON + timedelta(days=1), "ACCOUNT")]
    )
    def test_a_slip_for_cash_is_followed_once_it_is_signed(self, province, signed_on, channel) -> None:
        account = province.open_account(province.enrol().beneficiary)
        RegistrationSlip.objects.create(
            beneficiary=account.beneficiary,
            method="CASH",
            signed_on=signed_on,
            signer_kind="OWN",
            signer_name=account.beneficiary.full_name,
            recorded_by=province.staff["MAKER"],
            recorded_at=datetime.now().astimezone(),
        )
        province.build(AUGUST)
        assert the_answer()[:2] == (channel, "CASH_CHOSEN" if channel == "CASH" else "")

    def test_sources_go_by_rank_and_the_rank_is_data(self, province: Province) -> None:
        person = province.enrol().beneficiary
        vneid = province.open_account(person, source="VNEID")
        bank = province.open_account(person, source="BANK")
        used = []
        for rank in (10, 0):
            SourcePrecedence.objects.filter(source="BANK").update(rank=rank)
            with rolled_back():
                province.build(AUGUST)
                used.append(Payment.objects.get().bank_account_id)
        assert used == [vneid.pk, bank.pk]


AGAINST = ["ACCOUNT_CLOSED", "ACCOUNT_BLOCKED", "INVALID_ACCOUNT", "RETURNED", "DECLINED"]


class TestAnAccountThatWasLost:
    """What the bank said against an account is stronger than what was credited to it before; the person is paid another way."""

    @pytest.mark.parametrize("reason", AGAINST)
    def test_is_not_used_however_long_it_was_and_somebody_is_asked(self, province: Province, reason: str) -> None:
        person = province.enrol().beneficiary
        province.open_account(person, status="OPENED", last_credited_month=JULY, reason=reason)
        province.build(AUGUST)
        assert the_answer() == ("CASH", reason, person.full_name, None)
        assert list(Case.objects.values_list("kind", "reason", "beneficiary")) == [("ACCOUNT", reason, person.pk)]

    @pytest.mark.parametrize("reason", AGAINST)
    def test_leads_to_another_one_that_is_confirmed(self, province: Province, reason: str) -> None:
        person = province.enrol().beneficiary
        province.open_account(person, status="OPENED", last_credited_month=JULY, reason=reason)
        other = province.open_account(person)
        province.build(AUGUST)
        assert the_answer() == ("ACCOUNT", "", person.full_name, other.pk)

    @pytest.mark.parametrize("reason", ["", "IDENTITY_CHECK", "NAME_CHANGED"])
    def test_is_not_what_only_the_person_is_doubted_for(self, province: Province, reason: str) -> None:
        account = province.open_account(
            province.enrol().beneficiary, status="OPENED", last_credited_month=JULY, reason=reason
        )
        province.build(AUGUST)
        assert the_answer()[3] == account.pk

    def test_once_released_its_person_is_taken_off_and_paid_in_the_same_month(
        self, province: Province, bank, clock
    ) -> None:
        mine, neighbours = province.pay_through_accounts(2, bank=bank)
        BankAccount.objects.filter(pk=mine.bank_account_id).update(
            status="CLOSED", cause="CLOSE", reason="ACCOUNT_CLOSED", closed_on=AUGUST
        )
        assert (stop_lost_accounts(now=clock()), stop_lost_accounts(now=clock())) == (1, 0)
        send_ready_payments(bank=bank, clock=clock)
        mine.refresh_from_db()
        neighbours.refresh_from_db()
        assert (mine.status, neighbours.status) == ("CANCELLED", "PROCESSING")
        assert RemovalSlip.objects.get().ground == "CHANGED"

        other = province.open_account(mine.beneficiary)
        reissue(
            month=AUGUST, unit=province.units["97"], to_cash=[], actor=province.staff["MAKER"], now=province.clock()
        )
        again = Payment.objects.get(reissues=mine)
        assert (again.bank_account_id, again.amount, again.status) == (other.pk, mine.amount, "DRAFT")

    def test_of_no_other_does_plain_sql_make_up_such_a_slip(self, province: Province, bank, clock) -> None:
        (payment,) = province.pay_through_accounts(1, bank=bank)
        with pytest.raises(IntegrityError, match="taken off"), transaction.atomic():
            RemovalSlip.objects.create(payment=payment, ground="CHANGED", reason="x", requested_at=clock())
