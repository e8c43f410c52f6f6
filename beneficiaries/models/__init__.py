"""Who may be paid, and into which account."""

from beneficiaries.models.accounts import BankAccount, Reason
from beneficiaries.models.cases import Case
from beneficiaries.models.contacts import PHONE_NUMBER, Phone
from beneficiaries.models.enrolments import Decision, Enrolment, PayeeKind
from beneficiaries.models.intake import ReceivedFile, RegistryRow
from beneficiaries.models.life_events import Child, LifeEvent, LifeEventSettlement, LifeStatus, NoticeAnswer
from beneficiaries.models.numbers import ACCOUNT_NUMBER, IDENTITY_NUMBER, AccountNumber, IdentityNumber
from beneficiaries.models.people import Beneficiary, IdentityMatch, IdentityRecord, IdentityStatus, MatchRun, Sex
from beneficiaries.models.procedures import FuneralFile, FuneralFileStep
from beneficiaries.models.programmes import BenefitCategory, Coefficient, Programme, StandardAmount

__all__ = [
    "ACCOUNT_NUMBER",
    "IDENTITY_NUMBER",
    "PHONE_NUMBER",
    "AccountNumber",
    "BankAccount",
    "Beneficiary",
    "BenefitCategory",
    "Case",
    "Child",
    "Coefficient",
    "Decision",
    "Enrolment",
    "FuneralFile",
    "FuneralFileStep",
    "IdentityMatch",
    "IdentityNumber",
    "IdentityRecord",
    "IdentityStatus",
    "LifeEvent",
    "LifeEventSettlement",
    "LifeStatus",
    "MatchRun",
    "NoticeAnswer",
    "PayeeKind",
    "Phone",
    "Programme",
    "Reason",
    "ReceivedFile",
    "RegistryRow",
    "Sex",
    "StandardAmount",
]
