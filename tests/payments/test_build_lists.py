"""A month's lists: what everyone is due, by which channel, or why not; worked examples."""

from datetime import date

import pytest
from django.db.models import Sum

from beneficiaries.linkage.names import sort_key
from beneficiaries.models import Case, Decision, IdentityStatus
from payments.errors import (
    ListAlreadyBuilt,
)
from payments.models import Entitlement, Payment, PaymentBatch
from payments.services.lists.build_lists import build_lists, paying_unit_kind
from staff.errors import NotAllowed
from tests.payments.province import AUGUST, JULY, SEPTEMBER


def due_to(enrolment) -> list[tuple[str, int]]:
    """(month it is for, đồng) of all entitlements of an enrolment, in the order they were made."""
    rows = Entitlement.objects.filter(enrolment=enrolment).order_by("cycle__month", "month")
    return [(f"{row.month:%Y-%m}", row.amount) for row in rows]


def one(enrolment) -> Entitlement:
    return Entitlement.objects.get(enrolment=enrolment)


class TestAmounts:
    @pytest.mark.parametrize(
        "category, coefficient, amount",
        [
            ("KTN-NL", "1.5", 750_000),
            ("TE-KNND-4", "2.5", 1_250_000),
            ("CT-CSXH", "3.0", 1_500_000),
            ("CSND-1", "1.0", 500_000),
            ("TB-1", "1.2", 3_346_800),
            ("TNLS", "0.6", 1_673_400),
            ("BB-1", "0.33", 920_370),
        ],
    )
    def test_are_the_standard_amount_times_the_coefficient(self, province, category, coefficient, amount):
        enrolment = province.enrol(category=category, coefficient=coefficient)

        province.build(AUGUST)

        assert due_to(enrolment) == [("2024-08", amount)]

    def test_follow_what_was_known_when_the_list_was_made(self, province):
        """The July list is made on 18 June; the decree was signed on 1 July."""
        enrolment = province.enrol(coefficient="1.5")

        province.build(JULY)

        assert due_to(enrolment) == [("2024-07", 540_000)]


class TestArrears:
    @pytest.mark.parametrize(
        "coefficient, arrears", [("1.0", 140_000), ("1.5", 210_000), ("2.5", 350_000), ("3.0", 420_000)]
    )
    def test_july_comes_in_august_as_140000_times_the_coefficient(self, province, coefficient, arrears):
        enrolment = province.enrol(coefficient=coefficient)
        province.build(JULY)

        province.build(AUGUST)

        ours = Entitlement.objects.get(enrolment=enrolment, corrects__isnull=False)
        assert (ours.amount, ours.month, ours.cycle.month, ours.corrects.month) == (arrears, JULY, AUGUST, JULY)
        assert ours.payment == Entitlement.objects.get(enrolment=enrolment, month=AUGUST).payment

    def test_come_once(self, province):
        enrolment = province.enrol()
        for month in (JULY, AUGUST, SEPTEMBER):
            province.build(month)

        assert due_to(enrolment) == [
            ("2024-07", 540_000),
            ("2024-07", 210_000),
            ("2024-08", 750_000),
            ("2024-09", 750_000),
        ]

    def test_are_not_due_to_whoever_was_not_paid_in_july(self, province):
        enrolment = province.enrol(starts_month=AUGUST)
        province.build(JULY)

        province.build(AUGUST)

        assert due_to(enrolment) == [("2024-08", 750_000)]


class TestWhoIsNotPayable:
    def test_nobody_without_a_decision(self, province):
        enrolment = province.enrol(granted=False)

        province.build(AUGUST)

        assert (one(enrolment).not_payable_reason, one(enrolment).payment) == ("NO_DECISION", None)

    def test_a_decision_signed_after_the_list_was_made_is_not_known(self, province):
        enrolment = province.enrol(granted=False)
        Decision.objects.create(
            enrolment=enrolment, kind="GRANT", number="QĐ-1", signed_on=date(2024, 7, 19), effective_month=AUGUST
        )

        province.build(AUGUST)

        assert one(enrolment).not_payable_reason == "NO_DECISION"

    @pytest.mark.parametrize(
        "deceased_on, reason", [(date(2024, 7, 31), "DECEASED"), (date(2024, 8, 1), ""), (date(2024, 8, 20), "")]
    )
    def test_the_month_somebody_dies_in_is_still_paid(self, province, deceased_on, reason):
        enrolment = province.enrol()
        province.identify(enrolment.beneficiary, deceased_on=deceased_on)

        province.build(AUGUST)

        assert one(enrolment).not_payable_reason == reason

    def test_a_death_is_a_case_for_a_person(self, province):
        enrolment = province.enrol()
        province.identify(enrolment.beneficiary, deceased_on=date(2024, 7, 1))

        province.build(AUGUST)

        assert Case.objects.get().kind == "DECEASED"

    def test_the_same_person_twice_in_a_programme_is_paid_once(self, province):
        first = province.enrol()
        again = province.enrol(province.person(commune="97102", same_as=first.beneficiary))

        province.build(AUGUST)

        assert (one(first).not_payable_reason, one(again).not_payable_reason) == ("", "DUPLICATE")

    def test_a_second_enrolment_counts_when_the_first_has_no_decision(self, province):
        first = province.enrol(granted=False)
        again = province.enrol(province.person(commune="97102", same_as=first.beneficiary))

        province.build(AUGUST)

        assert (one(first).not_payable_reason, one(again).not_payable_reason) == ("NO_DECISION", "")

    def test_merit_on_two_grounds_is_paid_twice(self, province):
        person = province.person()
        grounds = [province.enrol(person, category="TB-1"), province.enrol(person, category="BB-1")]

        province.build(AUGUST)

        assert [one(ground).not_payable_reason for ground in grounds] == ["", ""]

    def test_care_stands_beside_assistance(self, province):
        person = province.person()
        grounds = [province.enrol(person), province.enrol(person, category="CSND-1")]

        province.build(AUGUST)

        assert [one(ground).not_payable_reason for ground in grounds] == ["", ""]

    @pytest.mark.parametrize(
        "changes",
        [
            {"starts_month": SEPTEMBER},
            {"ended_month": AUGUST},
            {"suspended_month": AUGUST},
            {"paid_through_month": AUGUST},
        ],
    )
    def test_whoever_is_not_entitled_for_the_month_has_no_row(self, province, changes):
        enrolment = province.enrol(**changes)

        province.build(AUGUST)

        assert due_to(enrolment) == []

    @pytest.mark.parametrize(
        "changes",
        [
            {"starts_month": AUGUST},
            {"ended_month": SEPTEMBER},
            {"suspended_month": SEPTEMBER},
            {"paid_through_month": JULY},
        ],
    )
    def test_the_months_beside_are_paid(self, province, changes):
        enrolment = province.enrol(**changes)

        province.build(AUGUST)

        assert due_to(enrolment) == [("2024-08", 750_000)]


class TestTheChannel:
    def test_a_verified_account_is_paid_into(self, province):
        enrolment = province.enrol()
        account = province.open_account(enrolment.beneficiary)

        province.build(AUGUST)

        payment = one(enrolment).payment
        assert (payment.bank_account, payment.batch.channel) == (account, "ACCOUNT")
        assert payment.batch.funding_account.bank_account_id == "fa_971"

    def test_without_an_account_it_is_cash_and_says_why(self, province):
        enrolment = province.enrol()

        province.build(AUGUST)

        assert (one(enrolment).channel, one(enrolment).cash_reason) == ("CASH", "NO_ACCOUNT")

    @pytest.mark.parametrize(
        "changes, reason",
        [
            ({"status": "OPENED", "reason": "NAME_MISMATCH"}, "NAME_MISMATCH"),
            ({"status": "CLOSED", "reason": "ACCOUNT_CLOSED"}, "ACCOUNT_CLOSED"),
            ({"status": "NEEDED"}, "NO_ACCOUNT"),
            ({"status": "REQUESTED"}, "NO_ACCOUNT"),
            ({"opened_on": date(2024, 7, 19)}, "NO_ACCOUNT"),
        ],
    )
    def test_an_account_that_can_not_be_used_leads_to_cash(self, province, changes, reason):
        enrolment = province.enrol()
        province.open_account(enrolment.beneficiary, **changes)

        province.build(AUGUST)

        assert (one(enrolment).channel, one(enrolment).cash_reason) == ("CASH", reason)

    @pytest.mark.parametrize("doubt", [s for s in IdentityStatus.values if s != "MATCHED"])
    def test_doubt_about_identity_goes_on_with_last_months_account(self, province, doubt):
        enrolment = province.enrol(province.person(identity_status=doubt))
        province.open_account(enrolment.beneficiary, status="OPENED", last_credited_month=JULY)

        province.build(AUGUST)

        assert one(enrolment).channel == "ACCOUNT"

    @pytest.mark.parametrize("doubt", [s for s in IdentityStatus.values if s != "MATCHED"])
    def test_doubt_about_identity_pays_a_new_account_in_cash(self, province, doubt):
        enrolment = province.enrol(province.person(identity_status=doubt))
        province.open_account(enrolment.beneficiary, status="OPENED")

        province.build(AUGUST)

        assert (one(enrolment).channel, one(enrolment).cash_reason) == ("CASH", "IDENTITY_CHECK")

    def test_money_for_a_guardian_is_in_the_guardians_name(self, province):
        enrolment = province.enrol(payee_kind="GUARDIAN", payee_name="Trần Thị Giám Hộ")

        province.build(AUGUST)

        assert one(enrolment).payment.payee_name == "Trần Thị Giám Hộ"


class TestLists:
    def test_are_one_per_paying_unit_programme_and_channel(self, province):
        for commune in ("97101", "97102", "97201"):
            person = province.person(commune=commune)
            province.open_account(province.enrol(person).beneficiary)
            province.enrol(person, category="TB-1")
            province.enrol(province.person(commune=commune))

        province.build(AUGUST)

        lists = PaymentBatch.objects.values_list("paying_unit__code", "programme__code", "channel")
        assert sorted(lists) == [
            (unit, programme, channel)
            for unit in ("971", "972")
            for programme, channel in (("NCC", "ACCOUNT"), ("TCXH", "ACCOUNT"), ("TCXH", "CASH"))
        ]

    def test_number_people_in_vietnamese_order_within_their_commune(self, province):
        names = ["Trần Văn Ân", "Lê Thị Bình", "Đỗ Văn An", "Nguyễn Văn Đông"]
        for name in names:
            province.enrol(province.person(full_name=name, sort_key=sort_key(name)))

        province.build(AUGUST)

        ordered = list(Payment.objects.order_by("ordinal").values_list("payee_name", flat=True))
        assert ordered == ["Đỗ Văn An", "Trần Văn Ân", "Lê Thị Bình", "Nguyễn Văn Đông"]

    def test_a_month_is_built_once(self, province):
        province.enrol()
        province.build(AUGUST)
        before = Payment.objects.aggregate(total=Sum("amount"))

        with pytest.raises(ListAlreadyBuilt):
            province.build(AUGUST)

        assert Payment.objects.aggregate(total=Sum("amount")) == before

    @pytest.mark.parametrize("role", ["CHECKER", "RELEASER", "COMMUNE_OFFICER", "LEADER", "AUDITOR"])
    def test_only_the_maker_builds(self, province, role):
        with pytest.raises(NotAllowed):
            build_lists(month=AUGUST, listed_on=JULY, pay_on=AUGUST, actor=province.staff[role], now=province.clock())

    @pytest.mark.parametrize(
        "month, kind", [(date(2024, 8, 1), "DISTRICT"), (date(2025, 6, 1), "DISTRICT"), (date(2025, 7, 1), "COMMUNE")]
    )
    def test_who_pays_is_dated(self, month, kind):
        assert paying_unit_kind(month) == kind
