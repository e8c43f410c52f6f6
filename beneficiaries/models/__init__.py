"""Who may be paid, and into which account."""

from beneficiaries.models.accounts import BankAccount, Reason
from beneficiaries.models.cases import Case
from beneficiaries.models.enrolments import Decision, Enrolment, PayeeKind
from beneficiaries.models.intake import ReceivedFile, RegistryRow
from beneficiaries.models.numbers import ACCOUNT_NUMBER, IDENTITY_NUMBER, AccountNumber, IdentityNumber
from beneficiaries.models.people import Beneficiary, IdentityMatch, IdentityRecord, IdentityStatus, MatchRun, Sex
from beneficiaries.models.programmes import BenefitCategory, Coefficient, Programme, StandardAmount
from beneficiaries.models.uploads import HeadingMapping, Outcome, RegistryUpload, UploadRow, UploadStage

__all__ = [
    "ACCOUNT_NUMBER",
    "IDENTITY_NUMBER",
    "AccountNumber",
    "BankAccount",
    "Beneficiary",
    "BenefitCategory",
    "Case",
    "Coefficient",
    "Decision",
    "Enrolment",
    "HeadingMapping",
    "IdentityMatch",
    "IdentityNumber",
    "IdentityRecord",
    "IdentityStatus",
    "MatchRun",
    "Outcome",
    "PayeeKind",
    "Programme",
    "Reason",
    "ReceivedFile",
    "RegistryRow",
    "RegistryUpload",
    "Sex",
    "StandardAmount",
    "UploadRow",
    "UploadStage",
]
