"""Ways measured in turn, so that a busy minute hits all of them, and one line per budget: measured, floor, ratio, met or not."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    """One budget. `ratio` must be at least `budget`, or at most when `at_most`."""

    work: str
    measured: str
    floor: str
    ratio: float
    budget: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Whether the budget is kept."""
        return self.ratio <= self.budget if self.at_most else self.ratio >= self.budget


@dataclass
class Rounds:
    """What each way reached in each round, e.g. calls per second."""

    reached: dict[str, list[float]] = field(default_factory=dict)

    def note(self, way: str, value: float) -> None:
        """One round of one way."""
        self.reached.setdefault(way, []).append(value)

    def median(self, way: str) -> float:
        """The median of its rounds."""
        return statistics.median(self.reached[way])

    def ratio(self, way: str, floor: str) -> float:
        """Ratio of medians."""
        return self.median(way) / self.median(floor)

    def line(self, work: str, way: str, floor: str, budget: float) -> Line:
        """The budget of a pace: `way` at least so many times as fast as `floor`."""
        return Line(work, per_second(self.median(way)), per_second(self.median(floor)), self.ratio(way, floor), budget)


def in_turn(ways: Mapping[str, Callable[[], float]], *, rounds: int, warm_up: bool = True) -> Rounds:
    """Run every way once per round, the first round uncounted: connections, caches and statistics are made in it."""
    reached = Rounds()
    for number in range(rounds + warm_up):
        for way, run in ways.items():
            value = run()
            counted = number >= warm_up
            print(f"  {'  ' if counted else '– '}{way:44} {value:12,.1f}", flush=True)
            if counted:
                reached.note(way, value)
    return reached


def print_lines(lines: Sequence[Line]) -> None:
    """The table of docs/benchmarks.md."""
    print("| work | measured | floor | ratio | budget | met? |\n|---|---|---|---|---|---|")
    for line in lines:
        sign = "≤" if line.at_most else "≥"
        print(
            f"| {line.work} | {line.measured} | {line.floor} | {line.ratio:.2f} | {sign} {line.budget:g} | "
            f"{'yes' if line.met else '**no**'} |"
        )


def per_second(count: float) -> str:
    """1,234/s."""
    return f"{count:,.0f}/s"


def milliseconds(seconds: float) -> str:
    """12.3 ms."""
    return f"{seconds * 1000:.1f} ms"
