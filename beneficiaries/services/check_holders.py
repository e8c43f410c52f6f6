"""Ask the bank whose the accounts are that people named, and record the answer: confirmed, nearly the same, somebody else's, or none at all."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from banks.accounts import Accounts, HolderAnswer, Holding
from banks.errors import BankError
from beneficiaries.linkage.holder_names import SAME, compare_holder
from beneficiaries.models import BankAccount, Enrolment, PayeeKind, PayeeRelation
from beneficiaries.services.account_cases import open_account_cases
from beneficiaries.services.numbers import NumberAltered, reveal_account_number
from beneficiaries.states import AccountCause

logger = logging.getLogger(__name__)
# A ward's account that was never named again is confirmed by its bank's list, not by a question each.
ASKED = (BankAccount.Source.SLIP, BankAccount.Source.VNEID)
AGAINST = {Holding.RESTRICTED: "ACCOUNT_BLOCKED", Holding.NO_ACCOUNT: "INVALID_ACCOUNT"}


@dataclass
class Checked:
    """How many answers said what."""

    confirmed: int = 0
    doubted: int = 0
    unanswered: int = 0
    reasons: dict[int, list[str]] = field(default_factory=dict)


def check_holders(*, bank: Accounts, now: datetime, limit: int = 1000) -> Checked:
    """Ask about accounts nobody confirmed yet (OPENED, ACCOUNT_PENDING). No transaction is held while the bank answers.

    What the bank does not answer stays as it is and is asked again at the next run.
    """
    done = Checked()
    waiting = BankAccount.objects.filter(
        status="OPENED", reason="ACCOUNT_PENDING", number__isnull=False, source__in=ASKED
    )
    for account in waiting.select_related("beneficiary", "number").order_by("status_at", "pk")[:limit]:
        if account.number is None:
            continue
        try:
            number = reveal_account_number(
                account.number.sealed, bank_bin=account.bank_bin, digest=account.number.digest
            )
            answer = bank.verify_holder(bank_bin=account.bank_bin, account_number=number)
        except (BankError, NumberAltered) as error:
            logger.warning("holder of account %s not told: %s", account.pk, type(error).__name__)
            done.unanswered += 1
            continue
        _record(account, answer, now=now, done=done)
    open_account_cases(evidence_of=done.reasons, reason="NAME_MISMATCH", now=now)
    return done


@transaction.atomic
def _record(account: BankAccount, answer: HolderAnswer, *, now: datetime, done: Checked) -> None:
    today = timezone.localdate(now)
    mine = BankAccount.objects.filter(pk=account.pk, status="OPENED", reason="ACCOUNT_PENDING")
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
    elif answer.holding is Holding.OPEN:
        check = compare_holder(answer.holder_name, expected_holder(account))
        reason = "" if check.verdict == SAME else "NAME_MISMATCH"
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
        if reason:
            done.reasons[account.beneficiary_id] = list(check.reasons)
    else:
        mine.update(**told, cause=AccountCause.REGISTER, reason=AGAINST[answer.holding])
        done.doubted += 1


def expected_holder(account: BankAccount) -> str:
    """Whose name the account must bear: the beneficiary's, or that of who receives for them; "" when nobody of that kind is recorded."""
    if account.holder_kind == PayeeKind.OWN:
        return account.beneficiary.full_name
    person = {"beneficiary": account.beneficiary_id}
    relation = PayeeRelation.objects.filter(**person, kind=account.holder_kind, ended_on__isnull=True).first()
    if relation is not None:
        return relation.full_name
    enrolment = Enrolment.objects.filter(**person, payee_kind=account.holder_kind, ended_month__isnull=True).first()
    return enrolment.payee_name if enrolment else ""
