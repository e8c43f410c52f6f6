"""Record and find the codes of the state budget (mục lục ngân sách) that lists are printed with."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from beneficiaries.models import Programme
from payments.models import BudgetCode
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require


@transaction.atomic
def record_codes(
    *, unit: AdministrativeUnit, programme: Programme, year: int, chapter: str, section: str, item: str, budget_user: str, actor: User,
    now: datetime, budget_source: str = "",
) -> BudgetCode:  # fmt: skip
    """Keep the codes; those that hold already are not kept again. No source: the programme's own. Raises `NotAllowed`."""
    require(actor, Right.RECORD_ESTIMATE, unit=unit)
    place = {
        "unit": unit,
        "programme": programme,
        "budget_source": budget_source or programme.budget_source,
        "year": year,
    }
    codes = {"chapter": chapter, "section": section, "item": item, "budget_user": budget_user}
    last = BudgetCode.objects.filter(**place).order_by("-pk").first()
    if last and {name: getattr(last, name) for name in codes} == codes:
        return last
    return BudgetCode.objects.create(**place, **codes, recorded_by=actor, recorded_at=now)


def codes_for(*, unit: AdministrativeUnit, programme_id: int, budget_source: str, year: int) -> BudgetCode | None:
    """What a list of the unit is printed with: its own codes, else those of the nearest unit above; the last ones recorded."""
    above = [code for code in unit.path.split("/") if code]
    paths = ["/" + "/".join(above[:depth]) + "/" for depth in range(len(above), 0, -1)]
    found = BudgetCode.objects.filter(
        unit__path__in=paths, programme=programme_id, budget_source=budget_source, year=year
    ).select_related("unit")
    return max(found, key=lambda code: (len(code.unit.path), code.pk), default=None)


def codes_text(*, unit: AdministrativeUnit, programme_id: int, budget_source: str, year: int) -> str:
    """Chương, loại - khoản, mục - tiểu mục, mã ĐVQHNS as a list prints them; dots to fill in by hand where nobody recorded any."""
    codes = codes_for(unit=unit, programme_id=programme_id, budget_source=budget_source, year=year)
    if codes is None:
        return "Chương …… Loại-khoản …… Mục-tiểu mục ……"
    return (
        f"Chương {codes.chapter} Loại-khoản {codes.section} Mục-tiểu mục {codes.item} · Mã ĐVQHNS {codes.budget_user}"
    )


def codes_in_reach(actor: User) -> QuerySet[BudgetCode]:
    """Lines of the actor's subtree."""
    path = actor.unit.path if actor.unit else "-"
    return BudgetCode.objects.filter(unit__path__startswith=path).select_related("unit", "programme", "recorded_by")
