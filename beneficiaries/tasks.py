"""Work by the clock. Each task calls one service; running it twice changes nothing."""

from celery import shared_task
from django.utils import timezone

from beneficiaries.services.quality import measure_quality


@shared_task
def measure_today() -> None:
    """Count the four scores of the day."""
    measure_quality(now=timezone.now())
