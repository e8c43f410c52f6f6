"""Who may be paid, and into which account."""

from beneficiaries.models.accounts import BankAccount, Reason
from beneficiaries.models.cases import Case
from beneficiaries.models.enrolments import Decision, Enrolment, PayeeKind
from beneficiaries.models.intake import ReceivedFile, RegistryRow
from beneficiaries.models.lookups import CandidateLookup
from beneficiaries.models.numbers import ACCOUNT_NUMBER, IDENTITY_NUMBER, AccountNumber, IdentityNumber
from beneficiaries.models.people import Beneficiary, IdentityMatch, IdentityRecord, IdentityStatus, MatchRun, Sex
from beneficiaries.models.programmes import BenefitCategory, Coefficient, Programme, StandardAmount
from beneficiaries.models.quality import QualityScore, QualitySignOff
from beneficiaries.models.verdicts import (
    VERDICT_ROW,
    EnquiryFile,
    IdentityEnquiry,
    IdentityQuestion,
    Verdict,
    VerdictSource,
)

__all__ = [
    "ACCOUNT_NUMBER",
    "IDENTITY_NUMBER",
    "VERDICT_ROW",
    "AccountNumber",
    "BankAccount",
    "Beneficiary",
    "BenefitCategory",
    "CandidateLookup",
    "Case",
    "Coefficient",
    "Decision",
    "EnquiryFile",
    "Enrolment",
    "IdentityEnquiry",
    "IdentityMatch",
    "IdentityNumber",
    "IdentityQuestion",
    "IdentityRecord",
    "IdentityStatus",
    "MatchRun",
    "PayeeKind",
    "Programme",
    "QualityScore",
    "QualitySignOff",
    "Reason",
    "ReceivedFile",
    "RegistryRow",
    "Sex",
    "StandardAmount",
    "Verdict",
    "VerdictSource",
]
