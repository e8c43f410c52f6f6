"""The app `reconciliation`."""

from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    """Wiring of the app."""

    name = "reconciliation"
    verbose_name = "Đối chiếu"
