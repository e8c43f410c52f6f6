"""Which account a list uses: papers that ran out, changes that wait, wishes for cash. Whatever bars an account, the person is paid."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from beneficiaries.models import (
    AccountChange,
    BankAccount,
    Beneficiary,
    Case,
    Enrolment,
    PayeeRelation,
    RegistrationSlip,
    SourcePrecedence,
)
from beneficiaries.services.accounts.change_account import begin_changes, confirm_holder_name
from beneficiaries.services.receiving.payees import Paper, begin_payees, end_payee, record_payee
from beneficiaries.services.receiving.payees_accounts import look_at_payees_accounts
from payments.models import Entitlement, Payment, PaymentBatch, RemovalSlip
from payments.services.lists.conflicts import conflicts_of
from payments.services.lists.reissue import reissue
from payments.services.lists.replace_lost import replace_lost
from payments.services.sending.send import send_ready_payments
from payments.services.signing.stop import stop_lost_accounts
from tests.payments.province import AUGUST, JULY, Province, rolled_back

LISTED_ON, PAY_ON = date(2024, 7, 18), date(2024, 8, 5)
SINCE = datetime(2024, 1, 3, tzinfo=UTC)


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


class TestAGuardian:
    @pytest.mark.parametrize(("ended_on", "used"), [(PAY_ON, False), (PAY_ON + timedelta(days=1), True)])
    def test_who_is_one_no_more_is_paid_nothing_into_their_account(
        self, province: Province, ended_on: date, used: bool
    ) -> None:
        person = province.enrol().beneficiary
        account = province.open_account(person, holder_kind="GUARDIAN")
        held = {"beneficiary": person, "kind": "GUARDIAN", "paper_number": "1/TL", "valid_from": date(2024, 1, 1)}
        named = {"full_name": "Trần Thị Dì", "name_key": "tran thi di"}
        told = {"recorded_by": province.staff["MAKER"], "recorded_at": province.clock()}
        PayeeRelation.objects.create(**held, **named, **told, ended_on=ended_on, end_reason="REVOKED")
        province.build(AUGUST)
        assert the_answer()[0] == ("ACCOUNT" if used else "CASH")
        assert the_answer()[3] == (account.pk if used else None)
        assert Case.objects.filter(kind="ACCOUNT", reason="NAME_MISMATCH").exists() is not used


class TestTheBanksSpelling:
    @pytest.mark.parametrize("kind", ["GUARDIAN", "AUTHORISED"])
    def test_of_the_only_payee_there_ever_was_bars_nothing_that_was_credited(
        self, province: Province, kind: str
    ) -> None:
        enrolment = province.enrol(payee_kind=kind, payee_name="Nguyễn Thanh Tuấn")
        spelt = {"holder_kind": kind, "holder_name": "NGUYEN THANH TUANH", "name_verdict": "REVIEW"}
        account = province.open_account(enrolment.beneficiary, **spelt, last_credited_month=JULY)
        province.build(AUGUST)
        assert the_answer() == ("ACCOUNT", "", "Nguyễn Thanh Tuấn", account.pk)


class TestAGuardianWhoIsReplaced:
    """The money goes to who receives on the day of paying: never into the account of the one before."""

    RECORDED = datetime(2024, 7, 10, 3, 0, tzinfo=UTC)

    @pytest.fixture
    def account(self, province: Province) -> BankAccount:
        """Of Trần Thị Dì, guardian by paper, who receives."""
        enrolment = province.enrol(recorded_at=datetime(2024, 1, 2, tzinfo=UTC))
        self.name_guardian(province, enrolment.beneficiary, "Trần Thị Dì", recorded_at=SINCE)
        return self.open(province, enrolment.beneficiary, "TRAN THI DI")

    def open(self, province: Province, person: Beneficiary, holder: str, **changes: object) -> BankAccount:
        return province.open_account(
            person,
            **{"holder_kind": "GUARDIAN", "holder_name": holder, "name_verdict": "SAME", "status_at": SINCE, **changes},
        )

    def name_guardian(
        self, province: Province, person: Beneficiary, name: str, *, begins: date | None = None,
        recorded_at: datetime = RECORDED, number: str = "",
    ) -> PayeeRelation:  # fmt: skip
        paper = Paper(number="12/TL", valid_from=begins)
        given = {"kind": "GUARDIAN", "full_name": name, "paper": paper, "identity_number": number}
        return record_payee(beneficiary=person, actor=province.staff["MAKER"], now=recorded_at, **given)

    def asked(self) -> list[tuple[str, str]]:
        return list(Case.objects.filter(kind="ACCOUNT").values_list("reason", "status"))

    @pytest.mark.parametrize("status", ["VERIFIED", "OPENED"])
    def test_at_once_is_paid_nothing_and_the_next_one_gets_the_money_in_hand(self, province, account, status) -> None:
        if status == "OPENED":  # earlier months reached it, whatever is doubted about the person
            doubt = {"status": "OPENED", "reason": "IDENTITY_CHECK", "cause": "HOLDER_CHANGED"}
            BankAccount.objects.update(**doubt, last_credited_month=JULY)
        self.name_guardian(province, account.beneficiary, "Lê Văn Cậu")
        assert self.asked() == [("NAME_MISMATCH", "OPEN")]
        province.build(AUGUST)
        assert the_answer() == ("CASH", "NAME_MISMATCH", "Lê Văn Cậu", None)
        assert self.asked() == [("NAME_MISMATCH", "OPEN")]

    @pytest.mark.parametrize(("begins", "used"), [(PAY_ON, False), (PAY_ON + timedelta(days=1), True)])
    def test_from_a_day_ahead_is_paid_until_then(self, province, account, begins, used) -> None:
        self.name_guardian(province, account.beneficiary, "Lê Văn Cậu", begins=begins)
        assert not self.asked()
        with rolled_back():
            province.build(AUGUST)
            expected = (
                ("ACCOUNT", "", "Trần Thị Dì", account.pk) if used else ("CASH", "NAME_MISMATCH", "Lê Văn Cậu", None)
            )
            assert the_answer() == expected
        begin_payees(on=begins)
        look_at_payees_accounts(on=begins, now=self.RECORDED)
        assert look_at_payees_accounts(on=begins, now=self.RECORDED) == 0
        assert self.asked() == [("NAME_MISMATCH", "OPEN")]

    def test_ended_between_list_and_payment_leaves_the_money_with_the_person(self, province, account) -> None:
        relation = PayeeRelation.objects.get()
        given = {"reason": "REVOKED", "on": PAY_ON, "actor": province.staff["MAKER"], "now": self.RECORDED}
        end_payee(relation=relation, **given)
        province.build(AUGUST)
        assert the_answer() == ("CASH", "NAME_MISMATCH", account.beneficiary.full_name, None)

    @pytest.mark.parametrize("name", ["TRẦN THỊ DÌ", "Tran  Thi Di"])
    def test_by_a_newer_paper_of_the_same_name_is_nobody_else(self, province, account, name) -> None:
        self.name_guardian(province, account.beneficiary, name)
        province.build(AUGUST)
        assert the_answer()[3] == account.pk and not self.asked()

    @pytest.mark.parametrize("begins", [None, date(2024, 7, 25)])
    def test_by_the_same_number_under_a_corrected_name_is_nobody_else(self, province, account, begins) -> None:
        for name, when in (("Trần Thị Dì", None), ("Trần Thị Di Linh", begins)):
            self.name_guardian(province, account.beneficiary, name, begins=when, number="097170000001")
        province.build(AUGUST)
        assert the_answer()[3] == account.pk and not self.asked()

    def test_is_paid_again_when_the_guardian_of_before_is_back(self, province, account) -> None:
        for name in ("Lê Văn Cậu", "Trần Thị Dì"):
            self.name_guardian(province, account.beneficiary, name)
        province.build(AUGUST)
        assert the_answer()[3] == account.pk
        assert self.asked() == [("NAME_MISMATCH", "SOLVED")]

    def test_the_next_ones_account_still_needs_a_second_person_and_then_ends_the_question(
        self, province, account
    ) -> None:
        self.name_guardian(province, account.beneficiary, "Lê Văn Cậu")
        new = self.open(province, account.beneficiary, "LE VAN CAU")
        assert begin_changes(account_ids=[new.pk], actor=province.staff["MAKER"], now=self.RECORDED) == 1
        look_at_payees_accounts(on=LISTED_ON, now=self.RECORDED)
        assert self.asked() == [("NAME_MISMATCH", "OPEN")]
        waits = AccountChange.objects.filter(old_account=account, new_account=new)
        decided = {"decided_by": province.staff["CHECKER"], "decided_at": self.RECORDED, "usable_from": LISTED_ON}
        waits.update(status="APPROVED", **decided)
        look_at_payees_accounts(on=LISTED_ON, now=self.RECORDED)
        assert self.asked() == [("NAME_MISMATCH", "SOLVED")]
        province.build(AUGUST)
        assert the_answer() == ("ACCOUNT", "", "Lê Văn Cậu", new.pk)

    def test_by_a_nearly_equal_name_is_asked_about_once(self, province, account) -> None:
        self.name_guardian(province, account.beneficiary, "Trần Thị Thu Dì")
        assert [BankAccount.objects.get().name_verdict, self.asked()] == ["REVIEW", [("NAME_MISMATCH", "OPEN")]]
        confirm_holder_name(account=account, note="cùng một người", actor=province.staff["CHECKER"], now=self.RECORDED)
        assert look_at_payees_accounts(on=LISTED_ON, now=self.RECORDED) == 0
        province.build(AUGUST)
        assert the_answer()[3] == account.pk
        assert self.asked() == [("NAME_MISMATCH", "SOLVED")]

    def test_leaves_the_persons_own_account_in_use(self, province, account) -> None:
        own = province.open_account(account.beneficiary, opened_on=date(2020, 1, 1))
        self.name_guardian(province, account.beneficiary, "Lê Văn Cậu")
        province.build(AUGUST)
        assert the_answer()[3] == own.pk and not self.asked()

    def test_while_the_list_is_in_draft_is_taken_off_it_and_the_next_one_paid(self, province, account, clock) -> None:
        province.build(AUGUST)
        batch = PaymentBatch.objects.get()
        self.name_guardian(province, account.beneficiary, "Lê Văn Cậu", recorded_at=clock())
        assert [one.kind for one in conflicts_of(batch_ids=[batch.pk])] == ["ACCOUNT_LOST"]
        made = replace_lost(batch_id=batch.pk, actor=province.staff["MAKER"], now=clock())
        (again,) = Payment.objects.filter(batch__in=made.batch_ids)
        assert (again.batch.channel, again.payee_name) == ("CASH", "Lê Văn Cậu")

    @pytest.mark.parametrize("begins", [None, PAY_ON])
    @pytest.mark.parametrize("by_paper", [True, False])
    def test_after_a_list_for_cash_was_made_is_said_to_who_signs_it(
        self, province, account, clock, begins, by_paper
    ) -> None:
        BankAccount.objects.update(status="CLOSED", cause="CLOSE")
        if not by_paper:  # known by a ward's list alone
            Enrolment.objects.update(payee_name="Trần Thị Bà")
        clock.now = datetime(2024, 7, 18, 3, 0, tzinfo=UTC)
        province.build(AUGUST)
        batch = PaymentBatch.objects.get()
        assert not conflicts_of(batch_ids=[batch.pk])
        recorded = clock.now + timedelta(days=1)
        self.name_guardian(province, account.beneficiary, "Lê Văn Cậu", begins=begins, recorded_at=recorded)
        found = conflicts_of(batch_ids=[batch.pk])
        assert [(one.kind, one.hard, one.payment_id) for one in found] == [
            ("PAYEE_CHANGED", False, Payment.objects.get().pk)
        ]

    def test_later_than_the_day_of_paying_is_nothing_to_the_list(self, province, account, clock) -> None:
        BankAccount.objects.update(status="CLOSED", cause="CLOSE")
        province.build(AUGUST)
        after = PAY_ON + timedelta(days=1)
        self.name_guardian(province, account.beneficiary, "Lê Văn Cậu", begins=after, recorded_at=clock())
        assert not conflicts_of(batch_ids=list(PaymentBatch.objects.values_list("pk", flat=True)))


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
