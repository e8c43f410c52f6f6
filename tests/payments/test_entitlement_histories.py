"""Random histories of decisions, rates and bank outcomes against an oracle in plain Python: no month paid twice, none lost.

The oracle knows nothing of the product: it walks months one by one with ifs, and holds what the decisions say today.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from random import Random

import pytest
from django.db.models import Sum

from beneficiaries.errors import DecisionImpossible
from beneficiaries.models import Enrolment, StandardAmount
from beneficiaries.services.decisions import Draft, record_decision
from payments.models import Entitlement, Payment
from tests.payments.province import Province

FIRST, MONTHS = 7, (7, 8, 9, 10, 11, 12)
LAST = 12
LIVE = ("DRAFT", "READY", "SENT", "PROCESSING", "POSTED")


def month(number: int) -> date:
    return date(2024, number, 1)


@dataclass(frozen=True)
class Step:
    """What happens to one enrolment between two lists."""

    after: int
    kind: str
    effective: int
    coefficient: str = "1.0"
    pay_between: bool = True


@dataclass
class Person:
    """What the oracle remembers of one person: their decisions as given, in order."""

    granted: int
    coefficient: Decimal
    adjustments: list[tuple[int, Decimal]] = field(default_factory=list)
    ended: int | None = None
    suspended: int | None = None
    forfeited: set[int] = field(default_factory=set)
    waiting: list[tuple[int, int]] = field(default_factory=list)

    def owed(self, m: int, *, now: int, standards: list[tuple[int, int]]) -> int:
        """đồng owed for month m on the list of month `now`: what a decision to resume gives back comes with that decision's first month."""
        if m < self.granted or m in self.forfeited:
            return 0
        if any(since <= m < effective and now < effective for since, effective in self.waiting):
            return 0
        if (self.ended is not None and m >= self.ended) or (self.suspended is not None and m >= self.suspended):
            return 0
        rate = self.coefficient
        for effective, value in sorted(self.adjustments, key=lambda pair: pair[0]):
            if effective <= m:
                rate = value
        standard = 0
        for valid_from, amount in sorted(standards):
            if valid_from <= m:
                standard = amount
        return int((standard * rate).quantize(Decimal(1), ROUND_HALF_UP))

    def hear(self, step: Step) -> None:
        if step.kind == "ADJUST":
            self.adjustments.append((step.effective, Decimal(step.coefficient)))
        elif step.kind == "STOP":
            self.ended = min(self.ended or step.effective, step.effective)
        elif step.kind == "SUSPEND":
            self.suspended = min(self.suspended or step.effective, step.effective)
        elif step.kind == "RESUME":
            since = min(x for x in (self.ended, self.suspended) if x is not None)
            if step.pay_between:
                self.waiting.append((since, step.effective))
            else:
                self.forfeited |= set(range(since, step.effective))
            self.ended = self.suspended = None


@dataclass(frozen=True)
class History:
    """One person's story; `entered` is the month after whose list the grant became known (0: before the first)."""

    granted: int
    entered: int
    coefficient: str
    steps: tuple[Step, ...]
    came_back: tuple[bool, ...]


def draw_history(rng: Random) -> History:
    kinds = rng.choices(["ADJUST", "STOP", "SUSPEND", "RESUME"], weights=[3, 1, 3, 4], k=rng.randint(0, 6))
    drawn = [
        Step(
            after=rng.randint(FIRST, LAST - 1),
            kind=kind,
            effective=rng.randint(FIRST, LAST),
            coefficient=rng.choice(["0.33", "1.0", "1.5", "2.5"]),
            pay_between=rng.random() < 0.5,
        )
        for kind in kinds
    ]
    return History(
        granted=rng.randint(FIRST, 9),
        entered=rng.choice([0, 0, 7, 8, 9]),
        coefficient=rng.choice(["1.0", "1.5", "2.5"]),
        steps=tuple(sorted(drawn, key=lambda step: step.after)),
        came_back=tuple(rng.random() < 0.3 for _ in MONTHS),
    )


def draw_rates(rng: Random) -> list[tuple[int, int, int]]:
    """(valid from, đồng, months after which it became known)."""
    return [
        (rng.randint(FIRST, LAST), rng.choice([400_000, 500_000, 613_337]), rng.randint(0, 3))
        for _ in range(rng.randint(0, 2))
    ]


class Play:
    """Plays histories through the product, month by month, and keeps the oracle's people beside."""

    def __init__(self, province: Province, rates: list[tuple[int, int, int]]) -> None:
        self.province = province
        StandardAmount.objects.filter(programme__code="TCXH").delete()
        self.rates = {1: (360_000, 1)}
        for valid, amount, late in rates:
            self.rates.setdefault(valid, (amount, min(valid + late, LAST)))
        programme = province.enrol().programme
        Enrolment.objects.update(ended_month=month(1), starts_month=month(1))
        for valid, (amount, known) in self.rates.items():
            StandardAmount.objects.create(
                programme=programme, amount=amount, valid_from=month(valid), known_on=month(known), legal_source="-"
            )
        self.numbers = 0

    def standards(self, m: int) -> list[tuple[int, int]]:
        """What the list of month m, drawn on the 18th before, may know."""
        return [(valid, amount) for valid, (amount, known) in self.rates.items() if known < m]

    def decide(self, enrolment: Enrolment, step: Step, *, now: datetime) -> bool:
        self.numbers += 1
        draft = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind=step.kind,
            number=f"{self.numbers}/QĐ",
            signed_on=now.date(),
            effective_month=month(step.effective),
            coefficient=Decimal(step.coefficient) if step.kind == "ADJUST" else None,
            pay_between=step.pay_between if step.kind == "RESUME" else None,
        )
        try:
            record_decision(enrolment=enrolment, draft=draft, actor=self.province.staff["MAKER"], now=now)
        except DecisionImpossible:
            return False
        return True


def send_back(enrolment: Enrolment, m: int) -> None:
    """The person's payment of the month certainly left nothing with them."""
    payments = Payment.objects.filter(batch__cycle__month=month(m), entitlements__enrolment=enrolment).distinct()
    for payment in payments:
        Payment.objects.filter(pk=payment.pk).apply("STOP", now=datetime.now(UTC), confirmed_at=datetime.now(UTC))


def run(province: Province, stories: list[History], rates: list[tuple[int, int, int]]) -> None:
    play = Play(province, rates)
    people: list[tuple[History, Enrolment, Person]] = []
    for story in stories:
        enrolment = province.enrol(coefficient=story.coefficient, granted=False, starts_month=month(story.granted))
        people.append((story, enrolment, Person(story.granted, Decimal(story.coefficient))))
    known: set[int] = set()
    for m in MONTHS:
        now = datetime(2024, m - 1, 17, 3, tzinfo=UTC)
        for story, enrolment, person in people:
            if enrolment.pk not in known and (story.entered < m):
                grant(play, enrolment, story, now=now)
                known.add(enrolment.pk)
            for step in story.steps:
                if step.after == m - 1 and enrolment.pk in known and play.decide(enrolment, step, now=now):
                    person.hear(step)
        before = {enrolment.pk: on_the_way(enrolment, m) for _, enrolment, _ in people}
        province.build(month(m))
        for story, enrolment, person in people:
            if enrolment.pk in known:
                check(enrolment, person, m, standards=play.standards(m), before=before[enrolment.pk])
            if story.came_back[m - FIRST]:
                send_back(enrolment, m)


def grant(play: Play, enrolment: Enrolment, story: History, *, now: datetime) -> None:
    """The decision was signed in the month it takes effect or before, and typed in now."""
    signed = min(now.date(), month(story.granted))
    draft = Draft(
        signer="Nguyễn Văn Chủ, Chủ tịch UBND",
        kind="GRANT",
        number=f"H-{enrolment.pk}",
        signed_on=signed,
        effective_month=month(story.granted),
    )
    record_decision(enrolment=enrolment, draft=draft, actor=play.province.staff["MAKER"], now=now)


def on_the_way(enrolment: Enrolment, now: int) -> dict[int, int]:
    """đồng paid or on the way, per benefit month."""
    rows = Entitlement.objects.filter(enrolment=enrolment, payment__status__in=LIVE)
    sums = dict(rows.values_list("month__month").annotate(total=Sum("amount")))
    return {m: sums.get(m, 0) for m in range(FIRST, now + 1)}


def check(
    enrolment: Enrolment, person: Person, now: int, *, standards: list[tuple[int, int]], before: dict[int, int]
) -> None:
    """Σ paid + owed per benefit month == the oracle's. What a decision took away after it was paid stays above it, and grows no more."""
    rows = Entitlement.objects.filter(enrolment=enrolment, not_payable_reason="", withdrawn_in__isnull=True)
    live = dict(rows.values_list("month__month").annotate(total=Sum("amount")))
    out = on_the_way(enrolment, now)
    is_paid_now = person.owed(now, now=now, standards=standards) > 0
    for m in range(FIRST, now + 1):
        right = max(person.owed(m, now=now, standards=standards), before[m])
        assert out[m] <= right, f"list {now} pays month {m} twice: {out[m]} > {right}"
        if is_paid_now:
            assert (live.get(m, 0), out[m]) == (right, right), f"list {now} is wrong about month {m}"
        else:
            assert live.get(m, 0) <= right, f"list {now} owes too much for month {m}"


def play_seed(province: Province, seed: int, *, people: int) -> None:
    rng = Random(seed)
    run(province, [draw_history(rng) for _ in range(people)], draw_rates(rng))


class TestHistories:
    @pytest.mark.parametrize("seed", range(3))
    def test_every_month_is_owed_what_the_decisions_say_and_is_paid_once(self, province, seed):
        play_seed(province, seed, people=30)

    @pytest.mark.slow
    @pytest.mark.parametrize("seed", range(100, 104))
    def test_every_month_of_many_more_histories(self, province, seed):
        play_seed(province, seed, people=60)
