"""Write-offs, months closed and reopened, by SQL in the application's own role: whoever gets past the services meets the database (ADR 77)."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from payments.models import FundingAccount
from reconciliation.errors import EarlierPeriodIsOpen
from reconciliation.models import Discrepancy, DiscrepancyStep, PeriodStep
from reconciliation.services.months.close_period import close_period
from staff.models import AdministrativeUnit, Role, User
from tests.reconciliation.damages import charge_taken
from tests.reconciliation.paid_month import MONTH, RECEIVED_AT, PaidMonth

LATER = RECEIVED_AT + timedelta(hours=1)
DECISION = {"decision_number": "15/QĐ", "decision_signer": "Nguyễn Văn Chủ", "reason": "Ngân hàng gửi bổ sung."}


def refused(rule: str, action: Any) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        action()
    assert getattr(refusal.value.__cause__, "diag").constraint_name == rule  # noqa: B009


def somebody(role: Role, unit: AdministrativeUnit, **more: Any) -> User:
    name = f"{role}.{unit.code}.{User.objects.count()}"
    return User.objects.create(username=name, password="!", full_name="Cán bộ", role=role, unit=unit, **more)


@pytest.fixture
def unit(month: PaidMonth) -> AdministrativeUnit:
    return FundingAccount.objects.select_related("paying_unit").get().paying_unit


@pytest.fixture
def elsewhere(unit: AdministrativeUnit) -> AdministrativeUnit:
    """A commune below: the account is not in its reach."""
    return AdministrativeUnit.objects.filter(parent=unit).order_by("code")[0]


@pytest.fixture
def charge(month: PaidMonth) -> Discrepancy:
    first, second, _ = charge_taken(*month.pages, random.Random(1))
    month.receive(first, second)
    return Discrepancy.objects.get()


class TestWritingOff:
    @pytest.fixture
    def proposed(self, month: PaidMonth, charge: Discrepancy) -> Discrepancy:
        self.step(charge, "PROPOSED", by=month.checker)
        return charge

    def step(self, item: Discrepancy, kind: str, *, by: User, at: Any = LATER) -> None:
        ground = "WRITTEN_OFF" if kind == "RESOLVED" else ""
        DiscrepancyStep.objects.create(
            discrepancy=item, kind=kind, ground=ground, note="Quyết định 15", made_by=by, made_at=at
        )

    def test_is_signed_by_two_who_may_in_their_order(self, proposed: Discrepancy, unit: AdministrativeUnit):
        self.step(proposed, "RESOLVED", by=somebody(Role.CHECKER, unit))

    @pytest.mark.parametrize("role", [Role.MAKER, Role.LEADER, Role.AUDITOR, Role.COMMUNE_OFFICER])
    def test_by_no_other_role(self, proposed: Discrepancy, unit: AdministrativeUnit, role: Role):
        refused("write_off_is_signed_by_who_may", lambda: self.step(proposed, "RESOLVED", by=somebody(role, unit)))

    def test_is_proposed_by_no_releaser(self, charge: Discrepancy, unit: AdministrativeUnit):
        refused(
            "write_off_is_signed_by_who_may",
            lambda: self.step(charge, "PROPOSED", by=somebody(Role.RELEASER, unit)),
        )

    def test_nor_by_who_is_elsewhere_or_gone(self, proposed: Discrepancy, unit, elsewhere):
        for stranger in (somebody(Role.CHECKER, elsewhere), somebody(Role.CHECKER, unit, is_active=False)):
            refused("write_off_is_signed_by_who_may", lambda by=stranger: self.step(proposed, "RESOLVED", by=by))

    def test_what_was_declined_is_no_first_signature_any_more(self, proposed: Discrepancy, unit: AdministrativeUnit):
        second = somebody(Role.CHECKER, unit)
        self.step(proposed, "DECLINED", by=second)

        refused("write_off_is_signed_by_two_people", lambda: self.step(proposed, "RESOLVED", by=second))

    @pytest.mark.parametrize("at", [LATER - timedelta(minutes=1), timezone.now() + timedelta(days=1)])
    def test_at_its_moment(self, proposed: Discrepancy, unit: AdministrativeUnit, at: Any):
        second = somebody(Role.CHECKER, unit)

        refused("write_off_is_of_its_moment", lambda: self.step(proposed, "RESOLVED", by=second, at=at))

    def test_no_difference_is_born_settled(self, charge: Discrepancy, month: PaidMonth):
        refused(
            "discrepancy_begins_open",
            lambda: Discrepancy.objects.create(
                kind="UNEXPECTED_LINE", key="x", statement=charge.statement, sentence="x", status="RESOLVED", ground="WRITTEN_OFF",
                found_at=LATER, resolved_by=month.checker, resolved_at=LATER,
            ),
        )  # fmt: skip


class TestMonths:
    def step(self, kind: str, *, by: User, ordinal: int = 1, at: Any = LATER, of: date = MONTH, **more: Any) -> None:
        told = ({"decision_on": date(2024, 9, 1)} | DECISION | more) if kind == "REOPENED" else more
        PeriodStep.objects.create(
            funding_account=FundingAccount.objects.get(), month=of, ordinal=ordinal, kind=kind, made_by=by, made_at=at, **told
        )  # fmt: skip

    @pytest.fixture
    def received(self, month: PaidMonth) -> PaidMonth:
        month.receive(*month.pages)
        return month

    @pytest.fixture
    def closed(self, received: PaidMonth) -> PaidMonth:
        self.step("CLOSED", by=received.checker)
        return received

    def test_are_reopened_by_the_account_holder(self, closed: PaidMonth, unit: AdministrativeUnit):
        self.step("REOPENED", ordinal=2, by=somebody(Role.RELEASER, unit))

    @pytest.mark.parametrize(
        ("kind", "role"),
        [("CLOSED", Role.MAKER), ("CLOSED", Role.RELEASER), ("REOPENED", Role.CHECKER), ("REOPENED", Role.LEADER)],
    )
    def test_by_no_other_role(self, received: PaidMonth, unit: AdministrativeUnit, kind: str, role: Role):
        if kind == "REOPENED":
            self.step("CLOSED", by=received.checker)
        ordinal = 2 if kind == "REOPENED" else 1

        refused("period_step_is_of_who_may", lambda: self.step(kind, ordinal=ordinal, by=somebody(role, unit)))

    def test_nor_from_elsewhere(self, received: PaidMonth, elsewhere: AdministrativeUnit):
        refused("period_step_is_of_who_may", lambda: self.step("CLOSED", by=somebody(Role.CHECKER, elsewhere)))

    def test_not_over_what_is_unexplained_unless_it_is_carried_by_name(self, month: PaidMonth, charge: Discrepancy):
        refused("closed_month_is_explained", lambda: self.step("CLOSED", by=month.checker))

        DiscrepancyStep.objects.create(
            discrepancy=charge, kind="CARRIED", note="Ngân hàng sẽ trả lời.", due_on=MONTH, made_by=month.checker, made_at=LATER
        )  # fmt: skip
        self.step("CLOSED", by=month.checker)

    def test_not_before_the_statement_of_the_last_day(self, month: PaidMonth):
        month.receive(month.pages[0])

        refused("closed_month_is_covered", lambda: self.step("CLOSED", by=month.checker))

    @pytest.mark.parametrize("at", [LATER - timedelta(minutes=1), timezone.now() + timedelta(days=1)])
    def test_at_their_moment(self, closed: PaidMonth, unit: AdministrativeUnit, at: Any):
        holder = somebody(Role.RELEASER, unit)

        refused("period_step_is_of_its_moment", lambda: self.step("REOPENED", ordinal=2, by=holder, at=at))

    def test_by_no_decision_of_a_day_to_come(self, closed: PaidMonth, unit: AdministrativeUnit):
        tomorrow = timezone.localdate() + timedelta(days=2)

        refused(
            "period_step_is_of_its_moment",
            lambda: self.step("REOPENED", ordinal=2, by=somebody(Role.RELEASER, unit), decision_on=tomorrow),
        )

    def test_in_turn_without_a_gap(self, closed: PaidMonth, unit: AdministrativeUnit):
        refused(
            "period_steps_follow_one_another",
            lambda: self.step("REOPENED", ordinal=4, by=somebody(Role.RELEASER, unit)),
        )

    def test_not_below_a_closed_one(self, closed: PaidMonth, unit: AdministrativeUnit):
        july = date(2024, 7, 1)
        self.step("CLOSED", by=closed.checker, of=july)

        refused(
            "later_month_is_closed",
            lambda: self.step("REOPENED", ordinal=2, of=july, by=somebody(Role.RELEASER, unit)),
        )

    def test_not_above_an_open_one(self, received: PaidMonth):
        september = date(2024, 9, 1)

        with pytest.raises(EarlierPeriodIsOpen):
            close_period(
                account=FundingAccount.objects.get(), month=september, carried={}, actor=received.checker, now=LATER
            )
        refused("months_are_closed_in_their_order", lambda: self.step("CLOSED", by=received.checker, of=september))
        self.step("CLOSED", by=received.checker)
        refused("closed_month_is_covered", lambda: self.step("CLOSED", by=received.checker, of=september))
