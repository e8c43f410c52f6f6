"""Bells of reconciliation: each task finds its work in the database."""

from celery import shared_task
from django.utils import timezone

from reconciliation.services.silence import watch_statements


@shared_task
def watch_for_statements() -> None:
    """Look for days with money moved and no statement."""
    watch_statements(now=timezone.now())
