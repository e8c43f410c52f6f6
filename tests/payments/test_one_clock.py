"""Hosts whose clocks differ: what one writes and another judges is told by the database's clock, and by no other."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

import payments
from payments import tasks
from payments.models import Payment
from staff.services.database_clock import database_now

APPS = ("payments", "beneficiaries", "reconciliation", "staff")
# Beside the tasks and the steps: addresses where people end what depends on a lease, on the age of a key, or on what was told after what.
JUDGES = ("unknown_outcomes", "contradictions", "case_offers", "files", "payments", "signing", "reissues")


@pytest.fixture
def host_seven_hours_ahead(monkeypatch):
    """Its hardware clock holds local time, and nobody set it right."""
    wrong = timezone.now() + timedelta(hours=7)
    monkeypatch.setattr(timezone, "now", lambda: wrong)


class TestTheDatabasesClock:
    def test_is_the_one_keys_and_leases_are_written_and_judged_by(
        self, province, bank, monkeypatch, host_seven_hours_ahead
    ):
        (payment,) = province.pay_through_accounts(1, bank=bank)
        monkeypatch.setattr(tasks, "the_bank", lambda: bank)
        tasks.send_payments()

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT first_used_at <= clock_timestamp(), lease_until <= clock_timestamp() + %s FROM payments_payment WHERE id = %s",
                [timedelta(seconds=settings.SEND_LEASE_SECONDS), payment.pk],
            )
            assert cursor.fetchone() == (True, True)

    def test_so_that_a_lease_is_not_over_for_a_host_that_is_ahead(
        self, province, bank, clock, monkeypatch, host_seven_hours_ahead
    ):
        (payment,) = province.pay_through_accounts(1, bank=bank)
        under_lease = {"lease_until": database_now() + timedelta(seconds=60), "first_used_at": database_now()}
        Payment.objects.filter(pk=payment.pk).update(status="SENT", cause="CLAIM", lease_by="other", **under_lease)
        monkeypatch.setattr(tasks, "the_bank", lambda: bank)
        tasks.find_work()

        payment.refresh_from_db()
        assert (bank.taken, payment.lease_by) == ([], "other")

    def test_is_not_the_beginning_of_the_transaction(self, db):
        assert database_now() < database_now()


class TestNobodyUsesTheHosts:
    @pytest.mark.parametrize(
        "path",
        [*(f"{app}/tasks.py" for app in APPS), *(f"payments/api/{one}.py" for one in JUDGES), "staff/api/steps.py"],
    )
    def test_where_another_host_may_judge(self, path):
        tree = ast.parse((Path(payments.__file__).parent.parent / path).read_text(encoding="utf-8"))
        used = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "now"]
        assert used == []
