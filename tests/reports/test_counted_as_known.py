"""A report counted again: whatever happens to cases, accounts, files, matches or names afterwards, the figures of then come out (ADR 95)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beneficiaries.models import BankAccount, Beneficiary, BenefitCategory, Case, Enrolment, Programme
from beneficiaries.services.cases.following import follow_person
from payments.models import Payment
from payments.states import Cause
from reconciliation.models import Discrepancy, ReportSnapshot
from reconciliation.reports import take_snapshot
from reconciliation.reports.definition_versions import of_its_time
from reconciliation.reports.known_then import AS_THEN
from reconciliation.reports.snapshot import count_as_known, count_figures, digest_of
from staff.models import AdministrativeUnit, User
from tests.reports.world import AUGUST, JULY, NOW, QUARTER, SEPTEMBER, World

IN_THE_PERIOD = datetime.fromisoformat("2024-09-10T08:00:00+07:00")
LATER = NOW + timedelta(days=40)


@pytest.fixture
def lived(world: World) -> World:
    """People paid, on the way, in cash with an account; a case not done, one taken, one escalated, one done."""
    paid, waiting, cash = world.person(sex="FEMALE"), world.person(commune=1), world.person(sensitive=True)
    own = world.account(paid.beneficiary)
    world.account(
        paid.beneficiary, holder_kind="GUARDIAN", opened_on=date(2024, 1, 6), last_credited_month=date(2023, 12, 1)
    )
    BankAccount.objects.filter(pk=own.pk).update(last_credited_month=SEPTEMBER)
    world.account(cash.beneficiary, status="OPENED", reason="NAME_MISMATCH")
    world.pay(paid, JULY, account=own)
    world.pay(paid, AUGUST, account=own, status="RETURNED", returned_on=date(2024, 8, 20))
    world.pay(waiting, SEPTEMBER, account=world.account(waiting.beneficiary), status="SENT")
    world.pay(cash, JULY, cash_reason="CASH_NOT_COLLECTED")
    world.play()
    officer = User.objects.create(username="canbo", full_name="Cán bộ")
    for nth, status in enumerate(("OPEN", "OPEN", "ESCALATED", "SOLVED")):
        case = Case.objects.create(
            kind="ACCOUNT", beneficiary=cash.beneficiary, unit=cash.unit, reason="X", subject=str(nth), due_on=date(2024, 9, 20),
            opened_at=datetime(2024, 9, 1, tzinfo=UTC),
        )  # fmt: skip
        if nth:
            Case.objects.filter(pk=case.pk).update(
                status=status, owner=officer, decided_by=officer, decided_at=IN_THE_PERIOD
            )
    return world


def again(snapshot: ReportSnapshot) -> str:
    return digest_of(of_its_time(snapshot.figures, count_as_known(snapshot))[0])


def work_of(snapshot: ReportSnapshot) -> tuple[int, int, int]:
    row = snapshot.figures["work"][0]
    return row["open"], row["overdue"], row["escalated"]


def test_work_is_counted_by_how_each_case_stood_on_the_last_day(lived: World):
    """One merely taken is not done; terms given, decisions and reopenings of a later day are the next report's."""
    first = take_snapshot(unit=lived.province, now=NOW, **QUARTER)
    officer = User.objects.get(username="canbo")
    Case.objects.filter(status="SOLVED").update(status="OPEN", decided_at=LATER, due_on=date(2026, 12, 7))
    Case.objects.filter(status="ESCALATED").update(status="SOLVED", decided_at=LATER, decided_by=officer)
    Case.objects.update(due_on=date(2026, 12, 7))

    assert work_of(first) == (3, 3, 1)
    assert work_of(take_snapshot(unit=lived.province, now=LATER, **QUARTER)) == (3, 3, 1)
    assert again(first) == first.digest


def test_a_term_set_by_a_script_is_kept_in_the_trail_with_the_databases_clock(lived: World):
    case = Case.objects.earliest("pk")

    Case.objects.filter(pk=case.pk).update(due_on=date(2026, 12, 7))

    step = case.decisions.get()
    assert (step.due_before, step.due_after) == (date(2024, 9, 20), date(2026, 12, 7))
    assert step.made_at is not None and step.made_at > datetime(2025, 1, 1, tzinfo=UTC)


_CASE_EVENTS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["TERM", "OPEN", "PROPOSED", "ESCALATED", "SOLVED", "REJECTED", "OWNER", "LEVEL"]),
        st.integers(1, 60),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=_CASE_EVENTS)
def test_no_later_event_of_a_case_changes_what_was_counted(lived: World, events: list[tuple[int, str, int]]):
    snapshot = take_snapshot(unit=lived.province, now=LATER, **QUARTER)
    officer = User.objects.get(username="canbo")
    second = User.objects.get_or_create(username="hai", defaults={"full_name": "Người thứ hai"})[0]
    cases = list(Case.objects.order_by("pk"))
    moment = LATER
    for nth, event, days in events:
        case, moment = cases[nth], moment + timedelta(days=days)
        case.refresh_from_db()
        rows = Case.objects.filter(pk=case.pk)
        if event == "TERM":
            rows.update(due_on=date(2024, 10, 1) + timedelta(days=days))
        elif event == "OWNER":
            rows.update(owner=second, decided_by=second, decided_at=moment)
        elif event == "LEVEL":
            rows.update(level="PROVINCE", decided_by=second, decided_at=moment)
        elif (case.status, event) in _MOVES:
            more = {"proposed_by": officer, "solution": "SETTLED"} if event == "PROPOSED" else {"proposed_by": None}
            rows.update(status=event, decided_by=second, decided_at=moment, **more)

    assert again(snapshot) == snapshot.digest


_LIVE = ("OPEN", "PROPOSED", "ESCALATED")
_MOVES = {(a, b) for a in _LIVE for b in ("SOLVED", "REJECTED", "ESCALATED") if a != b} | {
    ("OPEN", "PROPOSED"), ("ESCALATED", "PROPOSED"), *((a, "OPEN") for a in ("PROPOSED", "ESCALATED", "SOLVED", "REJECTED"))
}  # fmt: skip


def _accounts(world: World) -> None:
    """Next month's credit, a name put right, a slip that says whose it is, one closed, one found to have been open all along."""
    BankAccount.objects.filter(holder_kind="GUARDIAN").update(last_credited_month=date(2024, 10, 1))
    BankAccount.objects.filter(reason="NAME_MISMATCH").update(reason="")
    BankAccount.objects.filter(status="VERIFIED").update(holder_kind="AUTHORISED")
    world.account(Beneficiary.objects.earliest("pk"), opened_on=date(2024, 3, 1))


def _files(world: World) -> None:
    """Another category, an end and a beginning told later, a file taken in later."""
    first = Enrolment.objects.earliest("pk")
    Enrolment.objects.filter(pk=first.pk).update(category=world.sensitive)
    Enrolment.objects.filter(pk=Enrolment.objects.latest("pk").pk).update(ended_month=AUGUST)
    world.person()


def _people(world: World) -> None:
    """Two files turn out to be one person's."""
    one, other = Beneficiary.objects.order_by("pk")[:2]
    Beneficiary.objects.filter(pk=other.pk).update(same_as=one)


def _orders(world: World) -> None:
    """What was on the way is refused; a returned month is taken onto another list."""
    Payment.objects.filter(status="SENT").apply(Cause.BANK_FAILED, now=LATER)


def _names(world: World) -> None:
    AdministrativeUnit.objects.update(name="phường Mới")
    Programme.objects.update(name="Chương trình đổi tên", budget_source="Ngân sách khác")
    BenefitCategory.objects.update(name="Nhóm đổi tên")


def _earlier_reports(world: World) -> None:
    """The report of the quarter before is issued after ours."""
    take_snapshot(unit=world.province, from_on=date(2024, 4, 1), to_on=date(2024, 6, 30), now=LATER)


@pytest.mark.parametrize(
    "event", [_accounts, _files, _people, _orders, _names, _earlier_reports], ids=lambda each: each.__name__.strip("_")
)
def test_what_becomes_known_later_is_the_next_reports(lived: World, event: Callable[[World], None]):
    snapshot = take_snapshot(unit=lived.province, now=NOW, **QUARTER)
    assert again(snapshot) == snapshot.digest

    event(lived)

    assert again(snapshot) == snapshot.digest
    now = count_figures(unit=AdministrativeUnit.objects.get(pk=lived.province.pk), kind="QUARTER", **QUARTER)
    assert digest_of(now) != snapshot.digest, "the event would not have been seen at all"


def test_a_difference_found_later_leaves_the_report_without_one(lived: World):
    snapshot = take_snapshot(unit=lived.province, now=NOW, **QUARTER)
    Discrepancy.objects.create(
        kind="MISSING_ON_STATEMENT", payment=Payment.objects.earliest("pk"), found_at=LATER, ours=-500_000
    )

    assert again(snapshot) == snapshot.digest


def test_what_the_history_does_not_keep_is_not_asked_of_it(db: None):
    """Each column taken back is one the triggers keep: one that is not would be counted as it is now without a word."""
    with connection.cursor() as cursor:
        for table, columns in AS_THEN.items():
            cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [f"history_of_{table}"])
            (source,) = cursor.fetchone()
            assert [column for column in columns if f"'{column}'" not in source] == [], table


def test_a_later_statement_reads_the_tables_of_today_again(lived: World):
    snapshot = take_snapshot(unit=lived.province, now=NOW, **QUARTER)
    _accounts(lived)
    count_as_known(snapshot)
    count_as_known(snapshot)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM beneficiaries_bankaccount")
        assert cursor.fetchone() == (BankAccount.objects.count(),)
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relname LIKE 'then_%'"
        )
        assert cursor.fetchall() == []


def test_a_case_that_moved_with_its_person_is_counted_where_it_was(lived: World):
    first, second = (take_snapshot(unit=commune, now=NOW, **QUARTER) for commune in lived.communes[:2])
    officer = User.objects.get(username="canbo")

    follow_person(
        beneficiary_id=Case.objects.earliest("pk").beneficiary_id, unit=lived.communes[1], actor=officer, now=LATER
    )

    assert Case.objects.filter(unit=lived.communes[1]).count() == 3
    assert (work_of(first), second.figures["work"]) == ((3, 3, 1), [])
    assert [again(each) for each in (first, second)] == [first.digest, second.digest]
    now = count_figures(unit=lived.communes[1], kind="QUARTER", **QUARTER)
    assert now["work"] != []
