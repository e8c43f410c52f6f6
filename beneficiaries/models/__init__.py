"""Who may be paid, and into which account."""

from beneficiaries.models.accounts import BankAccount, Reason
from beneficiaries.models.cases import Case
from beneficiaries.models.enrolments import Decision, DecisionPaper, Enrolment, PayeeKind
from beneficiaries.models.intake import ReceivedFile, RegistryRow
from beneficiaries.models.numbers import ACCOUNT_NUMBER, IDENTITY_NUMBER, AccountNumber, IdentityNumber
from beneficiaries.models.people import Beneficiary, IdentityMatch, IdentityRecord, IdentityStatus, MatchRun, Sex
from beneficiaries.models.programmes import (
    AgeChange,
    BenefitCategory,
    Coefficient,
    Exclusion,
    Programme,
    StandardAmount,
    TopUpRate,
)

__all__ = [
    "ACCOUNT_NUMBER",
    "IDENTITY_NUMBER",
    "AccountNumber",
    "AgeChange",
    "BankAccount",
    "Beneficiary",
    "BenefitCategory",
    "Case",
    "Coefficient",
    "Decision",
    "DecisionPaper",
    "Enrolment",
    "Exclusion",
    "IdentityMatch",
    "IdentityNumber",
    "IdentityRecord",
    "IdentityStatus",
    "MatchRun",
    "PayeeKind",
    "Programme",
    "Reason",
    "ReceivedFile",
    "RegistryRow",
    "Sex",
    "StandardAmount",
    "TopUpRate",
]
