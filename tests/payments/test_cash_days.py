"""Cash leaves in two people's hands named before the day, and what comes back is what nobody signed for, counted by somebody else."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from banks.fake import FakeTransfers
from payments.errors.cash_days import (
    DayHasEnded,
    DayIsNotAhead,
    DayIsNotPlanned,
    NoSuchPlace,
    OneCarriesAlone,
    PlannerCannotEnd,
    ResultsMissing,
    ReturnedDiffers,
)
from payments.models import CashDay, CashDayEnd, PayingPoint, Payment, PaymentBatch, Provider
from payments.services.lists.cash_days import end_cash_day, places_of, plan_cash_day
from payments.services.providers import hand_over
from payments.states import Cause
from staff.errors import NotAllowed
from tests.payments.province import AUGUST, Province

Step = Callable[..., object]


@pytest.fixture
def batch(province: Province, bank: FakeTransfers) -> PaymentBatch:
    """Three people on a released cash list that the post has: two of hamlet 1, which has a point of its own, one of hamlet 2; 750,000 đ each."""
    for hamlet in ("Thôn 1", "Thôn 1", "Thôn 2"):
        province.enrol(province.person(hamlet=hamlet))
    province.build(AUGUST)
    province.release_lists(AUGUST, bank=bank)
    made = {"recorded_by": province.staff["CHECKER"], "recorded_at": province.clock()}
    post = Provider.objects.create(code="BUU-DIEN", name="Bưu điện tỉnh", **made)
    PayingPoint.objects.create(provider=post, unit=province.units["97101"], name="Nhà văn hóa", hamlets=["Thôn 1"])
    found = PaymentBatch.objects.get()
    hand_over(batch_id=found.pk, actor=province.staff["CHECKER"], now=province.clock(), provider=post)
    return found


@pytest.fixture
def plan(province: Province, batch: PaymentBatch) -> Step:
    def step(role: str = "MAKER", **changes: object) -> CashDay:
        given = {"unit": "97101", "point": "Nhà văn hóa", "held_on": tomorrow(), "carrier": "Lê Thị Phát", "witness": "Trần Văn Chứng"}  # fmt: skip
        return plan_cash_day(batch_id=batch.pk, actor=province.staff[role], now=timezone.now(), **(given | changes))

    return step


@pytest.fixture
def end(province: Province, batch: PaymentBatch) -> Step:
    def step(role: str = "CHECKER", *, returned: int, now: datetime | None = None) -> CashDayEnd:
        later = now or timezone.now() + timedelta(days=2)
        place = {"batch_id": batch.pk, "unit": "97101", "point": "Nhà văn hóa"}
        return end_cash_day(**place, returned=returned, actor=province.staff[role], now=later)

    return step


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def answered(province: Province, *, collected: int) -> None:
    """Everybody of hamlet 1 came, or `collected` of them did."""
    there = Payment.objects.filter(beneficiary__hamlet="Thôn 1").order_by("pk")
    for nth, payment in enumerate(there):
        one = Payment.objects.filter(pk=payment.pk)
        if nth < collected:
            one.apply(Cause.COLLECTED, now=province.clock(), credited_on=date(2024, 8, 20))
        else:
            one.apply(Cause.NOT_COLLECTED, now=province.clock())


class TestPlaces:
    def test_hold_everybody_of_the_list_once(self, batch: PaymentBatch) -> None:
        places = {place.point: (place.people, place.amount) for place in places_of(batch)}

        assert places == {"Nhà văn hóa": (2, 1_500_000), "": (1, 750_000)}
        assert sum(amount for _, amount in places.values()) == sum(payment.amount for payment in Payment.objects.all())


class TestPlanning:
    def test_names_two_people_before_the_day(self, plan: Step) -> None:
        day = plan()

        assert (day.carrier, day.witness, day.people, day.amount) == ("Lê Thị Phát", "Trần Văn Chứng", 2, 1_500_000)

    def test_again_replaces_what_was_planned(self, plan: Step, batch: PaymentBatch) -> None:
        plan()
        again = plan(carrier="Ngô Văn Thay")

        assert next(place.day for place in places_of(batch) if place.point) == again

    @pytest.mark.parametrize("witness", ["Lê Thị Phát", "LE THI  PHAT"])
    def test_of_one_person_twice_is_refused(self, plan: Step, witness: str) -> None:
        with pytest.raises(OneCarriesAlone):
            plan(witness=witness)

    @pytest.mark.parametrize("days", [0, -1])
    def test_on_the_day_itself_is_too_late(self, plan: Step, days: int) -> None:
        with pytest.raises(DayIsNotAhead):
            plan(held_on=timezone.localdate() + timedelta(days=days))

    def test_of_a_place_nobody_is_paid_at_is_refused(self, plan: Step) -> None:
        with pytest.raises(NoSuchPlace):
            plan(point="Chợ")

    def test_is_not_for_who_only_reads(self, plan: Step) -> None:
        with pytest.raises(NotAllowed):
            plan("AUDITOR")


class TestTheEnd:
    def test_accounts_for_every_dong(self, province: Province, plan: Step, end: Step) -> None:
        plan()
        answered(province, collected=1)

        done = end(returned=750_000)

        assert (done.carried, done.handed_out, done.returned) == (1_500_000, 750_000, 750_000)

    @pytest.mark.parametrize("returned", [0, 749_999, 750_001, 1_500_000])
    def test_is_refused_with_another_sum(self, province: Province, plan: Step, end: Step, returned: int) -> None:
        plan()
        answered(province, collected=1)

        with pytest.raises(ReturnedDiffers) as refusal:
            end(returned=returned)
        assert refusal.value.conflicts == ["750000", str(returned)]

    def test_waits_for_a_word_of_everybody(self, plan: Step, end: Step) -> None:
        plan()

        with pytest.raises(ResultsMissing) as refusal:
            end(returned=0)
        assert refusal.value.conflicts == ["2"]

    def test_is_another_persons_than_who_planned(self, province: Province, plan: Step, end: Step) -> None:
        plan("CHECKER")
        answered(province, collected=2)

        with pytest.raises(PlannerCannotEnd):
            end("CHECKER", returned=0)
        end("MAKER", returned=0)

    def test_comes_after_a_planned_day_and_once(self, province: Province, plan: Step, end: Step) -> None:
        answered(province, collected=2)
        with pytest.raises(DayIsNotPlanned):
            end(returned=0)
        plan()
        with pytest.raises(DayIsNotPlanned):
            end(returned=0, now=timezone.now())
        end(returned=0)
        with pytest.raises(DayHasEnded):
            end(returned=0)
        with pytest.raises(DayHasEnded):
            plan(held_on=tomorrow())


class TestTheDatabase:
    """Whoever writes past the services is refused too."""

    def row(self, province: Province, batch: PaymentBatch, **changes: object) -> CashDay:
        values = {
            "batch": batch, "unit": province.units["97101"], "held_on": tomorrow(), "carrier": "A", "witness": "B", "people": 1,
            "amount": 1, "planned_by": province.staff["MAKER"], "planned_at": timezone.now(),
        }  # fmt: skip
        return CashDay.objects.create(**(values | changes))

    @pytest.mark.parametrize(
        ("changes", "guard"),
        [
            ({"witness": "A"}, "nobody_carries_cash_alone"),
            ({"carrier": ""}, "nobody_carries_cash_alone"),
            ({"held_on": date(2024, 8, 20)}, "cash_day_is_planned_before_it"),
        ],
    )
    def test_refuses_a_day_of_one_alone_and_one_written_afterwards(
        self, province: Province, batch: PaymentBatch, changes: dict[str, object], guard: str
    ) -> None:
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            self.row(province, batch, **changes)
        assert refusal.value.__cause__.diag.constraint_name == guard

    @pytest.mark.parametrize(
        ("changes", "guard"),
        [
            ({"returned": 1}, "cash_that_was_carried_is_accounted_for"),
            ({"handed_out": 3, "returned": -1}, "cash_that_was_carried_is_accounted_for"),
            ({"ended_by": "MAKER"}, "cash_day_is_ended_by_another"),
            ({"ended_at": 0}, "cash_day_ends_after_it_came"),
        ],
    )
    def test_refuses_an_end_that_leaves_money_out_or_is_ones_own(
        self, province: Province, batch: PaymentBatch, changes: dict[str, object], guard: str
    ) -> None:
        changes = dict(changes)
        days, by = int(str(changes.pop("ended_at", 2))), str(changes.pop("ended_by", "CHECKER"))
        values = {"carried": 2, "handed_out": 2, "returned": 0} | changes
        day = self.row(province, batch, amount=2)
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            CashDayEnd.objects.create(
                day=day, ended_by=province.staff[by], ended_at=timezone.now() + timedelta(days=days), **values
            )
        assert refusal.value.__cause__.diag.constraint_name == guard
