"""Data outside the books whose time is over: ordered by one, allowed by another, erased in steps that may be interrupted.

So far telephones: of who wants no messages, and of who has drawn nothing for long (`PHONE_KEEP_DAYS`). Books, signatures and history are
never touched: what stays of an erased number is a row of history that says when, by which order and by whom.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from beneficiaries.models import Enrolment, Phone
from payments.models import Payment
from payments.states import UNPAID_FINAL, PaymentStatus
from staff.errors import ErasureIsSettled, ErasureNeedsAnother, ErasureNotReady, NothingToErase
from staff.models import AdministrativeUnit, ErasureOrder, User
from staff.rights import Right, may, no_right, out_of_reach
from staff.services.labels import labelled
from staff.time_zone import VIETNAM

STEP = 500
SOMEBODY = "đã xóa"
ENDED = (PaymentStatus.POSTED, *UNPAID_FINAL)


@dataclass(frozen=True, slots=True)
class Due:
    """How many telephones are due, and why: their owners wanted no messages, or draw nothing any more."""

    before: date
    wants_none: int
    draws_nothing: int

    @property
    def total(self) -> int:
        return self.wants_none + self.draws_nothing


def what_is_due(*, now: datetime) -> Due:
    """What an order given now would erase."""
    before = _before(now)
    wants_none = _due(before).filter(opted_out_at__lt=_start(before)).count()
    return Due(before, wants_none, _due(before).count() - wants_none)


def order_erasure(*, document: str, actor: User, now: datetime) -> ErasureOrder:
    """Ask for it, on a paper; the same again while it is not decided is the same. Raises `NothingToErase`, `NotAllowed`."""
    _require(actor, Right.ORDER_ERASURE)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # two commands at once wait for each other
        asked = {"document": document, "before": _before(now), "ordered_by": actor}
        if again := ErasureOrder.objects.filter(**asked, accepted=None).first():
            return again
        due = what_is_due(now=now)
        if not due.total:
            raise NothingToErase
        return ErasureOrder.objects.create(**asked, due_total=due.total, ordered_at=now)


@transaction.atomic
def decide_erasure(*, order_id: int, accepted: bool, actor: User, now: datetime) -> ErasureOrder:
    """The second person's word. Raises `ErasureNeedsAnother`, `ErasureIsSettled`, `NotAllowed`, `ErasureOrder.DoesNotExist`."""
    _require(actor, Right.APPROVE_ERASURE)
    order = ErasureOrder.objects.select_for_update(of=("self",)).get(pk=order_id)
    if order.ordered_by_id == actor.pk:
        raise ErasureNeedsAnother
    if order.accepted is not None:
        raise ErasureIsSettled(conflicts=[str(order_id)])
    order.decided_by, order.decided_at, order.accepted = actor, now, accepted
    order.save(update_fields=["decided_by", "decided_at", "accepted"])
    return order


def erase(*, order_id: int, now: datetime, step: int = STEP) -> int:
    """Do what was allowed; how many this call erased. Interrupted, the next call goes on. Raises `ErasureNotReady`.

    What came back into use since the order was given is due no longer, and stays.
    """
    erased = 0
    while (count := _erase_some(order_id, now=now, step=step)) is not None:
        erased += count
    return erased


@transaction.atomic
def _erase_some(order_id: int, *, now: datetime, step: int) -> int | None:
    """How many of the next `step`; None when nothing is left, and the order is done."""
    order = ErasureOrder.objects.select_for_update(of=("self",)).filter(pk=order_id).first()
    if order is None or not order.ready:
        raise ErasureNotReady(conflicts=[str(order_id)])
    with labelled(actor_id=order.ordered_by_id, why=f"xóa dữ liệu quá thời hạn theo lệnh {order.pk}"):
        chosen = list(_due(order.before).order_by("pk").values_list("pk", flat=True)[:step])
        locked = list(
            Phone.objects.select_for_update().filter(pk__in=chosen).order_by("pk").values_list("pk", flat=True)
        )
        # Asked again once nobody else can write them: somebody may have called, and left a new number, in this moment.
        count = Phone.objects.filter(pk__in=_due(order.before).filter(pk__in=locked).values("pk")).update(
            sealed=b"",
            owner_name=Case(When(owner=Phone.Owner.OWN, then=Value("")), default=Value(SOMEBODY)),
            opted_out_at=Coalesce(F("opted_out_at"), Value(now)),
            recorded_by=order.ordered_by,
            recorded_at=now,
        )
        order.erased_total += count
        if not chosen:
            order.finished_at = now
        order.save(update_fields=["erased_total", "finished_at"])
    return count if chosen else None


def _due(before: date) -> QuerySet[Phone]:
    """Telephones nobody was told anything by since `before`: none of the person's records draws anything, no payment is under way."""
    human = Coalesce("beneficiary__same_as", "beneficiary")
    draws = Enrolment.objects.annotate(human=human).filter(
        Q(ended_month__isnull=True) | Q(ended_month__gte=before), human=OuterRef("human")
    )
    under_way = Payment.objects.annotate(human=human).exclude(status__in=ENDED).filter(human=OuterRef("human"))
    start = _start(before)
    over = Q(recorded_at__lt=start) & (Q(opted_out_at__lt=start) | ~Exists(draws))
    return Phone.objects.annotate(human=human).filter(over & ~Exists(under_way)).exclude(sealed=b"")


def _before(now: datetime) -> date:
    return (now.astimezone(VIETNAM) - timedelta(days=settings.PHONE_KEEP_DAYS)).date()


def _start(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def _require(actor: User, right: Right) -> None:
    """It goes over the whole database: only somebody of the province."""
    if not may(actor, right):
        raise no_right(actor, right)
    if actor.unit is None or actor.unit.kind != AdministrativeUnit.Kind.PROVINCE:
        raise out_of_reach(actor, right)
