"""Stories of grants after the lists, of people who come back, and of two months paid together."""

from tests.simulation.chance import Chance
from tests.simulation.steps import Step, fate, worker


def _grant(chance: Chance) -> Step:
    word = chance.choice(("", "", "newcomer", "household"))
    return Step("grant", who="web", number=chance.randint(0, 3), word=word, fate=fate(chance, dies=0.1, paused=0.0))


def _listed(chance: Chance) -> list[Step]:
    made = Step("supplement", who="web", fate=fate(chance, dies=0.2, paused=0.1))
    return [made, *([Step("sign_rest", who="web")] if made.fate.dies_at or chance.random() < 0.1 else [])]


def granted_after_the_lists(chance: Chance) -> list[Step]:
    """Help for people already paid and for strangers, listed once or several times while the month's own lists go out, and the month closed early or late."""
    steps = [worker(chance, "send")] if chance.random() < 0.5 else []
    for _ in range(chance.randint(1, 2)):
        steps += [_grant(chance) for _ in range(chance.randint(1, 2))]
        steps += [*_listed(chance), worker(chance, "send")]
    if chance.random() < 0.4:
        steps += [Step("settle", number=chance.randint(0, 5), word=chance.choice(("failed", "returned", "canceled")))]
        steps += [Step("learn", who="w1"), worker(chance, "confirm")]
        steps += [Step("reissue", who="web", word=chance.choice(("account", "cash")), fate=fate(chance))]
    if chance.random() < 0.3:
        steps += [Step("hand_over", who="web", number=chance.randint(0, 1)), Step("pay_out")]
        steps += [Step("result", who="web", word=chance.word("end", "part", "wrong"))]
    if chance.random() < 0.4:
        steps += [*[Step("settle", number=at, word="posted") for at in range(6)], Step("learn", who="w2")]
        late = [_grant(chance)] if chance.random() < 0.5 else []
        steps += [*late, Step("close", who="web", fate=fate(chance)), _grant(chance), *_listed(chance)]
    else:
        steps += [Step("next_month", who="web", fate=fate(chance))] if chance.random() < 0.4 else []
    return [*steps, worker(chance, "sweep"), worker(chance, "send")]


def came_back(chance: Chance) -> list[Step]:
    """Somebody leaves and takes it back, before or after the new commune took them in, and the next lists are made early or late."""
    out = Step("move_out", who="web", number=chance.randint(0, 3), word="august", fate=fate(chance))
    again = Step("take_up_again", who="web", number=chance.randint(0, 1), fate=fate(chance, dies=0.2, paused=0.0))
    there = Step("arrive_there", who="web", fate=fate(chance))
    middle = [again, there, Step("next_month", who="web", fate=fate(chance)), worker(chance, "send")]
    chance.shuffle(middle)
    steps = [out, *middle[: chance.randint(2, 4)], *([again] if chance.random() < 0.3 else [])]
    if chance.random() < 0.5:
        steps += [Step("settle", number=chance.randint(0, 7), word=chance.choice(("failed", "returned")))]
        steps += [Step("learn", who="w1"), worker(chance, "confirm"), Step("reissue", who="web", word="cash")]
    return [*steps, Step("next_month", who="web", word="third"), worker(chance, "send")]


def two_months_at_once(chance: Chance) -> list[Step]:
    """September and October are paid together; what came back of them or of August goes on, and October is asked for again."""
    steps = [worker(chance, "send")]
    steps += [Step("settle", number=chance.randint(0, 3), word=chance.choice(("failed", "returned", "canceled")))]
    steps += [Step("learn", who="w1")] if chance.random() < 0.8 else []
    both = Step("next_month", who="web", word="both", fate=fate(chance, dies=0.1, paused=0.1))
    steps += [both, worker(chance, "send")]
    if chance.random() < 0.6:
        steps += [Step("settle", number=chance.randint(3, 7), word=chance.choice(("failed", "returned")))]
        steps += [Step("learn", who="w2"), worker(chance, "confirm")]
    return [*steps, Step("next_month", who="web", word="third", fate=fate(chance)), worker(chance, "send")]


def gift_list(chance: Chance) -> list[Step]:
    """A commune's list is sent and pressed twice, by whoever dies over it too, then sent again longer, while lists are made of it and paid."""
    number, word = chance.randint(0, 3), chance.choice(("", "household", "spoilt"))
    again = Step("gift_list", who="web", number=number, word=word)
    first = Step("gift_list", who="web", number=number, word=word, fate=fate(chance, dies=0.5, paused=0.2))
    steps = [worker(chance, "send")] if chance.random() < 0.5 else []
    steps += [first, *([_grant(chance)] if chance.random() < 0.2 else []), again]
    steps += [*_listed(chance), worker(chance, "send")] if chance.random() < 0.7 else []
    longer = Step("gift_list", who="web", number=number, word="longer", fate=fate(chance, dies=0.3, paused=0.1))
    steps += [longer] if chance.random() < 0.7 else [Step("close", who="web"), again]
    return [*steps, *_listed(chance), worker(chance, "sweep"), worker(chance, "send")]


GRANT_MOTIFS = (granted_after_the_lists, granted_after_the_lists, came_back, two_months_at_once)
