"""An uploaded list: shown before anything is written, then taken in exactly as shown, piece by piece, in the background.

Every piece is one transaction with the row that says how far it came: a crash, a stop or a second worker repeats nothing and loses nothing.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import IntegrityError, transaction

from beneficiaries.errors import AnotherListIsTakenIn, PreviewOutdated, WrongStage
from beneficiaries.errors.files import ColumnsMissing, FileIsEmpty, FileTooLarge, FileUnreadable
from beneficiaries.linkage.signers import names_a_person
from beneficiaries.models import Outcome, RegistryUpload, UploadRow, UploadStage
from beneficiaries.models.uploads import WAITING
from beneficiaries.parsers.headings import LONGEST_HEADING
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from beneficiaries.services.intake.assess_registry import AssessedRow, Assessment, assess_registry
from beneficiaries.services.intake.import_registry import note_list, read_for, require_intake
from beneficiaries.services.intake.take_in import take_in
from staff.bulk import copy_rows
from staff.encryption import seal, unseal
from staff.models import AdministrativeUnit, User
from staff.rights import Right, may
from staff.services.free_text import without_numbers
from staff.services.orders import one_that_waits

UPLOAD, PREVIEW = "registry-upload", "registry-preview"
UNSIGNED = "UNSIGNED"  # beside the counts: new rows whose decision names nobody who signed it
WRITTEN_IN = "WRITTEN_IN"  # beside the counts: encodings other than Unicode that were read
PASSED_OVER, MOST_NAMED = "PASSED_OVER", 200  # beside the counts: rows that are no person, by number and why
LONGEST_FILE_NAME = 120
PIECE = 2_000  # rows per transaction
ENOUGH_FOR_A_PROPOSAL = 4  # columns recognised: below, the best row may be a person's and must not be kept in clear
Clock = Callable[[], datetime]


def receive_upload(
    *, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime, sheet: str = "", file_name: str = ""
) -> RegistryUpload:
    """Keep the file sealed and let it wait for its preview; the same file still waiting is the same upload, whatever it is called now.

    Raises `NotAllowed`, `UnknownUnit`, `FileTooLarge`, `FileIsEmpty`; what else is wrong with the file the preview says.
    """
    require_intake(actor, unit=unit)
    if len(content) > MAX_BYTES:
        raise FileTooLarge
    if not content:
        raise FileIsEmpty
    same = {
        "unit": unit,
        "sheet": sheet,
        "file_digest": hmac.digest(settings.DATA_KEYS.digest, content, hashlib.sha256),
    }
    return one_that_waits(
        RegistryUpload.objects.filter(stage__in=WAITING, **same),
        make=lambda: RegistryUpload.objects.create(
            sealed=seal(content, purpose=UPLOAD),
            file_name=without_numbers(file_name.strip())[:LONGEST_FILE_NAME],
            uploaded_by=actor,
            uploaded_at=now,
            **same,
        ),
    )


def content_of(upload: RegistryUpload) -> bytes:
    """The file as it was sent. Raises `WrongStage` when it was forgotten."""
    if upload.sealed is None:
        raise WrongStage("Tệp đã được xóa sau thời hạn lưu; mời nạp lại tệp.")
    return unseal(bytes(upload.sealed), purpose=UPLOAD)


def work_on_uploads(*, clock: Clock) -> int:
    """Preview what was received and take in what was confirmed, oldest first; return how many uploads were worked on."""
    worked = 0
    for pk in RegistryUpload.objects.for_a_worker().order_by("pk").values_list("pk", flat=True):
        upload = RegistryUpload.objects.get(pk=pk)
        if upload.stage == UploadStage.RECEIVED:
            preview_upload(upload_id=pk, now=clock())
        elif upload.stage == UploadStage.CONFIRMED:
            import_upload(upload_id=pk, clock=clock)
        worked += 1
    return worked


def preview_upload(*, upload_id: int, now: datetime) -> None:
    """Read the file, compare it with what is kept, and store what taking it in would do. Running it twice changes nothing."""
    with transaction.atomic():
        upload = _lock(upload_id, skip_locked=True)
        if upload is None or upload.stage != UploadStage.RECEIVED or upload.stopped:
            return
        try:
            registry = read_for(upload.unit, content=content_of(upload), sheet=upload.sheet or None)
        except FileUnreadable as refusal:
            _refuse(upload, refusal, now=now)
            return
        _store(upload, assess_registry(registry, unit=upload.unit))


def confirm_upload(*, upload: RegistryUpload, digest: str, actor: User, now: datetime) -> None:
    """Say yes to exactly the preview with this digest (hex); a second yes to the same changes nothing.

    Raises `PreviewOutdated`, `WrongStage`, `AnotherListIsTakenIn`, `NotAllowed`.
    """
    require_intake(actor, unit=upload.unit)
    try:
        with transaction.atomic():
            locked = _locked(upload)
            if not hmac.compare_digest(bytes(locked.preview_digest or b"").hex(), digest):
                raise PreviewOutdated
            if locked.stage in (UploadStage.CONFIRMED, UploadStage.DONE):
                return
            if locked.stage != UploadStage.PREVIEWED:
                raise WrongStage
            locked.stage, locked.rows_done, locked.stopped = UploadStage.CONFIRMED, 0, False
            locked.confirmed_by, locked.confirmed_at = actor, now
            locked.save()
    except IntegrityError as error:
        raise AnotherListIsTakenIn from error


def import_upload(*, upload_id: int, clock: Clock, pieces: int | None = None) -> None:
    """Take in a confirmed upload, at most `pieces` of it; going on after a crash is calling this again.

    Before the first piece the list is assessed afresh: if it would no longer do what was confirmed, it goes back to be confirmed anew.
    """
    upload = RegistryUpload.objects.select_related("unit", "confirmed_by").get(pk=upload_id)
    if upload.stage != UploadStage.CONFIRMED or upload.stopped:
        return
    registry = read_for(upload.unit, content=content_of(upload), sheet=upload.sheet or None)
    assessment = assess_registry(registry, unit=upload.unit)
    if upload.file_id is None and not _begin(upload, assessment, now=clock()):
        return
    done = 0
    while (pieces is None or done < pieces) and _take_piece(upload_id, assessment.rows, now=clock()):
        done += 1


def _begin(upload: RegistryUpload, assessment: Assessment, *, now: datetime) -> bool:
    with transaction.atomic():
        locked = _locked(upload)
        if locked.stage != UploadStage.CONFIRMED or locked.stopped:
            return False
        if locked.file_id is not None:
            return True
        if bytes(locked.preview_digest or b"") != assessment.digest:
            locked.confirmed_by = locked.confirmed_at = None
            locked.problem_code, locked.problem = PreviewOutdated.code, PreviewOutdated.sentence
            _store(locked, assessment)
            return False
        if locked.confirmed_by is None:
            return False
        locked.file = note_list(assessment, unit=locked.unit, actor=locked.confirmed_by, now=now)
        if locked.file is None:  # the same rows were taken in before
            locked.stage, locked.finished_at, locked.rows_done = UploadStage.DONE, now, locked.rows_total
        locked.save()
        return locked.file is not None


def _take_piece(upload_id: int, rows: list[AssessedRow], *, now: datetime) -> bool:
    """One piece, if nobody stopped it; False when there is nothing more to do."""
    with transaction.atomic():
        upload = _lock(upload_id)
        if upload is None or upload.stage != UploadStage.CONFIRMED or upload.stopped:
            return False
        if upload.file is None or upload.confirmed_by is None:
            return False
        piece = list(islice(rows, upload.rows_done, upload.rows_done + PIECE))
        take_in(
            piece,
            file=upload.file,
            unit=upload.unit,
            take_over=may(upload.confirmed_by, Right.TAKE_OVER),
            now=now,
        )
        upload.rows_done += len(piece)
        if upload.rows_done >= len(rows):
            upload.stage, upload.finished_at = UploadStage.DONE, now
        upload.save()
        return upload.stage == UploadStage.CONFIRMED


def stop_upload(*, upload: RegistryUpload, actor: User) -> None:
    """Hold the work after the piece at hand; `resume_upload` goes on from there. Raises `WrongStage`, `NotAllowed`."""
    _set_stopped(upload, actor=actor, stopped=True)


def resume_upload(*, upload: RegistryUpload, actor: User) -> None:
    """Let the work go on. Raises `WrongStage`, `NotAllowed`."""
    _set_stopped(upload, actor=actor, stopped=False)


@transaction.atomic
def cancel_upload(*, upload: RegistryUpload, actor: User, now: datetime) -> None:
    """Drop an upload of which nothing was taken in; its content is forgotten at once. Raises `WrongStage`, `NotAllowed`."""
    require_intake(actor, unit=upload.unit)
    locked = _locked(upload)
    if locked.stage not in WAITING or locked.file_id is not None:
        raise WrongStage("Danh sách này đã nạp một phần hoặc đã xong, không bỏ được nữa.")
    locked.stage, locked.finished_at, locked.sealed = UploadStage.CANCELLED, now, None
    locked.confirmed_by = locked.confirmed_at = None
    locked.save()
    locked.rows.all().delete()


@transaction.atomic
def forget_uploads(*, now: datetime) -> int:
    """Drop contents and previews of uploads that ended long enough ago (`INTAKE_KEEP_DAYS`), and of those nobody confirmed."""
    before = now - timedelta(days=settings.INTAKE_KEEP_DAYS)
    unconfirmed = RegistryUpload.objects.filter(
        stage__in=(UploadStage.NEEDS_MAPPING, UploadStage.PREVIEWED), uploaded_at__lt=before
    )
    unconfirmed.update(stage=UploadStage.CANCELLED, finished_at=now, sealed=None)
    UploadRow.objects.filter(upload__stage=UploadStage.CANCELLED).delete()
    ended = RegistryUpload.objects.filter(finished_at__lt=before, sealed__isnull=False)
    UploadRow.objects.filter(upload__in=ended).delete()
    return ended.update(sealed=None)


def _set_stopped(upload: RegistryUpload, *, actor: User, stopped: bool) -> None:
    require_intake(actor, unit=upload.unit)
    with transaction.atomic():
        locked = _locked(upload)
        if locked.stage not in (UploadStage.RECEIVED, UploadStage.CONFIRMED):
            raise WrongStage
        locked.stopped = stopped
        locked.save(update_fields=["stopped"])


def _lock(upload_id: int, *, skip_locked: bool = False) -> RegistryUpload | None:
    return (
        RegistryUpload.objects.select_for_update(of=("self",), skip_locked=skip_locked)
        .select_related("unit", "file", "confirmed_by")
        .filter(pk=upload_id)
        .first()
    )


def _locked(upload: RegistryUpload) -> RegistryUpload:
    return (
        RegistryUpload.objects.select_for_update(of=("self",)).select_related("unit", "confirmed_by").get(pk=upload.pk)
    )


def _refuse(upload: RegistryUpload, refusal: FileUnreadable, *, now: datetime) -> None:
    upload.problem_code, upload.problem = refusal.code, refusal.sentence
    if isinstance(refusal, ColumnsMissing):
        certain = sum(heading.certain for heading in refusal.headings)
        if certain >= ENOUGH_FOR_A_PROPOSAL:
            upload.stage, upload.fingerprint = UploadStage.NEEDS_MAPPING, refusal.fingerprint
            upload.problem = refusal.to_be_named
            upload.headings = [
                {
                    "position": one.position,
                    "text": one.text[:LONGEST_HEADING],
                    "key": one.key or "",
                    "certain": one.certain,
                }
                for one in refusal.headings
            ]
            upload.save()
            return
    upload.stage, upload.finished_at = UploadStage.REFUSED, now
    upload.save()


def _store(upload: RegistryUpload, assessment: Assessment) -> None:
    upload.rows.all().delete()
    copy_rows(
        UploadRow._meta.db_table,
        ("upload_id", "row_number", "outcome", "elsewhere", "errors", "sealed", "enrolment_id"),
        _preview_rows(upload, assessment),
    )
    upload.stage, upload.preview_digest = UploadStage.PREVIEWED, assessment.digest
    upload.counts = {
        **assessment.counts,
        UNSIGNED: sum(_unsigned(row) for row in assessment.rows),
        **({WRITTEN_IN: sorted(assessment.encodings)} if assessment.encodings else {}),
        PASSED_OVER: [[row.row_number, row.why] for row in assessment.ignored[:MOST_NAMED]],
    }
    upload.rows_total, upload.rows_done = len(assessment.rows), 0
    upload.save()


def _unsigned(row: AssessedRow) -> bool:
    """Would be taken in with a decision nobody is named to have signed."""
    return (
        row.outcome is Outcome.NEW
        and row.entry.decision_date is not None
        and not names_a_person(row.entry.decision_signer)
    )


def _preview_rows(upload: RegistryUpload, assessment: Assessment) -> Iterator[tuple[object, ...]]:
    for row in assessment.rows:
        said = {
            "code": row.entry.code,
            "name": row.entry.name,
            "changes": [change.as_json() for change in row.changes],
        }
        errors = [{**error.as_json(), "fatal": error.fatal} for error in row.entry.errors]
        yield (
            upload.pk, row.entry.row_number, row.outcome.value, row.elsewhere,
            json.dumps(errors, ensure_ascii=False), _sealed(said), row.enrolment_id,
        )  # fmt: skip
    for gone in assessment.gone:
        said = {"code": gone.code, "name": gone.name, "changes": []}
        yield (upload.pk, None, "GONE", False, "[]", _sealed(said), gone.enrolment_id)


def _sealed(said: Mapping[str, object]) -> bytes:
    return seal(json.dumps(said, ensure_ascii=False).encode(), purpose=PREVIEW)
