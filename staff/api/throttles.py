"""Limits on what anybody may ask without log-in."""

from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class PerAddress(SimpleRateThrottle):
    """One address, one allowance. A forwarded address counts only when settings say how many proxies are ours (`NUM_PROXIES`)."""

    def get_ident(self, request: Request) -> str:
        # Else anybody could write a new address into the header for every trial.
        if api_settings.NUM_PROXIES is None:
            return str(request.META.get("REMOTE_ADDR", ""))
        return super().get_ident(request)

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}
