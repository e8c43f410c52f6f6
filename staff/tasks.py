"""The daily seal, the check of all seals, roles that begin and end with the day, and what pages kept for half an hour."""

from celery import shared_task
from django.utils import timezone

from staff.services.checking import check_history
from staff.services.database_clock import database_now
from staff.services.faults import forget_faults
from staff.services.keeping import forget_kept
from staff.services.role_assignments import apply_roles
from staff.services.sealing import seal_history
from staff.services.steps import each_on_its_own


@shared_task
def seal() -> None:
    """Seal the history written since the last seal; run twice, the second finds nothing."""
    seal_history(now=database_now())


@shared_task
def check() -> None:
    """Check the sealed history and keep what was found."""
    check_history(now=database_now())


@shared_task
def forget_what_pages_kept() -> None:
    """Results of searches and files of previews whose half hour is over, and faults that were counted long enough."""
    each_on_its_own(lambda: forget_kept(now=database_now()), lambda: forget_faults(now=database_now()))


@shared_task
def begin_and_end_roles() -> None:
    """Roles that begin today hold, those that ended yesterday are over; run twice, the second changes nothing."""
    apply_roles(on=timezone.localdate(database_now()))
