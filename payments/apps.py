"""The app `payments`."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Wiring of the app."""

    name = "payments"
    verbose_name = "Chi trả"
