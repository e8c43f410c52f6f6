"""The project's own app: commands that wire all others together."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Management commands that span all apps."""

    name = "config"
