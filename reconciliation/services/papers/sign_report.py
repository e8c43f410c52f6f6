"""What people do about an ordered report: sign it, or have it counted again."""

from datetime import datetime

from django.db import transaction

from reconciliation.errors import ReportCountedAgain, ReportIsDraft, WrongReportState
from reconciliation.models import ReportRun
from reconciliation.services.papers.report_signers import runs_in_reach, signer_for
from reconciliation.states import RunCause, RunStatus
from staff.models import User
from staff.rights import Right, no_right, require

TITLE = "Chủ tài khoản"


@transaction.atomic
def sign_report(*, run_id: int, digest: str, actor: User, now: datetime) -> ReportRun:
    """Sign over the figures with this digest: those the signer saw. Raises `ReportRun.DoesNotExist` outside the scope.

    Raises `NotAllowed` when the report is not addressed to the actor, `ReportIsDraft` when its figures do not tie out (I12),
    `ReportCountedAgain` when it has other figures by now, `WrongReportState`.
    """
    run = _locked(run_id, actor=actor)
    signer = signer_for(actor, unit=run.unit, now=now)
    if signer is None:
        raise no_right(actor, Right.SIGN_REPORT)
    if run.status == RunStatus.DRAFTED:
        raise ReportIsDraft(conflicts=[str(run_id)])
    if run.status != RunStatus.MADE or run.snapshot is None:
        raise WrongReportState(conflicts=[str(run_id)])
    if run.snapshot.digest != digest:
        raise ReportCountedAgain(conflicts=[run.snapshot.digest[:12]])
    title = f"{signer.delegation.form}. {TITLE}" if signer.delegation else TITLE
    ReportRun.objects.filter(pk=run.pk).apply(
        RunCause.SIGN, now=now, signed_by=actor, signed_as=title, delegation=signer.delegation, signed_digest=digest, signed_at=now
    )  # fmt: skip
    run.refresh_from_db()
    return run


@transaction.atomic
def order_again(*, run_id: int, reason: str, actor: User, now: datetime) -> ReportRun:
    """Have it counted again as soon as a worker is free: after a difference was cleared, a fault ended, or figures changed before signing.

    The figures counted before stay kept. Raises `ReportRun.DoesNotExist` outside the scope, `NotAllowed`, `WrongReportState`.
    """
    run = _locked(run_id, actor=actor)
    require(actor, Right.ORDER_REPORT, unit=run.unit)
    moved = ReportRun.objects.filter(pk=run.pk).apply(
        RunCause.ORDER_AGAIN, now=now, ready_at=now, attempts=0, problem="", snapshot=None, ordered_by=actor, order_reason=reason
    )  # fmt: skip
    if not moved:
        raise WrongReportState(conflicts=[str(run_id)])
    run.refresh_from_db()
    return run


def _locked(run_id: int, *, actor: User) -> ReportRun:
    reach = runs_in_reach(actor).select_related("unit", "snapshot")
    return reach.select_for_update(of=("self",)).get(pk=run_id)
