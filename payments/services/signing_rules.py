"""Set which titles sign, and from which amount on a list needs a further signature."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from payments.errors import RuleReachesBack
from payments.models import SigningRule
from payments.states import ALWAYS_SIGN, Step
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require


def set_signing_rule(
    *,
    step: Step,
    title: str,
    from_amount: int | None,
    valid_from: date,
    document_number: str,
    actor: User,
    now: datetime,
) -> SigningRule:
    """For lists made on `valid_from` or later; `from_amount` in đồng, 0 for every list, None for none (maker, checker, releaser: always 0).

    Raises `RuleReachesBack` when lists were made on that day or later, or there is a rule of that day, `NotAllowed`.
    """
    require(actor, Right.SET_SIGNING_RULES, unit=AdministrativeUnit.objects.get(kind="PROVINCE"))
    try:
        with transaction.atomic():
            return SigningRule.objects.create(
                step=step,
                title=title,
                from_amount=0 if step in ALWAYS_SIGN else from_amount,
                valid_from=valid_from,
                document_number=document_number,
                set_by=actor,
                set_at=now,
            )
    except IntegrityError as error:
        raise RuleReachesBack(conflicts=[f"{valid_from:%d/%m/%Y}"]) from error
