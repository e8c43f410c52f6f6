"""A person has another name than before: whether their own accounts still bear it. Doubt about a name leaves an account that was credited in use."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils import timezone

from beneficiaries.linkage.holder_names import SAME, compare_holder
from beneficiaries.linkage.names import name_key
from beneficiaries.models import BankAccount, NameVerdict, PayeeKind, Reason
from beneficiaries.services.accounts.account_cases import open_account_cases, solve_account_cases
from beneficiaries.states import AccountCause
from staff.models import User

BY_NAME = (Reason.NAME_MISMATCH, Reason.NAME_CHANGED)
# Waiting for nothing that would compare the name again: once the identity is sure, money goes in.
NOT_ASKED_AGAIN = ("", Reason.IDENTITY_CHECK)
NOTED = "tên chủ tài khoản được so lại với họ tên đã sửa"
ASKED = "tên chủ tài khoản ở ngân hàng khác họ tên hiện nay; tài khoản đã nhận tiền các tháng trước vẫn được chi"


def look_at_holders(*, people: Collection[int], renamed: Collection[int], actor: User, now: datetime) -> None:
    """Compare the holders of own accounts of `people` (ids) with the names they have now, in the caller's transaction.

    Of those `renamed` a confirmed account in another name is confirmed anew, with a case, and is paid into meanwhile if earlier months proved it
    (ADR 46), and one that waited for the identity alone waits for its name too; one that waited because of its holder's name and now bears the
    right one is free, and what was asked about its name is answered.
    """
    accounts = list(
        BankAccount.objects.filter(beneficiary__in=people, holder_kind=PayeeKind.OWN, status__in=("OPENED", "VERIFIED"))
        .exclude(holder_name="")
        .select_related("beneficiary")
    )
    same = {account.pk: _bears_the_name(account) for account in accounts}
    _doubt([one for one in accounts if not same[one.pk] and one.beneficiary_id in renamed], actor=actor, now=now)
    _free([account for account in accounts if same[account.pk]], actor=actor, now=now)


def _bears_the_name(account: BankAccount) -> bool:
    holder, name = account.holder_name, account.beneficiary.full_name
    return name_key(holder) == name_key(name) or compare_holder(holder, name).verdict == SAME


def _doubt(accounts: Sequence[BankAccount], *, actor: User, now: datetime) -> None:
    confirmed = [account for account in accounts if account.status == "VERIFIED"]
    BankAccount.objects.filter(pk__in=[account.pk for account in confirmed]).apply(
        AccountCause.HOLDER_CHANGED, now=now, on=timezone.localdate(now), actor=actor, reason=Reason.NAME_CHANGED
    )
    waiting = [account for account in accounts if account.status == "OPENED" and account.reason in NOT_ASKED_AGAIN]
    BankAccount.objects.filter(pk__in=[account.pk for account in waiting]).update(
        reason=Reason.NAME_CHANGED,
        cause=AccountCause.REGISTER,
        status_at=now,
        status_on=timezone.localdate(now),
        changed_by=actor,
        note=NOTED,
    )
    asked = {account.beneficiary_id: [ASKED] for account in (*confirmed, *waiting)}
    open_account_cases(evidence_of=asked, reason=Reason.NAME_CHANGED, now=now)


def _free(accounts: Sequence[BankAccount], *, actor: User, now: datetime) -> None:
    today = timezone.localdate(now)
    asked = [account for account in accounts if account.status == "OPENED" and account.reason in BY_NAME]
    renamed = [account.pk for account in asked if account.reason == Reason.NAME_CHANGED and _was_confirmed(account)]
    BankAccount.objects.filter(pk__in=renamed).apply(AccountCause.VERIFY, now=now, on=today, actor=actor, reason="")
    others = [account.pk for account in asked if account.pk not in renamed]
    BankAccount.objects.filter(pk__in=others).update(
        reason="",
        name_verdict=NameVerdict.SAME,
        cause=AccountCause.REGISTER,
        status_at=now,
        status_on=today,
        changed_by=actor,
        note=NOTED,
    )
    answered = [account.beneficiary_id for account in asked]
    solve_account_cases(
        beneficiary_ids=answered, reasons=BY_NAME, actor_id=actor.pk, now=now, note="Tên chủ tài khoản đã trùng họ tên"
    )


def _was_confirmed(account: BankAccount) -> bool:
    """Only a confirmed account gives up its standing for a name (HOLDER_CHANGED); one that never was waits for what else it lacks."""
    return account.cause == AccountCause.HOLDER_CHANGED or account.verified_on is not None
