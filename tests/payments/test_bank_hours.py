"""Hours of banks come from a file, whole or not at all."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from payments.models import BankHoliday, BankHours
from payments.services.sending.lanes import shut_lanes
from staff.models import CalendarDay

HEAD = "bank_bin,weekday,opens_at,closes_at,holiday,name\n"


def read(tmp_path, rows: str, *options: str) -> None:
    file = tmp_path / "gio.csv"
    file.write_text(HEAD + rows, encoding="utf-8")
    call_command("bank_hours", str(file), *options)


def test_the_file_replaces_what_was_known(db, tmp_path):
    read(tmp_path, "970405,1,08:00,16:30,,\n,,,,2024-09-02,Quốc khánh\n")
    read(tmp_path, "970405,2,08:00,16:30,,\n,,,,2024-09-02,Quốc khánh\n")

    assert list(BankHours.objects.filter(valid_to=None).values_list("bank_bin", "weekday")) == [("970405", 1)]
    assert list(BankHoliday.objects.filter(valid_to=None).values_list("bank_bin", "name")) == [("", "Quốc khánh")]


def test_what_held_before_is_kept_with_its_time(db, tmp_path):
    read(tmp_path, "970405,1,08:00,16:30,,\n")
    read(tmp_path, "970405,1,08:00,15:00,,\n")

    before, now = BankHours.objects.order_by("valid_from")
    assert (before.closes_at, now.closes_at) == (time(16, 30), time(15))
    assert before.valid_to == now.valid_from
    for change in (
        "DELETE FROM payments_bankhours",
        "UPDATE payments_bankhours SET closes_at = '12:00' WHERE valid_to IS NULL",
        "UPDATE payments_bankhours SET valid_to = now() WHERE valid_to IS NOT NULL",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_hours_announced_for_a_day_hold_from_that_day_on(db, tmp_path, monkeypatch):
    now = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # a Friday, 10:00 in Vietnam
    monkeypatch.setattr("payments.management.commands.bank_hours.timezone.now", lambda: now - timedelta(days=9))
    read(tmp_path, "970405,5,08:00,16:30,,\n")
    read(tmp_path, "970405,5,13:00,16:30,,\n", "--from", "2026-11-27")

    shut = [shut_lanes(now=now + timedelta(days=days)).banks for days in (0, 7)]

    assert shut == [[], ["970405"]]


def test_the_past_is_not_changed(db, tmp_path):
    with pytest.raises(CommandError):
        read(tmp_path, "970405,1,08:00,16:30,,\n", "--from", "2020-01-01")


@pytest.mark.parametrize("wrong", ["970405,8,08:00,16:30,,\n", "970405,1,17:00,16:30,,\n", "970405,x,08:00,16:30,,\n"])
def test_a_wrong_row_changes_nothing(db, tmp_path, wrong):
    read(tmp_path, "970405,1,08:00,16:30,,\n")

    with pytest.raises(CommandError):
        read(tmp_path, wrong)

    assert BankHours.objects.count() == 1


HOURS = "".join(f"970405,{weekday},08:00,16:30,,\n" for weekday in range(1, 6))


@pytest.mark.parametrize(
    ("at", "works", "open_"),
    [
        (datetime(2026, 11, 23, 3, tzinfo=UTC), None, True),  # a Monday, 10:00 in Vietnam
        (datetime(2026, 11, 23, 3, tzinfo=UTC), False, False),
        (datetime(2026, 11, 28, 3, tzinfo=UTC), None, False),  # a Saturday
        (datetime(2026, 11, 28, 3, tzinfo=UTC), True, True),
        (datetime(2026, 11, 28, 10, tzinfo=UTC), True, False),  # after the cut-off of a Monday
    ],
)
def test_a_bank_with_hours_keeps_the_one_calendar_of_days_off(db, tmp_path, monkeypatch, at, works, open_):
    monkeypatch.setattr("payments.management.commands.bank_hours.timezone.now", lambda: at - timedelta(days=9))
    read(tmp_path, HOURS)
    if works is not None:
        CalendarDay.objects.update_or_create(day=at.date(), defaults={"working": works, "name": "Nghỉ, làm bù"})

    assert shut_lanes(now=at).banks == ([] if open_ else ["970405"])


def test_saturday_hours_of_its_own_hold_on_a_saturday_worked_instead(db, tmp_path, monkeypatch):
    at = datetime(2026, 11, 28, 6, tzinfo=UTC)
    monkeypatch.setattr("payments.management.commands.bank_hours.timezone.now", lambda: at - timedelta(days=9))
    read(tmp_path, HOURS + "970405,6,08:00,11:30,,\n")
    CalendarDay.objects.create(day=at.date(), working=True, name="Làm bù")

    assert shut_lanes(now=at).banks == ["970405"]


def test_a_bank_open_at_all_times_is_so_on_days_off(db):
    CalendarDay.objects.update_or_create(day=date(2026, 11, 23), defaults={"working": False, "name": "Nghỉ"})

    assert shut_lanes(now=datetime(2026, 11, 23, 3, tzinfo=UTC)).banks == []


def test_a_day_of_the_calendar_is_not_told_twice(db, tmp_path, capsys):
    CalendarDay.objects.update_or_create(day=date(2026, 11, 23), defaults={"working": False, "name": "Nghỉ"})
    read(tmp_path, f"{HOURS}970405,,,,2026-11-23,Nghỉ\n970405,,,,2026-11-24,Kiểm kê\n970436,,,,2026-11-23,Nghỉ\n")

    kept = BankHoliday.objects.order_by("bank_bin").values_list("bank_bin", "on")
    assert list(kept) == [("970405", date(2026, 11, 24)), ("970436", date(2026, 11, 23))]
    assert "23/11/2026" in capsys.readouterr().out
