"""Who may be paid, and into which account."""

from beneficiaries.models.accounts import BankAccount, Reason
from beneficiaries.models.audits import AuditAnswer, AuditItem, AuditSample
from beneficiaries.models.cases import Case
from beneficiaries.models.enrolments import Decision, Enrolment, PayeeKind
from beneficiaries.models.intake import ReceivedFile, RegistryRow
from beneficiaries.models.matching import IdentityMatch, MatchCandidate, MatchRun
from beneficiaries.models.numbers import ACCOUNT_NUMBER, IDENTITY_NUMBER, AccountNumber, IdentityNumber
from beneficiaries.models.people import Beneficiary, IdentityRecord, IdentityStatus, Sex
from beneficiaries.models.programmes import BenefitCategory, Coefficient, Programme, StandardAmount

__all__ = [
    "ACCOUNT_NUMBER",
    "IDENTITY_NUMBER",
    "AccountNumber",
    "AuditAnswer",
    "AuditItem",
    "AuditSample",
    "BankAccount",
    "Beneficiary",
    "BenefitCategory",
    "Case",
    "Coefficient",
    "Decision",
    "Enrolment",
    "IdentityMatch",
    "IdentityNumber",
    "IdentityRecord",
    "IdentityStatus",
    "MatchCandidate",
    "MatchRun",
    "PayeeKind",
    "Programme",
    "Reason",
    "ReceivedFile",
    "RegistryRow",
    "Sex",
    "StandardAmount",
]
