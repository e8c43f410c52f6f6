"""Take in the answers to an enquiry from its list as it came back. Idempotent by content; a bad row never stops the rest."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from beneficiaries.errors.files import FileUnreadable
from beneficiaries.linkage.names import name_key, without_honour
from beneficiaries.models import VERDICT_ROW, IdentityEnquiry, IdentityQuestion
from beneficiaries.parsers.verdicts import VerdictRow, read_verdicts
from beneficiaries.services.identity.verdicts import Recorded, VerdictGiven, record_verdicts
from beneficiaries.services.intake.receive import note_received, row_digest
from staff.encryption import seal
from staff.models import User
from staff.rights import Right, require


@dataclass(frozen=True, slots=True)
class VerdictIntake:
    """`answered` rows had an answer; `problems` are sentences "Dòng 12: cột …", `idle` of rows that were kept and changed nothing."""

    answered: int
    effect: Recorded | None
    problems: list[str] = field(default_factory=list)
    repeated: bool = False
    idle: list[str] = field(default_factory=list)


@transaction.atomic
def import_verdicts(*, content: bytes, enquiry: IdentityEnquiry, actor: User, now: datetime) -> VerdictIntake:
    """Answers of one enquiry's list. Raises `FileUnreadable` (nothing written) or `NotAllowed`.

    A row counts only if the name in it is that of the person asked about: a sorted or shifted list must not give somebody else's answer.
    """
    require(actor, Right.ASK_IDENTITY, unit=enquiry.unit)
    rows, problems = check_verdicts(content=content, enquiry=enquiry, now=now)
    file = note_received(
        kind="VERDICTS",
        digests=[row_digest(row.raw) for row in rows],
        unit=enquiry.unit,
        actor=actor,
        now=now,
        rejected=len(problems),
        about=str(enquiry.pk),
    )
    said = [f"Dòng {number}: {problem}" for number, problem in problems.items()]
    if file is None:
        return VerdictIntake(answered=len(rows), effect=None, problems=said, repeated=True)
    given = [
        VerdictGiven(
            ordinal=row.ordinal,
            outcome=row.outcome,
            answered_on=row.answered_on,
            sealed_note=seal(row.note.encode(), purpose=VERDICT_ROW) if row.note else None,
        )
        for row in rows
        if row.row_number not in problems and row.answered_on is not None
    ]
    effect = record_verdicts(enquiry=enquiry, given=given, actor=actor, now=now, file=file)
    row_of = {row.ordinal: row.row_number for row in rows if row.row_number not in problems}
    idle = [f"Dòng {row_of[ordinal]}: {why}" for ordinal, why in effect.without_effect.items()]
    return VerdictIntake(answered=len(rows), effect=effect, problems=said, idle=idle)


def check_verdicts(
    *, content: bytes, enquiry: IdentityEnquiry, now: datetime
) -> tuple[list[VerdictRow], dict[int, str]]:
    """The answered rows, and by row number why some of them can't be taken in; writes nothing. Raises `FileUnreadable`."""
    rows = list(read_verdicts(content, today=localdate(now)))
    if not rows:
        raise FileUnreadable("Tệp chưa có kết quả nào: cột “Kết quả” và “Ngày trả lời” đều trống.")
    return rows, _problems(rows, enquiry=enquiry)


def _problems(rows: list[VerdictRow], *, enquiry: IdentityEnquiry) -> dict[int, str]:
    asked = dict(
        IdentityQuestion.objects.filter(enquiry=enquiry, ordinal__in=[row.ordinal for row in rows]).values_list(
            "ordinal", "name_key"
        )
    )
    asked_on = localdate(enquiry.asked_at)
    problems: dict[int, str] = {}
    seen: dict[int, VerdictRow] = {}
    for row in rows:
        if row.problem:
            problems[row.row_number] = row.problem
        elif row.enquiry_id != enquiry.pk or row.ordinal not in asked:
            problems[row.row_number] = "cột “Mã dòng” không thuộc danh sách đã gửi này."
        elif name_key(row.name) != without_honour(asked[row.ordinal]):  # as kept when it was asked
            problems[row.row_number] = (
                "cột “Họ và tên” không phải người đã hỏi ở mã dòng này; mời kiểm tra dòng bị xê dịch."
            )
        elif row.answered_on is not None and row.answered_on < asked_on:
            problems[row.row_number] = (
                f"cột “Ngày trả lời” trước ngày hỏi ({asked_on:%d/%m/%Y}); mời ghi ngày có kết quả cho danh sách này."
            )
        elif (before := seen.setdefault(row.ordinal, row)) is not row:
            problems[row.row_number] = f"cột “Mã dòng” lặp lại dòng {before.row_number}."
    return problems
