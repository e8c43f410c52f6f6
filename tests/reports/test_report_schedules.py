"""Reports ordered by the clock: none left out, none made twice, whatever breaks; signed by whom they are addressed to, and only when they tie out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import override_settings
from django.utils import timezone
from rest_framework.test import APIClient

from reconciliation.errors import ReportCountedAgain, ReportIsDraft, WrongReportState
from reconciliation.models import Discrepancy, ReportRun, ReportSnapshot
from reconciliation.services.papers import make_reports as making
from reconciliation.services.papers.make_reports import MOST_ATTEMPTS, claim, free_abandoned, make_reports
from reconciliation.services.papers.plan_reports import plan_reports
from reconciliation.services.papers.report_progress import parts_of, progress_of
from reconciliation.services.papers.report_signers import signers_of, waiting_for
from reconciliation.services.papers.sign_report import order_again, sign_report
from reconciliation.states import TRANSITIONS, RunCause
from staff.errors import NotAllowed
from staff.models import AdministrativeUnit, Delegation, User
from tests.reports.world import AUGUST, JULY, SEPTEMBER, World, found_world

OCTOBER_2 = datetime(2024, 10, 3, 3, 0, tzinfo=UTC)
SINCE = date(2024, 7, 1)
UNITS = 4  # province, district, two communes


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def staff(role: str, unit: AdministrativeUnit) -> User:
    return User.objects.create(username=f"{role}.{unit.code}", full_name=f"{role} {unit.code}", role=role, unit=unit)


@pytest.fixture
def quarter(world: World) -> World:
    """Two people in one commune and one in the other, paid in every month of the quarter."""
    for commune in (0, 0, 1):
        person = world.person(commune=commune)
        account = world.account(person.beneficiary)
        for month in (JULY, AUGUST, SEPTEMBER):
            world.pay(person, month, account=account)
    world.play()
    return world


def make_all(now: datetime = OCTOBER_2) -> None:
    plan_reports(now=now, since=SINCE)
    make_reports(holder="w", clock=at(now))


def make_quarter() -> None:
    """The quarter's reports alone; those of the months wait."""
    plan_reports(now=OCTOBER_2, since=SINCE)
    ReportRun.objects.filter(kind="MONTH").update(ready_at=OCTOBER_2 + timedelta(days=99))
    make_reports(holder="w", clock=at(OCTOBER_2))


class TestPlanning:
    def test_every_period_level_and_unit_gets_one_report_however_often_the_clock_rings(self, quarter: World) -> None:
        ordered = [plan_reports(now=OCTOBER_2, since=SINCE) for _ in range(3)]

        assert ordered == [4 * UNITS, 0, 0]
        assert ReportRun.objects.values("kind", "unit", "to_on").distinct().count() == 4 * UNITS

    def test_after_an_outage_of_months_the_same_reports_are_there_as_without_it(self, quarter: World) -> None:
        before = transaction.savepoint()
        plan_reports(now=OCTOBER_2, since=SINCE)
        at_once = set(ReportRun.objects.values_list("kind", "unit", "to_on", "due_on", "ready_at"))
        transaction.savepoint_rollback(before)

        for day in range(1, 95):
            plan_reports(now=datetime(2024, 7, 1, tzinfo=UTC) + timedelta(days=day), since=SINCE)

        assert set(ReportRun.objects.values_list("kind", "unit", "to_on", "due_on", "ready_at")) == at_once

    def test_a_period_is_ordered_when_it_is_over_and_not_before(self, quarter: World) -> None:
        plan_reports(now=datetime(2024, 7, 31, 16, 59, tzinfo=UTC), since=SINCE)  # 23:59 in Vietnam
        assert not ReportRun.objects.exists()

        plan_reports(now=datetime(2024, 7, 31, 17, 0, tzinfo=UTC), since=SINCE)
        assert set(ReportRun.objects.values_list("kind", "to_on")) == {("MONTH", date(2024, 7, 31))}

    def test_a_month_nobody_was_paid_for_has_no_report(self, quarter: World) -> None:
        plan_reports(now=datetime(2025, 2, 1, 3, tzinfo=UTC), since=SINCE)

        assert ReportRun.objects.filter(kind="MONTH").values("to_on").distinct().count() == 3

    def test_districts_report_until_they_end(self, quarter: World) -> None:
        for month in (date(2025, 6, 1), date(2025, 7, 1)):
            quarter.batch(month, "CASH")

        plan_reports(now=datetime(2025, 8, 5, tzinfo=UTC), since=date(2025, 6, 1))

        levels = {(run.to_on, run.unit.kind) for run in ReportRun.objects.filter(kind="MONTH").select_related("unit")}
        assert (date(2025, 6, 30), "DISTRICT") in levels
        assert (date(2025, 7, 31), "DISTRICT") not in levels
        assert (date(2025, 7, 31), "COMMUNE") in levels

    def test_a_unit_that_did_not_exist_on_the_last_day_does_not_report(self, quarter: World) -> None:
        AdministrativeUnit.objects.filter(pk=quarter.communes[1].pk).update(valid_from=date(2024, 8, 15))

        plan_reports(now=OCTOBER_2, since=SINCE)

        own = ReportRun.objects.filter(unit=quarter.communes[1], kind="MONTH").order_by("to_on")
        assert [run.to_on.month for run in own] == [8, 9]

    @override_settings(REPORTS_FROM="")
    def test_nothing_is_ordered_by_itself_where_no_first_day_is_set(self, quarter: World) -> None:
        assert plan_reports(now=OCTOBER_2) == 0

    def test_communes_are_due_before_the_province(self, quarter: World) -> None:
        plan_reports(now=OCTOBER_2, since=SINCE)

        due = dict(ReportRun.objects.filter(kind="QUARTER").values_list("unit__kind", "due_on"))
        assert due == {"COMMUNE": date(2024, 10, 7), "DISTRICT": date(2024, 10, 9), "PROVINCE": date(2024, 10, 14)}


class TestMaking:
    def test_all_are_made_and_none_twice(self, quarter: World) -> None:
        make_all()
        make_all()

        assert set(ReportRun.objects.values_list("status", flat=True)) == {"MADE"}
        assert ReportSnapshot.objects.count() == 4 * UNITS

    def test_earlier_periods_first_so_that_each_compares_itself_with_the_one_before(self, quarter: World) -> None:
        make_all()

        august = ReportRun.objects.get(kind="MONTH", unit=quarter.province, to_on=date(2024, 8, 31)).snapshot
        assert august is not None
        assert august.figures["comparison"]["previous"]["to"] == "2024-07-31"

    def test_nothing_is_counted_before_the_banks_last_answers_are_in(self, quarter: World) -> None:
        first = datetime(2024, 9, 30, 20, tzinfo=UTC)
        plan_reports(now=first, since=SINCE)
        make_reports(holder="w", clock=at(first))

        assert set(ReportRun.objects.filter(status="WAITING").values_list("to_on", flat=True)) == {date(2024, 9, 30)}

    def test_two_workers_never_hold_the_same_report(self, quarter: World) -> None:
        plan_reports(now=OCTOBER_2, since=SINCE)

        held = [claim(holder=f"w{number}", now=OCTOBER_2) for number in range(6)]

        assert len({run.pk for run in held if run}) == 6
        assert (
            len({(run.kind, run.unit_id) for run in held if run}) == 6
        )  # of one unit and kind the earlier period first

    def test_a_worker_that_died_is_replaced_when_its_lease_ends_and_not_before(self, quarter: World) -> None:
        plan_reports(now=OCTOBER_2, since=SINCE)
        ReportRun.objects.filter(kind="MONTH").update(ready_at=OCTOBER_2 + timedelta(days=99))
        dead = claim(holder="dead", now=OCTOBER_2)
        assert dead is not None

        make_reports(holder="other", clock=at(OCTOBER_2))
        assert ReportRun.objects.get(pk=dead.pk).status == "RUNNING"

        make_reports(holder="other", clock=at(OCTOBER_2 + timedelta(minutes=21)))
        assert ReportRun.objects.get(pk=dead.pk).status == "MADE"

    def test_who_lost_the_lease_while_counting_keeps_nothing(
        self, quarter: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plan_reports(now=OCTOBER_2, since=SINCE)
        count = making.take_snapshot

        def slow(**given: object) -> ReportSnapshot:
            ReportRun.objects.filter(status="RUNNING").update(lease_by="other")
            return count(**given)  # type: ignore[arg-type]  # passed through

        monkeypatch.setattr(making, "take_snapshot", slow)
        made = make_reports(holder="slow", clock=at(OCTOBER_2), most=1)

        assert (made.put_back, made.tied_out) == (1, 0)
        assert not ReportSnapshot.objects.exists()

    def test_a_failure_is_shown_tried_again_later_given_up_and_resumed_by_a_person(
        self, quarter: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plan_reports(now=OCTOBER_2, since=SINCE)
        ReportRun.objects.exclude(kind="QUARTER", unit=quarter.province).update(ready_at=OCTOBER_2 + timedelta(days=9))
        ReportRun.objects.filter(kind="MONTH").update(ready_at=OCTOBER_2 + timedelta(days=9))
        run = ReportRun.objects.get(kind="QUARTER", unit=quarter.province)
        with monkeypatch.context() as broken:
            broken.setattr(making, "take_snapshot", _fails)
            make_reports(holder="w", clock=at(OCTOBER_2))
            run.refresh_from_db()
            assert (run.status, run.problem, run.attempts) == ("WAITING", "DatabaseError", 1)
            assert run.ready_at == OCTOBER_2 + timedelta(minutes=5)
            for hours in range(1, MOST_ATTEMPTS):
                make_reports(holder="w", clock=at(OCTOBER_2 + timedelta(hours=hours)))
        run.refresh_from_db()
        assert (run.status, run.attempts) == ("FAILED", MOST_ATTEMPTS)

        order_again(run_id=run.pk, reason="Đã sửa.", actor=staff("CHECKER", quarter.province), now=OCTOBER_2)
        make_reports(holder="w", clock=at(OCTOBER_2))

        run.refresh_from_db()
        assert (run.status, run.problem) == ("MADE", "")

    def test_a_lease_that_ends_again_and_again_is_given_up(self, quarter: World) -> None:
        plan_reports(now=OCTOBER_2, since=SINCE)
        now = OCTOBER_2
        for _ in range(MOST_ATTEMPTS):
            run = claim(holder="dies", now=now)
            assert run is not None
            ReportRun.objects.exclude(pk=run.pk).update(ready_at=now + timedelta(days=99))
            now += timedelta(hours=1)
            free_abandoned(now=now)

        run.refresh_from_db()
        assert (run.status, run.problem) == ("FAILED", "LEASE_ENDED")


def _fails(**_: object) -> ReportSnapshot:
    raise DatabaseError


class TestRollUp:
    def test_the_sum_of_the_parts_is_the_whole_and_parts_are_the_nearest_level(self, quarter: World) -> None:
        make_quarter()
        province = ReportRun.objects.get(kind="QUARTER", unit=quarter.province)
        district = ReportRun.objects.get(kind="QUARTER", unit=quarter.district)

        assert [part.run.unit.code for part in parts_of(province)] == ["971"]
        parts = parts_of(district)
        assert [part.run.unit.code for part in parts] == ["97101", "97103"]
        assert [part.differs for part in parts] == [{}, {}]
        assert district.snapshot is not None
        own = [part.run.snapshot.figures["headline"]["beneficiaries"] for part in parts if part.run.snapshot]
        assert sum(own) == district.snapshot.figures["headline"]["beneficiaries"] == 3

    def test_a_part_that_says_something_else_is_named(self, quarter: World) -> None:
        make_quarter()
        world = quarter
        late = ReportRun.objects.get(kind="QUARTER", unit=world.province)
        world.person(commune=1)
        order_again(run_id=late.pk, reason="Bổ sung.", actor=staff("CHECKER", world.province), now=OCTOBER_2)
        ReportRun.objects.filter(unit=world.district, kind="QUARTER").update(ready_at=OCTOBER_2)
        make_reports(holder="w", clock=at(OCTOBER_2))

        late.refresh_from_db()
        assert [part.differs["beneficiaries"] for part in parts_of(late)] == [[3, 4]]

    def test_progress_counts_every_report_once_and_names_the_late(self, quarter: World) -> None:
        make_all()

        rows = progress_of(ReportRun.objects.all(), now=datetime(2024, 10, 8, 3, tzinfo=UTC))

        assert sum(row.total for row in rows) == 4 * UNITS
        quarter_rows = {row.level: row for row in rows if row.kind == "QUARTER"}
        assert quarter_rows["COMMUNE"].by_status == {"MADE": 2}
        assert {level: row.overdue for level, row in quarter_rows.items()} == {
            "COMMUNE": 2,
            "DISTRICT": 0,
            "PROVINCE": 0,
        }


class TestAddressing:
    def test_the_nearest_account_holder_signs(self, quarter: World) -> None:
        above, own = staff("RELEASER", quarter.province), staff("RELEASER", quarter.communes[0])
        make_quarter()

        signers = signers_of([*quarter.communes, quarter.district, quarter.province], now=OCTOBER_2)

        assert [[signer.user for signer in signers[unit.pk]] for unit in quarter.communes] == [[own], [above]]
        assert {run.unit.code for run in waiting_for(own, now=OCTOBER_2)} == {"97101"}
        assert {run.unit.code for run in waiting_for(above, now=OCTOBER_2)} == {"97", "971", "97103"}

    def test_a_delegate_signs_between_the_two_days_and_the_form_stands_in_the_title(self, quarter: World) -> None:
        holder, deputy = staff("RELEASER", quarter.province), staff("COSIGNER", quarter.province)
        Delegation.objects.create(
            delegator=holder, delegate=deputy, role="RELEASER", unit=quarter.district, form="KT", document_number="1",
            valid_from=date(2024, 10, 1), valid_to=date(2124, 10, 5), recorded_at=OCTOBER_2,
        )  # fmt: skip
        make_quarter()

        assert {run.unit.code for run in waiting_for(deputy, now=OCTOBER_2)} == {"971", "97101", "97103"}
        assert not waiting_for(deputy, now=OCTOBER_2 - timedelta(days=5)).exists()
        run = ReportRun.objects.select_related("snapshot").get(kind="QUARTER", unit=quarter.district)
        assert (
            sign_report(run_id=run.pk, digest=_digest(run), actor=deputy, now=OCTOBER_2).signed_as
            == "KT. Chủ tài khoản"
        )


def _digest(run: ReportRun) -> str:
    run.refresh_from_db()
    assert run.snapshot is not None
    return run.snapshot.digest


class TestSigning:
    @pytest.fixture
    def run(self, quarter: World) -> ReportRun:
        make_quarter()
        return ReportRun.objects.select_related("unit", "snapshot").get(kind="QUARTER", unit=quarter.province)

    def test_the_signature_carries_the_digest_and_ends_the_waiting(self, run: ReportRun) -> None:
        holder = staff("RELEASER", run.unit)

        signed = sign_report(run_id=run.pk, digest=_digest(run), actor=holder, now=OCTOBER_2)

        assert (signed.status, signed.signed_digest) == ("SIGNED", _digest(run))
        assert not waiting_for(holder, now=OCTOBER_2).filter(pk=run.pk).exists()

    def test_nobody_signs_twice_or_orders_a_signed_report_again(self, run: ReportRun) -> None:
        holder = staff("RELEASER", run.unit)
        sign_report(run_id=run.pk, digest=_digest(run), actor=holder, now=OCTOBER_2)

        for again in (
            lambda: sign_report(run_id=run.pk, digest=_digest(run), actor=holder, now=OCTOBER_2),
            lambda: order_again(run_id=run.pk, reason="x", actor=holder, now=OCTOBER_2),
        ):
            with pytest.raises(WrongReportState):
                again()

    def test_whom_it_is_not_addressed_to_does_not_sign(self, run: ReportRun, world: World) -> None:
        staff("RELEASER", run.unit)
        commune = ReportRun.objects.get(kind="QUARTER", unit=world.communes[0])
        own = staff("RELEASER", world.communes[0])

        with pytest.raises(NotAllowed):
            sign_report(run_id=run.pk, digest=_digest(run), actor=staff("LEADER", run.unit), now=OCTOBER_2)
        with pytest.raises(ReportRun.DoesNotExist):
            sign_report(run_id=run.pk, digest=_digest(run), actor=own, now=OCTOBER_2)
        with pytest.raises(NotAllowed):  # the commune has an account holder of its own
            sign_report(
                run_id=commune.pk,
                digest=_digest(commune),
                actor=User.objects.get(username="RELEASER.97"),
                now=OCTOBER_2,
            )

    def test_figures_counted_anew_are_signed_only_by_who_saw_them(self, run: ReportRun) -> None:
        holder = staff("RELEASER", run.unit)

        with pytest.raises(ReportCountedAgain):
            sign_report(run_id=run.pk, digest="0" * 64, actor=holder, now=OCTOBER_2)

    def test_a_report_that_does_not_tie_out_is_a_draft_and_is_not_signed_until_it_does(self, world: World) -> None:
        person = world.person()
        account = world.account(person.beneficiary)
        world.pay(person, JULY, account=account)
        world.play()
        open_item = Discrepancy.objects.create(kind="LATE", key="x", sentence="Đến muộn.", found_at=OCTOBER_2)
        make_quarter()
        holder, run = staff("RELEASER", world.province), ReportRun.objects.get(kind="QUARTER", unit=world.province)

        assert run.status == "DRAFTED"
        with pytest.raises(ReportIsDraft):
            sign_report(run_id=run.pk, digest=_digest(run), actor=holder, now=OCTOBER_2)
        Discrepancy.objects.filter(pk=open_item.pk).update(
            status="RESOLVED", resolved_by=holder, resolved_at=OCTOBER_2, ground="FOUND_LATER"
        )
        order_again(run_id=run.pk, reason="Đã xử lý.", actor=holder, now=OCTOBER_2)
        make_reports(holder="w", clock=at(OCTOBER_2))
        assert sign_report(run_id=run.pk, digest=_digest(run), actor=holder, now=OCTOBER_2).status == "SIGNED"


class TestTheDatabaseRefuses:
    @pytest.fixture
    def run(self, quarter: World) -> ReportRun:
        make_quarter()
        staff("RELEASER", quarter.province)
        return ReportRun.objects.select_related("unit", "snapshot").get(kind="QUARTER", unit=quarter.province)

    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"status": "SIGNED", "cause": "SIGN", "signed_at": OCTOBER_2, "signed_digest": "f" * 64}, "tie_out"),
            ({"status": "DRAFTED", "cause": "DIFFERS"}, "moves_by_the_table"),
            ({"to_on": date(2024, 9, 29)}, "never_changes"),
        ],
    )
    def test_what_no_service_does(self, run: ReportRun, changes: dict[str, object], rule: str) -> None:
        if "signed_at" in changes:
            changes = changes | {"signed_by": User.objects.get(username="RELEASER.97")}
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            ReportRun.objects.filter(pk=run.pk).update(**changes)

        assert rule in str(refused.value.__cause__.diag.constraint_name)

    def test_a_signed_report_is_never_touched_nor_deleted(self, run: ReportRun) -> None:
        sign_report(run_id=run.pk, digest=_digest(run), actor=User.objects.get(username="RELEASER.97"), now=OCTOBER_2)

        with pytest.raises(IntegrityError), transaction.atomic():
            ReportRun.objects.filter(pk=run.pk).update(signed_as="Giám đốc")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM reconciliation_reportrun")

    def test_the_table_of_moves_is_the_code_s(self, db: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT source, cause, target FROM reconciliation_run_transition")
            held = {(source, cause): target for source, cause, target in cursor.fetchall()}

        assert held == {(str(source), str(cause)): str(target) for (source, cause), target in TRANSITIONS.items()}


class TestThroughTheApi:
    @pytest.fixture
    def run(self, quarter: World) -> ReportRun:
        make_quarter()
        return ReportRun.objects.select_related("unit", "snapshot").get(kind="QUARTER", unit=quarter.province)

    def test_what_waits_for_me_is_read_downloaded_and_signed(self, run: ReportRun) -> None:
        client = APIClient()
        client.force_authenticate(staff("RELEASER", run.unit))
        url = f"/api/report-runs/{run.pk}/"

        waiting = client.get("/api/report-runs/awaiting/").json()["results"]
        detail = client.get(url).json()
        document = client.get(f"{url}files/json/").json()
        signed = client.post(f"{url}sign/", {"digest": detail["digest"]}, format="json").json()

        assert run.pk in {each["id"] for each in waiting}
        assert detail["addressed_to"] == ["RELEASER 97"]
        assert (document["digest"], document["figures"]["headline"]) == (detail["digest"], detail["figures"])
        assert (signed["status"], signed["signed_by"]) == ("SIGNED", "RELEASER 97")
        assert client.get(f"{url}files/exe/").status_code == 404

    def test_a_commune_sees_its_own_report_alone(self, run: ReportRun, world: World) -> None:
        client = APIClient()
        client.force_authenticate(staff("RELEASER", world.communes[0]))

        codes = {each["unit"] for each in client.get("/api/report-runs/").json()["results"]}
        levels = {(each["level"], each["total"]) for each in client.get("/api/report-runs/progress/").json()}

        assert codes == {"97101"}
        assert levels == {("COMMUNE", 1)}
        assert [
            client.get(f"/api/report-runs/{run.pk}/{tail}").status_code for tail in ("", "parts/", "files/pdf/")
        ] == [404] * 3


@pytest.mark.slow
def test_four_workers_at_once_make_every_report_once(committed_db: None) -> None:
    world = found_world()
    person = world.person()
    account = world.account(person.beneficiary)
    for month in (JULY, AUGUST, SEPTEMBER):
        world.pay(person, month, account=account)
    world.play()
    plan_reports(now=OCTOBER_2, since=SINCE)

    def work(number: int) -> int:
        made = make_reports(holder=f"w{number}", clock=at(OCTOBER_2))
        connection.close()
        return made.tried

    with ThreadPoolExecutor(4) as pool:
        tried = list(pool.map(work, range(4)))
    make_reports(holder="last", clock=at(OCTOBER_2))  # what still waited for the period before it

    assert sum(tried) <= 4 * UNITS
    assert set(ReportRun.objects.values_list("status", "attempts")) == {("MADE", 1)}
    assert ReportSnapshot.objects.count() == 4 * UNITS


class TestSignedBySql:
    """Past the service, in the application's own role."""

    @pytest.fixture
    def run(self, quarter: World) -> ReportRun:
        staff("RELEASER", quarter.province)
        make_quarter()
        return ReportRun.objects.select_related("unit", "snapshot").get(kind="QUARTER", unit=quarter.district)

    def sign(
        self, run: ReportRun, by: User, *, at: datetime | None = None, delegation: Delegation | None = None
    ) -> None:
        ReportRun.objects.filter(pk=run.pk).apply(
            RunCause.SIGN, now=OCTOBER_2, signed_by=by, signed_as="x", delegation=delegation, signed_digest=_digest(run), signed_at=at or timezone.now()
        )  # fmt: skip

    def refused(
        self, run: ReportRun, by: User, *, rule: str = "report_is_signed_by_whom_it_is_addressed_to", **more: Any
    ) -> None:
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            self.sign(run, by, **more)
        assert getattr(refusal.value.__cause__, "diag").constraint_name == rule  # noqa: B009

    def delegation(
        self, run: ReportRun, to: User, *, until: date, unit: AdministrativeUnit | None = None, **more: Any
    ) -> Delegation:
        return Delegation.objects.create(
            delegator=User.objects.get(username="RELEASER.97"), delegate=to, role="RELEASER", unit=unit or run.unit, form="KT", document_number="1",
            valid_from=date(2024, 10, 1), valid_to=until, recorded_at=OCTOBER_2, **more,
        )  # fmt: skip

    def test_by_the_account_holder_it_is(self, run: ReportRun) -> None:
        self.sign(run, User.objects.get(username="RELEASER.97"))

    @pytest.mark.parametrize("role", ["LEADER", "CHECKER", "MAKER"])
    def test_by_no_other_role(self, run: ReportRun, role: str) -> None:
        self.refused(run, staff(role, run.unit))

    def test_by_no_account_holder_of_another_place_or_further_away(self, run: ReportRun, world: World) -> None:
        self.refused(run, staff("RELEASER", world.communes[0]))
        far = User.objects.get(role="RELEASER", unit=world.province)
        staff("RELEASER", run.unit)  # from now on it is addressed to this one
        self.refused(run, far)

    def test_by_delegation_while_it_holds(self, run: ReportRun, world: World) -> None:
        deputy = staff("COSIGNER", world.province)
        over = self.delegation(run, deputy, until=date(2024, 10, 31))
        elsewhere = self.delegation(run, deputy, until=date(2124, 1, 1), unit=world.communes[0])
        taken_back = self.delegation(run, deputy, until=date(2124, 1, 2))
        Delegation.objects.filter(pk=taken_back.pk).update(revoked_at=timezone.now())
        other = self.delegation(run, staff("REVIEWER", world.province), until=date(2124, 1, 1))

        for each in (over, elsewhere, taken_back, other, None):
            self.refused(run, deputy, delegation=each)
        self.refused(run, deputy, delegation=over, at=OCTOBER_2)  # back into its days
        self.sign(run, deputy, delegation=self.delegation(run, deputy, until=date(2124, 1, 3)))

    @pytest.mark.parametrize("at", [OCTOBER_2 - timedelta(days=40), datetime(2124, 1, 1, tzinfo=UTC)])
    def test_at_its_moment(self, run: ReportRun, at: datetime) -> None:
        self.refused(run, User.objects.get(username="RELEASER.97"), at=at, rule="report_is_signed_at_its_moment")

    def test_by_no_delegate_whose_role_no_longer_goes_with_signing(self, run: ReportRun, world: World) -> None:
        deputy = staff("COSIGNER", world.province)
        self.delegation(run, deputy, until=date(2124, 1, 1))
        User.objects.filter(pk=deputy.pk).update(role="AUDITOR")
        deputy.refresh_from_db()

        assert not waiting_for(deputy, now=timezone.now()).exists()
        with pytest.raises(NotAllowed):
            sign_report(run_id=run.pk, digest=_digest(run), actor=deputy, now=timezone.now())
