"""The limiter against a simulated bank and clock."""

import pytest

from banks.limiter import Limiter


class SimulatedBank:
    """Grants `limit` calls per second (a bucket of a tenth of that) on a clock that only sleeping moves."""

    def __init__(self, limit):
        self.now = 0.0
        self.limit = limit
        self.tokens = self.burst = max(limit / 10, 1)
        self.filled_at = 0.0
        self.refusals = 0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds

    def grants(self):
        self.tokens = min(self.burst, self.tokens + (self.now - self.filled_at) * self.limit)
        self.filled_at = self.now
        if self.tokens >= 1:
            self.tokens -= 1
            return True
        self.refusals += 1
        return False

    def drive(self, limiter, *, seconds, cost=0.001, retry_after=None):
        """Call for so long, each call taking `cost` seconds; return how many were granted."""
        granted = 0
        end = self.now + seconds
        while True:
            called_at = limiter.wait()
            if self.now >= end:
                return granted
            self.now += cost
            if self.grants():
                granted += 1
                limiter.succeeded()
            else:
                limiter.refused(retry_after=retry_after, called_at=called_at)


def make(bank, rate):
    return Limiter(rate=rate, clock=bank.clock, sleep=bank.sleep)


class TestLimiter:
    def test_never_waits_without_a_limit(self):
        bank = SimulatedBank(limit=10_000)
        limiter = make(bank, None)

        limiter.wait()

        assert bank.now == 0.0
        assert limiter.rate is None

    def test_uses_the_configured_rate_almost_whole(self):
        bank = SimulatedBank(limit=25)

        granted = bank.drive(make(bank, 25), seconds=60)

        assert granted >= 0.95 * 25 * 60
        assert bank.refusals <= 0.01 * granted

    def test_finds_a_limit_nobody_told_it(self):
        bank = SimulatedBank(limit=100)

        granted = bank.drive(make(bank, None), seconds=120)

        assert granted >= 0.9 * 100 * 120
        assert bank.refusals <= 0.02 * granted

    def test_keeps_silent_as_long_as_the_bank_says(self):
        bank = SimulatedBank(limit=10)
        limiter = make(bank, None)
        limiter.refused(retry_after=7.0, called_at=bank.now)

        limiter.wait()

        assert bank.now >= 7.0

    def test_does_not_obey_a_silence_of_a_day(self):
        bank = SimulatedBank(limit=10)
        limiter = make(bank, None)
        limiter.refused(retry_after=86_400.0, called_at=bank.now)

        limiter.wait()

        assert bank.now <= 61.0

    def test_refusals_of_calls_in_flight_together_count_once(self):
        bank = SimulatedBank(limit=10)
        limiter = make(bank, 100.0)
        called_at = bank.now

        bank.sleep(0.05)
        for _ in range(8):
            limiter.refused(retry_after=None, called_at=called_at)

        assert limiter.rate == pytest.approx(94.0)

    def test_a_call_begun_after_a_refusal_and_refused_too_slows_us_again(self):
        bank = SimulatedBank(limit=10)
        limiter = make(bank, 100.0)

        for _ in range(2):
            bank.sleep(0.05)
            limiter.refused(retry_after=None, called_at=bank.now)

        assert limiter.rate == pytest.approx(100 * 0.94**2)

    @pytest.mark.parametrize("burst", [25, 1])
    def test_finds_a_limit_nobody_told_it_at_once_and_without_a_storm(self, burst):
        bank = SimulatedBank(limit=25)
        bank.tokens, bank.burst = burst, 25

        granted = bank.drive(make(bank, None), seconds=16)

        assert granted - burst >= 0.95 * 25 * 16
        assert bank.refusals <= 0.04 * granted

    @pytest.mark.parametrize("tokens", [30, 1])
    def test_tries_a_slow_bank_as_rarely_by_calls_as_a_quick_one(self, tokens):
        """Ten calls a second and three seconds' worth at once: what is refused is a share of the calls, not of the time."""
        bank = SimulatedBank(limit=10)
        bank.tokens, bank.burst = tokens, 30

        granted = bank.drive(make(bank, None), seconds=120)

        assert granted - tokens >= 0.98 * 10 * 120
        assert bank.refusals <= 0.028 * granted

    def test_measures_a_limit_between_two_refusals(self):
        bank = SimulatedBank(limit=100)
        limiter = make(bank, None)
        bank.drive(limiter, seconds=5)

        rates = []
        for _ in range(40):
            bank.drive(limiter, seconds=0.5)
            rates.append(limiter.rate)

        assert 90 <= min(rates) <= max(rates) <= 115

    def test_comes_back_to_the_configured_rate_and_not_beyond(self):
        bank = SimulatedBank(limit=1000)
        limiter = make(bank, 50)
        limiter.refused(retry_after=None, called_at=bank.now)

        bank.drive(limiter, seconds=60)

        assert limiter.rate == 50

    def test_a_rate_must_be_positive(self):
        with pytest.raises(ValueError, match="positive"):
            Limiter(rate=0)
