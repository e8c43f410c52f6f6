"""Stories of what changes between list and payment: lost accounts, corrected records, money that is missing, wrong letters, a third month."""

from tests.simulation.chance import Chance
from tests.simulation.grant_steps import GRANT_MOTIFS
from tests.simulation.office_steps import paid_in_hand
from tests.simulation.steps import TURN, Step, fate, worker


def _signatures(chance: Chance) -> list[Step]:
    """Of every list whose turn it is."""
    steps = ("submit", "approve", "release")
    return [Step(what, who="web", number=TURN, fate=fate(chance, dies=0.08, paused=0.0)) for what in steps]


def _lost(chance: Chance) -> Step:
    return Step("lose_account", who="web", number=chance.randint(0, 3), fate=fate(chance))


def _replaced(chance: Chance) -> Step:
    return Step("replace_lost", who="web", fate=fate(chance, dies=0.2, paused=0.2))


def _goes_on(chance: Chance) -> list[Step]:
    ways = (
        Step("next_month", who="web", fate=fate(chance)),
        Step("reissue", who="web", word=chance.choice(("account", "cash")), fate=fate(chance)),
    )
    return [worker(chance, "confirm"), chance.choices(ways, (1, 3))[0], worker(chance, "send")]


def lost_in_draft(chance: Chance) -> list[Step]:
    """Lost before somebody signs, between two signatures or after the last; whoever made the list replaces them, in time or too late."""
    steps = _signatures(chance)
    for step in [_lost(chance), _replaced(chance), *([_replaced(chance)] if chance.random() < 0.4 else [])]:
        steps.insert(chance.choice((0, 0, 0, 1, 2, 3)), step)
    if chance.random() < 0.4:
        steps.insert(chance.randint(0, 3), _lost(chance))
    steps += [Step("give_back_list"), _replaced(chance)] if chance.random() < 0.3 else [_replaced(chance)]
    steps += [*_signatures(chance), worker(chance, "send")]
    return [*steps, *(_goes_on(chance) if chance.random() < 0.4 else [])]


def lost_on_the_way(chance: Chance) -> list[Step]:
    """Lost while the list is released: before it is sent, or while what was sent is unknown."""
    steps = [worker(chance, "send")] if chance.random() < 0.5 else []
    steps += [Step("fault", word=chance.word("lost_before", "lost_after", "late"))] if chance.random() < 0.4 else []
    steps += [_lost(chance), worker(chance, chance.choice(("confirm", "send"))), worker(chance, "sweep")]
    return [*steps, *_goes_on(chance), *(_goes_on(chance) if chance.random() < 0.3 else [])]


def corrected(chance: Chance) -> list[Step]:
    """A record is corrected while money is under way, and what came back goes on by the new one."""
    number = chance.randint(0, 3)
    right = Step("correct_record", who="web", number=number, fate=fate(chance, dies=0.3, paused=0.1))
    news = [Step("settle", number=number, word=chance.choice(("failed", "returned"))), Step("learn", who="w1")]
    middle = [[right], [worker(chance, "send")], news]
    chance.shuffle(middle)
    steps = [step for part in middle for step in part]
    steps += [right] if chance.random() < 0.4 else []
    return [*steps, *_goes_on(chance), *(_goes_on(chance) if chance.random() < 0.4 else [])]


def topped_up(chance: Chance) -> list[Step]:
    """Money is put in before, between or after the orders that need it, and recorded or not; now and then another month begins meanwhile."""
    put_in = Step("top_up", who="web", fate=fate(chance, dies=0.3, paused=0.1))
    steps = [worker(chance, "send"), Step("wait", number=chance.choice((3, 121))), worker(chance, "sweep")]
    steps += [Step("next_month", who="web", fate=fate(chance))] if chance.random() < 0.4 else []
    steps.insert(chance.randint(0, len(steps)), put_in)
    return [*steps, worker(chance, "sweep"), worker(chance, "send")]


def third_month(chance: Chance) -> list[Step]:
    """What comes back of two months goes with the third; what came back of the first may go twice."""
    ends = ("failed", "returned", "canceled")
    steps = [worker(chance, "send")]
    steps += [Step("settle", number=number, word=chance.choice(ends)) for number in range(chance.randint(1, 3))]
    steps += [Step("learn", who="w1"), Step("next_month", who="web", fate=fate(chance, dies=0.1, paused=0.1))]
    steps += [Step("reissue", who="web", word=chance.choice(("account", "cash")))] if chance.random() < 0.3 else []
    steps += [worker(chance, "send")]
    steps += [
        Step("settle", number=chance.randint(3, 7), word=chance.choice(ends)) for _ in range(chance.randint(0, 2))
    ]
    steps += [Step("learn", who="w2"), worker(chance, "confirm")] if chance.random() < 0.7 else []
    third = Step("next_month", who="web", word="third", fate=fate(chance, dies=0.1, paused=0.1))
    return [*steps, third, *([third] if third.fate.dies_at else []), worker(chance, "send"), worker(chance, "sweep")]


def wrong_letter(chance: Chance) -> list[Step]:
    """Told as not paid, then as paid, and sent back; a letter about somebody else says it arrived, another one takes that back, and it goes on."""
    hand_over, confirmed = Step("hand_over", who="web"), Step("confirm_letter", who="web")
    told = [Step("result", who="web", word=word) for word in ("wrong", "end")]
    steps = paid_in_hand(chance)
    steps += [hand_over, Step("pay_out", number=chance.randint(0, 2)), *told, Step("sent_back", word="mistaken")]
    steps += [Step("wrong_letter", who="web"), confirmed, Step("take_letter_back", who="web", fate=fate(chance))]
    steps += [Step("confirm_letter", who="web", fate=fate(chance)), *_goes_on(chance), hand_over, Step("pay_out")]
    return [*steps, *([Step("letter", who="web"), confirmed, *_goes_on(chance)] if chance.random() < 0.3 else [])]


def other_account_at_once(chance: Chance) -> list[Step]:
    """A payee names another account, two people let it in, their money comes back, and somebody pays again: before it has cooled off, or just after.

    Where it came back first the old account is nobody's any more, and the new one is in no other's place: nothing cools off.
    """
    number = chance.randint(0, 3)
    back = [
        worker(chance, "send", dies=0.05, paused=0.0),
        Step("settle", number=number, word=chance.choice(("failed", "returned", "canceled"))),
        Step("learn", who="w1"),
    ]
    word = "payee" if chance.random() < 0.8 else ""
    named = [Step("name_account", who="web", number=number, word=word, fate=fate(chance, dies=0.1, paused=0.0))]
    named += [
        Step("approve_account", who="web", number=int(chance.random() < 0.1), fate=fate(chance, dies=0.1, paused=0.0))
    ]
    middle = [back, named] if chance.random() < 0.25 else [named, back]
    steps = [step for part in middle for step in part]
    steps += [Step("wait", number=chance.choice((200, 90_000, 800_000, 900_000)))] if chance.random() < 0.5 else []
    again = Step("reissue", who="web", word="account", fate=fate(chance, dies=0.1, paused=0.0))
    way = again if chance.random() < 0.8 else Step("next_month", who="web")
    return [*steps, worker(chance, "confirm"), way, worker(chance, "send")]


BETWEEN_MOTIFS = (
    *GRANT_MOTIFS,
    other_account_at_once,
    lost_in_draft,
    lost_in_draft,
    lost_on_the_way,
    corrected,
    corrected,
    topped_up,
    third_month,
    wrong_letter,
)
