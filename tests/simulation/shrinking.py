"""Make a failing schedule small: leave out steps, then deaths and pauses, as long as the same promise stays broken (delta debugging)."""

from collections.abc import Callable
from dataclasses import replace

from tests.simulation.actors import Fate
from tests.simulation.steps import Schedule, Step

MOST_RUNS = 400


def promise_of(broken: str | None) -> str:
    """Which promise a sentence is about: `I1`, or the words before the colon."""
    return broken.partition(":")[0] if broken else ""


def shrink(schedule: Schedule, *, play: Callable[[Schedule], str | None]) -> Schedule:
    """The smallest schedule found that breaks the promise `schedule` breaks; in at most `MOST_RUNS` runs."""
    wanted = promise_of(play(schedule))
    runs = 0

    def still_breaks(steps: tuple[Step, ...]) -> bool:
        nonlocal runs
        runs += 1
        return runs <= MOST_RUNS and promise_of(play(replace(schedule, steps=steps))) == wanted

    steps = _without_steps(schedule.steps, still_breaks)
    return replace(schedule, steps=_without_fates(steps, still_breaks))


def _without_steps(steps: tuple[Step, ...], still_breaks: Callable[[tuple[Step, ...]], bool]) -> tuple[Step, ...]:
    """Leave out halves, then quarters, at last single steps, until none can be missed."""
    size = max(len(steps) // 2, 1)
    while True:
        at, left_out = 0, False
        while at < len(steps):
            fewer = steps[:at] + steps[at + size :]
            if still_breaks(fewer):
                steps, left_out = fewer, True
            else:
                at += size
        if size == 1 and not left_out:
            return steps
        size = max(size // 2, 1)


def _without_fates(steps: tuple[Step, ...], still_breaks: Callable[[tuple[Step, ...]], bool]) -> tuple[Step, ...]:
    for at, step in enumerate(steps):
        calm = (*steps[:at], replace(step, fate=Fate()), *steps[at + 1 :])
        if step.fate != Fate() and still_breaks(calm):
            steps = calm
    return steps
