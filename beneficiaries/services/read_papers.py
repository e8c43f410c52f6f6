"""Give out a kept paper: unsealed for one member of staff, and written down that it was. Whose papers are in reach, the caller has asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from beneficiaries.errors import PaperNotKept, ScanRefused
from beneficiaries.errors.corrections import OnlyProposerSendsPaper
from beneficiaries.models import (
    Correction,
    CorrectionScan,
    Decision,
    LevelProposal,
    PayeePaper,
    PayeeRelation,
    RegistrationSlip,
    SlipScan,
)
from beneficiaries.services.accounts.register_slip import MAGIC, MAX_SCAN_BYTES, SCAN
from beneficiaries.services.corrections.propose import locked_correction
from beneficiaries.services.decisions.papers import PURPOSE as DECISION_PAPER
from staff.encryption import seal, unseal
from staff.models import AdministrativeUnit, PaperReading, User
from staff.rights import Right, may, require
from staff.services.paper_readings import note_reading
from staff.services.photographs import without_place

PAYEE_PAPER, RECORD_PAPER = "payee-paper", "record-paper"
Kind = PaperReading.Kind
Scan = TypeVar("Scan", PayeePaper, CorrectionScan)


@dataclass(frozen=True)
class Paper:
    """A paper in clear: for one answer, never kept."""

    content: bytes
    media_type: str


def decisions_to_read(actor: User) -> QuerySet[Decision]:
    """Decisions of the actor's reach whose paper the actor may read.

    Not one that also names people elsewhere (I13), nor, for whoever does not keep decisions, one that tells of an illness.
    """
    if actor.unit is None:
        return Decision.objects.none()
    path = actor.unit.path
    elsewhere = Decision.objects.filter(paper__isnull=False).exclude(enrolment__unit__path__startswith=path)
    mine = Decision.objects.filter(enrolment__unit__path__startswith=path).exclude(paper__in=elsewhere.values("paper"))
    if may(actor, Right.RECORD_DECISION):
        return mine
    sensitive = Decision.objects.filter(paper__isnull=False, enrolment__category__sensitive=True)
    return mine.exclude(paper__in=sensitive.values("paper"))


@transaction.atomic
def read_decision_paper(*, decision: Decision, actor: User, now: datetime) -> Paper:
    """The signed decision as it was uploaded. Raises `PaperNotKept`."""
    if decision.paper is None:
        raise PaperNotKept
    note_reading(kind=Kind.DECISION, paper_id=decision.pk, unit=decision.enrolment.unit, actor=actor, now=now)
    kept = decision.paper
    return Paper(unseal(bytes(kept.sealed), purpose=DECISION_PAPER), kept.media_type)


@transaction.atomic
def read_slip_scan(*, slip: RegistrationSlip, actor: User, now: datetime) -> Paper:
    """The signed slip as it was scanned. Raises `PaperNotKept`."""
    kept = SlipScan.objects.filter(slip=slip).first()
    if kept is None:
        raise PaperNotKept
    note_reading(kind=Kind.SLIP, paper_id=slip.pk, unit=slip.beneficiary.unit, actor=actor, now=now)
    return Paper(unseal(bytes(kept.sealed), purpose=SCAN), kept.content_type)


@transaction.atomic
def attach_payee_paper(*, relation: PayeeRelation, content: bytes, actor: User, now: datetime) -> PayeePaper:
    """Keep the scanned power of attorney or proof of guardianship, once per relation; its kind is read from its bytes.

    Raises `ScanRefused`, `NotAllowed`.
    """
    require(actor, Right.MANAGE_PAYEES, unit=relation.beneficiary.unit)
    return _keep_once(PayeePaper, content=content, purpose=PAYEE_PAPER, actor=actor, now=now, relation=relation)


@transaction.atomic
def read_payee_paper(*, relation: PayeeRelation, actor: User, now: datetime) -> Paper:
    """The paper a relation rests on. Raises `PaperNotKept`."""
    kept = PayeePaper.objects.filter(relation=relation).first()
    if kept is None:
        raise PaperNotKept
    note_reading(kind=Kind.PAYEE, paper_id=relation.pk, unit=relation.beneficiary.unit, actor=actor, now=now)
    return Paper(unseal(bytes(kept.sealed), purpose=PAYEE_PAPER), kept.content_type)


@transaction.atomic
def attach_record_paper(*, correction: Correction, content: bytes, actor: User, now: datetime) -> CorrectionScan:
    """Keep the scanned paper a correction rests on, once and while it waits: whoever decides sees what the proposer saw.

    Raises `OnlyProposerSendsPaper`, `ScanRefused`, `CorrectionSettled`, `NotAllowed`.
    """
    waiting = locked_correction(correction.pk, actor=actor, right=Right.CORRECT_RECORD)
    if waiting.proposed_by_id != actor.pk:
        raise OnlyProposerSendsPaper(conflicts=[str(correction.pk)])
    return _keep_once(CorrectionScan, content=content, purpose=RECORD_PAPER, actor=actor, now=now, correction=waiting)


@transaction.atomic
def read_record_paper(*, correction: Correction, actor: User, now: datetime) -> Paper:
    """The paper a correction rests on. Raises `PaperNotKept`."""
    kept = CorrectionScan.objects.filter(correction=correction).first()
    if kept is None:
        raise PaperNotKept
    note_reading(kind=Kind.RECORD, paper_id=correction.pk, unit=correction.beneficiary.unit, actor=actor, now=now)
    return Paper(unseal(bytes(kept.sealed), purpose=RECORD_PAPER), kept.content_type)


def _keep_once(scan: type[Scan], *, content: bytes, purpose: str, actor: User, now: datetime, **about: Model) -> Scan:
    """Sealed, `about` one thing. Raises `ScanRefused` for a second one, for what by its first bytes is no PDF, JPEG or PNG, or is too large."""
    kind = next((kind for magic, kind in MAGIC.items() if content.startswith(magic)), None)
    if kind is None or len(content) > MAX_SCAN_BYTES:
        raise ScanRefused
    content = without_place(content)
    try:
        with transaction.atomic():
            return scan._default_manager.create(
                **about, content_type=kind, sealed=seal(content, purpose=purpose), received_by=actor, received_at=now
            )
    except IntegrityError as error:
        raise ScanRefused from error


@transaction.atomic
def read_level_paper(*, proposal: LevelProposal, unit: AdministrativeUnit, actor: User, now: datetime) -> Paper:
    """The document a proposed level rests on; `unit` is the province, whose rules they are."""
    note_reading(kind=Kind.LEVEL, paper_id=proposal.pk, unit=unit, actor=actor, now=now)
    return Paper(unseal(bytes(proposal.paper.sealed), purpose=DECISION_PAPER), proposal.paper.media_type)
