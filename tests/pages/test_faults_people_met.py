"""A fault of ours has a code the page shows, the log names and the alarms count; of who met it nothing is kept."""

import logging
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client

from payments.models import Alarm
from payments.services.alarms import watch
from reconciliation.pages.home import HomePage
from staff.models import Fault
from staff.services import faults
from staff.services.database_clock import database_now
from staff.services.faults import KEPT_FOR, forget_faults, note_fault
from tests.api.world import World

pytestmark = pytest.mark.django_db
NUMBER = "097042000001"


class Broken(Exception):
    """A fault whose words name somebody."""


@pytest.fixture
def met(world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> str:
    """The page somebody met."""

    def broken(*_args: object, **_given: object) -> None:
        raise Broken(f"of {NUMBER}")

    monkeypatch.setattr(HomePage, "content", broken)
    client = Client(raise_request_exception=False)
    client.force_login(world.staff["CHECKER", "97"])
    with caplog.at_level(logging.ERROR, logger="staff"):
        answer = client.get("/", {"so": NUMBER}, headers={"X-Request-Id": NUMBER})
    assert answer.status_code == 500
    return answer.content.decode()


def test_is_shown_and_counted_by_a_code_and_names_nobody(met: str, caplog: pytest.LogCaptureFixture) -> None:
    fault = Fault.objects.get()

    assert (fault.route, fault.kind) == ("/", "Broken")
    assert f"mã lỗi {fault.code}" in met
    ours = [record.getMessage() for record in caplog.get_records("setup") if record.name.startswith("staff")]
    assert any(fault.code in said for said in ours)
    assert NUMBER not in met + str(vars(fault)) + str(ours)


def test_is_an_alarm_for_a_day_with_its_count_and_newest_code(
    world: World, met: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    code = note_fault(route="danh-sach/<int:batch_id>/", error=ValueError())
    now = database_now()

    watch(now=now)

    alarm = Alarm.objects.get(kind="FAULT", cleared_at=None)
    assert (alarm.subject, alarm.count) == (f"fault:{code}", 2)
    client = Client()
    client.force_login(world.staff["CHECKER", "97"])
    assert f"mã lỗi mới nhất {code}" in client.get("/").content.decode()
    watch(now=now + timedelta(days=1, minutes=1))
    assert not Alarm.objects.filter(kind="FAULT", cleared_at=None).exists()


def test_is_told_where_no_row_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_given: object) -> None:
        raise DatabaseError("no room")

    monkeypatch.setattr(faults.Fault.objects, "create", full)

    assert len(note_fault(route="", error=None)) == faults.CODE_LENGTH


def test_is_forgotten_after_a_month() -> None:
    note_fault(route="", error=None)
    now = database_now()

    assert (forget_faults(now=now), forget_faults(now=now + KEPT_FOR)) == (0, 1)
