"""Write down who was given which kept paper, in the transaction that unseals it."""

from datetime import datetime

from django.db import transaction

from staff.models import AdministrativeUnit, PaperReading, User


@transaction.atomic
def note_reading(*, kind: str, paper_id: int, unit: AdministrativeUnit, actor: User, now: datetime) -> PaperReading:
    """`kind` is a `PaperReading.Kind`, `paper_id` the id of its row, `unit` whose paper it is. The caller has checked who may."""
    return PaperReading.objects.create(kind=kind, paper_id=paper_id, unit=unit, read_by=actor, read_at=now)
