"""Ask the bank whose the accounts are that people named, and record the answer: confirmed, nearly the same, somebody else's, or none at all."""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from banks.accounts import Accounts, HolderAnswer, Holding
from banks.errors import BankError
from beneficiaries.linkage.holder_names import SAME, compare_holder
from beneficiaries.models import BankAccount, Enrolment, NameVerdict, PayeeKind, PayeeRelation, not_ended
from beneficiaries.services.accounts.account_cases import open_account_cases
from beneficiaries.services.numbers import NumberUnreadable, reveal_account_number
from beneficiaries.states import AccountCause

logger = logging.getLogger(__name__)
# A ward's account that was never named again is confirmed by its bank's list, not by a question each.
ASKED = (BankAccount.Source.SLIP, BankAccount.Source.VNEID)
ASKED_AGAIN = timedelta(days=30)
AGAINST = {Holding.RESTRICTED: "ACCOUNT_BLOCKED", Holding.NO_ACCOUNT: "INVALID_ACCOUNT"}
TOLD_BY_BANK = {
    "ACCOUNT_CLOSED": "ngân hàng báo tài khoản đã đăng ký đã đóng; cần đăng ký tài khoản khác",
    "ACCOUNT_BLOCKED": "ngân hàng báo tài khoản đã đăng ký đang không nhận được tiền; hỏi ngân hàng, hoặc đăng ký tài khoản khác",
    "INVALID_ACCOUNT": "ngân hàng báo không có số tài khoản đã đăng ký; so lại với phiếu, đăng ký lại số đúng",
}


@dataclass
class Checked:
    """How many answers said what."""

    confirmed: int = 0
    doubted: int = 0
    unanswered: int = 0
    reasons: dict[int, list[str]] = field(default_factory=dict)
    unusable: dict[str, list[int]] = field(default_factory=dict)  # by what the bank said against the account


def check_holders(*, bank: Accounts, now: datetime, limit: int = 1000) -> Checked:
    """Ask about accounts nobody confirmed yet, and those whose person has another name now. No transaction is held while the bank answers.

    What the bank does not answer stays as it is and is asked again at the next run.
    """
    done = Checked()
    for account in to_ask(now=now).select_related("beneficiary", "number").order_by("status_at", "pk")[:limit]:
        if account.number is None:
            continue
        try:
            number = reveal_account_number(
                account.number.sealed, bank_bin=account.bank_bin, digest=account.number.digest
            )
            answer = bank.verify_holder(bank_bin=account.bank_bin, account_number=number)
        except (BankError, NumberUnreadable) as error:
            logger.warning("holder of account %s not told: %s", account.pk, type(error).__name__)
            done.unanswered += 1
            continue
        _record(account, answer, now=now, done=done)
    open_account_cases(evidence_of=done.reasons, reason="NAME_MISMATCH", now=now)
    for reason, people in done.unusable.items():
        open_account_cases(evidence_of={one: [TOLD_BY_BANK[reason]] for one in people}, reason=reason, now=now)
    return done


def to_ask(*, now: datetime) -> QuerySet[BankAccount]:
    """Accounts whose holder's name the bank is asked for: one it still gave in the old name, again after `ASKED_AGAIN`."""
    pending = Q(reason="ACCOUNT_PENDING", source__in=ASKED)
    told_otherwise = Q(name_verdict__in=(NameVerdict.DIFFERENT, NameVerdict.REVIEW), status_at__gt=now - ASKED_AGAIN)
    renamed = Q(reason="NAME_CHANGED") & ~told_otherwise
    return BankAccount.objects.filter(pending | renamed, status="OPENED", number__isnull=False)


@transaction.atomic
def _record(account: BankAccount, answer: HolderAnswer, *, now: datetime, done: Checked) -> None:
    today = timezone.localdate(now)
    mine = BankAccount.objects.filter(pk=account.pk, status="OPENED", reason=account.reason)
    renamed = account.reason == "NAME_CHANGED"
    told = {"status_at": now, "status_on": today, "changed_by": None, "note": "hỏi ngân hàng"}
    if answer.holding is Holding.CLOSED:
        mine.apply(
            AccountCause.CLOSE,
            now=now,
            on=today,
            actor=None,
            note="hỏi ngân hàng",
            reason="ACCOUNT_CLOSED",
            closed_on=today,
        )
        done.doubted += 1
        done.unusable.setdefault("ACCOUNT_CLOSED", []).append(account.beneficiary_id)
    elif answer.holding is Holding.OPEN:
        check = compare_holder(answer.holder_name, expected_holder(account, on=today))
        reason = "" if check.verdict == SAME else "NAME_CHANGED" if renamed else "NAME_MISMATCH"
        mine.update(
            **told,
            cause=AccountCause.REGISTER,
            reason=reason,
            holder_name=answer.holder_name,
            name_verdict=check.verdict,
            name_score=check.score,
            opened_on=account.opened_on or today,
        )
        done.confirmed += not reason
        done.doubted += bool(reason)
        if reason and not renamed:  # of the others somebody was told when the name changed
            done.reasons[account.beneficiary_id] = list(check.reasons)
    else:
        mine.update(**told, cause=AccountCause.REGISTER, reason=AGAINST[answer.holding])
        done.doubted += 1
        done.unusable.setdefault(AGAINST[answer.holding], []).append(account.beneficiary_id)


def expected_holder(account: BankAccount, *, on: date) -> str:
    """Whose name the account must bear: the beneficiary's, or that of who receives for them; "" when nobody of that kind is recorded."""
    if account.holder_kind == PayeeKind.OWN:
        return account.beneficiary.full_name
    person = {"beneficiary": account.beneficiary_id}
    receiving = PayeeRelation.objects.filter(not_ended(on=on), **person, kind=account.holder_kind)
    # Of one who receives now and one who will: the bank is asked about the account of today.
    relation = receiving.order_by("valid_from", "pk").first()
    if relation is not None:
        return relation.full_name
    enrolment = Enrolment.objects.filter(**person, payee_kind=account.holder_kind, ended_month__isnull=True).first()
    return enrolment.payee_name if enrolment else ""
