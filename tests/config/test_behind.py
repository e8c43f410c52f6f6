"""Whoever works on a database of another version is told what to do, not which column is missing."""

import pytest
from django.db import ProgrammingError, connections
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.recorder import MigrationRecorder

from config.behind import advice, what_to_do
from staff.models import User

Applied = MigrationRecorder.Migration
pytestmark = pytest.mark.django_db


def test_nothing_is_said_of_a_database_up_to_date():
    assert advice() == ""


def test_an_older_database_is_migrated():
    Applied.objects.filter(app="staff", name__in=["0004_calendar", "0010_days_off"]).delete()
    assert "cũ hơn phần mềm: 1 thay đổi" in advice()


def test_an_empty_one_is_migrated_or_not_the_one_meant():
    Applied.objects.all().delete()
    assert "còn trống" in advice()
    assert "ANSINH_DATABASE=ansinh_demo" in advice()


def test_one_of_another_version_is_left_alone_or_made_anew():
    Applied.objects.create(app="payments", name="0099_from_a_branch")
    assert "payments.0099_from_a_branch" in advice()
    assert "make clean" in advice()
    assert "make clean" in what_to_do(InconsistentMigrationHistory())


def test_an_error_of_ours_stays_an_error():
    with pytest.raises(ProgrammingError) as failed, connections["default"].cursor() as cursor:
        cursor.execute("SELEC 1")
    assert what_to_do(failed.value) == ""


def test_a_missing_column_is_traced_to_the_database_being_behind(monkeypatch):
    monkeypatch.setattr("config.behind.advice", lambda: "manage.py migrate")
    with pytest.raises(ProgrammingError) as failed:
        User.objects.extra(where=["a_column_of_tomorrow"]).exists()
    assert what_to_do(failed.value) == "manage.py migrate"
