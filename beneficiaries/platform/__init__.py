"""The national platform that answers about single people: what we ask, what it says, and what its silence means. No Django here."""

from beneficiaries.platform.interface import Answer, IdentityPlatform, PlatformSilent, Question

__all__ = ["Answer", "IdentityPlatform", "PlatformSilent", "Question"]
