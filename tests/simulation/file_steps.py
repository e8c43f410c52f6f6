"""Stories of lists that go in files."""

from tests.simulation.actors import Fate
from tests.simulation.chance import Chance
from tests.simulation.files import ANSWERS, UPLOAD_FAULTS
from tests.simulation.steps import WORKERS, Step, fate, worker


def _fault(chance: Chance) -> Step:
    return Step("file_fault", word=chance.word(*UPLOAD_FAULTS))


def _trouble(chance: Chance) -> list[Step]:
    return [_fault(chance) for _ in range(chance.randint(0, 2))]


def _reports(chance: Chance) -> list[Step]:
    return [Step("report", word=chance.choice(("", "", "backwards", "twice", "again")))]


def _send(chance: Chance) -> list[Step]:
    return [*_trouble(chance), worker(chance, "send_files")]


def _unknown(chance: Chance) -> list[Step]:
    """No answer to an upload; asked about after the lease, perhaps without an answer again."""
    lost = Step("file_fault", word=chance.word("lost_before", "lost_after", "late"))
    steps = [lost, worker(chance, "send_files"), Step("wait", number=chance.choice((20, 121, 121, 200)))]
    steps += [Step("silent", word="files", number=chance.randint(1, 2))] if chance.random() < 0.3 else []
    return [*steps, *_trouble(chance), worker(chance, "sweep"), worker(chance, "send_files")]


def _paused(chance: Chance) -> list[Step]:
    """A worker falls asleep with a file in hand; another one finds out about it, and it wakes."""
    asleep, awake = chance.sample(WORKERS, 2)
    steps = [_fault(chance)] if chance.random() < 0.5 else []
    steps += [Step("send_files", who=asleep, fate=Fate(paused_at=chance.randint(1, 40)))]
    steps += [Step("wait", number=121), *_trouble(chance), Step("send_files", who=awake)]
    if chance.random() < 0.5:
        steps += [Step("answer", word=chance.word(*ANSWERS)), *_reports(chance), worker(chance, "send_files")]
    return [*steps, Step("resume", who=asleep), worker(chance, "send_files")]


def _news(chance: Chance) -> list[Step]:
    """The bank's word on files and on orders, in whatever order it comes."""
    news = [Step("answer", number=chance.randint(0, 2), word=chance.word("ACTC", "ACTC", "PART", "RJCT"))]
    news += [
        Step("settle", number=chance.randint(0, 3), word=chance.choice(("posted", "returned")))
        for _ in range(chance.randint(0, 3))
    ]
    chance.shuffle(news)
    told = [worker(chance, chance.choice(("send_files", "sweep", "confirm"))), *_reports(chance)]
    return [worker(chance, "send_files"), *news, *_reports(chance), *told, worker(chance, "send_files")]


def _rejected(chance: Chance) -> list[Step]:
    """A file refused whole, by the answer or by a report; a person offers its payments again, perhaps twice."""
    steps = [Step("file_fault", word="refused_file")] if chance.random() < 0.4 else []
    steps += [worker(chance, "send_files"), Step("answer", word="RJCT"), *_reports(chance)]
    steps += [worker(chance, "send_files"), Step("offer_again", who="web", fate=fate(chance))]
    steps += [Step("offer_again", who="web")] if chance.random() < 0.3 else []
    return [*steps, worker(chance, "send_files"), *_reports(chance), worker(chance, "send_files")]


def _frozen(chance: Chance) -> list[Step]:
    """Payment is frozen with a file built and not given to the bank, or with a worker at it."""
    steps = [Step("file_fault", word=chance.word("refused_connection", "lost_before"))]
    steps += [Step("send_files", who="w1", fate=fate(chance, dies=0.2, paused=0.4)), Step("freeze", who="web")]
    steps += [Step("wait", number=121), Step("resume", who="w1"), Step("send_files", who="w2")]
    return [*steps, *([Step("lift", who="web")] if chance.random() < 0.5 else []), worker(chance, "send_files")]


def _another_way(chance: Chance) -> list[Step]:
    """What the bank refused or sent back goes with the next list, while old reports come once more."""
    ways = (Step("next_month", who="web"), Step("reissue", who="web", word=chance.choice(("account", "cash"))))
    way = chance.choice(ways)
    return [
        worker(chance, "send_files"),
        *chance.choice(
            (
                [Step("answer", word="PART")],
                [Step("answer", word="ACTC"), Step("settle", number=chance.randint(0, 3), word="returned")],
            )
        ),
        *_reports(chance),
        worker(chance, "send_files"),
        Step("wait", number=chance.choice((20, 121, 400))),
        worker(chance, "confirm"),
        Step(way.what, who="web", word=way.word, fate=fate(chance, dies=0.1, paused=0.1)),
        *_reports(chance),
        worker(chance, "send_files"),
    ]


FILE_MOTIFS = (_send, _unknown, _unknown, _paused, _paused, _news, _news, _rejected, _rejected, _frozen, _another_way)
