"""Who may be paid, and into which account."""

from beneficiaries.models.accounts import BankAccount, Reason
from beneficiaries.models.case_kinds import RULES, CaseKind, Ease, Level, Rule, Solution, rule_of
from beneficiaries.models.cases import CASE_TRANSITIONS, LIVE, Case, CaseDecision, CaseStatus, DistinctPeople
from beneficiaries.models.enrolments import Decision, Enrolment, PayeeKind
from beneficiaries.models.handovers import Handover, HandoverSignature
from beneficiaries.models.intake import ReceivedFile, RegistryRow
from beneficiaries.models.numbers import ACCOUNT_NUMBER, IDENTITY_NUMBER, AccountNumber, IdentityNumber
from beneficiaries.models.people import Beneficiary, IdentityMatch, IdentityRecord, IdentityStatus, MatchRun, Sex
from beneficiaries.models.programmes import BenefitCategory, Coefficient, Programme, StandardAmount

__all__ = [
    "ACCOUNT_NUMBER",
    "CASE_TRANSITIONS",
    "IDENTITY_NUMBER",
    "LIVE",
    "RULES",
    "AccountNumber",
    "BankAccount",
    "Beneficiary",
    "BenefitCategory",
    "Case",
    "CaseDecision",
    "CaseKind",
    "CaseStatus",
    "Coefficient",
    "Decision",
    "DistinctPeople",
    "Ease",
    "Enrolment",
    "Handover",
    "HandoverSignature",
    "IdentityMatch",
    "IdentityNumber",
    "IdentityRecord",
    "IdentityStatus",
    "Level",
    "MatchRun",
    "PayeeKind",
    "Programme",
    "Reason",
    "ReceivedFile",
    "RegistryRow",
    "Rule",
    "Sex",
    "Solution",
    "StandardAmount",
    "rule_of",
]
