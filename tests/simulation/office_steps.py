"""Stories in which a provider pays: lists in hand and into accounts, answers in part, late, wrong or old, letters, and money that goes on."""

from tests.simulation.chance import Chance
from tests.simulation.provider import ANSWERS
from tests.simulation.steps import Step, fate, worker


def _given(chance: Chance) -> Step:
    return Step("hand_over", who="web", number=chance.randint(0, 2), fate=fate(chance, dies=0.15, paused=0.1))


def _paid(chance: Chance, most: int = 4) -> list[Step]:
    return [Step("pay_out", number=chance.randint(0, 3)) for _ in range(chance.randint(0, most))]


def _told(chance: Chance, *words: str) -> Step:
    word = chance.word(*(words or ANSWERS))
    return Step("result", who="web", number=chance.randint(0, 3), word=word, fate=fate(chance, dies=0.15, paused=0.1))


def _goes_on(chance: Chance) -> list[Step]:
    """What was not paid goes with the next month's list, or again within the month."""
    ways = (Step("next_month", who="web"), Step("reissue", who="web", word=chance.choice(("account", "cash"))))
    (way,) = chance.choices(ways, (1, 2))
    return [
        worker(chance, "confirm"),
        Step(way.what, who="web", word=way.word, fate=fate(chance, dies=0.1, paused=0.1)),
        *([_given(chance)] if chance.random() < 0.7 else []),
        worker(chance, "send"),
    ]


def paid_in_hand(chance: Chance) -> list[Step]:
    """What the bank failed or sent back is to be paid in hand."""
    ends = ("failed", "returned", "canceled")
    return [
        worker(chance, "send", dies=0.05, paused=0.05),
        *[Step("settle", number=number, word=chance.choice(ends)) for number in range(chance.randint(1, 4))],
        Step("learn", who="w1"),
        worker(chance, "confirm"),
        Step("reissue", who="web", word="cash", fate=fate(chance, dies=0.1, paused=0.1)),
    ]


def _list_and_answer(chance: Chance) -> list[Step]:
    steps = [_given(chance), *_paid(chance), _told(chance), *_paid(chance, 2)]
    return [*steps, *([_given(chance)] if chance.random() < 0.3 else []), _told(chance)]


def _unclaimed(chance: Chance) -> list[Step]:
    """Not collected in time: carried on, while the provider's old answers come once more."""
    steps = [_given(chance), *_paid(chance, 2), _told(chance, "end", "end", "wrong"), *_goes_on(chance)]
    return [*steps, *_paid(chance, 2), _told(chance, "old", "part", "end")]


def _corrected(chance: Chance) -> list[Step]:
    """Told as not paid by mistake, and put right: before or after the money goes on, with a letter and two people, or without."""
    steps = [_given(chance), *_paid(chance), Step("pay_out"), Step("result", who="web", word="wrong")]
    corrected = [Step("result", who="web", word=chance.choice(("part", "end")), fate=fate(chance))]
    middle = [corrected, _goes_on(chance)]
    chance.shuffle(middle)
    steps += [step for part in middle for step in part]
    steps += [
        Step("letter", who="web", fate=fate(chance)),
        Step("confirm_letter", who="web", number=int(chance.random() < 0.2)),
    ]
    steps += [_told(chance, "old")] if chance.random() < 0.6 else []
    return [*steps, *_goes_on(chance), _told(chance, "old", "end")]


def _came_back(chance: Chance) -> list[Step]:
    """Paid, told, and days later the money is with the provider again."""
    steps = [_given(chance), *_paid(chance), Step("pay_out"), _told(chance, "part", "end")]
    steps += [Step("sent_back", number=chance.randint(0, 3)), _told(chance, "part", "end"), *_goes_on(chance)]
    return [*steps, Step("letter", who="web"), Step("confirm_letter", who="web"), *_goes_on(chance)]


def _stopped(chance: Chance) -> list[Step]:
    """Somebody is taken off, or payment is frozen, while a list goes out."""
    middle = [
        Step("stop", number=chance.randint(0, 5), who="web", fate=fate(chance)),
        Step("freeze", who="web", fate=fate(chance)),
        _given(chance),
    ]
    chance.shuffle(middle)
    return [*middle, _given(chance), *_paid(chance), Step("lift", who="web"), _given(chance), _told(chance)]


def _moves(chance: Chance) -> list[Step]:
    """Somebody moves to the other district, and is taken in there before or after the next month's lists are made."""
    number = chance.randint(0, 3)
    out = Step(
        "move_out", who="web", number=number, word=chance.choice(("august", "august", "july")), fate=fate(chance)
    )
    ends = chance.choice(("posted", "failed", "returned", "canceled"))
    news = [Step("settle", number=number, word=ends), Step("learn", who="w1"), worker(chance, "confirm")]
    middle = [[out], [worker(chance, "send")], news]
    chance.shuffle(middle)
    steps = [step for part in middle for step in part]
    there = Step("arrive_there", who="web", fate=fate(chance))
    steps += [there, *_goes_on(chance)] if chance.random() < 0.7 else [*_goes_on(chance), there]
    return [
        *steps,
        Step("reissue", who="web", word=chance.choice(("account", "cash"))),
        _given(chance),
        *_paid(chance, 2),
    ]


def _other_account(chance: Chance) -> list[Step]:
    """Somebody names another account while money is under way to the old one; approved, it cools off, or does not yet."""
    number = chance.randint(0, 3)
    steps = [worker(chance, "send")] if chance.random() < 0.7 else []
    steps += [Step("name_account", who="web", number=number, fate=fate(chance))]
    steps += [Step("approve_account", who="web", number=int(chance.random() < 0.2), fate=fate(chance))]
    steps += [Step("wait", number=chance.choice((200, 90_000, 900_000)))] if chance.random() < 0.7 else []
    steps += [Step("settle", number=number, word=chance.choice(("failed", "returned"))), Step("learn", who="w1")]
    return [*steps, *_goes_on(chance), *_goes_on(chance)]


OFFICE_MOTIFS = (
    _list_and_answer,
    _list_and_answer,
    _unclaimed,
    _unclaimed,
    _corrected,
    _corrected,
    _came_back,
    _stopped,
    _moves,
    _moves,
    _other_account,
    _other_account,
)
