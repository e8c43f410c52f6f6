"""Who may be paid, and into which account."""

from beneficiaries.models.accounts import BankAccount, Reason
from beneficiaries.models.case_kinds import RULES, CaseKind, Ease, Level, Rule, Solution, rule_of
from beneficiaries.models.cases import CASE_TRANSITIONS, LIVE, Case, CaseDecision, CaseStatus, DistinctPeople
from beneficiaries.models.contacts import PHONE_NUMBER, Phone
from beneficiaries.models.enrolments import Decision, Enrolment, PayeeKind
from beneficiaries.models.handovers import Handover, HandoverSignature
from beneficiaries.models.intake import ReceivedFile, RegistryRow
from beneficiaries.models.life_events import Child, LifeEvent, LifeEventSettlement, LifeStatus, NoticeAnswer
from beneficiaries.models.lookups import CandidateLookup
from beneficiaries.models.numbers import ACCOUNT_NUMBER, IDENTITY_NUMBER, AccountNumber, IdentityNumber
from beneficiaries.models.people import Beneficiary, IdentityMatch, IdentityRecord, IdentityStatus, MatchRun, Sex
from beneficiaries.models.procedures import FuneralFile, FuneralFileStep
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
    "CASE_TRANSITIONS",
    "IDENTITY_NUMBER",
    "LIVE",
    "PHONE_NUMBER",
    "RULES",
    "VERDICT_ROW",
    "AccountNumber",
    "BankAccount",
    "Beneficiary",
    "BenefitCategory",
    "CandidateLookup",
    "Case",
    "CaseDecision",
    "CaseKind",
    "CaseStatus",
    "Child",
    "Coefficient",
    "Decision",
    "DistinctPeople",
    "Ease",
    "EnquiryFile",
    "Enrolment",
    "FuneralFile",
    "FuneralFileStep",
    "Handover",
    "HandoverSignature",
    "IdentityEnquiry",
    "IdentityMatch",
    "IdentityNumber",
    "IdentityQuestion",
    "IdentityRecord",
    "IdentityStatus",
    "Level",
    "LifeEvent",
    "LifeEventSettlement",
    "LifeStatus",
    "MatchRun",
    "NoticeAnswer",
    "PayeeKind",
    "Phone",
    "Programme",
    "QualityScore",
    "QualitySignOff",
    "Reason",
    "ReceivedFile",
    "RegistryRow",
    "Rule",
    "Sex",
    "Solution",
    "StandardAmount",
    "Verdict",
    "VerdictSource",
    "rule_of",
]
