"""One calendar: Tết is a stretch without terms, a Saturday worked instead counts, and who changes it stands in the history."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from staff.errors import DaysOffRefused, NotAllowed
from staff.models import AdministrativeUnit, CalendarDay, HistoryRow, User
from staff.services.days_off import SHIPPED, load_days_off
from staff.services.working_days import read_working_days, working_days_after

pytestmark = pytest.mark.django_db
HEAD = "on,kind,name\n"


@pytest.fixture
def leader() -> User:
    province = AdministrativeUnit.objects.create(
        kind="PROVINCE", code="97", name="Tỉnh An Sinh", path="97/", valid_from=date(2024, 1, 1)
    )
    return User.objects.create(username="lanhdao", role="RELEASER", unit=province)


class TestTerms:
    @pytest.mark.parametrize(
        "start, days, end",
        [
            (date(2024, 8, 2), 5, date(2024, 8, 9)),
            (date(2024, 2, 7), 1, date(2024, 2, 15)),  # the eve of Tết: the next day of work is eight days off
            (date(2024, 2, 7), 5, date(2024, 2, 21)),
            (date(2024, 5, 3), 1, date(2024, 5, 4)),  # a Saturday worked for 29 April
            (date(2024, 4, 26), 2, date(2024, 5, 3)),
            (date(2024, 8, 30), 1, date(2024, 9, 4)),
            (date(2024, 8, 2), 0, date(2024, 8, 2)),
        ],
    )
    def test_count_days_of_work(self, start, days, end):
        assert working_days_after(start, days) == end

    def test_the_last_day_of_work_before_tet(self):
        calendar = read_working_days()
        assert calendar.last(until=date(2024, 2, 14)) == date(2024, 2, 7)
        assert calendar.last(until=date(2024, 5, 4)) == date(2024, 5, 4)


class TestLoading:
    def test_what_is_shipped_stands_already(self, leader):
        before = HistoryRow.objects.count()
        loaded = load_days_off(content=SHIPPED.read_text(encoding="utf-8"), actor=leader)

        assert (loaded.years, loaded.removed, HistoryRow.objects.count()) == ([2024, 2025, 2026], 0, before)

    def test_a_year_becomes_what_the_file_says_and_history_keeps_who_said_so(self, leader):
        of_2025 = CalendarDay.objects.filter(day__year=2025).count()
        rows = HistoryRow.objects.filter(relation="staff_calendarday")
        content = (
            HEAD + "2026-01-01,HOLIDAY,Tết Dương lịch\n2026-01-10,WORKDAY,Làm bù ngày 02/01\n2026-02-16,HOLIDAY,Tết\n"
        )
        loaded = load_days_off(content=content, actor=leader)

        assert list(CalendarDay.objects.filter(day__year=2026).order_by("day").values_list("name", flat=True)) == [
            "Tết Dương lịch",
            "Làm bù ngày 02/01",
            "Tết",
        ]
        assert CalendarDay.objects.filter(day__year=2025).count() == of_2025
        assert rows.filter(operation="D").count() == loaded.removed == 9
        assert rows.get(operation="I").changes["working"] == [None, True]
        assert rows.get(operation="U").changes == {"name": ["Tết Bính Ngọ", "Tết"]}
        assert set(rows.values_list("actor_id", flat=True)) == {leader.pk}

    @pytest.mark.parametrize(
        "content, line",
        [
            ("", ["1"]),
            ("day,kind,name\n", ["1"]),
            (HEAD, []),
            (HEAD + "16/02/2026,HOLIDAY,Tết\n", ["2"]),
            (HEAD + "2026-02-16,HOLIDAY,Tết\n2026-02-17,OFF,Tết\n", ["3"]),
            (HEAD + "2026-02-16,WORKDAY,Làm bù\n", ["2"]),
            (HEAD + "2026-02-16,HOLIDAY\n", ["2"]),
        ],
    )
    def test_refuses_what_it_cannot_read_and_changes_nothing(self, leader, content, line):
        before = CalendarDay.objects.count()
        with pytest.raises(DaysOffRefused) as refusal:
            load_days_off(content=content, actor=leader)
        assert (refusal.value.conflicts, CalendarDay.objects.count()) == (line, before)

    def test_only_who_sets_rules_may(self, leader):
        leader.role = "MAKER"
        with pytest.raises(NotAllowed):
            load_days_off(content=HEAD + "2027-01-01,HOLIDAY,Tết Dương lịch\n", actor=leader)

    def test_the_database_refuses_a_working_day_worked_instead(self):
        with pytest.raises(IntegrityError, match="day_worked_instead_is_a_week_end"), transaction.atomic():
            CalendarDay.objects.create(day=date(2026, 11, 20), working=True, name="Làm bù")

    def test_by_command(self, leader, tmp_path):
        path, out = tmp_path / "ngay-nghi.csv", StringIO()
        path.write_text(HEAD + "2027-01-01,HOLIDAY,Tết Dương lịch\n", encoding="utf-8-sig")
        call_command("load_days_off", path, actor="lanhdao", stdout=out)
        assert "Năm 2027: 1 ngày" in out.getvalue()

        path.write_text(HEAD + "2027-01-01,?,Tết\n", encoding="utf-8")
        with pytest.raises(CommandError, match=r"Dòng 2\."):
            call_command("load_days_off", path, actor="lanhdao")
