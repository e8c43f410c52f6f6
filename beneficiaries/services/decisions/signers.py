"""Who signed a decision that came in without its signer: proposed from the paper, confirmed by a second person. What is paid rests on none of it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from beneficiaries.errors.signers import (
    NotOnThisPaper,
    OnlyProposerOfASignerWithdraws,
    SignerIsNamed,
    SignerNotNamed,
    SignerOfProposerNeedsAnother,
    SignerProposalGone,
    SignerProposed,
)
from beneficiaries.linkage.signers import signer_as_kept
from beneficiaries.models import Decision, Enrolment, NamesItsSigner, SignerOf, SuppliedSigner
from beneficiaries.services.decisions.rules import objection_to_signer
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require
from staff.services.free_text import without_numbers

Status = SuppliedSigner.Status
IN_FORCE = SuppliedSigner.objects.filter(decision=OuterRef("pk"), status=Status.IN_FORCE)
# Judged once for each way of writing: a few sign for thousands, and reading a name takes longer than all the rest.
NAMING_NOBODY = (
    Decision.objects.order_by()
    .values("signer")
    .annotate(names_signer=NamesItsSigner(Min("signer")))
    .filter(names_signer=False)
    .values("signer")
)
WAITING = SuppliedSigner.objects.filter(decision=OuterRef("pk"), status=Status.PROPOSED)


def with_signers(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Each with `signer_shown`, as two people said it where the list did not, and `names_signer`: whether it came in with one."""
    return decisions.annotate(signer_shown=SignerOf(F("pk"), F("signer")), names_signer=NamesItsSigner(F("signer")))


def decisions_without_signer(*, unit: AdministrativeUnit, waiting: bool | None = None) -> QuerySet[Decision]:
    """Decisions of the unit and below of which nobody knows who signed, with `waits`: whether somebody is proposed; by commune and code.

    `waiting`: only those somebody is proposed for, or only the others.
    """
    rows = Decision.objects.filter(enrolment__unit__path__startswith=unit.path).annotate(
        names_signer=NamesItsSigner(F("signer")), waits=Exists(WAITING)
    )
    if waiting is not None:
        rows = rows.filter(waits=waiting)
    return (
        rows.filter(~Exists(IN_FORCE) | Q(waits=True), names_signer=False)
        .select_related("enrolment__beneficiary", "enrolment__unit")
        .order_by("enrolment__unit__path", "enrolment__code", "signed_on", "pk")
    )


def without_signer_by_unit(*, unit: AdministrativeUnit) -> list[dict[str, object]]:
    """How many by commune, and of how many somebody is proposed; communes without any are left out."""
    rows = decisions_without_signer(unit=unit).order_by("enrolment__unit__path")
    counted = rows.values("enrolment__unit__path", "enrolment__unit__code", "enrolment__unit__name").annotate(
        decisions=Count("pk"), waiting=Count("pk", filter=Q(waits=True))
    )
    return [
        {
            "unit": row["enrolment__unit__code"],
            "unit_name": row["enrolment__unit__name"],
            "decisions": row["decisions"],
            "waiting": row["waiting"],
        }
        for row in counted
    ]


def of_the_same_paper(decision: Decision, *, waiting: bool | None = None) -> QuerySet[Decision]:
    """Others of the commune by the same number and day of which nobody knows who signed, by code; `waiting` as above."""
    others = decisions_without_signer(unit=decision.enrolment.unit, waiting=waiting).filter(
        enrolment__unit=decision.enrolment.unit_id, number=decision.number, signed_on=decision.signed_on
    )
    return others.exclude(pk=decision.pk).order_by("enrolment__code", "pk")


def proposed_alike(waiting: SuppliedSigner) -> QuerySet[SuppliedSigner]:
    """Proposals of the same person that wait for other decisions on the same paper, with the same name and the same paper seen; by code."""
    alike = SuppliedSigner.objects.filter(
        status=Status.PROPOSED,
        signer=waiting.signer,
        seen=waiting.seen,
        proposed_by=waiting.proposed_by_id,
        decision__in=of_the_same_paper(waiting.decision).order_by(),
    )
    return alike.select_related("decision__enrolment__beneficiary").order_by("decision__enrolment__code", "pk")


@transaction.atomic
def propose_signers(
    *, decision: Decision, also: Collection[int], signer: str, seen: str, actor: User, now: datetime
) -> list[SuppliedSigner]:
    """The same for `also` (ids) beside `decision`, all on one paper, or for none. Raises what `propose_signer` does and `NotOnThisPaper`."""
    others = list(of_the_same_paper(decision).filter(pk__in=also).select_related("enrolment__unit"))
    if missing := set(also) - {one.pk for one in others} - {decision.pk}:
        raise NotOnThisPaper(conflicts=[str(pk) for pk in sorted(missing)])
    # Two who propose at once wait for each other.
    in_order = sorted([decision, *others], key=lambda one: one.enrolment_id)
    return [propose_signer(decision=one, signer=signer, seen=seen, actor=actor, now=now) for one in in_order]


@transaction.atomic
def confirm_signers(
    *, decision: Decision, proposal: int, also: Collection[int], actor: User, now: datetime
) -> list[SuppliedSigner]:
    """The paper was seen once and says it of them all: `also` are proposals alike (ids). All or none; raises what `confirm_signer` does."""
    first = confirm_signer(decision=decision, proposal=proposal, actor=actor, now=now)
    alike = {
        one.pk: one for one in proposed_alike(first).filter(pk__in=also).select_related("decision__enrolment__unit")
    }
    if missing := set(also) - set(alike) - {proposal}:
        raise SignerProposalGone(conflicts=[str(pk) for pk in sorted(missing)])
    return [first] + [
        confirm_signer(decision=one.decision, proposal=pk, actor=actor, now=now) for pk, one in sorted(alike.items())
    ]


@transaction.atomic
def propose_signer(*, decision: Decision, signer: str, seen: str, actor: User, now: datetime) -> SuppliedSigner:
    """Put a name before a second person; `seen`: which paper, and where it is. Raises `SignerNotNamed`, `SignerIsNamed`, `SignerProposed`, `NotAllowed`."""
    _lock(decision)
    require(actor, Right.RECORD_DECISION, unit=decision.enrolment.unit)
    if sentence := objection_to_signer(signer):
        raise SignerNotNamed(sentence[:1].upper() + sentence[1:])
    if Decision.objects.annotate(named=NamesItsSigner(F("signer"))).filter(pk=decision.pk, named=True).exists():
        raise SignerIsNamed(conflicts=[decision.number])
    if waiting := SuppliedSigner.objects.filter(decision=decision, status=Status.PROPOSED).first():
        raise SignerProposed(conflicts=[str(waiting.pk)])
    said = signer_as_kept(without_numbers(signer))
    return SuppliedSigner.objects.create(
        decision=decision, signer=said, seen=without_numbers(seen), proposed_by=actor, proposed_at=now
    )


@transaction.atomic
def confirm_signer(*, decision: Decision, proposal: int, actor: User, now: datetime) -> SuppliedSigner:
    """A second person has seen the paper too. Raises `SignerOfProposerNeedsAnother`, `SignerProposalGone`, `NotAllowed`."""
    waiting = _waiting(decision, proposal, actor=actor, right=Right.CONFIRM_CORRECTION)
    _require_second(waiting, actor=actor)
    return _decide(waiting, status=Status.IN_FORCE, note="", actor=actor, now=now)


@transaction.atomic
def refuse_signer(*, decision: Decision, proposal: int, note: str, actor: User, now: datetime) -> SuppliedSigner:
    """A second person says why not. Raises `SignerOfProposerNeedsAnother`, `SignerProposalGone`, `NotAllowed`."""
    waiting = _waiting(decision, proposal, actor=actor, right=Right.CONFIRM_CORRECTION)
    _require_second(waiting, actor=actor)
    return _decide(waiting, status=Status.REFUSED, note=note, actor=actor, now=now)


@transaction.atomic
def withdraw_signer(*, decision: Decision, proposal: int, note: str, actor: User, now: datetime) -> SuppliedSigner:
    """Whoever proposed takes it back. Raises `OnlyProposerOfASignerWithdraws`, `SignerProposalGone`, `NotAllowed`."""
    waiting = _waiting(decision, proposal, actor=actor, right=Right.RECORD_DECISION)
    if waiting.proposed_by_id != actor.pk:
        raise OnlyProposerOfASignerWithdraws(conflicts=[str(waiting.pk)])
    return _decide(waiting, status=Status.WITHDRAWN, note=note, actor=actor, now=now)


def _lock(decision: Decision) -> None:
    """Who proposes at the same time waits; by the enrolment, for a row that is never edited can not be held."""
    Enrolment.objects.select_for_update().get(pk=decision.enrolment_id)


def _waiting(decision: Decision, proposal: int, *, actor: User, right: Right) -> SuppliedSigner:
    require(actor, right, unit=decision.enrolment.unit)
    rows = SuppliedSigner.objects.select_for_update().filter(decision=decision, pk=proposal, status=Status.PROPOSED)
    waiting = rows.first()
    if waiting is None:
        raise SignerProposalGone(conflicts=[str(proposal)])
    return waiting


def _require_second(waiting: SuppliedSigner, *, actor: User) -> None:
    if waiting.proposed_by_id == actor.pk:
        raise SignerOfProposerNeedsAnother(conflicts=[str(waiting.pk)])


def _decide(waiting: SuppliedSigner, *, status: Status, note: str, actor: User, now: datetime) -> SuppliedSigner:
    waiting.status, waiting.note, waiting.decided_by, waiting.decided_at = status, without_numbers(note), actor, now
    waiting.save(update_fields=["status", "note", "decided_by", "decided_at"])
    return waiting
