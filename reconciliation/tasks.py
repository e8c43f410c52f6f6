"""Bells of reconciliation: each task finds its work in the database."""

from celery import shared_task
from django.utils import timezone

from reconciliation.services.paper_orders import forget_papers, make_papers
from reconciliation.services.silence import watch_statements


@shared_task
def watch_for_statements() -> None:
    """Look for days with money moved and no statement."""
    watch_statements(now=timezone.now())


@shared_task
def make_ordered_papers() -> None:
    """Lists and dossiers somebody waits for."""
    make_papers(clock=timezone.now)


@shared_task
def forget_ordered_papers() -> None:
    """Contents of papers made days ago."""
    forget_papers(now=timezone.now())
