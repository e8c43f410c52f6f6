"""Print one person's whole history for whoever may see the person, and write down who asked and what for."""

from datetime import datetime

from django.db import transaction

from beneficiaries.models import Beneficiary
from reconciliation.models import IssuedPaper
from reconciliation.reports.person.facts import read_person
from reconciliation.reports.person.pdf import render_person
from reconciliation.services.papers.issue_papers import issued
from staff.models import User
from staff.rights import Right, may, require


@transaction.atomic
def print_person(*, person: Beneficiary, purpose: str, actor: User, now: datetime) -> bytes:
    """The PDF, two pages. Records of the same human being in the actor's reach are read together; that there are others is said, no more.

    The identification number is in clear only for those who ask the identity platform about people. Raises `NotAllowed`.
    """
    require(actor, Right.SEE_PERSONS, unit=person.unit)
    kept = person.same_as or person
    same = Beneficiary.objects.filter(pk=kept.pk) | Beneficiary.objects.filter(same_as=kept)
    records = list(same.select_related("unit", "number").order_by("pk"))
    seen = [record for record in records if actor.reaches(record.unit)]
    shown = next((record for record in seen if record.pk == kept.pk), seen[0])
    facts = read_person(
        person=shown, people=[record.pk for record in seen], elsewhere=len(seen) < len(records), in_clear=may(actor, Right.ASK_IDENTITY)
    )  # fmt: skip
    agency = f"UBND {shown.unit.name}"
    printed = render_person(facts, agency=agency, purpose=purpose, reader=actor.full_name, now=now)
    paper = issued(
        kind=IssuedPaper.Kind.HISTORY, name=f"qua-trinh-{shown.pk}", digest=printed.digest, lines=printed.changes, pdf=printed.pdf, unit=shown.unit,
        actor=actor, now=now, beneficiary=shown, purpose=purpose,
    )  # fmt: skip
    paper.save()
    return printed.pdf
