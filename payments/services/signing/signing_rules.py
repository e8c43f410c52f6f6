"""Set which titles sign, and from which amount on a list needs a further signature: proposed by one, in force by another's word."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from payments.errors import RuleReachesBack
from payments.models import Cycle, SettingChange, SigningRule
from payments.services.proposing import propose_change
from payments.states import ALWAYS_SIGN, Step
from staff.models import User
from staff.rights import Right, require
from staff.services.units import the_province


def propose_signing_rule(
    *,
    step: Step,
    title: str,
    from_amount: int | None,
    valid_from: date,
    document_number: str,
    actor: User,
    now: datetime,
) -> SettingChange:
    """For lists made on `valid_from` or later; `from_amount` in đồng, 0 for every list, None for none (maker, checker, releaser: always 0).

    Raises `RuleReachesBack` when lists were made on that day or later, or there is a rule of that day, `NotAllowed`, `ChangeWaits`.
    """
    province = the_province()
    require(actor, Right.SET_SIGNING_RULES, unit=province)
    same_day = SigningRule.objects.filter(step=step, valid_from=valid_from)
    if same_day.exists() or Cycle.objects.filter(listed_on__gte=valid_from).exists():
        raise RuleReachesBack(conflicts=[f"{valid_from:%d/%m/%Y}"])
    said = {
        "step": step.value,
        "title": title,
        "from_amount": 0 if step in ALWAYS_SIGN else from_amount,
        "valid_from": valid_from.isoformat(),
    }
    return propose_change(
        kind=SettingChange.Kind.SIGNING_RULE, unit=province, said=said, document=document_number, actor=actor, now=now
    )


def set_signing_rule(change: SettingChange, *, actor: User, now: datetime) -> None:
    """Put an accepted proposal in force, within the caller's transaction. Raises `RuleReachesBack` when lists were made meanwhile."""
    said = change.said
    try:
        with transaction.atomic():
            SigningRule.objects.create(
                step=said["step"],
                title=said["title"],
                from_amount=said["from_amount"],
                valid_from=date.fromisoformat(said["valid_from"]),
                document_number=change.document,
                set_by=actor,
                set_at=now,
                change=change,
            )
    except IntegrityError as error:
        raise RuleReachesBack(conflicts=[said["valid_from"]]) from error
