"""What people sign about a difference is of the database's time; so is when the difference was found, whatever the clock of the host that took the file."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from reconciliation.models import Discrepancy
from tests.reconciliation.damages import charge_taken
from tests.reconciliation.paid_month import PaidMonth

SEVEN_HOURS = timedelta(hours=7)
"""A hardware clock in local time, taken for UTC."""


@pytest.fixture
def fast_host(month: PaidMonth, monkeypatch: pytest.MonkeyPatch) -> Iterator[PaidMonth]:
    truly = timezone.now

    def ahead() -> datetime:
        return truly() + SEVEN_HOURS

    monkeypatch.setattr(timezone, "now", ahead)
    yield month


def test_a_difference_of_a_host_whose_clock_is_ahead_is_written_off_the_same_minute(fast_host: PaidMonth) -> None:
    client = APIClient()
    client.force_authenticate(fast_host.checker)
    first, second, _ = charge_taken(*fast_host.pages, random.Random(1))
    for page in (first, second):
        file = SimpleUploadedFile("sao-ke.xml", page.written())
        answer = client.post("/api/statements/", {"file": file}, format="multipart")
        assert answer.status_code == 201, answer.json()

    found = Discrepancy.objects.get()
    answer = client.post(f"/api/discrepancies/{found.pk}/propose-write-off/", {"note": "Quyết định 15"}, format="json")

    assert answer.status_code == 200, answer.json()
