"""The app `beneficiaries`."""

from django.apps import AppConfig


class BeneficiariesConfig(AppConfig):
    """Wiring of the app."""

    name = "beneficiaries"
    verbose_name = "Đối tượng hưởng"
