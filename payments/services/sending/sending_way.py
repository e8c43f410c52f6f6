"""How a funding account's orders go out from now on: order by order, in files, or on a provider's list."""

from django.db import transaction

from payments.errors.providers import ListWithProvider
from payments.models import FundingAccount, HandOver, Payment
from payments.states import BatchStatus, PaymentStatus, SendsBy
from staff.models import User
from staff.rights import Right, require


@transaction.atomic
def set_sending_way(*, account: FundingAccount, way: SendsBy, actor: User) -> FundingAccount:
    """Change it (history keeps who); what was sent stays as it was.

    Raises `ListWithProvider` while a released list of the account is with a provider and has payments nobody took yet, `NotAllowed`.
    """
    require(actor, Right.SET_SENDING, unit=account.paying_unit)
    locked = FundingAccount.objects.select_for_update().get(pk=account.pk)
    handed = HandOver.objects.filter(batch__funding_account=locked, batch__status=BatchStatus.RELEASED)
    waiting = Payment.objects.filter(batch__in=handed.values("batch"), status=PaymentStatus.READY)
    if locked.sends_by == SendsBy.LIST and way != SendsBy.LIST and waiting.exists():
        raise ListWithProvider(conflicts=sorted({str(pk) for pk in waiting.values_list("batch_id", flat=True)}))
    locked.sends_by = way
    locked.save(update_fields=["sends_by"])
    return locked
