"""Deaths and money: held, stopped, asked back, owed to heirs, and everything again when the death was none."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum

from banks.fake import FakeTransfers
from beneficiaries.models import Case, Decision, FuneralFile, LifeStatus
from beneficiaries.services.life_events.funeral import count_funeral_files
from payments.models import Entitlement, Payment, RecoveryProposal, StopNotice
from payments.services.ledger.undecided_recoveries import undecided
from payments.services.life import answer, draw_consequences
from payments.services.signing.sign import release
from tests.payments.life import DIED, ISSUED, enrolled, said, tell, withdrawn
from tests.payments.province import AUGUST, JULY, SEPTEMBER, Province

OCTOBER = date(2024, 10, 1)


def owed(enrolment_id: int) -> dict[date, tuple[int, str]]:
    """Per month: đồng payable in all, and why nothing is where nothing is."""
    rows = Entitlement.objects.filter(withdrawn_in=None, enrolment=enrolment_id).order_by("pk")
    found: dict[date, tuple[int, str]] = {}
    for row in rows:
        amount, reason = found.get(row.month, (0, ""))
        found[row.month] = (amount + (0 if row.not_payable_reason else row.amount), row.not_payable_reason or reason)
    return {month: (amount, "" if amount else reason) for month, (amount, reason) in found.items()}


def on_lists(enrolment_id: int) -> int:
    """Đồng on payments that are not stopped."""
    payments = Payment.objects.filter(entitlements__enrolment=enrolment_id).exclude(status="CANCELLED").distinct()
    return payments.aggregate(total=Sum("amount"))["total"] or 0


class TestNotice:
    def test_holds_the_next_month_keeps_it_owed_and_pays_it_when_lifted(self, province: Province) -> None:
        enrolment, number = enrolled(province)
        person = enrolment.beneficiary
        tell(province, said(person, number, source="HOSPITAL"))
        province.build(AUGUST)
        assert owed(enrolment.pk) == {AUGUST: (0, "DEATH_NOTICE")}
        assert Case.objects.get(beneficiary=person).kind == "DEATH"

        answer(
            beneficiary_id=person.pk,
            answer="LIFT",
            note="Còn sống.",
            actor=province.staff["MAKER"],
            now=province.clock(),
        )
        province.build(SEPTEMBER)

        assert owed(enrolment.pk) == {AUGUST: (750_000, ""), SEPTEMBER: (750_000, "")}
        assert on_lists(enrolment.pk) == 1_500_000
        province.build(OCTOBER)
        assert on_lists(enrolment.pk) == 2_250_000

    def test_takes_the_person_off_a_signed_list_and_the_list_is_released_without(
        self, province: Province, bank: FakeTransfers
    ) -> None:
        enrolment, number = enrolled(province)
        for one in (enrolment, province.enrol()):
            province.open_account(one.beneficiary)
        province.build(AUGUST)
        ids = province.approve_lists(AUGUST)
        tell(province, said(enrolment.beneficiary, number, source="HOSPITAL"))

        assert release(batch_ids=ids, actor=province.staff["RELEASER"], now=province.clock(), bank=bank) == 1
        assert on_lists(enrolment.pk) == 0

    def test_of_this_month_leaves_the_month_itself(self, province: Province) -> None:
        enrolment, number = enrolled(province)
        tell(province, said(enrolment.beneficiary, number, source="HOSPITAL"))
        province.build(JULY)

        assert owed(enrolment.pk) == {JULY: (540_000, "")}


class TestDeath:
    def test_pays_the_month_of_death_and_none_after(self, province: Province) -> None:
        enrolment, number = enrolled(province)
        tell(province, said(enrolment.beneficiary, number))
        province.build(JULY)
        province.build(AUGUST)

        assert owed(enrolment.pk) == {JULY: (540_000, ""), AUGUST: (0, "DECEASED")}

    def test_stops_what_is_ready_and_asks_the_provider_about_what_it_holds(
        self, province: Province, bank: FakeTransfers
    ) -> None:
        people = [enrolled(province) for _ in range(2)]
        for enrolment, _ in people:
            province.open_account(enrolment.beneficiary)
        province.build(AUGUST)
        first, second = province.release_lists(AUGUST, bank=bank)
        Payment.objects.filter(pk=second.pk).apply("CLAIM", now=province.clock())

        told = tell(province, *(said(e.beneficiary, number, f"KT-{number}") for e, number in people))

        assert (told.consequences.stopped, told.consequences.stop_notices) == (1, 1)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.status, first.cause, second.status) == ("CANCELLED", "STOP", "SENT")
        assert StopNotice.objects.get().payment_id == second.pk

    def test_proposes_to_recover_exactly_the_months_credited_after_the_month_of_death(
        self, province: Province, bank: FakeTransfers
    ) -> None:
        enrolment, number = enrolled(province)
        province.open_account(enrolment.beneficiary)
        for month in (JULY, AUGUST, SEPTEMBER):
            province.build(month)
            (payment,) = province.release_lists(month, bank=bank)
            _credit(payment, province)
        tell(
            province,
            said(enrolment.beneficiary, number, occurred_on=date(2024, 8, 1), issued_at=ISSUED.replace(month=8, day=4)),
        )

        proposals = RecoveryProposal.objects.all()
        assert {p.entitlement.month for p in proposals} == {SEPTEMBER}
        assert sum(p.amount for p in proposals) == 750_000
        assert (
            Case.objects.get(kind="RECOVERY")
            .evidence[0]
            .startswith("Đã chi cho tháng sau tháng mất: tháng 09/2024; 750.000 đồng")
        )

    def test_lists_a_proposal_until_decisions_since_the_death_cover_it_earliest_month_first(
        self, province: Province, bank: FakeTransfers
    ) -> None:
        enrolment, number = enrolled(province)
        province.open_account(enrolment.beneficiary)
        for month in (JULY, AUGUST, SEPTEMBER):
            province.build(month)
            (payment,) = province.release_lists(month, bank=bank)
            _credit(payment, province)
        tell(
            province,
            said(enrolment.beneficiary, number, occurred_on=date(2024, 7, 3), issued_at=ISSUED.replace(month=8, day=4)),
        )

        def listed() -> list[date]:
            return sorted(one.entitlement.month for one in undecided(RecoveryProposal.objects.all()))

        def decide(number: str, *, amount: int, signed_on: date) -> None:
            Decision.objects.create(
                enrolment=enrolment, kind="RECOVER", number=number, amount=amount, monthly_ceiling=amount, signed_on=signed_on,
                effective_month=date(2024, 10, 1),
            )  # fmt: skip

        assert listed() == [AUGUST, SEPTEMBER]
        decide("1/QĐ", amount=750_000, signed_on=date(2024, 7, 2))
        assert listed() == [AUGUST, SEPTEMBER], "a decision from before the death is about something else"
        decide("2/QĐ", amount=749_999, signed_on=date(2024, 10, 1))
        assert listed() == [AUGUST, SEPTEMBER]
        decide("3/QĐ", amount=1, signed_on=date(2024, 10, 1))
        assert listed() == [SEPTEMBER]
        decide("4/QĐ", amount=750_000, signed_on=date(2024, 10, 2))
        assert listed() == []

    def test_money_credited_after_the_news_is_found_by_the_sweep(self, province: Province, bank: FakeTransfers) -> None:
        enrolment, number = enrolled(province)
        province.open_account(enrolment.beneficiary)
        province.build(AUGUST)
        (payment,) = province.release_lists(AUGUST, bank=bank)
        Payment.objects.filter(pk=payment.pk).apply("CLAIM", now=province.clock())
        tell(province, said(enrolment.beneficiary, number))
        assert not RecoveryProposal.objects.exists()
        Payment.objects.filter(pk=payment.pk).apply("BANK_POSTED", now=province.clock())

        draw_consequences(people=None, actor=None, now=province.clock())
        draw_consequences(people=None, actor=None, now=province.clock())

        assert RecoveryProposal.objects.get().amount == 750_000

    def test_the_database_takes_no_made_up_amount(self, province: Province, bank: FakeTransfers) -> None:
        enrolment, _ = enrolled(province)
        province.open_account(enrolment.beneficiary)
        province.build(AUGUST)
        (payment,) = province.release_lists(AUGUST, bank=bank)
        _credit(payment, province)
        row = Entitlement.objects.get()

        for amount, died in ((750_001, DIED), (750_000, AUGUST)):
            with pytest.raises(DatabaseError), transaction.atomic():
                RecoveryProposal.objects.create(
                    entitlement=row, payment=payment, amount=amount, deceased_on=died, opened_at=province.clock()
                )

    def test_unpaid_months_of_life_are_owed_to_the_heirs(self, province: Province) -> None:
        enrolment, number = enrolled(province)
        province.build(JULY)
        Payment.objects.all().apply("STOP", now=province.clock())
        tell(province, said(enrolment.beneficiary, number))

        assert "tháng 07/2024; 540.000 đồng" in Case.objects.get(kind="HEIR").evidence[0]

    def test_ends_powers_of_attorney_also_for_months_of_life(self, province: Province) -> None:
        enrolment, number = enrolled(province, payee_kind="AUTHORISED", payee_name="Lê Văn Con")
        province.build(JULY)
        tell(province, said(enrolment.beneficiary, number))

        assert Payment.objects.get().status == "CANCELLED"
        assert Case.objects.filter(beneficiary=enrolment.beneficiary, kind="HEIR").exists()

    def test_opens_one_funeral_file_and_counts_it_with_its_reason(self, province: Province) -> None:
        enrolment, number = enrolled(province)
        tell(province, said(enrolment.beneficiary, number))
        tell(province, withdrawn("KT-2", about="KT-1"))
        (stopped,) = count_funeral_files(unit=province.units["97"])
        tell(
            province,
            said(
                enrolment.beneficiary, number, "KT-3", action="CORRECT", about="KT-1", issued_at=ISSUED.replace(day=27)
            ),
        )
        (again,) = count_funeral_files(unit=province.units["97"])

        assert (stopped.status, stopped.reason) == ("STOPPED", "sự kiện khai tử đã được thu hồi")
        assert (again.status, again.files) == ("NOT_RECEIVED", 1)
        assert FuneralFile.objects.count() == 1


class TestWrongDeath:
    def test_loses_nobody_a_single_dong(self, province: Province, bank: FakeTransfers) -> None:
        enrolment, number = enrolled(province)
        person = enrolment.beneficiary
        province.open_account(person)
        province.build(AUGUST)
        tell(province, said(person, number))  # taken off August's list
        province.build(SEPTEMBER)  # not payable: held to be dead
        assert on_lists(enrolment.pk) == 0
        tell(province, withdrawn("KT-2", about="KT-1"))
        province.build(OCTOBER)

        assert owed(enrolment.pk) == dict.fromkeys((AUGUST, SEPTEMBER, OCTOBER), (750000, ""))
        assert on_lists(enrolment.pk) == 3 * 750_000
        assert Payment.objects.exclude(status="CANCELLED").count() == 1

    def test_takes_back_proposals_notices_and_cases(self, province: Province, bank: FakeTransfers) -> None:
        enrolment, number = enrolled(province)
        province.open_account(enrolment.beneficiary)
        for month in (AUGUST, SEPTEMBER):
            province.build(month)
            (payment,) = province.release_lists(month, bank=bank)
            Payment.objects.filter(pk=payment.pk).apply("CLAIM", now=province.clock())
        Payment.objects.filter(batch__cycle__month=AUGUST).apply("BANK_POSTED", now=province.clock())
        tell(province, said(enrolment.beneficiary, number))
        assert (RecoveryProposal.objects.count(), StopNotice.objects.count()) == (1, 1)
        tell(province, withdrawn("KT-2", about="KT-1"))

        assert not RecoveryProposal.objects.filter(withdrawn_at=None).exists()
        assert not StopNotice.objects.filter(withdrawn_at=None).exists()
        assert not Case.objects.filter(status="OPEN").exists()

    def test_an_extract_that_repeats_it_is_not_believed(self, province: Province) -> None:
        enrolment, number = enrolled(province)
        province.identify(enrolment.beneficiary, deceased_on=DIED)
        tell(province, said(enrolment.beneficiary, number), withdrawn("KT-2", about="KT-1"))
        province.build(AUGUST)

        assert LifeStatus.objects.get().not_deceased_on == DIED
        assert owed(enrolment.pk) == {AUGUST: (750_000, "")}


def _credit(payment: Payment, province: Province) -> None:
    for cause in ("CLAIM", "BANK_POSTED"):
        Payment.objects.filter(pk=payment.pk).apply(cause, now=province.clock())
    payment.refresh_from_db()
