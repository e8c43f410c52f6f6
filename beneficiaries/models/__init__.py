"""Who may be paid, and into which account."""

from beneficiaries.models.accounts import ACCOUNT_REASONS, AccountEvent, BankAccount, NameVerdict, Reason
from beneficiaries.models.audits import AuditAnswer, AuditItem, AuditSample
from beneficiaries.models.case_kinds import RULES, CaseKind, Ease, Level, Rule, Solution, rule_of
from beneficiaries.models.cases import CASE_TRANSITIONS, LIVE, Case, CaseDecision, CaseStatus, DistinctPeople
from beneficiaries.models.contacts import PHONE_NUMBER, Phone
from beneficiaries.models.corrections import Correction, CorrectionPaper, CorrectionScan
from beneficiaries.models.enrolments import ArrivalRefusal, Decision, DecisionPaper, Enrolment, PayeeKind
from beneficiaries.models.handovers import Handover, HandoverSignature
from beneficiaries.models.insurance import InsuranceBenefit, InsuranceFeed, InsuranceKind, InsuranceTotal
from beneficiaries.models.intake import ReceivedFile, RegistryRow, SentFileName
from beneficiaries.models.levels import LevelProposal
from beneficiaries.models.life_events import Child, LifeEvent, LifeEventSettlement, LifeStatus, NoticeAnswer
from beneficiaries.models.lookups import CandidateLookup
from beneficiaries.models.match_models import MatchModel, MatchModelAdoption, TrainingOrder
from beneficiaries.models.matching import IdentityMatch, MatchCandidate, MatchOrder, MatchRun
from beneficiaries.models.numbers import ACCOUNT_NUMBER, IDENTITY_NUMBER, AccountNumber, IdentityNumber
from beneficiaries.models.openings import AccountOpening, OpeningTemplate
from beneficiaries.models.payees import (
    AccountChange,
    PayeePaper,
    PayeeRelation,
    RegistrationSlip,
    SlipScan,
    SourcePrecedence,
    not_ended,
)
from beneficiaries.models.people import (
    HAMLET_FOLDED,
    Beneficiary,
    IdentityRecord,
    IdentityStatus,
    Sex,
    fold_hamlet,
    hamlet_folded,
    hamlets_as_said,
    in_hamlet_order,
)
from beneficiaries.models.procedures import FuneralFile, FuneralFileStep
from beneficiaries.models.programmes import (
    AgeChange,
    BenefitCategory,
    Coefficient,
    Exclusion,
    Programme,
    StandardAmount,
    TopUpRate,
)
from beneficiaries.models.quality import QualityScore, QualitySignOff, SignOffLevel
from beneficiaries.models.signers import NamesItsSigner, SignerOf, SuppliedSigner
from beneficiaries.models.uploads import HeadingMapping, Outcome, RegistryUpload, UploadRow, UploadStage
from beneficiaries.models.verdicts import (
    VERDICT_ROW,
    EnquiryFile,
    IdentityEnquiry,
    IdentityQuestion,
    Verdict,
    VerdictSource,
)
from beneficiaries.models.visits import HomeVisit

__all__ = [
    "ACCOUNT_NUMBER",
    "ACCOUNT_REASONS",
    "CASE_TRANSITIONS",
    "HAMLET_FOLDED",
    "IDENTITY_NUMBER",
    "LIVE",
    "PHONE_NUMBER",
    "RULES",
    "VERDICT_ROW",
    "AccountChange",
    "AccountEvent",
    "AccountNumber",
    "AccountOpening",
    "AgeChange",
    "ArrivalRefusal",
    "AuditAnswer",
    "AuditItem",
    "AuditSample",
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
    "Correction",
    "CorrectionPaper",
    "CorrectionScan",
    "Decision",
    "DecisionPaper",
    "DistinctPeople",
    "Ease",
    "EnquiryFile",
    "Enrolment",
    "Exclusion",
    "FuneralFile",
    "FuneralFileStep",
    "Handover",
    "HandoverSignature",
    "HeadingMapping",
    "HomeVisit",
    "IdentityEnquiry",
    "IdentityMatch",
    "IdentityNumber",
    "IdentityQuestion",
    "IdentityRecord",
    "IdentityStatus",
    "InsuranceBenefit",
    "InsuranceFeed",
    "InsuranceKind",
    "InsuranceTotal",
    "Level",
    "LevelProposal",
    "LifeEvent",
    "LifeEventSettlement",
    "LifeStatus",
    "MatchCandidate",
    "MatchModel",
    "MatchModelAdoption",
    "MatchOrder",
    "MatchRun",
    "NameVerdict",
    "NamesItsSigner",
    "NoticeAnswer",
    "OpeningTemplate",
    "Outcome",
    "PayeeKind",
    "PayeePaper",
    "PayeeRelation",
    "Phone",
    "Programme",
    "QualityScore",
    "QualitySignOff",
    "Reason",
    "ReceivedFile",
    "RegistrationSlip",
    "RegistryRow",
    "RegistryUpload",
    "Rule",
    "SentFileName",
    "Sex",
    "SignOffLevel",
    "SignerOf",
    "SlipScan",
    "Solution",
    "SourcePrecedence",
    "StandardAmount",
    "SuppliedSigner",
    "TopUpRate",
    "TrainingOrder",
    "UploadRow",
    "UploadStage",
    "Verdict",
    "VerdictSource",
    "fold_hamlet",
    "hamlet_folded",
    "hamlets_as_said",
    "in_hamlet_order",
    "not_ended",
    "rule_of",
]
