"""What every API shares: one shape for every refusal, the token, the health check."""

from staff.api.refusals import refusal_handler

__all__ = ["refusal_handler"]
