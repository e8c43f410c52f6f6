"""How often one may ask. All processes count together; while their counter is away each counts for itself, and allows less (ADR 34)."""

import time
from ipaddress import ip_address, ip_network

from django.core.cache import BaseCache, caches
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

SHARED, OWN = "counters", "default"
SHARE_WHILE_AWAY = 4  # as many processes as one would guess: together they still allow about as much
LOOK_AGAIN_SECONDS = 5.0  # a counter that does not answer is not waited for at every request
_away_until = 0.0


class WholeNumbers:
    """What a counter keeps; never pickles, so that whoever can write to the cache can't run code here."""

    def dumps(self, number: int) -> bytes:
        """As digits."""
        return b"%d" % number

    def loads(self, digits: bytes) -> int:
        """From digits."""
        return int(digits)


class Allowance(SimpleRateThrottle):
    """`rate` questions per window; a window begins with its first question. Questions asked at the same moment are all counted."""

    num_requests: int | None
    duration: int | None
    key, counted_by, since = "", OWN, 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count this one, and say whether it is still within the allowance."""
        self.left = 0.0
        key = None if self.rate is None else self.get_cache_key(request, view)
        return True if key is None else self.allow(key)

    def allow(self, key: str) -> bool:
        """The same of what has this key."""
        self.left = 0.0
        if self.num_requests is None or self.duration is None:
            return True
        self.key, self.counted_by = key, SHARED
        count, most = self._counted(key), self.num_requests
        if count is None:
            self.counted_by = OWN
            count, most = self._count(caches[OWN], key), max(1, self.num_requests // SHARE_WHILE_AWAY)
        return bool(count <= most)

    def give_back(self) -> None:
        """What was counted turned out not to be what the allowance is against. Nothing is given back to a later window."""
        counter = caches[self.counted_by]
        try:
            if counter.get(f"{self.key}:since") == self.since:
                counter.decr(self.key)
        except (RedisError, ValueError):  # nobody to tell, or the window just ended: counted is the safe side
            return

    def wait(self) -> float | None:
        """Seconds until the window ends."""
        return self.left

    def _counted(self, key: str) -> int | None:
        """How often all processes together were asked, this time included; None while nobody can say."""
        global _away_until
        if time.monotonic() < _away_until:
            return None
        try:
            return self._count(caches[SHARED], key)
        except RedisError:
            _away_until = time.monotonic() + LOOK_AGAIN_SECONDS
            return None

    def _count(self, counter: BaseCache, key: str) -> int:
        now, lasts = int(self.timer()), int(self.duration or 0)
        if counter.add(key, 0, lasts):
            counter.set(f"{key}:since", now, lasts)
        try:
            count = counter.incr(key)
        except ValueError:  # its window ended this very moment
            count = 1
        since = counter.get(f"{key}:since")
        if since is None:  # counted at the very end of a window, it would be kept without an end
            counter.touch(key, lasts)
            counter.set(f"{key}:since", since := now, lasts)
        self.since = since
        self.left = max(self.since + lasts - now, 1)
        return count


class PerAddress(Allowance):
    """One address, one allowance. A forwarded address counts only when settings say how many proxies are ours (`NUM_PROXIES`)."""

    def get_ident(self, request: Request) -> str:
        # Else anybody could write a new address into the header for every trial.
        if api_settings.NUM_PROXIES is None:
            return str(request.META.get("REMOTE_ADDR", ""))
        return super().get_ident(request)

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": _line_of(self.get_ident(request))}


def _line_of(address: str) -> str:
    """Whoever has one IPv6 address has the 2⁶⁴ that begin alike, a new one for every trial: they are one."""
    try:
        found = ip_address(address)
    except ValueError:  # of a socket there is none
        return address
    if found.version == 4:
        return address
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))


class PerUser(Allowance):
    """One user, one allowance, from whatever machine; only behind a permission that refused everybody else."""

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk}
