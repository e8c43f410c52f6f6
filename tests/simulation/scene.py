"""Where a schedule is played: the stage with its clock, the processes, the simulated bank, and how one step of anybody is done."""

from collections import deque
from collections.abc import Callable

from tests.simulation.actors import Actor
from tests.simulation.bank import SimulatedBank
from tests.simulation.files import FileDesk
from tests.simulation.promises import PromiseBroken, Promises
from tests.simulation.provider import ProviderDesk
from tests.simulation.stage import BALANCES, Stage
from tests.simulation.statements import StatementDesk
from tests.simulation.steps import Schedule, Step

HUMAN = "web"
UNSEEN = (
    "fault",
    "silent",
    "outage",
    "outage_over",
    "lose",
    "double",
    "away",
    "back",
    "file_fault",
    "answer",
    "report",
    "debit",
    "give_back",
    "pay_out",
    "sent_back",
)  # nothing anybody could see has changed


class Scene:
    """One schedule on one stage; a step `what` is done by the method `_what`."""

    def __init__(self, stage: Stage, actors: dict[str, Actor], schedule: Schedule) -> None:
        self.stage, self.actors, self.schedule = stage, actors, schedule
        self.province, self.clock = stage.province, stage.clock
        self.bank = SimulatedBank(balances=BALANCES, now=self.clock, point=self._point)
        self.bank.turned, self.bank.page_size = schedule.turned, schedule.page
        self.desk = StatementDesk(self.bank)
        self.files = FileDesk(self.bank, now=self.clock, point=self._point)
        self.provider = ProviderDesk(now=self.clock)
        self.promises = Promises(self.bank, self.files, self.provider, stage.look, self.clock)
        self.bells: deque[Callable[[], None]] = deque()
        self.broker_away = False
        self.given: set[str] = set()
        self.taken: list[tuple[Step, str]] = []

    def take(self, step: Step) -> None:
        """One step."""
        outcome = getattr(self, f"_{step.what}")(step)
        self.stage.played[step.what] += 1
        self.taken.append((step, outcome))
        if step.what not in UNSEEN:
            self.promises.check()

    def told(self) -> str:
        """The steps taken so far, with what befell whoever took them."""
        return " ".join(
            f"{step}={outcome}" if outcome in ("died", "paused") else f"{step}" for step, outcome in self.taken
        )

    def _let(self, step: Step, work: Callable[[], object], *expected: type[Exception]) -> str:
        def guarded() -> None:
            try:
                work()
            except expected:
                return

        actor = self.actors[step.who or HUMAN]
        try:
            return actor.do(guarded, step.fate)
        except PromiseBroken:
            raise
        except Exception as error:
            raise PromiseBroken(f"{step} failed: {type(error).__name__}: {error}") from error

    def _point(self, what: str) -> None:
        for actor in self.actors.values():
            actor.point(what)
