"""A slow bank is slow by itself: how many of one sender's calls may be with banks that answer slowly, so that the others' money goes on."""

from collections import Counter, deque
from collections.abc import Callable, Iterable

from banks.transfers import Transfer

SLOW_SECONDS = 1.0  # no bank that answers faster is held back
SLOWER_THAN_OTHERS = 4.0  # times the quickest bank's answers
WEIGHT_OF_NEWEST = 0.3
LOOK_AGAIN_SECONDS = 0.5


class Pace:
    """What one sender has learned of its banks' speed, and which of its claimed orders goes next.

    Orders of quick banks go in the order they were claimed. A bank that answers slower than a second and than four times the quickest holds
    at most `slow_at_once` calls while anything else can be sent; when nothing else waits, it may hold them all.
    """

    def __init__(self, *, slow_at_once: int, clock: Callable[[], float]) -> None:
        self._slow_at_once, self._clock = slow_at_once, clock
        self._seconds: dict[str, float] = {}
        self._called: dict[int, tuple[str, float]] = {}
        self._out: Counter[str] = Counter()
        self._waiting: deque[Transfer] = deque()
        self._looked_at = 0.0

    def add(self, transfers: Iterable[Transfer]) -> None:
        """Claimed: they wait for their turn."""
        self._waiting.extend(transfers)

    @property
    def has_waiting(self) -> bool:
        """Whether anything claimed waits for its turn."""
        return bool(self._waiting)

    def calls(self, transfer: Transfer) -> None:
        """The call is about to be made; in whatever thread."""
        self._called[transfer.payment_id] = transfer.bank_bin, self._clock()

    def answered(self, transfer: Transfer) -> None:
        """There is an outcome, whatever it is."""
        self._out[transfer.bank_bin] -= 1
        bank, since = self._called.pop(transfer.payment_id, (transfer.bank_bin, None))
        if since is not None:
            took = self._clock() - since
            before = self._seconds.get(bank, took)
            self._seconds[bank] = before + WEIGHT_OF_NEWEST * (took - before)

    def slow(self) -> list[str]:
        """Banks of which nothing more is claimed together with the others."""
        quickest = sorted(self._seconds.values())[:2]

        def limit(seconds: float) -> float:
            others = quickest[1:] if seconds == quickest[0] else quickest[:1]
            return max(SLOW_SECONDS, SLOWER_THAN_OTHERS * min(others, default=0.0))

        return sorted(bank for bank, seconds in self._seconds.items() if seconds >= limit(seconds))

    def next(self) -> Transfer | None:
        """Whose turn it is: nobody's (None) if all that waits is of slow banks that hold their share already."""
        slow = self.slow()
        for at, transfer in enumerate(self._waiting):
            if transfer.bank_bin not in slow or self._out[transfer.bank_bin] < self._slow_at_once:
                del self._waiting[at]
                return self._goes(transfer)
        return None

    def next_slow(self) -> Transfer | None:
        """Nothing else can be sent: then a slow bank may hold more."""
        return self._goes(self._waiting.popleft()) if self._waiting else None

    def looks_for_others(self) -> bool:
        """Whether to look again for orders of other banks while slow ones wait; not at each of them."""
        due = not self._waiting or self._clock() - self._looked_at >= LOOK_AGAIN_SECONDS
        if due:
            self._looked_at = self._clock()
        return due

    def _goes(self, transfer: Transfer) -> Transfer:
        self._out[transfer.bank_bin] += 1
        return transfer
