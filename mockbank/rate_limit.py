"""A token bucket: the bank's limit of requests per second, checked before idempotency."""

from __future__ import annotations

from collections.abc import Callable


class TokenBucket:
    """Holds at most one second's worth of requests."""

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._tokens = 0.0
        self._filled_at: float | None = None

    def take(self, per_second: float) -> bool:
        """Whether one more request is allowed; a limit of zero allows everything."""
        if per_second <= 0:
            return True
        now = self._wall()
        elapsed = per_second if self._filled_at is None else (now - self._filled_at) * per_second
        self._tokens = min(max(per_second, 1.0), self._tokens + elapsed)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
