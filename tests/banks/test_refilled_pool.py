"""The refilled pool: bounded, in order of completion, honest about errors."""

import threading
import time

import pytest

from banks.pool import work_refilled


class TestWorkRefilled:
    def test_does_not_wait_for_the_slowest(self):
        slow = threading.Event()

        def work(item):
            return slow.wait(5) if item == 0 else item

        results = work_refilled(range(50), work, workers=2, ahead=2)
        quick = [next(results)[0] for _ in range(40)]
        slow.set()

        assert 0 not in quick
        assert {item for item, _ in results} | set(quick) == set(range(50))

    def test_takes_items_only_as_far_ahead_as_allowed(self):
        taken = []
        gate = threading.Event()

        def items():
            for number in range(100):
                taken.append(number)
                yield number

        def work(item):
            return gate.wait(5)

        threading.Timer(0.1, gate.set).start()
        next(work_refilled(items(), work, workers=3, ahead=4))

        assert len(taken) == 7

    def test_takes_items_in_the_callers_thread(self):
        def items():
            yield threading.current_thread()

        assert [item for item, _ in work_refilled(items(), str, workers=2, ahead=1)] == [threading.current_thread()]

    def test_raises_what_the_work_raises(self):
        def work(item):
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            list(work_refilled(range(9), work, workers=2, ahead=2))

    def test_stops_when_the_caller_stops(self):
        worked = []

        def work(item):
            time.sleep(0.001)
            worked.append(item)

        results = work_refilled(range(10_000), work, workers=2, ahead=4)
        next(results)
        results.close()
        done = len(worked)
        time.sleep(0.02)

        assert len(worked) == done < 20
