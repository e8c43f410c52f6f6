"""What no correction may bring about, whoever signs it: two people under one number, or the civil registry's word undone."""

from django.db import connection
from django.db.models import Q

from beneficiaries.errors.corrections import CorrectionImpossible, NumberOfSomebodyElse
from beneficiaries.linkage.names import name_key
from beneficiaries.models import Beneficiary, Correction, DistinctPeople, LifeStatus
from beneficiaries.services.corrections.asked import corrected

_HOLD = "SELECT pg_advisory_xact_lock(hashtext('identity number of a person'), %s::int)"


def require_possible(correction: Correction, *, person: Beneficiary) -> None:
    """Raise `NumberOfSomebodyElse` or `CorrectionImpossible`. Until the transaction ends nobody else is given the number meant.

    A number that stays is not asked about: where two lists repeat one mistake, each record would wait for the other to be put right first.
    """
    _require_no_civil_event(correction)
    after = corrected(person, correction)
    if correction.number_after_id is not None:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [correction.number_after_id % (1 << 31)])
        if _somebody_else(after, number_id=correction.number_after_id):
            raise NumberOfSomebodyElse


def _somebody_else(after: Beneficiary, *, number_id: int) -> bool:
    """Whether anybody else carries the number, by the list or by the resident they proved to be, under another name, year or sex."""
    others = Beneficiary.objects.filter(Q(number=number_id) | Q(identity__number=number_id)).exclude(pk=after.pk)
    same = Q(name_key=name_key(after.full_name), birth_year=after.birth_year, sex=after.sex)
    told_apart = Q(pk__in=DistinctPeople.objects.filter(first=after.pk).values("second")) | Q(
        pk__in=DistinctPeople.objects.filter(second=after.pk).values("first")
    )
    return others.filter(~same | told_apart).exists()


def _require_no_civil_event(correction: Correction) -> None:
    """A name or number the civil registry changed is the registry's to change again: weighing its messages anew would undo ours."""
    status = LifeStatus.objects.filter(pk=correction.beneficiary_id).first()
    if status is None:
        return
    if correction.full_name_after and status.name_now:
        raise CorrectionImpossible(
            "Họ tên này do cơ quan hộ tịch báo thay đổi; nếu sai, đề nghị cơ quan hộ tịch báo cải chính, hồ sơ sửa theo."
        )
    if (correction.number_after_id or correction.number_removed) and status.number_now_id:
        raise CorrectionImpossible(
            "Số định danh này do cơ quan hộ tịch báo cấp lại; nếu sai, đề nghị cơ quan hộ tịch báo cải chính, hồ sơ sửa theo."
        )
