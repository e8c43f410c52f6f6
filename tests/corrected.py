"""Records put right in one line: no name and no number changes without a correction two people made."""

from datetime import UTC, date, datetime

from beneficiaries.models import Beneficiary, Correction
from staff.models import Role, User

AT = datetime(2024, 1, 2, tzinfo=UTC)


def put_on_record(person: Beneficiary, *, full_name: str = "", number_id: int | None = None) -> None:
    """A correction in force and the record as it says; the keys that follow from a name are left."""
    first, second = (
        User.objects.get_or_create(username=name, defaults={"role": Role.MAKER, "unit": person.unit})[0]
        for name in ("sua", "xacnhan")
    )
    stood = Beneficiary.objects.get(pk=person.pk)
    correction = Correction.objects.create(
        beneficiary=person,
        full_name_before=stood.full_name,
        full_name_after=full_name,
        birth_date_before=stood.birth_date,
        birth_year_before=stood.birth_year,
        sex_before=stood.sex,
        hamlet_before=stood.hamlet,
        number_before_id=stood.number_id,
        number_after_id=number_id,
        paper_kind="ID_CARD",
        paper_number="CC-1",
        paper_issued_on=date(2023, 3, 1),
        paper_issuer="Công an",
        reason="Gõ sai",
        proposed_by=first,
        proposed_at=AT,
    )
    Correction.objects.filter(pk=correction.pk).update(
        status="IN_FORCE", decided_by=second, decided_at=AT, note="Xem bản chính"
    )
    changed = {"full_name": full_name} if full_name else {}
    changed |= {"number_id": number_id} if number_id is not None else {}
    Beneficiary.objects.filter(pk=person.pk).update(**changed)
