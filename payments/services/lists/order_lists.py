"""Order the lists of a month and build what was ordered."""

import time
from datetime import date, datetime

from django.db import IntegrityError, transaction

from payments.errors import (
    AnotherOrderWaits,
    BudgetYearNotSaid,
    ListAlreadyBuilt,
    TooManyMonths,
)
from payments.errors.seen import DryRunIsOld
from payments.models import Cycle, ListOrder
from payments.services.files.confirm import confirm_unpaid_in_files
from payments.services.learning.confirm import confirm_unpaid
from payments.services.lists.build_lists import MOST_MONTHS_TOGETHER, build_lists
from payments.services.lists.calendar import is_doubtful_budget_year, month_calendar
from payments.services.lists.dry_run import digest_of
from payments.services.sending.bank import the_bank, the_files
from staff.models import Order, User
from staff.rights import Right, require
from staff.services.orders import Clock, carry_out
from staff.services.units import the_province

ASKED_SECONDS = 10.0


def order_lists(
    *,
    month: date,
    actor: User,
    now: datetime,
    listed_on: date | None = None,
    pay_on: date | None = None,
    months_together: int = 1,
    budget_year: int | None = None,
    seen: str = "",
) -> ListOrder:
    """Order all lists of `month` (first day); days that are not said are the calendar's. The same order while it waits is one order.
    With `seen`, the digest of a dry run, only what that dry run showed is built: else the order ends with `DryRunIsOld`.

    Raises `ListAlreadyBuilt` (conflict: the cycle), `AnotherOrderWaits` (conflict: its id), `BudgetYearNotSaid`, `TooManyMonths`,
    `NotAllowed`. What only building can find out (`SomebodyWouldBeOmitted`, `NoFundingAccount`) stands on the order afterwards.
    """
    require(actor, Right.BUILD_LIST, unit=the_province())
    calendar = month_calendar(month=month)
    wanted = {
        "listed_on": listed_on or calendar.list_on,
        "pay_on": pay_on or calendar.pay_on,
        "months_together": months_together,
        "budget_year": budget_year,
        "seen": seen,
    }
    if not 1 <= months_together <= MOST_MONTHS_TOGETHER:
        raise TooManyMonths
    if budget_year is None and is_doubtful_budget_year(month=month, listed_on=listed_on or calendar.list_on):
        raise BudgetYearNotSaid
    if Cycle.objects.filter(month=month).exists():
        raise ListAlreadyBuilt(conflicts=[f"{month:%Y-%m}"])
    waiting = ListOrder.objects.filter(month=month, stage=Order.Stage.WAITING)
    try:
        with transaction.atomic():
            return ListOrder.objects.create(month=month, ordered_by=actor, ordered_at=now, **wanted)
    except IntegrityError as error:
        same = waiting.filter(ordered_by=actor, **wanted).first()
        if same is None:
            raise AnotherOrderWaits(conflicts=[str(pk) for pk in waiting.values_list("pk", flat=True)]) from error
        return same


def ask_about_what_came_back(*, now: datetime) -> None:
    """Before a month is tried out: so that the lists built from what was seen are not other lists because the bank was asked in between.

    Somebody waits for the answer: a slow bank is left after `ASKED_SECONDS`, a silent one at once.
    """
    until = time.monotonic() + ASKED_SECONDS
    confirm_unpaid(bank=the_bank(), now=now, hurries=lambda: time.monotonic() > until)
    confirm_unpaid_in_files(bank=the_files(), now=now)


def work_on_list_orders(*, clock: Clock, order_id: int | None = None) -> int:
    """Build what was ordered; returns how many orders came to an end. The bank is asked first about money that came back, unless a dry run
    was looked at: then it was asked before that."""
    return carry_out(ListOrder, do=_build, prepare=_confirm, clock=clock, order_id=order_id)


def _confirm(order: ListOrder, now: datetime) -> None:
    """A bank that does not answer leaves that money out of these lists, not the lists unbuilt: it is paid within the month by a reissue."""
    if not order.seen:
        confirm_unpaid(bank=the_bank(), now=now)
        confirm_unpaid_in_files(bank=the_files(), now=now)


def _build(order: ListOrder, now: datetime) -> None:
    cycle = build_lists(
        month=order.month,
        listed_on=order.listed_on,
        pay_on=order.pay_on,
        actor=order.ordered_by,
        now=now,
        months_together=order.months_together,
        budget_year=order.budget_year,
    ).cycle
    if order.seen and digest_of(cycle) != order.seen:
        raise DryRunIsOld  # the order's transaction undoes what was built
    order.cycle = cycle
