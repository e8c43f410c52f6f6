"""A person names another account: a second member of staff decides, then days pass before money goes there. Meanwhile nobody is left unpaid."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from beneficiaries.errors import (
    AccountNotMovable,
    ChangeAlreadyDecided,
    ChangeAlreadyPending,
    NameNotInReview,
    RequesterCannotApprove,
)
from beneficiaries.models import AccountChange, BankAccount, NameVerdict, PayeeKind
from beneficiaries.services.accounts.account_cases import open_account_cases, solve_account_cases
from beneficiaries.services.accounts.account_choice import proven
from beneficiaries.states import AT_THE_BANK, AccountCause, ChangeStatus
from staff.models import User
from staff.rights import Right, require

# Of each new account: the account of the same person into which money goes or may go, and whose word alone the identity rests on.
_BEGIN = f"""
WITH news AS (
    SELECT a.id, a.beneficiary_id, coalesce(b.same_as_id, b.id) AS person_id
    FROM beneficiaries_bankaccount a JOIN beneficiaries_beneficiary b ON b.id = a.beneficiary_id
    WHERE a.id = ANY(%(ids)s::bigint[]) AND a.status IN ('OPENED', 'VERIFIED')
), people AS (
    SELECT DISTINCT person_id FROM news
), members AS (
    SELECT person_id, person_id AS id FROM people
    UNION ALL SELECT p.person_id, b.id FROM people p JOIN beneficiaries_beneficiary b ON b.same_as_id = p.person_id
), used AS (
    SELECT DISTINCT ON (m.person_id) m.person_id, a.id
    FROM members m JOIN beneficiaries_bankaccount a ON a.beneficiary_id = m.id
    WHERE {proven("a")}
      AND NOT EXISTS (SELECT 1 FROM news n WHERE n.id = a.id)
      AND NOT EXISTS (SELECT 1 FROM beneficiaries_accountchange c WHERE c.new_account_id = a.id AND c.status = 'PENDING')
    ORDER BY m.person_id, a.last_credited_month DESC NULLS LAST, a.id DESC
), newest AS (
    SELECT DISTINCT ON (m.beneficiary_id) m.beneficiary_id, m.band, m.decided_by_id, m.decided_at
    FROM beneficiaries_identitymatch m JOIN news n ON n.beneficiary_id = m.beneficiary_id
    ORDER BY m.beneficiary_id, m.decided_at DESC, m.id DESC
), word_of_one AS (
    SELECT r.beneficiary_id, r.decided_by_id
    FROM newest r JOIN beneficiaries_beneficiary b ON b.id = r.beneficiary_id AND b.identity_status = 'MATCHED'
    WHERE r.band = 'REVIEWED' AND NOT EXISTS (
        SELECT 1 FROM beneficiaries_case c WHERE c.beneficiary_id = r.beneficiary_id AND c.kind = 'IDENTITY' AND c.status = 'SOLVED'
           AND c.decided_at = r.decided_at AND c.proposed_by_id <> c.decided_by_id)
      AND NOT EXISTS (
        SELECT 1 FROM beneficiaries_correction c WHERE c.beneficiary_id = r.beneficiary_id AND c.status = 'IN_FORCE' AND c.decided_at = r.decided_at)
)
INSERT INTO beneficiaries_accountchange (old_account_id, new_account_id, status, requested_by_id, requested_at, note)
SELECT used.id, n.id, 'PENDING', CASE WHEN used.id IS NULL THEN w.decided_by_id ELSE %(actor)s END, %(now)s, ''
FROM news n LEFT JOIN used USING (person_id) LEFT JOIN word_of_one w USING (beneficiary_id)
WHERE used.id IS NOT NULL OR w.decided_by_id IS NOT NULL
ON CONFLICT DO NOTHING
"""


def begin_changes(*, account_ids: Sequence[int], actor: User, now: datetime) -> int:
    """Put before a second person what would be a new way for money to go, wherever the account was learned; return how many.

    It is one where the person has another account in use, or where one reviewer alone said who the person is: then the reviewer is noted
    as who asked, so that somebody else decides. Inside the caller's transaction; whatever waits already is not asked twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, {"ids": list(account_ids), "actor": actor.pk, "now": now})
        return int(cursor.rowcount)


def begin_change(*, account: BankAccount, actor: User, now: datetime) -> AccountChange | None:
    """As `begin_changes`, for the account somebody names; None when there is nothing to decide. Raises `ChangeAlreadyPending`."""
    person = account.beneficiary.same_as_id or account.beneficiary_id
    mine = Q(new_account__beneficiary=person) | Q(new_account__beneficiary__same_as=person)
    if AccountChange.objects.filter(mine, status=ChangeStatus.PENDING).exists():
        raise ChangeAlreadyPending
    begin_changes(account_ids=[account.pk], actor=actor, now=now)
    return AccountChange.objects.filter(new_account=account, status=ChangeStatus.PENDING).first()


@transaction.atomic
def approve_changes(*, change_ids: Sequence[int], actor: User, now: datetime) -> date:
    """Approve changes others recorded; the accounts may all be used for lists made from the day returned on.

    A first account takes no other's place, so nothing has to cool off.
    Raises `ChangeAlreadyDecided`, `RequesterCannotApprove`, `NotAllowed`; then none is approved.
    """
    changes = _pending(change_ids, actor=actor)
    today = timezone.localdate(now)
    cooled = today + timedelta(days=settings.ACCOUNT_COOLING_DAYS)
    AccountChange.objects.filter(pk__in=[change.pk for change in changes]).update(
        status=ChangeStatus.APPROVED,
        decided_by=actor,
        decided_at=now,
        usable_from=Case(When(old_account__isnull=True, then=Value(today)), default=Value(cooled)),
    )
    return today if all(change.old_account_id is None for change in changes) else cooled


@transaction.atomic
def refuse_change(*, change_id: int, note: str, actor: User, now: datetime) -> None:
    """The old account stays; the new one is closed unless it was in use before. Raises as `approve_changes`."""
    (change,) = _pending([change_id], actor=actor)
    AccountChange.objects.filter(pk=change.pk).update(
        status=ChangeStatus.REFUSED, decided_by=actor, decided_at=now, note=note
    )
    used_before = AccountChange.objects.filter(old_account=change.new_account_id).exists()
    if not used_before:
        BankAccount.objects.filter(pk=change.new_account_id).apply(
            AccountCause.CLOSE,
            now=now,
            on=timezone.localdate(now),
            actor=actor,
            note=note,
            closed_on=timezone.localdate(now),
        )


def _pending(change_ids: Sequence[int], *, actor: User) -> list[AccountChange]:
    changes = list(
        AccountChange.objects.select_for_update(of=("self",))
        .filter(pk__in=change_ids)
        .select_related("new_account__beneficiary__unit")
        .order_by("pk")
    )
    decided = [str(change.pk) for change in changes if change.status != ChangeStatus.PENDING]
    if decided or len(changes) != len(set(change_ids)):
        raise ChangeAlreadyDecided(conflicts=decided)
    for change in changes:
        require(actor, Right.APPROVE_ACCOUNT_CHANGE, unit=change.new_account.beneficiary.unit)
    if own := [str(change.pk) for change in changes if change.requested_by_id == actor.pk]:
        raise RequesterCannotApprove(conflicts=own)
    return changes


@transaction.atomic
def close_account(*, account: BankAccount, reason: str, note: str, on: date, actor: User, now: datetime) -> None:
    """The account is not used any more; a case asks for another one. `reason` is a code of `Reason`.

    Raises `AccountNotMovable`, `NotAllowed`.
    """
    require(actor, Right.MANAGE_ACCOUNTS, unit=account.beneficiary.unit)
    cause = AccountCause.CLOSE if account.status in AT_THE_BANK else AccountCause.WITHDRAW
    closed = BankAccount.objects.filter(pk=account.pk).apply(
        cause, now=now, on=on, actor=actor, note=note, reason=reason, closed_on=on
    )
    if not closed:
        raise AccountNotMovable
    if cause == AccountCause.CLOSE:
        open_account_cases(
            evidence_of={account.beneficiary_id: ["tài khoản đã đóng; mời đăng ký tài khoản khác"]},
            reason=reason,
            now=now,
        )


@transaction.atomic
def confirm_holder_name(*, account: BankAccount, note: str, actor: User, now: datetime) -> None:
    """A person looked at papers and says the nearly equal name is the right one; the account may then be verified.

    Only for names in review: another name is corrected at the bank or in the registry. Raises `NameNotInReview`, `NotAllowed`.
    """
    require(actor, Right.APPROVE_ACCOUNT_CHANGE, unit=account.beneficiary.unit)
    mine = BankAccount.objects.filter(pk=account.pk, name_verdict=NameVerdict.REVIEW)
    # One in use whose payee was replaced: it is fit to be paid into as soon as the name is settled.
    of_the_next = mine.filter(status__in=AT_THE_BANK, reason__in=("", "IDENTITY_CHECK")).exclude(
        holder_kind=PayeeKind.OWN
    )
    confirmed = of_the_next.update(
        name_verdict=NameVerdict.SAME, status_at=now, status_on=timezone.localdate(now), changed_by=actor, note=note
    )
    confirmed += mine.filter(status="OPENED", reason="NAME_MISMATCH").update(
        reason="",
        name_verdict=NameVerdict.SAME,
        cause=AccountCause.REGISTER,
        status_at=now,
        status_on=timezone.localdate(now),
        changed_by=actor,
        note=note,
    )
    if not confirmed:
        raise NameNotInReview
    solve_account_cases(
        beneficiary_ids=[account.beneficiary_id],
        reasons=("NAME_MISMATCH", "NAME_CHANGED"),
        actor_id=actor.pk,
        now=now,
        note="Đã xem lại tên chủ tài khoản",
    )
