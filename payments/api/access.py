"""Which right a view asks for; the same for every app."""

from staff.api.access import HasRight, actor_of, having

__all__ = ["HasRight", "actor_of", "having"]
