"""Stories in which the account says something else than the API: debited, and called failed (ADR 40)."""

from tests.simulation.chance import Chance
from tests.simulation.steps import Step, fate, worker

DAY = (
    100_800  # seconds: the statement of the day before is there, and no call of before lasts so long (`NO_CALL_LASTS`)
)


def debited_and_failed(chance: Chance) -> list[Step]:
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
    if chance.random() < 0.6:
        steps += [Step("give_back", number=number), Step("wait", number=DAY), Step("statement", who="web")]
        steps += [worker(chance, "confirm"), Step("next_month", who="web")]
    return [*steps, worker(chance, "sweep"), worker(chance, "send")]
