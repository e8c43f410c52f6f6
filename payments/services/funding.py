"""The accounts paying units pay from, and the money the Treasury puts into them."""

from datetime import date

from django.db import IntegrityError, transaction

from payments.errors import FundingAccountKnown, TopUpRecorded
from payments.models import FundingAccount, TopUp
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require


def open_funding_account(*, code: str, bank_account_id: str, unit: AdministrativeUnit, actor: User) -> FundingAccount:
    """Register the account `unit` pays from, one per unit. The same again changes nothing.

    Raises `FundingAccountKnown` when the unit, the code or the bank's id stands with something else, `NotAllowed`.
    """
    require(actor, Right.KEEP_FUNDING, unit=unit)
    said = {"code": code, "bank_account_id": bank_account_id, "paying_unit": unit}
    if known := FundingAccount.objects.filter(**said).first():
        return known
    try:
        with transaction.atomic():
            return FundingAccount.objects.create(**said)
    except IntegrityError as error:
        raise FundingAccountKnown from error


def record_top_up(*, account: FundingAccount, reference: str, amount: int, booked_on: date, actor: User) -> TopUp:
    """Record money (đồng) that was put into the account, to be found again on the statement by its reference. The same again changes nothing.

    Raises `TopUpRecorded` when the reference stands with another amount, day or account, `NotAllowed`.
    """
    require(actor, Right.RECORD_TOP_UP, unit=account.paying_unit)
    said = {"funding_account": account, "reference": reference, "amount": amount, "booked_on": booked_on}
    if known := TopUp.objects.filter(**said).first():
        return known
    try:
        with transaction.atomic():
            return TopUp.objects.create(**said)
    except IntegrityError as error:
        raise TopUpRecorded(conflicts=[reference]) from error
