"""The app of who acts."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Users, roles, units, encryption of numbers."""

    name = "staff"
    verbose_name = "Người dùng và địa bàn"
