"""The project's own app: commands that wire all others together."""

from django.apps import AppConfig

from config import checks, log_lines
from config.celery import app as celery_app


class WiringConfig(AppConfig):
    """Management commands that span all apps; the Celery app is bound here, so that every process rings the same bell."""

    name = "config"
    celery = celery_app
    checks = checks

    def ready(self) -> None:
        """Errors are told without numbers from here on."""
        log_lines.tell_without_numbers()
