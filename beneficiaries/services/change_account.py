"""A person names another account: a second member of staff decides, then days pass before money goes there. Meanwhile nobody is left unpaid."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from beneficiaries.errors import (
    AccountNotMovable,
    ChangeAlreadyDecided,
    ChangeAlreadyPending,
    NameNotInReview,
    RequesterCannotApprove,
)
from beneficiaries.models import AccountChange, BankAccount, NameVerdict
from beneficiaries.services.account_cases import open_account_cases, solve_account_cases
from beneficiaries.states import AT_THE_BANK, AccountCause, ChangeStatus
from staff.models import User
from staff.rights import Right, require

# An account of the same person into which money goes, or may go: naming another one is a change that a second person decides.
_IN_USE = """
SELECT a.id FROM beneficiaries_bankaccount a JOIN beneficiaries_beneficiary b ON b.id = a.beneficiary_id
WHERE coalesce(b.same_as_id, b.id) = (SELECT coalesce(same_as_id, id) FROM beneficiaries_beneficiary WHERE id = %s) AND a.id <> %s
  AND (a.status = 'VERIFIED' OR (a.status = 'OPENED' AND a.last_credited_month IS NOT NULL))
  AND NOT EXISTS (SELECT 1 FROM beneficiaries_accountchange c WHERE c.new_account_id = a.id AND c.status = 'PENDING')
ORDER BY a.last_credited_month DESC NULLS LAST, a.id DESC LIMIT 1
"""


def account_in_use(account: BankAccount) -> BankAccount | None:
    """The account this one would take the place of, if there is one."""
    return next(iter(BankAccount.objects.raw(_IN_USE, [account.beneficiary_id, account.pk])), None)


def begin_change(*, account: BankAccount, actor: User, now: datetime) -> AccountChange | None:
    """Note that `account` is to take the place of the one in use; None when there is none, and nothing to decide.

    Inside the caller's transaction. Raises `ChangeAlreadyPending`.
    """
    old = account_in_use(account)
    if old is None:
        return None
    if AccountChange.objects.filter(old_account=old, status=ChangeStatus.PENDING).exists():
        raise ChangeAlreadyPending
    return AccountChange.objects.create(old_account=old, new_account=account, requested_by=actor, requested_at=now)


@transaction.atomic
def approve_changes(*, change_ids: Sequence[int], actor: User, now: datetime) -> date:
    """Approve changes others recorded; the accounts may be used for lists made from the day returned on.

    Raises `ChangeAlreadyDecided`, `RequesterCannotApprove`, `NotAllowed`; then none is approved.
    """
    changes = _pending(change_ids, actor=actor)
    usable_from = timezone.localdate(now) + timedelta(days=settings.ACCOUNT_COOLING_DAYS)
    AccountChange.objects.filter(pk__in=[change.pk for change in changes]).update(
        status=ChangeStatus.APPROVED, decided_by=actor, decided_at=now, usable_from=usable_from
    )
    return usable_from


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
    confirmed = BankAccount.objects.filter(
        pk=account.pk, status="OPENED", reason="NAME_MISMATCH", name_verdict=NameVerdict.REVIEW
    ).update(
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
        beneficiary_ids=[account.beneficiary_id], actor_id=actor.pk, now=now, note="Đã xem lại tên chủ tài khoản"
    )
