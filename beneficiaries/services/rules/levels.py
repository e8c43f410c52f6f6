"""Levels of what is owed, beside the law they come from; and how a corrected one is proposed from a document and adopted by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from beneficiaries.errors import LevelAlreadyDecided, LevelsUnclear, ProposerCannotAdopt
from beneficiaries.models import BenefitCategory, Coefficient, LevelProposal, Programme, StandardAmount
from beneficiaries.parsers.faults import about, of_row
from beneficiaries.parsers.levels import COLUMNS, STANDARD, LevelRow, read_levels
from beneficiaries.services.decisions.papers import keep_paper
from staff.models import User
from staff.rights import Right, require
from staff.services.units import the_province

UNVERIFIED = "chưa kiểm chứng"
MOST_ROWS = 2_000


@dataclass(frozen=True)
class Level:
    """What a category is worth on a day: đồng per month = standard amount × coefficient, each with its law; "" is one nobody verified."""

    programme: str
    category: str
    name: str
    coefficient: Decimal
    coefficient_from: date
    coefficient_source: str
    standard_amount: int | None
    standard_from: date | None
    standard_source: str

    @property
    def amount(self) -> int | None:
        """Đồng per month; None before the programme has a standard amount."""
        return None if self.standard_amount is None else round(self.standard_amount * self.coefficient)

    @property
    def verified(self) -> bool:
        """Whether both rest on a law somebody named."""
        return bool(self.coefficient_source and (self.standard_source or self.standard_amount is None))

    @property
    def remark(self) -> str:
        """What must stand beside the amount wherever it is shown."""
        return "" if self.verified else UNVERIFIED


def levels_on(day: date) -> list[Level]:
    """The level of every category as in force on `day`, by programme and code; sensitive categories by their neutral code, without a name."""
    dated = (
        Coefficient.objects.filter(valid_from__lte=day).order_by("category_id", "-valid_from").distinct("category_id")
    )
    coefficients = {row.category_id: row for row in dated}
    amounts = StandardAmount.objects.filter(valid_from__lte=day).order_by("programme_id", "-valid_from")
    standards = {row.programme_id: row for row in amounts.distinct("programme_id")}
    categories = BenefitCategory.objects.select_related("programme").order_by("programme__code", "neutral_code")
    return [
        _level(category, coefficients[category.pk], standards.get(category.programme_id))
        for category in categories
        if category.pk in coefficients
    ]


def _level(category: BenefitCategory, coefficient: Coefficient, standard: StandardAmount | None) -> Level:
    return Level(
        programme=category.programme.code,
        category=category.neutral_code,
        name="" if category.sensitive else category.name,
        coefficient=coefficient.value,
        coefficient_from=coefficient.valid_from,
        coefficient_source=coefficient.legal_source,
        standard_amount=standard.amount if standard else None,
        standard_from=standard.valid_from if standard else None,
        standard_source=standard.legal_source if standard else "",
    )


@transaction.atomic
def propose_levels(*, content: bytes, paper: bytes, actor: User, now: datetime) -> list[LevelProposal]:
    """Keep the document and propose every row of the table, all or none. Nothing is owed differently before somebody else adopts it.

    Raises `FileUnreadable`, `LevelsUnclear` with every problem by row and column, `PaperUnreadable`, `NotAllowed`.
    """
    require(actor, Right.KEEP_RULES, unit=the_province())
    rows = list(read_levels(content))
    categories = {row.neutral_code: row for row in BenefitCategory.objects.all()}
    programmes = {row.code: row for row in Programme.objects.all()}
    problems = [problem for row in rows for problem in row.problems] or _objections(rows, categories, programmes)
    if problems or not 0 < len(rows) <= MOST_ROWS:
        raise LevelsUnclear(conflicts=problems[:100] or ["Bảng không có dòng nào, hoặc quá nhiều dòng."])
    kept = keep_paper(content=paper, actor=actor, now=now)
    return LevelProposal.objects.bulk_create(
        LevelProposal(
            category=None if row.kind == STANDARD else categories[row.code],
            programme=programmes[row.code] if row.kind == STANDARD else None,
            value=row.value,
            valid_from=row.valid_from,
            known_on=row.known_on,
            legal_source=row.legal_source,
            paper=kept,
            proposed_by=actor,
            proposed_at=now,
        )
        for row in rows
    )


def _objections(
    rows: Sequence[LevelRow], categories: dict[str, BenefitCategory], programmes: dict[str, Programme]
) -> list[str]:
    waiting = set(
        LevelProposal.objects.filter(status="PENDING").values_list("category_id", "programme_id", "valid_from")
    )
    found: list[str] = []
    seen: set[tuple[str, str, date]] = set()
    for row in rows:
        target = (programmes if row.kind == STANDARD else categories).get(row.code)
        key = (row.kind, row.code, row.valid_from)
        sentence = ""
        if target is None:
            sentence = about(COLUMNS["code"], "không có mã này trong danh mục; mời kiểm tra mã và loại mức.")
        elif key in seen:
            sentence = about(COLUMNS["code"], "mức này đã có ở dòng trên cùng ngày áp dụng.")
        elif (*((None, target.pk) if row.kind == STANDARD else (target.pk, None)), row.valid_from) in waiting:
            sentence = about(COLUMNS["code"], "đang có đề nghị khác cùng ngày áp dụng chờ quyết định.")
        seen.add(key)
        found += [of_row(row.row_number, sentence)] if sentence else []
    return found


@transaction.atomic
def decide_levels(*, ids: Sequence[int], adopt: bool, note: str, actor: User, now: datetime) -> int:
    """Adopt the proposals, all or none, or refuse them; returns how many. A level of the same day is replaced, and the history keeps both.

    Months already paid get the difference as arrears where the standard amount rose; a coefficient granted by decision changes by decision
    alone. Raises `LevelAlreadyDecided`, `ProposerCannotAdopt`, `NotAllowed`.
    """
    require(actor, Right.ADOPT_RULES, unit=the_province())
    wanted = sorted(set(ids))
    locked = (
        LevelProposal.objects.select_for_update(of=("self",)).filter(pk__in=wanted, status="PENDING").order_by("pk")
    )
    proposals = list(locked)
    if len(proposals) != len(wanted):
        raise LevelAlreadyDecided(conflicts=sorted(set(map(str, wanted)) - {str(one.pk) for one in proposals}))
    if own := [str(one.pk) for one in proposals if one.proposed_by_id == actor.pk]:
        raise ProposerCannotAdopt(conflicts=own)
    if adopt:
        _adopt_coefficients(proposals)
        _adopt_standards(proposals)
    status = LevelProposal.Status.ADOPTED if adopt else LevelProposal.Status.REFUSED
    return LevelProposal.objects.filter(pk__in=wanted).update(
        status=status, decided_by=actor, decided_at=now, note=note[:300]
    )


def _adopt_coefficients(proposals: Sequence[LevelProposal]) -> None:
    Coefficient.objects.bulk_create(
        (
            Coefficient(
                category_id=one.category_id,
                value=one.value,
                valid_from=one.valid_from,
                legal_source=one.legal_source,
            )
            for one in proposals
            if one.category_id is not None
        ),
        update_conflicts=True,
        unique_fields=["category", "valid_from"],
        update_fields=["value", "legal_source"],
    )


def _adopt_standards(proposals: Sequence[LevelProposal]) -> None:
    StandardAmount.objects.bulk_create(
        (
            StandardAmount(
                programme_id=one.programme_id,
                amount=int(one.value),
                valid_from=one.valid_from,
                known_on=one.known_on,
                legal_source=one.legal_source,
            )
            for one in proposals
            if one.programme_id is not None
        ),
        update_conflicts=True,
        unique_fields=["programme", "valid_from"],
        update_fields=["amount", "known_on", "legal_source"],
    )
