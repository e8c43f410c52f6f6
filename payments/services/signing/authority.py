"""By what somebody signs at a step: the own role, or the delegation of somebody who has it; and under which title."""

from datetime import datetime

from django.db.models import F, Value

from payments.models import PaymentBatch, SigningRule
from payments.states import Step
from staff.models import AdministrativeUnit, Delegation, User
from staff.rights import Right, may, no_right, out_of_reach
from staff.time_zone import VIETNAM

RIGHT_OF: dict[Step, Right] = {
    Step.MAKER: Right.SUBMIT,
    Step.REVIEWER: Right.REVIEW,
    Step.CHECKER: Right.APPROVE,
    Step.COSIGNER: Right.COSIGN,
    Step.RELEASER: Right.RELEASE,
}


def authority_of(*, actor: User, step: Step, unit: AdministrativeUnit, now: datetime) -> Delegation | None:
    """The delegation the actor signs by, None for the own role. Raises `NotAllowed` when there is neither, or the scope does not reach `unit`.

    A delegation lasts while who gave it is at work, in the role whose step is signed, and for the list's unit: nobody lends what they no longer have.
    """
    if not actor.reaches(unit):
        raise out_of_reach(actor, RIGHT_OF[step])
    if may(actor, RIGHT_OF[step]):
        return None
    today = now.astimezone(VIETNAM).date()
    held = Delegation.objects.in_force(on=today).filter(delegate=actor, role=step)
    # `unit` lies below the delegation's, and still below that of who gave it: its path begins with theirs.
    reaching = held.annotate(path=Value(unit.path)).filter(path__startswith=F("unit__path"))
    above = reaching.filter(path__startswith=F("delegator__unit__path"))
    delegation = above.select_related("delegator").order_by("-valid_from", "pk").first()
    if delegation is None:
        raise no_right(actor, RIGHT_OF[step])
    return delegation


def title_of(*, step: Step, batch: PaymentBatch, delegation: Delegation | None) -> str:
    """As printed above the signature: the rule's title in force when the list was made, with `KT.` or `TUQ.` before it."""
    rules = SigningRule.objects.filter(step=step, valid_from__lte=batch.cycle.listed_on).order_by("-valid_from")
    title = rules.values_list("title", flat=True).first() or str(step.label)
    return f"{delegation.form}. {title}" if delegation else title
