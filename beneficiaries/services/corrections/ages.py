"""Ages that change an amount, under the birth that stood and the one that stands now. Asked about, never applied by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from beneficiaries.models import LIVE, AgeChange, Case, CaseKind, Correction, Enrolment
from staff.models import User

ASKED_ANEW = "Ngày sinh đã sửa; sẽ hỏi lại khi gần đến tuổi theo ngày sinh đúng."


@dataclass(frozen=True)
class MovedAge:
    """An age of an enrolment's category, with the first months of it as they were reckoned and as they are; None without any birth."""

    enrolment_id: int
    code: str
    age: int
    before: date | None
    after: date | None

    def passed(self, *, today: date) -> tuple[date, date] | None:
        """The months between the two, as far as they have come: first and first after the last. None when all lie ahead."""
        known = [month for month in (self.before, self.after) if month is not None]
        until_now = _month_after(today)
        ends = min(max(known), until_now) if len(known) > 1 else until_now
        return (min(known), ends) if min(known) < ends else None


def moved_ages(correction: Correction, *, on: date) -> list[MovedAge]:
    """What a correction of the birth moves, of all enrolments of the person, by the ages asked about on the day `on`."""
    if correction.birth_year_after is None:
        return []
    found = []
    enrolments = Enrolment.objects.filter(beneficiary=correction.beneficiary_id).order_by("pk")
    changes: dict[int, list[tuple[int, int | None]]] = {}
    for category, age, following in AgeChange.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on)).values_list(
        "category_id", "age", "next_category_id"
    ):
        changes.setdefault(category, []).append((age, following))
    for enrolment in enrolments:
        for age in sorted(_ages_of(enrolment.category_id, changes, above=0)):
            before = _reached(correction.birth_year_before, correction.birth_date_before, age=age)
            after = _reached(correction.birth_year_after, correction.birth_date_after, age=age)
            if before != after:
                found.append(MovedAge(enrolment.pk, enrolment.code, age, before, after))
    return found


def _ages_of(category: int | None, changes: Mapping[int, Sequence[tuple[int, int | None]]], *, above: int) -> set[int]:
    """Of a ground and of those that follow it: an adjusted enrolment stays under the ground it was granted on."""
    steps = [(age, following) for age, following in changes.get(category or 0, ()) if age > above]
    return {age for age, _ in steps}.union(*(_ages_of(following, changes, above=age) for age, following in steps))


def let_go_of_old_ages(correction: Correction, *, actor: User, now: datetime) -> None:
    """What is asked about an age that is reached on another day now is asked no more; `warn_of_ages` asks when its day comes."""
    for moved in moved_ages(correction, on=timezone.localdate(now)):
        asked = Case.objects.filter(
            enrolment=moved.enrolment_id, kind=CaseKind.AGE, reason=f"AGE_{moved.age}", status__in=LIVE
        )
        asked.update(status=Case.Status.SOLVED, decided_by=actor, decided_at=now, note=ASKED_ANEW)


def _reached(year: int | None, day: date | None, *, age: int) -> date | None:
    """The month in which somebody born then reaches `age`; known by year alone, as the setting says."""
    if year is None:
        return None
    return date(year + age, day.month if day else settings.BIRTH_YEAR_ONLY_MONTH, 1)


def _month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
