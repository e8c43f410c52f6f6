"""What a person does about a difference: take it over, note, ask the bank, link, book, reopen. Each is a step that stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TypeAlias

from django.db import transaction
from django.db.models import Q, QuerySet

from payments.models import Payment
from reconciliation.errors import AnswerDayOutOfBounds, NotForThisKind, WrongDiscrepancyState
from reconciliation.models import Discrepancy, DiscrepancyStep, StatementMatch
from reconciliation.models.discrepancies import PROVIDER_KINDS
from reconciliation.services.differences.difference_words import who_answers
from reconciliation.services.differences.reevaluate import LINE_KINDS, end_discrepancy
from reconciliation.services.differences.write_off_entries import take_back_entries
from reconciliation.services.lines.debits_that_stand import hold_debited
from reconciliation.services.lines.holding import hold_account
from reconciliation.services.lines.match_by_hand import explain_without_payment, link_to_payment, undo_match
from reconciliation.services.months.periods import require_open
from staff.errors import NotAllowed
from staff.models import AdministrativeUnit, User
from staff.rights import Right, may, out_of_reach, require
from staff.time_zone import VIETNAM

Step, Ground = DiscrepancyStep.Kind, Discrepancy.Ground
Status: TypeAlias = Discrepancy.Status
LONGEST_ANSWER = timedelta(days=366)


def in_reach(actor: User) -> QuerySet[Discrepancy]:
    """Discrepancies of funding accounts of the actor's subtree."""
    if actor.unit is None:
        return Discrepancy.objects.none()
    return Discrepancy.objects.filter(below(actor.unit.path))


def below(path: str) -> Q:
    """Differences of statements, and of providers' lists, of units below `path`."""
    of_statement = Q(statement__funding_account__paying_unit__path__startswith=path)
    return of_statement | Q(result_line__result_list__batch__paying_unit__path__startswith=path)


def unit_of(item: Discrepancy) -> AdministrativeUnit | None:
    """Whose difference it is; None for one that belongs to nobody."""
    if item.statement is not None:
        return item.statement.funding_account.paying_unit
    return item.result_line.result_list.batch.paying_unit if item.result_line else None


@contextmanager
def locked(
    discrepancy_id: int, *, actor: User, right: Right, status: Status = Status.OPEN, matches: bool = False
) -> Iterator[Discrepancy]:
    """The discrepancy, locked in a transaction, in reach of the actor and in this status.

    Whoever goes on to write matches, or to end other differences, holds its account before it (`matches`).
    Raises `NotAllowed`, `WrongDiscrepancyState`.
    """
    with transaction.atomic():
        if matches:
            of_line = Discrepancy.objects.filter(pk=discrepancy_id, statement__isnull=False)
            for account_id in of_line.values_list("statement__funding_account", flat=True):
                hold_account(account_id)
        item = Discrepancy.objects.select_for_update(of=("self",)).get(pk=discrepancy_id)
        unit = unit_of(item)
        if unit is None:
            raise out_of_reach(actor, right)
        require(actor, right, unit=unit)
        if item.status != status:
            raise WrongDiscrepancyState(conflicts=[str(item.pk)])
        yield item


def assign(*, discrepancy_id: int, owner: User, note: str, actor: User, now: datetime) -> None:
    """Give it to somebody who may reconcile there. Raises `NotAllowed`, also for an owner without the right; `WrongDiscrepancyState`."""
    with locked(discrepancy_id, actor=actor, right=Right.RECONCILE) as item:
        if not may_own(owner, unit=unit_of(item)):
            raise NotAllowed("Người này không có quyền đối chiếu trên địa bàn của chênh lệch.")
        _write(item, kind=Step.ASSIGNED, note=note or "Giao xử lý.", actor=actor, now=now, owner=owner)
        item.owner = owner
        item.save(update_fields=["owner"])


def note(*, discrepancy_id: int, text: str, actor: User, now: datetime) -> None:
    """Write down what was found out. Raises `NotAllowed`, `WrongDiscrepancyState`."""
    with locked(discrepancy_id, actor=actor, right=Right.RECONCILE) as item:
        _write(item, kind=Step.NOTED, note=text, actor=actor, now=now)


def ask_bank(*, discrepancy_id: int, answer_due_on: date, note: str, actor: User, now: datetime) -> None:
    """Record that the bank was asked (tra soát) and when it is to answer: a day from the statement's on, within `LONGEST_ANSWER` from now.

    Raises `AnswerDayOutOfBounds`, `NotAllowed`, `WrongDiscrepancyState`.
    """
    with locked(discrepancy_id, actor=actor, right=Right.RECONCILE) as item:
        _require_answer_day(item, answer_due_on, today=now.astimezone(VIETNAM).date())
        _write(item, kind=Step.BANK_ASKED, note=note, actor=actor, now=now, due_on=answer_due_on)
        item.answer_due_on, item.owner = answer_due_on, item.owner or actor
        item.save(update_fields=["answer_due_on", "owner"])


def _require_answer_day(item: Discrepancy, due_on: date, *, today: date) -> None:
    """A letter may be recorded late, but no bank was asked before there was a statement to ask about."""
    first = item.line.booked_on if item.line else item.statement.from_on if item.statement else today
    last = today + LONGEST_ANSWER
    if not first <= due_on <= last:
        raise AnswerDayOutOfBounds(
            f"Ngày {who_answers(item)} phải trả lời phải từ {first:%d/%m/%Y} (ngày của chênh lệch này) đến {last:%d/%m/%Y}; mời ghi lại ngày.",
            conflicts=[str(item.pk)],
        )


def ends_by_an_answer(item: Discrepancy) -> bool:
    """Whether a word is enough: no đồng differs at the bank."""
    late = item.kind == Discrepancy.Kind.LATE
    counts = item.kind == Discrepancy.Kind.BALANCE_GAP and item.key.endswith(("count", "sequence"))
    return late or counts or item.kind in PROVIDER_KINDS


def may_own(owner: User, *, unit: AdministrativeUnit | None) -> bool:
    """Whether a difference of `unit` can be theirs: they reconcile there."""
    return unit is not None and may(owner, Right.RECONCILE) and owner.reaches(unit)


def colleagues(item: Discrepancy) -> list[User]:
    """Whom it can be given to, of the nearest unit first."""
    unit = unit_of(item)
    if unit is None:
        return []
    above = [unit.path[:end] for end in range(1, len(unit.path) + 1)]
    near = User.objects.filter(unit__path__in=above, is_active=True).select_related("unit")
    return [one for one in near.order_by("-unit__path", "full_name", "pk") if may_own(one, unit=unit)]


def accept_answer(*, discrepancy_id: int, note: str, actor: User, now: datetime) -> None:
    """The bank answered why money came late, or the provider in writing what is true of its list. Where đồng differ at the bank, the answer
    leads to a link, an entry or a write-off instead.

    Raises `NotForThisKind`, `NotAllowed`, `WrongDiscrepancyState`.
    """
    with locked(discrepancy_id, actor=actor, right=Right.RECONCILE) as item:
        if not ends_by_an_answer(item):
            raise NotForThisKind(conflicts=[str(item.pk)])
        end_discrepancy(item, ground=Ground.BANK_ANSWERED, note=note, actor=actor, now=now)


def link(*, discrepancy_id: int, payment: Payment, note: str, actor: User, now: datetime) -> StatementMatch:
    """The line is this payment's: both differences end, the line's and that the payment was missing.

    Raises `NotForThisKind` where there is no line, and what `link_to_payment` raises.
    """
    with locked(discrepancy_id, actor=actor, right=Right.RECONCILE, matches=True) as item:
        if item.line is None or item.kind not in LINE_KINDS:
            raise NotForThisKind(conflicts=[str(item.pk)])
        return link_to_payment(line=item.line, payment=payment, actor=actor, reason=note, now=now)


def book_entry(
    *, discrepancy_id: int, kind: StatementMatch.Kind, note: str, actor: User, now: datetime
) -> StatementMatch:
    """The line is the bank's charge or interest, and gets its journal entry.

    Raises `NotForThisKind`, also for a charge that is money in, or interest that is money out; and what `explain_without_payment` raises.
    """
    with locked(discrepancy_id, actor=actor, right=Right.RECONCILE, matches=True) as item:
        signs = {StatementMatch.Kind.CHARGE: -1, StatementMatch.Kind.INTEREST: 1}
        if item.line is None or item.kind not in LINE_KINDS or item.line.amount * signs.get(kind, 0) <= 0:
            raise NotForThisKind(conflicts=[str(item.pk)])
        return explain_without_payment(line=item.line, kind=kind, actor=actor, reason=note, now=now)


def reopen(*, discrepancy_id: int, note: str, actor: User, now: datetime) -> None:
    """Open again what was resolved: matches a person made for it are taken back, a write-off's entry is booked in reverse.

    What later rows explained (FOUND_LATER) can't be opened by word: undo the match that explains it. Raises `NotForThisKind`,
    `PeriodIsClosed`, `NotAllowed`, `WrongDiscrepancyState`.
    """
    with locked(discrepancy_id, actor=actor, right=Right.RECONCILE, status=Status.RESOLVED, matches=True) as item:
        ground = Ground(item.ground)
        if ground is Ground.FOUND_LATER:
            raise NotForThisKind(conflicts=[str(item.pk)])
        if item.line is not None:
            require_open(account=item.line.statement.funding_account, day=item.line.booked_on)
        if ground is Ground.WRITTEN_OFF:
            take_back_entries(item, now=now)
        Discrepancy.objects.filter(pk=item.pk).update(
            status=Status.OPEN, ground="", resolution="", resolved_by=None, resolved_at=None
        )
        _write(item, kind=Step.REOPENED, note=note, actor=actor, now=now)
        if item.statement is not None:  # a debit written off stands again
            hold_debited(account=item.statement.funding_account, actor=actor, now=now)
        if ground in (Ground.LINKED, Ground.BOOKED) and item.line is not None:
            for match in item.line.matches.filter(reverses__isnull=True, reversed_by__isnull=True):
                undo_match(match=match, actor=actor, reason=note, now=now)


def _write(
    item: Discrepancy,
    *,
    kind: DiscrepancyStep.Kind,
    note: str,
    actor: User,
    now: datetime,
    owner: User | None = None,
    due_on: date | None = None,
) -> DiscrepancyStep:
    return DiscrepancyStep.objects.create(
        discrepancy=item, kind=kind, note=note, owner=owner, due_on=due_on, made_by=actor, made_at=now
    )
