"""Bells and the clock: each task finds its work in the database and calls one service; running it twice changes nothing."""

from celery import shared_task
from django.utils import timezone

from beneficiaries.services.quality import measure_quality
from beneficiaries.services.uploads import forget_uploads, work_on_uploads


@shared_task
def work_on_registries() -> None:
    """Preview what was uploaded, take in what was confirmed."""
    work_on_uploads(clock=timezone.now)


@shared_task
def forget_registries() -> None:
    """Contents of uploads that ended long ago."""
    forget_uploads(now=timezone.now())


@shared_task
def measure_today() -> None:
    """Count the four scores of the day."""
    measure_quality(now=timezone.now())
