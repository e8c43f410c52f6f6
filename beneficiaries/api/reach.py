"""What of people and their accounts lies in a user's reach: those who live below the own unit (I13)."""

from django.db.models import QuerySet

from beneficiaries.models import AccountChange, BankAccount, Beneficiary, PayeeRelation, RegistrationSlip
from staff.models import AdministrativeUnit, User


def people_in_reach(actor: User) -> QuerySet[Beneficiary]:
    """Beneficiaries of the actor's subtree."""
    path = actor.unit.path if actor.unit else None
    people = Beneficiary.objects.select_related("unit")
    return people.filter(unit__path__startswith=path) if path else people.none()


def accounts_in_reach(actor: User) -> QuerySet[BankAccount]:
    """Accounts of people of the subtree."""
    accounts = BankAccount.objects.select_related("beneficiary__unit", "number")
    return accounts.filter(beneficiary__unit__path__startswith=actor.unit.path) if actor.unit else accounts.none()


def changes_in_reach(actor: User) -> QuerySet[AccountChange]:
    """Changes of account of people of the subtree."""
    changes = AccountChange.objects.select_related(
        "old_account__number", "new_account__number", "new_account__beneficiary__unit", "requested_by", "decided_by"
    )
    path = actor.unit.path if actor.unit else None
    return changes.filter(new_account__beneficiary__unit__path__startswith=path) if path else changes.none()


def payees_in_reach(actor: User) -> QuerySet[PayeeRelation]:
    """Who receives for people of the subtree."""
    payees = PayeeRelation.objects.select_related("beneficiary__unit")
    return payees.filter(beneficiary__unit__path__startswith=actor.unit.path) if actor.unit else payees.none()


def slips_in_reach(actor: User) -> QuerySet[RegistrationSlip]:
    """Slips of people of the subtree."""
    slips = RegistrationSlip.objects.select_related("beneficiary__unit", "account__number")
    return slips.filter(beneficiary__unit__path__startswith=actor.unit.path) if actor.unit else slips.none()


def unit_in_reach(actor: User, code: str) -> AdministrativeUnit | None:
    """The unit with this code, the own one for ""; None outside the subtree, as if there were none."""
    if actor.unit is None:
        return None
    if not code:
        return actor.unit
    return AdministrativeUnit.objects.filter(code=code, path__startswith=actor.unit.path).first()
