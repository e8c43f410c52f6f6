"""Decisions and what they do to money: worked examples of every kind, and what the database refuses."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from beneficiaries.errors import DecisionImpossible
from beneficiaries.models import BenefitCategory, Case, Decision, Enrolment, Exclusion, Programme, TopUpRate
from beneficiaries.services.decisions import Draft, record_decision, take_in
from payments.models import Deduction, Entitlement, EntitlementPart, Payment
from payments.services.answers.own import own_answers
from payments.services.lists.build_lists import build_lists
from payments.services.lists.dry_run import dry_run
from staff.errors import NotAllowed
from staff.models import Role, User
from tests.payments.province import AUGUST, JULY, SEPTEMBER, Province

OCTOBER = date(2024, 10, 1)
NOW = datetime(2024, 8, 20, 3, tzinfo=UTC)
NUMBERS = iter(range(1, 10_000))


def decide(
    province: Province, enrolment: Enrolment, kind: str, effective: date, *, now: datetime = NOW, **changes: object
) -> Decision:
    draft = Draft(
        signer="Nguyễn Văn Chủ, Chủ tịch UBND",
        kind=kind,
        number=f"{next(NUMBERS)}/QĐ",
        signed_on=date(2024, 7, 10),
        effective_month=effective,
        **changes,
    )
    return record_decision(enrolment=enrolment, draft=draft, actor=province.staff["MAKER"], now=now)


def due_to(enrolment: Enrolment) -> list[tuple[str, str, int, str]]:
    """(list, month it is for, đồng, why not payable), in the order they were made, without what was withdrawn."""
    rows = Entitlement.objects.filter(enrolment=enrolment, withdrawn_in=None).order_by("cycle__month", "month", "pk")
    return [(f"{r.cycle.month:%m}", f"{r.month:%m}", r.amount, r.not_payable_reason) for r in rows]


def take_off_the_lists(month: date) -> None:
    Payment.objects.filter(batch__cycle__month=month).apply("STOP", now=NOW, confirmed_at=NOW)


class TestMoving:
    @pytest.fixture
    def enrolment(self, province: Province) -> Enrolment:
        return province.enrol(coefficient="1.0")

    def move_out(self, province: Province, enrolment: Enrolment, last: date, to: str | None = "97201") -> Decision:
        following = date(last.year, last.month + 1, 1)
        where = {"to_unit_id": province.units[to].pk} if to else {"to_place": "phường Vĩnh Hải, tỉnh Khánh Sơn"}
        return decide(province, enrolment, "TRANSFER_OUT", following, last_month=last, **where)

    def arrive(self, province: Province, enrolment: Enrolment, code: str = "HS-MOI") -> Enrolment:
        draft = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind="TRANSFER_IN",
            number="9/QĐ",
            signed_on=date(2024, 8, 15),
            effective_month=date(2024, 1, 1),
        )
        return take_in(moved=enrolment, code=code, draft=draft, actor=province.staff["MAKER"], now=NOW)

    def test_leaves_no_gap_and_no_overlap(self, province, enrolment):
        province.build(AUGUST)
        self.move_out(province, enrolment, AUGUST)
        province.build(SEPTEMBER)
        new = self.arrive(province, enrolment)
        province.build(OCTOBER)

        assert due_to(enrolment) == [("08", "08", 500_000, ""), ("09", "09", 500_000, "MOVED")]
        assert due_to(new) == [("10", "09", 500_000, ""), ("10", "10", 500_000, "")]
        assert Payment.objects.get(batch__cycle__month=OCTOBER).batch.paying_unit.code == "972"

    def test_until_the_new_commune_decides_there_is_one_answer_and_a_case_over_there(self, province, enrolment):
        self.move_out(province, enrolment, JULY)
        province.build(AUGUST)
        province.build(SEPTEMBER)

        case = Case.objects.get(kind="MOVED")
        assert [reason for *_, reason in due_to(enrolment)] == ["MOVED", "MOVED"]
        assert (case.unit.code, case.evidence) == ("97201", ["nơi cũ đã chi trả đến hết tháng 7/2024"])

    def test_solves_the_case_and_moves_the_file(self, province, enrolment):
        self.move_out(province, enrolment, JULY)
        province.build(AUGUST)
        self.arrive(province, enrolment)

        enrolment.beneficiary.refresh_from_db()
        assert (Case.objects.get().status, enrolment.beneficiary.unit.code) == ("SOLVED", "97201")

    def test_can_not_name_a_month_before_one_that_is_on_a_list(self, province, enrolment):
        province.build(AUGUST)

        with pytest.raises(DecisionImpossible):
            self.move_out(province, enrolment, JULY)
        assert not Decision.objects.filter(kind="TRANSFER_OUT").exists()

    def test_out_of_the_province_is_an_end(self, province, enrolment):
        self.move_out(province, enrolment, JULY, to=None)
        province.build(AUGUST)

        assert due_to(enrolment) == []

    def test_is_taken_in_once(self, province, enrolment):
        self.move_out(province, enrolment, JULY)
        self.arrive(province, enrolment)

        with pytest.raises(DecisionImpossible):
            self.arrive(province, enrolment, code="HS-MOI-2")

    def test_is_taken_in_only_where_the_papers_went(self, province, enrolment):
        self.move_out(province, enrolment, JULY)
        officer = User.objects.create(
            username="x", password="!", role=Role.COMMUNE_OFFICER, unit=province.units["97102"]
        )
        draft = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind="TRANSFER_IN",
            number="9/QĐ",
            signed_on=date(2024, 8, 15),
            effective_month=AUGUST,
        )

        with pytest.raises(NotAllowed):
            take_in(moved=enrolment, code="X", draft=draft, actor=officer, now=NOW)

    def test_cannot_be_undone_after_somebody_goes_on(self, province, enrolment):
        self.move_out(province, enrolment, JULY)
        self.arrive(province, enrolment)

        with pytest.raises(DecisionImpossible):
            decide(province, enrolment, "RESUME", AUGUST, pay_between=True)

    @pytest.mark.parametrize("changes", [{"starts_month": SEPTEMBER}, {"starts_month": JULY}, {"unit": "97102"}])
    def test_the_database_refuses_a_gap_an_overlap_and_another_commune(self, province, enrolment, changes):
        self.move_out(province, enrolment, JULY)
        enrolment.refresh_from_db()
        values = {"starts_month": AUGUST, "unit": "97201", **changes}
        unit = province.units[values.pop("unit")]

        with pytest.raises(IntegrityError, match="goes on where the old one stopped"), transaction.atomic():
            Enrolment.objects.create(
                code="X", beneficiary=enrolment.beneficiary, programme=enrolment.programme, category=enrolment.category,
                unit=unit, coefficient=1, continues=enrolment, **values,
            )  # fmt: skip


class TestSuspension:
    @pytest.mark.parametrize("pay_between, months", [(True, ["07", "08", "09"]), (False, ["07", "09"])])
    def test_the_months_between_are_paid_or_not_as_decided(self, province, pay_between, months):
        enrolment = province.enrol(coefficient="1.0")
        province.build(JULY)
        decide(province, enrolment, "SUSPEND", AUGUST)
        province.build(AUGUST)
        decide(province, enrolment, "RESUME", SEPTEMBER, pay_between=pay_between)
        province.build(SEPTEMBER)

        assert sorted({month for _, month, _, _ in due_to(enrolment)}) == months

    def test_must_say_what_becomes_of_the_months_between(self, province):
        enrolment = province.enrol()
        decide(province, enrolment, "SUSPEND", AUGUST)

        with pytest.raises(DecisionImpossible, match="các tháng ở giữa"):
            decide(province, enrolment, "RESUME", SEPTEMBER)

    def test_money_that_came_back_for_a_month_given_up_is_withdrawn(self, province):
        enrolment = province.enrol(coefficient="1.0")
        province.build(AUGUST)
        take_off_the_lists(AUGUST)
        decide(province, enrolment, "SUSPEND", AUGUST)
        decide(province, enrolment, "RESUME", SEPTEMBER, pay_between=False)
        province.build(SEPTEMBER)

        assert due_to(enrolment) == [("09", "09", 500_000, "")]
        assert Payment.objects.get(batch__cycle__month=SEPTEMBER).amount == 500_000


class TestAdjusting:
    def test_earlier_months_come_as_arrears_that_name_row_and_decision(self, province):
        enrolment = province.enrol(coefficient="1.0")
        province.build(AUGUST)
        decision = decide(province, enrolment, "ADJUST", AUGUST, coefficient=Decimal(2))
        province.build(SEPTEMBER)

        arrears = Entitlement.objects.get(corrects__isnull=False)
        assert (arrears.month, arrears.amount, arrears.decision) == (AUGUST, 500_000, decision)
        assert arrears.corrects.amount == 500_000
        assert Payment.objects.get(batch__cycle__month=SEPTEMBER).amount == 1_500_000

    def test_downwards_is_never_netted_but_put_before_a_person(self, province):
        enrolment = province.enrol(coefficient="2.0")
        province.build(AUGUST)
        decide(province, enrolment, "ADJUST", AUGUST, coefficient=Decimal(1))
        province.build(SEPTEMBER)

        assert due_to(enrolment) == [("08", "08", 1_000_000, ""), ("09", "09", 500_000, "")]
        assert Case.objects.get(kind="OVERPAID").evidence == ["đã chi quá số được hưởng các tháng 8/2024: 500000 đồng"]


class TestLateGrant:
    def test_brings_the_months_since_it_took_effect(self, province):
        enrolment = province.enrol(coefficient="1.0", granted=False)
        province.build(JULY)
        decide(province, enrolment, "GRANT", JULY)
        province.build(AUGUST)

        assert due_to(enrolment) == [
            ("07", "07", 360_000, "NO_DECISION"),
            ("08", "07", 500_000, ""),
            ("08", "08", 500_000, ""),
        ]

    def test_begins_no_earlier_than_the_month_it_is_signed(self, province):
        with pytest.raises(DecisionImpossible, match="tháng ký"):
            decide(province, province.enrol(granted=False), "GRANT", date(2024, 5, 1))


class TestRecovery:
    def test_takes_instalments_up_to_its_ceiling_and_ends_with_its_sum(self, province):
        enrolment = province.enrol(coefficient="2.0")
        decide(province, enrolment, "RECOVER", AUGUST, amount=450_000, monthly_ceiling=200_000)
        for month in (AUGUST, SEPTEMBER, OCTOBER, date(2024, 11, 1)):
            province.build(month)

        paid = list(Payment.objects.order_by("batch__cycle__month").values_list("amount", flat=True))
        assert paid == [800_000, 800_000, 950_000, 1_000_000]
        assert list(Deduction.objects.order_by("pk").values_list("amount", flat=True)) == [200_000, 200_000, 50_000]
        assert Entitlement.objects.aggregate(total=Sum("amount"))["total"] == 4_000_000

    @pytest.mark.parametrize(("starts", "amount", "refused"), [
        (AUGUST, 500_000, False), (AUGUST, 500_001, True), (date(2024, 6, 1), 1_500_000, False), (date(2024, 6, 1), 1_500_001, True),
    ])  # fmt: skip
    def test_is_of_no_more_than_was_paid_and_before_our_first_month_of_no_more_a_month(
        self, province, bank, starts, amount, refused
    ):
        enrolment = province.enrol(coefficient="1.0", starts_month=starts)
        province.open_account(enrolment.beneficiary)
        province.build(AUGUST)
        (payment,) = province.release_lists(AUGUST, bank=bank)
        for cause in ("CLAIM", "BANK_POSTED"):
            Payment.objects.filter(pk=payment.pk).apply(cause, now=province.clock())
        if refused:
            with pytest.raises(DecisionImpossible, match="lớn hơn số đã chi"):
                decide(province, enrolment, "RECOVER", SEPTEMBER, amount=amount, monthly_ceiling=1)
        else:
            decide(province, enrolment, "RECOVER", SEPTEMBER, amount=amount, monthly_ceiling=1)
            with pytest.raises(DecisionImpossible, match="lớn hơn số đã chi"):
                decide(province, enrolment, "RECOVER", SEPTEMBER, amount=1, monthly_ceiling=1)

    def test_never_takes_more_than_its_share_of_a_payment(self, province):
        enrolment = province.enrol(coefficient="1.0")
        decide(province, enrolment, "RECOVER", AUGUST, amount=900_000, monthly_ceiling=900_000)
        province.build(AUGUST)

        assert Payment.objects.get().amount == 350_000

    def test_a_payment_that_left_nothing_took_nothing(self, province):
        enrolment = province.enrol(coefficient="2.0")
        decide(province, enrolment, "RECOVER", AUGUST, amount=200_000, monthly_ceiling=200_000)
        province.build(AUGUST)
        take_off_the_lists(AUGUST)
        province.build(SEPTEMBER)

        assert Payment.objects.get(batch__cycle__month=SEPTEMBER).amount == 1_800_000

    def test_the_database_refuses_to_take_more_than_was_decided(self, province):
        enrolment = province.enrol(coefficient="2.0")
        decision = decide(province, enrolment, "RECOVER", AUGUST, amount=200_000, monthly_ceiling=200_000)
        other = province.enrol(enrolment.beneficiary, category="TB-1")
        province.build(AUGUST)
        payment = Payment.objects.get(entitlements__enrolment=other)

        with pytest.raises(IntegrityError, match="no more is recovered"), transaction.atomic():
            Deduction.objects.create(decision=decision, payment=payment, amount=1)

    @pytest.mark.parametrize(
        "statement", ["UPDATE payments_deduction SET amount = 1", "DELETE FROM payments_deduction"]
    )
    def test_the_database_keeps_deductions_as_they_are(self, province, statement):
        with (
            pytest.raises(Exception, match=r"append-only|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


class TestAfterTheEnd:
    @pytest.fixture
    def ended(self, province: Province) -> Enrolment:
        enrolment = province.enrol(coefficient="1.0")
        province.build(AUGUST)
        take_off_the_lists(AUGUST)
        decide(province, enrolment, "STOP", SEPTEMBER)
        return enrolment

    def test_money_still_owed_waits_for_a_decision(self, province, ended):
        province.build(SEPTEMBER)

        assert not Payment.objects.filter(batch__cycle__month=SEPTEMBER).exists()
        assert Case.objects.get().reason == "OWED_AFTER_END"

    def test_it_is_paid_to_the_person_by_decision(self, province, ended):
        account = province.open_account(ended.beneficiary)
        decide(province, ended, "PAY_OUT", SEPTEMBER)
        province.build(SEPTEMBER)
        province.build(OCTOBER)

        payment = Payment.objects.get(batch__cycle__month__gte=SEPTEMBER)
        assert (payment.amount, payment.bank_account) == (500_000, account)

    def test_it_is_paid_to_an_heir_in_cash_after_a_death(self, province, ended):
        province.open_account(ended.beneficiary)
        province.identify(ended.beneficiary, deceased_on=date(2024, 8, 20))
        decide(province, ended, "PAY_OUT", SEPTEMBER, payee_name="Trần Thị Thừa Kế")
        province.build(SEPTEMBER)

        payment = Payment.objects.get(batch__cycle__month=SEPTEMBER)
        assert (payment.payee_name, payment.amount, payment.batch.channel) == ("Trần Thị Thừa Kế", 500_000, "CASH")


class TestGroundsTogether:
    def test_a_single_poor_parent_keeps_the_own_ground(self, province):
        person = province.person()
        grounds = [province.enrol(person), province.enrol(person, category="DT-CON", coefficient="1.0")]
        province.build(AUGUST)

        assert [due_to(ground)[0][3] for ground in grounds] == ["", ""]

    def test_who_is_excluded_excludes_nobody(self, province):
        """NCC and TCXH exclude each other, TCXH and CSND too: the highest and the lowest are paid."""
        codes = {programme.code: programme for programme in Programme.objects.all()}
        for one, other, together in (("TCXH", "NCC", False), ("TCXH", "CSND", False), ("NCC", "CSND", True)):
            Exclusion.objects.create(
                programme=codes[one],
                other_programme=codes[other],
                together=together,
                valid_from=JULY,
                legal_source="-",
            )
        person = province.person()
        grounds = [province.enrol(person, category=c, coefficient="1.0") for c in ("BB-1", "KTN-NL", "CSND-1")]
        province.build(AUGUST)

        assert [due_to(ground)[0][3] for ground in grounds] == ["", "EXCLUDED", ""]

    def test_whom_the_table_shuts_out_is_told_which_right_is_paid_and_by_which_rule(self, province):
        """Not "nghi trùng": nothing is in doubt. The right that is paid stands there by its printed code, as on every list."""
        codes = {programme.code: programme for programme in Programme.objects.all()}
        rule = {"together": False, "valid_from": JULY, "legal_source": "Nghị định 20/2021/NĐ-CP"}
        Exclusion.objects.create(programme=codes["TCXH"], other_programme=codes["NCC"], **rule)
        BenefitCategory.objects.filter(code="BB-1").update(sensitive=True, neutral_code="N-07")
        person = province.person()
        higher = province.enrol(person, category="BB-1", coefficient="3.0")
        lower = province.enrol(province.person(same_as=person), category="KTN-NL", coefficient="1.0")

        days = {"month": AUGUST, "listed_on": date(2024, 7, 18), "now": NOW, "actor": province.staff["MAKER"]}
        told = {one.code: (one.reason, one.instead) for one in dry_run(unit=province.units["97101"], **days).people}

        assert told == {
            higher.code: ("", ""),
            lower.code: ("EXCLUDED", "đã chi theo nhóm N-07, căn cứ Nghị định 20/2021/NĐ-CP"),
        }
        province.build(AUGUST)
        answers = {one.reason: one.sentence for one in own_answers(beneficiary=person, now=province.clock())}
        assert "không được hưởng đồng thời" in answers["EXCLUDED"] and "N-07" not in str(answers)

    def test_a_higher_ground_that_came_late_gets_what_it_is_above_the_one_paid(self, province):
        person = province.person()
        province.enrol(person, coefficient="1.0")
        province.build(AUGUST)
        higher = province.enrol(person, category="CT-80", coefficient="2.0", granted=False, starts_month=AUGUST)
        draft = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind="GRANT",
            number="H",
            signed_on=date(2024, 8, 1),
            effective_month=AUGUST,
        )
        record_decision(enrolment=higher, draft=draft, actor=province.staff["MAKER"], now=NOW)
        province.build(SEPTEMBER)

        assert due_to(higher) == [("09", "08", 500_000, ""), ("09", "09", 1_000_000, "")]


class TestSources:
    def test_a_top_up_is_a_part_with_its_own_source_of_one_payment(self, province):
        enrolment = province.enrol(coefficient="1.5")
        TopUpRate.objects.create(
            category=enrolment.category, amount=100_000, budget_source="Ngân sách tỉnh", valid_from=AUGUST,
            known_on=date(2024, 8, 10), legal_source="Nghị quyết HĐND",
        )  # fmt: skip
        province.build(AUGUST)
        province.build(SEPTEMBER)

        payment = Payment.objects.get(batch__cycle__month=SEPTEMBER)
        parts = EntitlementPart.objects.order_by("entitlement__month").values_list("entitlement__month", "amount")
        assert due_to(enrolment)[1:] == [("09", "08", 100_000, ""), ("09", "09", 850_000, "")]
        assert (payment.amount, list(parts)) == (950_000, [(AUGUST, 100_000), (SEPTEMBER, 100_000)])


class TestTwoMonthsAtOnce:
    def build_together(self, province: Province) -> None:
        build_lists(
            month=AUGUST,
            listed_on=date(2024, 7, 18),
            pay_on=AUGUST,
            actor=province.staff["MAKER"],
            now=NOW,
            months_together=2,
        )

    def test_are_one_payment_and_the_second_is_not_paid_again(self, province):
        enrolment = province.enrol(coefficient="1.0")
        self.build_together(province)
        late = province.enrol(coefficient="1.0", starts_month=SEPTEMBER)
        province.build(SEPTEMBER)

        assert due_to(enrolment) == [("08", "08", 500_000, ""), ("08", "09", 500_000, "")]
        assert due_to(late) == [("09", "09", 500_000, "")]
        assert list(Payment.objects.order_by("pk").values_list("amount", flat=True)) == [1_000_000, 500_000]

    def test_a_second_month_that_came_back_goes_with_its_own_list(self, province):
        province.enrol(coefficient="1.0")
        self.build_together(province)
        take_off_the_lists(AUGUST)
        province.build(SEPTEMBER)

        assert Payment.objects.get(batch__cycle__month=SEPTEMBER).amount == 1_000_000
