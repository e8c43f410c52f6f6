"""The daily seal, and the check of all seals."""

from celery import shared_task

from staff.services.checking import check_history
from staff.services.database_clock import database_now
from staff.services.sealing import seal_history


@shared_task
def seal() -> None:
    """Seal the history written since the last seal; run twice, the second finds nothing."""
    seal_history(now=database_now())


@shared_task
def check() -> None:
    """Check the sealed history and keep what was found."""
    check_history(now=database_now())
