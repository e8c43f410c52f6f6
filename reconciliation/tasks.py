"""Bells of reconciliation: each task finds its work in the database."""

import secrets
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from reconciliation.services.make_reports import in_work, make_reports
from reconciliation.services.plan_reports import plan_reports
from reconciliation.services.silence import watch_statements


@shared_task
def watch_for_statements() -> None:
    """Look for days with money moved and no statement."""
    watch_statements(now=timezone.now())


@shared_task
def work_on_reports() -> None:
    """Order the reports of periods that are over, and make what is due for a minute; the next bell goes on."""
    now = timezone.now()
    plan_reports(now=now)
    if not in_work(now=now):
        make_reports(holder=f"worker:{secrets.token_hex(8)}", clock=timezone.now, until=now + timedelta(minutes=1))
