"""Everybody one decision names for a grant paid once: people, households, people in no registry; all of them or nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from beneficiaries.models import Beneficiary, Enrolment, Programme, StandardAmount
from payments.models import Cycle, Entitlement
from payments.services.lists.calendar import months_after
from payments.services.once.emergency import Newcomer, grant_emergency
from payments.services.once.one_off import Household, Order, grant_once, grant_to_households
from payments.services.once.taken_back import holders_of
from payments.states import PaymentStatus
from staff.models import User


def everyone_of(*, programme: Programme, month: date, actor: User) -> list[Beneficiary]:
    """Everyone in the actor's reach with an enrolment in the programme that is live in `month` (first day), suspended ones left out."""
    if actor.unit is None:
        return []
    live = Enrolment.objects.filter(
        Q(ended_month__isnull=True) | Q(ended_month__gt=month),
        Q(suspended_month__isnull=True) | Q(suspended_month__gt=month),
        programme=programme,
        starts_month__lte=month,
        unit__path__startswith=actor.unit.path,
    )
    # Of a whole province: no more of each than a grant needs.
    found = Beneficiary.objects.filter(pk__in=live.values("beneficiary")).only("pk", "same_as_id", "unit_id")
    return list(found.order_by("pk"))


@dataclass(frozen=True)
class Granted:
    """What a decision came to: people new, people who had it already, đồng for the new ones, and how many of these a head receives for.

    `taken_back`: of those who had it, whom a decision took it from, and this one does not give it anew: no list pays them.
    """

    granted: int
    already: int
    taken_back: int
    amount: int
    through_head: int


def grants_in_reach(actor: User) -> QuerySet[Programme]:
    """Every grant paid once with its `amount` and `decision`; of the actor's reach how many were `granted` it, stand on a list (`listed`) and
    have `received` it, and the first month whose list those wait for (`waits_for`, None when nobody waits)."""
    path = actor.unit.path if actor.unit else "-"
    of_it = Enrolment.objects.filter(programme=OuterRef("pk"), unit__path__startswith=path).order_by()
    lines = Entitlement.objects.filter(enrolment=OuterRef("pk"))
    on_a_list = of_it.filter(Exists(lines.filter(payment__isnull=False)))
    arrived = of_it.filter(Exists(lines.filter(payment__status=PaymentStatus.POSTED)))
    waiting = of_it.exclude(Exists(lines)).values("programme").annotate(first=Min("starts_month")).values("first")
    amounts = StandardAmount.objects.filter(programme=OuterRef("pk")).order_by("-valid_from", "-pk")
    return Programme.objects.filter(kind=Programme.Kind.ONE_OFF).annotate(
        amount=Subquery(amounts.values("amount")[:1]),
        decision=Subquery(amounts.values("legal_source")[:1]),
        granted=_how_many(of_it),
        listed=_how_many(on_a_list),
        received=_how_many(arrived),
        waits_for=Subquery(waiting),
    )


def _how_many(enrolments: QuerySet[Enrolment]) -> Coalesce:
    counted = enrolments.values("programme").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def first_open_month(*, today: date) -> date:
    """The first month whose lists are still to be made: what is granted now goes with them."""
    newest = Cycle.objects.filter(opening=False).order_by("-month").values_list("month", flat=True).first()
    return months_after(newest, 1) if newest else today.replace(day=1)


@transaction.atomic
def grant_to(
    *,
    programme: Programme,
    people: Sequence[Beneficiary],
    households: Sequence[Household],
    newcomers: Sequence[Newcomer],
    order: Order,
    actor: User,
    now: datetime,
    preview: bool = False,
) -> Granted:
    """Grant it to all of them, once each; with `preview` nothing stays written. Raises `OneOffImpossible`, `NotAllowed`."""
    lost = holders_of(programme=programme, number=order.number, signed_on=order.signed_on).lost
    granted = grant_once(programme=programme, people=people, order=order, actor=actor, now=now)
    granted += grant_to_households(programme=programme, households=households, order=order, actor=actor, now=now)
    if newcomers:
        granted += grant_emergency(programme=programme, newcomers=newcomers, order=order, actor=actor, now=now)
    named = {one.same_as_id or one.pk for one in people}
    for household in households:
        named |= {one.same_as_id or one.pk for one in household.members}
    new = Enrolment.objects.filter(programme=programme, recorded_at=now)
    each = (
        StandardAmount.objects.filter(programme=programme)
        .order_by("-valid_from", "-pk")
        .values_list("amount", flat=True)
    )
    came_to = Granted(
        granted=granted,
        already=len(named) + len(newcomers) - granted,
        taken_back=len(named & lost),
        amount=granted * (each.first() or 0),
        through_head=new.filter(paid_to__isnull=False).count(),
    )
    transaction.set_rollback(preview)
    return came_to
