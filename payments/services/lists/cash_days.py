"""Days on which cash is handed out: planned by one person before the day, ended by another when every signature is in and the money agrees."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from beneficiaries.linkage.names import name_key
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
from payments.models import CashDay, CashDayEnd, HandOver, Payment, PaymentBatch
from payments.services.providers.points import PointFinder
from payments.states import UNPAID_FINAL, BatchStatus, Channel, PaymentStatus
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require


@dataclass
class Place:
    """One point of one list: people and đồng on it, handed out, still without a word; the plan that holds and how its day ended."""

    unit: AdministrativeUnit
    point: str
    people: int = 0
    amount: int = 0
    paid_people: int = 0
    handed_out: int = 0
    waiting: int = 0
    day: CashDay | None = None
    end: CashDayEnd | None = None

    @property
    def to_return(self) -> int:
        """What must come back once everybody's word is in."""
        return self.amount - self.handed_out


def places_of(batch: PaymentBatch) -> list[Place]:
    """The places of a cash list by commune and point; everybody on the list stands at exactly one, so the sums are the list's."""
    given = HandOver.objects.filter(batch=batch).select_related("provider").first()
    points, places = PointFinder(given.provider if given else None), dict[tuple[int, str], Place]()
    on_it = Payment.objects.filter(batch=batch).exclude(status=PaymentStatus.CANCELLED)
    for payment in on_it.select_related("beneficiary__unit").order_by("beneficiary__unit__code", "ordinal"):
        person = payment.beneficiary
        point = points.point_of(person)
        place = places.setdefault((person.unit_id, point), Place(person.unit, point))
        place.people += 1
        place.amount += payment.amount
        if payment.status == PaymentStatus.POSTED:
            place.paid_people += 1
            place.handed_out += payment.amount
        elif payment.status not in UNPAID_FINAL:
            place.waiting += 1
    for day in CashDay.objects.filter(batch=batch).select_related("planned_by", "end__ended_by").order_by("pk"):
        planned = places.get((day.unit_id, day.point))
        if planned is not None:
            planned.day, planned.end = day, getattr(day, "end", None)
    return list(places.values())


@transaction.atomic
def plan_cash_day(
    *, batch_id: int, unit: str, point: str, held_on: date, carrier: str, witness: str, actor: User, now: datetime
) -> CashDay:
    """Who carries the money of one place and who witnesses, before the day; planning again replaces a day that has not ended.

    Raises `NoSuchPlace`, `OneCarriesAlone`, `DayIsNotAhead`, `DayHasEnded`, `NotAllowed`.
    """
    place = _locked_place(batch_id, unit=unit, point=point, actor=actor)
    if name_key(carrier) == name_key(witness):
        raise OneCarriesAlone
    if held_on <= timezone.localdate(now):
        raise DayIsNotAhead
    if place.end is not None:
        raise DayHasEnded
    return CashDay.objects.create(
        batch_id=batch_id,
        unit=place.unit,
        point=point,
        held_on=held_on,
        carrier=carrier,
        witness=witness,
        people=place.people,
        amount=place.amount,
        planned_by=actor,
        planned_at=now,
    )


@transaction.atomic
def end_cash_day(*, batch_id: int, unit: str, point: str, returned: int, actor: User, now: datetime) -> CashDayEnd:
    """What came back, đồng, counted by another than who planned; it must be what was carried less what was signed for.

    Raises `DayIsNotPlanned`, `DayHasEnded`, `PlannerCannotEnd`, `ResultsMissing`, `ReturnedDiffers`, `NoSuchPlace`, `NotAllowed`.
    """
    place = _locked_place(batch_id, unit=unit, point=point, actor=actor)
    if place.day is None or place.day.held_on > timezone.localdate(now):
        raise DayIsNotPlanned
    if place.end is not None:
        raise DayHasEnded
    if place.day.planned_by_id == actor.pk:
        raise PlannerCannotEnd
    if place.waiting:
        raise ResultsMissing(conflicts=[str(place.waiting)])
    if returned != place.to_return:
        raise ReturnedDiffers(conflicts=[str(place.to_return), str(returned)])
    return CashDayEnd.objects.create(
        day=place.day,
        carried=place.amount,
        handed_out=place.handed_out,
        returned=returned,
        ended_by=actor,
        ended_at=now,
    )


def _locked_place(batch_id: int, *, unit: str, point: str, actor: User) -> Place:
    """The place on a released cash list, its list held. Raises `NoSuchPlace`, `NotAllowed`."""
    batch = PaymentBatch.objects.select_for_update(of=("self",)).select_related("paying_unit").get(pk=batch_id)
    require(actor, Right.HAND_OVER, unit=batch.paying_unit)
    pays = batch.channel == Channel.CASH and batch.status in (BatchStatus.RELEASED, BatchStatus.CLOSED)
    found = [place for place in places_of(batch) if (place.unit.code, place.point) == (unit, point)] if pays else []
    if not found:
        raise NoSuchPlace
    return found[0]
