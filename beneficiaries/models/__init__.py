"""Who may be paid, and into which account."""

from beneficiaries.models.accounts import AccountEvent, BankAccount, NameVerdict, Reason
from beneficiaries.models.cases import Case
from beneficiaries.models.contacts import PHONE_NUMBER, Phone
from beneficiaries.models.enrolments import Decision, DecisionPaper, Enrolment, PayeeKind
from beneficiaries.models.intake import ReceivedFile, RegistryRow
from beneficiaries.models.life_events import Child, LifeEvent, LifeEventSettlement, LifeStatus, NoticeAnswer
from beneficiaries.models.lookups import CandidateLookup
from beneficiaries.models.numbers import ACCOUNT_NUMBER, IDENTITY_NUMBER, AccountNumber, IdentityNumber
from beneficiaries.models.openings import AccountOpening
from beneficiaries.models.payees import AccountChange, PayeeRelation, RegistrationSlip, SlipScan, SourcePrecedence
from beneficiaries.models.people import Beneficiary, IdentityMatch, IdentityRecord, IdentityStatus, MatchRun, Sex
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
from beneficiaries.models.quality import QualityScore, QualitySignOff
from beneficiaries.models.uploads import HeadingMapping, Outcome, RegistryUpload, UploadRow, UploadStage
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
    "PHONE_NUMBER",
    "VERDICT_ROW",
    "AccountChange",
    "AccountEvent",
    "AccountNumber",
    "AccountOpening",
    "AgeChange",
    "BankAccount",
    "Beneficiary",
    "BenefitCategory",
    "CandidateLookup",
    "Case",
    "Child",
    "Coefficient",
    "Decision",
    "DecisionPaper",
    "EnquiryFile",
    "Enrolment",
    "Exclusion",
    "FuneralFile",
    "FuneralFileStep",
    "HeadingMapping",
    "IdentityEnquiry",
    "IdentityMatch",
    "IdentityNumber",
    "IdentityQuestion",
    "IdentityRecord",
    "IdentityStatus",
    "LifeEvent",
    "LifeEventSettlement",
    "LifeStatus",
    "MatchRun",
    "NameVerdict",
    "NoticeAnswer",
    "Outcome",
    "PayeeKind",
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
    "Sex",
    "SlipScan",
    "SourcePrecedence",
    "StandardAmount",
    "TopUpRate",
    "UploadRow",
    "UploadStage",
    "Verdict",
    "VerdictSource",
]
