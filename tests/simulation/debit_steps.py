"""Schedules in which the account says something else than the API: debited, and called failed (ADR 40). Drawn apart, from seeds of their own."""

import random

from tests.simulation.file_steps import FIRST_WITH_FILES, draw_files
from tests.simulation.office_steps import draw_offices
from tests.simulation.steps import MOTIFS, Schedule, Step, draw, fate, worker

DAY = (
    100_800  # seconds: the statement of the day before is there, and no call of before lasts so long (`NO_CALL_LASTS`)
)


def draw_debits(seed: int) -> Schedule:
    """The schedule of a seed in which orders that fail were debited all the same."""
    chance = random.Random(f"debits of {seed}")
    steps = list(chance.choice(MOTIFS)(chance)) if chance.random() < 0.3 else []
    steps += _debited_and_failed(chance)
    steps += chance.choice(MOTIFS)(chance) if chance.random() < 0.3 else []
    return Schedule(
        seed=seed,
        steps=tuple(steps),
        chunk=chance.choice((1, 2, 200)),
        record_every=chance.choice((1, 100)),
        page=chance.choice((2, 100)),
    )


def schedule_of(seed: int) -> Schedule:
    """What a long run plays of a seed after the two thousand that gate every change: one in four has files, one in eight debits of what failed,
    one in eight a provider.
    """
    if seed < FIRST_WITH_FILES:
        return draw(seed)
    if seed % 4 == 3:
        return draw_files(seed)
    drawn = {5: draw_debits, 1: draw_offices}.get(seed % 8, draw)
    return drawn(seed)


def _debited_and_failed(chance: random.Random) -> list[Step]:
    """Debited before the API says it failed; the statement comes before or after that, and people try to pay again, in order and out of it."""
    number = chance.randint(0, 3)
    failed = [Step("settle", number=number, word=chance.choice(("failed", "failed", "canceled")))]
    told = [worker(chance, chance.choice(("learn", "sweep")))] if chance.random() < 0.8 else []
    shown = [Step("wait", number=DAY), Step("statement", who="web", fate=fate(chance, dies=0.15, paused=0.0))]
    middle = [shown, [*failed, *told]] if chance.random() < 0.4 else [[*failed, *told], shown]
    steps = [worker(chance, "send", dies=0.05, paused=0.05), Step("debit", number=number)]
    steps += [step for part in middle for step in part]
    if chance.random() < 0.3:  # confirmed before the statement is there
        steps.insert(len(steps) - 1, worker(chance, "confirm", dies=0.1, paused=0.0))
    ways = [
        Step("next_month", who="web", fate=fate(chance, dies=0.1, paused=0.1)),
        Step("reissue", who="web", word=chance.choice(("account", "cash")), fate=fate(chance, dies=0.1, paused=0.1)),
        worker(chance, "confirm"),
        worker(chance, "learn"),
        Step("statement", who="web"),
    ]
    chance.shuffle(ways)
    steps += ways[: chance.randint(2, 4)]
    if chance.random() < 0.4:
        steps += [Step("give_back", number=number), Step("wait", number=DAY), Step("statement", who="web")]
        steps += [worker(chance, "confirm"), Step("next_month", who="web")]
    return [*steps, worker(chance, "sweep"), worker(chance, "send")]
