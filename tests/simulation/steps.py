"""A schedule as data: everything that chance decides is drawn from the seed before the first step, so that steps can be left out one by one."""

from dataclasses import dataclass

from tests.simulation.actors import NEVER, Fate
from tests.simulation.bank import CREATE_FAULTS
from tests.simulation.chance import Chance

WORKERS = ("w1", "w2")
TURN = 2  # number of a signature: of each list whose turn it is, by itself
MOST_POINTS = 24  # most pieces of work have fewer numbered points
# What happens to a replay: most often a limit, the one answer that says nothing of the first call and looks as if it did.
REPLAYS = ("rate_limited", "rate_limited", "rate_limited", "lost_before", "late", "refused_connection", "unavailable")


@dataclass(frozen=True)
class Step:
    """One thing that happens: `what`, done by `who`, with a number whose meaning is the step's own, and the fate of the work."""

    what: str
    who: str = ""
    number: int = 0
    word: str = ""
    fate: Fate = NEVER

    def __str__(self) -> str:
        text = self.what + (f"@{self.who}" if self.who else "")
        given = " ".join(part for part in (self.word, str(self.number) if self.number else "") if part)
        text += f"({given})" if given else ""
        text += f"†{self.fate.dies_at}" if self.fate.dies_at else ""
        return text + (f"‖{self.fate.paused_at}" if self.fate.paused_at else "")


@dataclass(frozen=True)
class Schedule:
    """Steps, and how the client of this run works: orders per claim, answers per record, order of its threads."""

    seed: int
    steps: tuple[Step, ...]
    chunk: int = 200
    record_every: int = 100
    turned: bool = False
    page: int = 100
    signed: bool = True
    by_file: str = ""  # the account at the bank whose lists go in files
    by_list: str = ""  # the account whose lists a provider pays
    alone: str = ""  # the account whose list is the only one of the day that is signed
    short: bool = False  # the accounts do not hold what was promised, until somebody tops them up
    told_again: bool = False  # at the end, all the bank ever said comes once more
    proven: bool = False  # at the end, the month is
    kind: str = ""  # what sort of story
    suspended: bool = False  # who sleeps, sleeps with the machine: the clock by which leases are watched stands still

    def __str__(self) -> str:
        client = f"chunk {self.chunk}, record every {self.record_every}, page {self.page}"
        client += (", turned" if self.turned else "") + ("" if self.signed else ", unsigned")
        client += f", {self.by_file} by file" if self.by_file else ""
        client += f", {self.by_list} by list" if self.by_list else ""
        client += f", {self.alone} alone" if self.alone else ""
        client += (", short" if self.short else "") + (", told again" if self.told_again else "")
        client += (", proven" if self.proven else "") + (", suspended" if self.suspended else "")
        return f"seed {self.seed} ({self.kind}; {client}): " + " ".join(map(str, self.steps))


def fate(chance: Chance, *, dies: float = 0.12, paused: float = 0.18) -> Fate:
    dies, paused = dies * chance.deaths, paused * chance.pauses
    draw_one = chance.random()
    point = chance.randint(1, MOST_POINTS)
    if draw_one < dies:
        return Fate(dies_at=point)
    return Fate(paused_at=point) if draw_one < dies + paused else Fate()


def worker(chance: Chance, what: str, **fates: float) -> Step:
    return Step(what, who=chance.choice(WORKERS), fate=fate(chance, **fates))


def signing(chance: Chance) -> list[Step]:
    """Three signatures, now and then with a double click, a wrong hand, a death, or the list given back in between."""
    steps = [Step("submit"), Step("approve"), Step("release")]
    if chance.random() < 0.4:
        at = chance.randrange(3)
        steps.insert(at, Step(steps[at].what, who="web", fate=fate(chance, dies=0.5, paused=0.3)))
    if chance.random() < 0.3:
        at = chance.randint(1, 2)
        steps[at:at] = [Step("give_back_list"), *steps[:at]]
    if chance.random() < 0.4:
        steps.append(chance.choice([Step("submit"), Step("approve"), Step("release"), Step("approve", number=1)]))
    if chance.random() < 0.3:
        steps.insert(chance.randint(0, 3), Step("stop", number=chance.randint(0, 3)))
    return steps


def _send(chance: Chance) -> list[Step]:
    return [_trouble(chance) for _ in range(chance.randint(0, 3))] + [worker(chance, "send")]


def _trouble(chance: Chance) -> Step:
    return Step("fault", word=chance.word(*CREATE_FAULTS))


def _wait(chance: Chance) -> Step:
    return Step("wait", number=chance.choice((1, 20, 91, 121, 121, 121, 200, 400)))


def _unknown(chance: Chance) -> list[Step]:
    """Orders without an answer, looked into after the lease, perhaps without an answer again."""
    faults = [
        Step(
            "fault",
            word=chance.word("lost_before", "lost_after", "late", "error_before", "error_after", "truncated"),
        )
        for _ in range(chance.randint(1, 3))
    ]
    again = [Step("fault", word=chance.word(*REPLAYS)) for _ in range(chance.randint(0, 3))]
    steps = [*faults, worker(chance, "send"), Step("wait", number=121), *again, worker(chance, "sweep")]
    return [
        *steps,
        Step("wait", number=chance.choice((20, 70, 121, 190, 250))),
        worker(chance, "sweep"),
        worker(chance, "send"),
    ]


def _paused(chance: Chance) -> list[Step]:
    """A worker falls asleep with orders in hand, others find out about them, then it wakes."""
    asleep, awake = chance.sample(WORKERS, 2)
    first = chance.word("rate_limited", "lost_before", "lost_after", "refused_connection", "late", "")
    second = chance.word("rate_limited", "lost_before", "lost_after", "late", "unavailable", "")
    steps = [Step("fault", word=first)] if first else []
    steps += [Step("send", who=asleep, fate=Fate(paused_at=chance.randint(1, 14))), Step("wait", number=121)]
    steps += [Step("fault", word=second) for _ in range(chance.randint(1, 4)) if second]
    steps += [Step("sweep", who=awake, fate=fate(chance, dies=0.1, paused=0.0))]
    if chance.random() < 0.5:
        steps += [Step("wait", number=chance.choice((190, 250))), Step("sweep", who=awake), Step("send", who=awake)]
    return [*steps, Step("resume", who=asleep)]


def _news(chance: Chance) -> list[Step]:
    """Things happen at the bank, and are told early, late, twice or never."""
    steps = [
        Step(
            "settle",
            number=chance.randint(0, 3),
            word=chance.choice(("posted", "posted", "failed", "canceled", "returned")),
        )
    ]
    if chance.random() < 0.5:
        steps.append(Step("settle", number=chance.randint(0, 3), word="posted"))
    if chance.random() < 0.4:
        steps.append(
            Step(
                "return",
                number=chance.randint(0, 3),
                word=chance.choice(("account_closed", "other", "invalid_currency")),
            )
        )
    steps += [
        Step("event", number=chance.randint(0, 9), who="web", fate=fate(chance)) for _ in range(chance.randint(0, 3))
    ]
    if chance.random() < 0.3:
        steps.append(Step("silent", word=chance.choice(("fa_971", "fa_972", "enquire")), number=chance.randint(1, 2)))
    steps.append(worker(chance, chance.choice(("learn", "sweep", "confirm"))))
    if chance.random() < 0.3:
        steps.append(Step("old_news", number=chance.randint(0, 99)))
    return steps


def _people(chance: Chance) -> list[Step]:
    """Somebody does something in between."""
    return [
        chance.choice(
            [
                Step("stop", number=chance.randint(0, 3), who="web", fate=fate(chance)),
                Step("stop", number=chance.randint(0, 3)),
                Step("pause"),
                Step("give_back_list"),
                Step("release"),
                Step("statement", who="web", fate=fate(chance)),
            ]
        )
    ]


def _broker(chance: Chance) -> list[Step]:
    """Bells are lost, doubled, and the broker itself is away."""
    what = chance.choice((["lose"], ["double", "deliver", "deliver"], ["away", "sweep", "back"], ["deliver"]))
    bells = [worker(chance, "sweep")]
    return bells + [worker(chance, step) if step in ("deliver", "sweep") else Step(step) for step in what]


def _long(chance: Chance) -> list[Step]:
    """So long that keys are old, or forgotten."""
    return [
        Step("wait", number=chance.choice((3_600, 71_000, 75_600, 90_000))),
        worker(chance, chance.choice(("sweep", "send", "learn"))),
    ]


def _outage(chance: Chance) -> list[Step]:
    return [Step("outage"), worker(chance, "send"), _wait(chance), worker(chance, "sweep"), Step("outage_over")]


def _storm(chance: Chance) -> list[Step]:
    return [Step("fault", word="rate_limited") for _ in range(6)] + [
        worker(chance, "send"),
        Step("wait", number=3),
        worker(chance, "send"),
    ]


def _reissue(chance: Chance) -> list[Step]:
    """What came back goes with the next month's list, or is paid again within the month, or both are tried."""
    steps = [Step("fault", word="refused_order")] if chance.random() < 0.2 else []
    steps += [
        worker(chance, "send"),
        Step("settle", number=chance.randint(0, 3), word=chance.choice(("failed", "returned", "canceled"))),
    ]
    steps += [
        Step("learn", who="w1"),
        worker(chance, "confirm"),
    ]
    ways = [
        Step("next_month", who="web", fate=fate(chance, dies=0.1, paused=0.1)),
        Step("reissue", who="web", word=chance.choice(("account", "cash")), fate=fate(chance, dies=0.1, paused=0.1)),
    ]
    steps += [*chance.choices(ways, (1, 2)), *([ways[0]] if chance.random() < 0.2 else [])]
    return [*steps, worker(chance, "send")]


def _fate_free_time(chance: Chance) -> list[Step]:
    return [_wait(chance), worker(chance, "sweep")]


def _refused_late(chance: Chance) -> list[Step]:
    """A sender sleeps with a refusal in hand; meanwhile the order is offered again and taken, of which nothing is heard."""
    asleep, awake = chance.sample(WORKERS, 2)
    unheard = [Step("fault", word=chance.choice(("late", "lost_after"))) for _ in range(4)]
    unheard += [Step("silent", word="fa_971", number=2), Step("silent", word="fa_972", number=2)]
    return [
        Step("fault", word=chance.word("rate_limited", "refused_connection")),
        Step("send", who=asleep, fate=Fate(paused_at=chance.randint(9, 16))),
        Step("wait", number=121),
        *unheard,
        Step("sweep", who=awake),
        Step("resume", who=asleep),
    ]


def _killed(chance: Chance) -> list[Step]:
    """A sender is killed with orders in hand."""
    steps = [_trouble(chance)] if chance.random() < 0.3 else []
    steps += [Step("send", who="w1", fate=Fate(dies_at=chance.randint(5, 20)))]
    return [*steps, _wait(chance), worker(chance, "send"), worker(chance, "sweep")]


def _freeze(chance: Chance) -> list[Step]:
    """Payment is frozen, a worker at work or not; lifted in time or only at the end."""
    steps = [worker(chance, "send", dies=0.0, paused=0.6), Step("freeze", who="web", fate=fate(chance))]
    steps += [Step("resume", who=who) for who in WORKERS] + [worker(chance, "send"), worker(chance, "sweep")]
    return steps + ([Step("lift", who="web", fate=fate(chance))] if chance.random() < 0.5 else [])


def _close(chance: Chance) -> list[Step]:
    """All is paid, or nearly, and somebody closes the cycle while others go on."""
    steps = [worker(chance, "send", dies=0.05, paused=0.1)]
    steps += [Step("settle", number=at, word="posted") for at in range(chance.choice((3, 4, 4, 4)))]
    steps += [Step("learn", who="w1"), Step("close", who="web", fate=fate(chance, dies=0.2, paused=0.2))]
    after = [
        Step("return", number=chance.randint(0, 3), word="account_closed"),
        Step("reissue", who="web", word="cash"),
        Step("next_month", who="web"),
        Step("close", who="web"),
        worker(chance, "sweep"),
    ]
    return steps + chance.sample(after, k=chance.randint(1, 3))


def _end_of_enquiry(chance: Chance) -> list[Step]:
    """Nobody can learn what became of an order; people end it, its money goes another way, and the bank may have had it after all."""
    surfaces = Step("surface", number=chance.randint(0, 3))
    steps = [Step("fault", word="lost_before") for _ in range(chance.choice((1, 1, 2, 4)))]
    steps += [Step("send", who="w1"), Step("wait", number=75_600), worker(chance, "sweep")]
    steps += [
        Step("take_unknown", who="web", word=chance.choice(("CHECKER", "RELEASER")), fate=fate(chance, paused=0.0))
    ]
    steps += [Step("answer_unknown", who="web", fate=fate(chance, paused=0.0))] if chance.random() < 0.9 else []
    steps += [Step("wait", number=chance.choice((100_800, 100_800, 3_600)))]
    steps += [surfaces] if chance.random() < 0.2 else []
    steps += [Step("end_unknown", who="web", number=int(chance.random() < 0.1), fate=fate(chance))]
    steps += [worker(chance, "confirm")] if chance.random() < 0.8 else []
    steps += [surfaces] if chance.random() < 0.3 else []
    steps += [Step("event", who="web", number=chance.randint(0, 9))] if chance.random() < 0.5 else []
    (way,) = chance.choices((Step("next_month", who="web"), Step("reissue", who="web", word="account")), (1, 2))
    steps += [Step(way.what, who="web", word=way.word, fate=fate(chance, dies=0.1, paused=0.1))]
    steps += [surfaces] if chance.random() < 0.3 else []
    steps += [Step("event", who="web", number=chance.randint(0, 9))] if chance.random() < 0.5 else []
    return [*steps, worker(chance, "sweep"), worker(chance, "send"), worker(chance, "sweep")]


MOTIFS = (
    _send, _send, _unknown, _unknown, _unknown, _paused, _paused, _paused, _news, _news, _people, _people, _people, _broker, _broker, _broker, _broker,
    _long, _outage, _storm, _killed, _killed, _reissue, _fate_free_time, _freeze, _close, _end_of_enquiry, _end_of_enquiry, _refused_late, _refused_late,
    _refused_late, _refused_late,
)  # fmt: skip
