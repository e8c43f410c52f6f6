"""A decision beside the building or the closing of a month: whoever comes second waits, and then sees what the first did (ADR 71)."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from beneficiaries.errors import DecisionImpossible
from beneficiaries.models import Decision, Enrolment, Programme
from beneficiaries.services.decisions import Draft, record_decision, refuse_arrival, take_in
from payments.errors import GrantsNotListed
from payments.models import Cycle, Entitlement, Payment, PaymentBatch
from payments.services.lists import build_lists
from payments.services.lists.close_cycle import close_cycle
from payments.services.once.one_off import Order, grant_once, open_one_off
from tests.payments.plain_sql import constraint_of, run
from tests.payments.province import AUGUST, JULY, Clock, Province, make_province
from tests.waiting import beside

pytestmark = pytest.mark.usefixtures("committed_db")
ORDER = Order(signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="12/QĐ-UBND", signed_on=date(2024, 7, 20), month=AUGUST)


def decide(town: Province, enrolment: Enrolment, kind: str, **says: object) -> Decision:
    draft = Draft(
        signer=ORDER.signer, kind=kind, number=f"{kind}/QĐ", signed_on=date(2024, 7, 10), effective_month=AUGUST, **says
    )
    return record_decision(enrolment=enrolment, draft=draft, actor=town.staff["MAKER"], now=town.clock())


def move_away(town: Province, enrolment: Enrolment) -> Decision:
    return decide(town, enrolment, "TRANSFER_OUT", last_month=JULY, to_unit_id=town.units["97201"].pk)


class TestClosing:
    """Emergency help of August was suspended before any list answered it; August is final but for being closed."""

    @pytest.fixture
    def town(self) -> Province:
        town = make_province(clock=Clock())
        town.enrol(recorded_at=town.clock())
        town.build(AUGUST)
        Payment.objects.all().apply("STOP", now=town.clock(), confirmed_at=town.clock())
        PaymentBatch.objects.update(status="CANCELLED")
        open_one_off(
            code="KC-1", name="Trợ giúp khẩn cấp", amount=3_000_000, budget_source="Ngân sách huyện", order=ORDER,
            actor=town.staff["MAKER"],
        )  # fmt: skip
        programme = Programme.objects.get(code="KC-1")
        grant_once(
            programme=programme, people=[town.person()], order=ORDER, actor=town.staff["MAKER"], now=town.clock()
        )
        return town

    @pytest.fixture
    def grant(self, town: Province) -> Enrolment:
        return Enrolment.objects.get(programme__code="KC-1")

    def close(self, town: Province) -> Cycle:
        return close_cycle(month=AUGUST, actor=town.staff["CHECKER"], now=town.clock())

    def test_waits_for_who_resumes_and_then_closes_nothing(self, town, grant):
        decide(town, grant, "SUSPEND")
        with beside() as begin:
            with transaction.atomic():
                decide(town, grant, "RESUME", pay_between=True)
                closing = begin(lambda: self.close(town))
            with pytest.raises(GrantsNotListed):
                closing.result(timeout=60)

        assert Cycle.objects.get().closed_at is None

    def test_who_resumes_waits_for_it_and_is_refused(self, town, grant):
        decide(town, grant, "SUSPEND")
        with beside() as begin:
            with transaction.atomic():
                self.close(town)
                resuming = begin(lambda: decide(town, grant, "RESUME", pay_between=True))
            with pytest.raises(DecisionImpossible, match="đã khóa"):
                resuming.result(timeout=60)

        assert not Decision.objects.filter(kind="RESUME").exists()

    def test_who_takes_somebody_in_is_waited_for_not_waiting_crosswise(self, town, grant):
        move_away(town, grant)
        draft = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind="TRANSFER_IN",
            number="9",
            signed_on=date(2024, 7, 12),
            effective_month=AUGUST,
        )
        with beside() as begin:
            with transaction.atomic():
                held = Enrolment.objects.select_for_update().get(pk=grant.pk)
                closing = begin(lambda: self.close(town))
                take_in(moved=held, code="M-1", draft=draft, actor=town.staff["MAKER"], now=town.clock())
            with pytest.raises(GrantsNotListed):
                closing.result(timeout=60)

        assert Cycle.objects.get().closed_at is None

    @pytest.mark.parametrize("how", ["taken in", "sent back"])
    def test_who_moves_once_it_is_closed_is_told_so(self, town, grant, how):
        move_away(town, grant)
        self.close(town)
        draft = Draft(
            signer="Nguyễn Văn Chủ, Chủ tịch UBND",
            kind="TRANSFER_IN",
            number="9",
            signed_on=date(2024, 7, 12),
            effective_month=AUGUST,
        )
        given = {"moved": grant, "actor": town.staff["MAKER"], "now": town.clock()}

        with pytest.raises(DecisionImpossible, match=r"08/2024 .* đã khóa"):
            take_in(code="M-1", draft=draft, **given) if how == "taken in" else refuse_arrival(
                reason="Không ở đây", **given
            )

    def test_papers_sent_back_are_waited_for(self, town, grant):
        move_away(town, grant)
        with beside() as begin:
            with transaction.atomic():
                refuse_arrival(moved=grant, reason="Không ở đây", actor=town.staff["MAKER"], now=town.clock())
                closing = begin(lambda: self.close(town))
            with pytest.raises(GrantsNotListed):
                closing.result(timeout=60)

        assert Cycle.objects.get().closed_at is None


class TestBuilding:
    @pytest.fixture
    def town(self) -> Province:
        return make_province(clock=Clock())

    def test_who_moves_away_waits_for_the_lists_and_hears_what_they_give(self, town):
        enrolment = town.enrol(recorded_at=town.clock())
        with beside() as begin:
            with transaction.atomic():
                town.build(AUGUST)
                moving = begin(lambda: move_away(town, enrolment))
            with pytest.raises(DecisionImpossible, match="đã lập danh sách chi trả"):
                moving.result(timeout=60)

        assert Entitlement.objects.get().enrolment_id == enrolment.pk

    def test_by_plain_sql_too(self, town):
        enrolment = town.enrol(recorded_at=town.clock())
        moved = """
            INSERT INTO beneficiaries_decision (enrolment_id, kind, number, signed_on, signer, effective_month, reason, last_month, to_unit_id, payee_name,
                                                recorded_at)
            VALUES (%(enrolment)s, 'TRANSFER_OUT', '1', '2024-07-10', '', '2024-08-01', '', '2024-07-01', %(to)s, '', now())"""
        to = town.units["97201"].pk
        with beside() as begin:
            with transaction.atomic():
                town.build(AUGUST)
                moving = begin(lambda: run(moved, enrolment=enrolment.pk, to=to))
            with pytest.raises(IntegrityError) as refusal:
                moving.result(timeout=60)

        assert constraint_of(refusal) == "transfer_names_the_last_month_given"

    def test_who_moved_meanwhile_is_reckoned_anew(self, town, monkeypatch):
        """After it was read whom the lists pay, and before they are written."""
        enrolment = town.enrol(recorded_at=town.clock())
        stages = build_lists.building.STAGES

        with beside() as begin:

            def moved_between(
                given: dict[str, object], *, stages: object, made: Callable[..., None] = build_lists.make_lists
            ) -> None:
                begun = (
                    stages
                    if Decision.objects.filter(kind="TRANSFER_OUT").exists()
                    else Late(begin, town, enrolment, stages)
                )
                made(given, stages=begun)

            monkeypatch.setattr(build_lists, "make_lists", moved_between)
            built = town.build(AUGUST)

        assert stages is build_lists.building.STAGES
        assert (built.payments, list(Entitlement.objects.values_list("not_payable_reason", flat=True))) == (
            0,
            ["MOVED"],
        )
        assert connection.in_atomic_block is False


class Late:
    """The stages of a build, before the first of which somebody moves away in another connection."""

    def __init__(self, begin: Callable[..., object], town: Province, enrolment: Enrolment, stages: list[str]) -> None:
        self.begin, self.town, self.enrolment, self.stages = begin, town, enrolment, stages

    def __iter__(self):
        self.begin(lambda: move_away(self.town, self.enrolment)).result(timeout=60)
        return iter(self.stages)
