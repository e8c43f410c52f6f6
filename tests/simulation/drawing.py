"""What a seed plays: most seeds a short story in which a few things go wrong, one in ten a long one in which all sorts of things do (ADR 59)."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.simulation.between_steps import BETWEEN_MOTIFS, lost_in_draft, other_account_at_once, topped_up
from tests.simulation.chance import Chance
from tests.simulation.debit_steps import debited_and_failed
from tests.simulation.file_steps import FILE_MOTIFS
from tests.simulation.grant_steps import gift_list
from tests.simulation.office_steps import OFFICE_MOTIFS, paid_in_hand
from tests.simulation.steps import MOTIFS, Schedule, Step, signing

Story = Callable[[Chance], list[Step]]


@dataclass(frozen=True)
class Size:
    """How many stories a seed tells, and how often it ends with all news once more, or with a proof."""

    name: str
    of_a_hundred: int
    stories: tuple[int, ...]
    told_again: float
    proven: float


SIZES = (Size("short", 84, (1,), 0.03, 0.03), Size("middle", 10, (2,), 0.12, 0.12), Size("long", 6, (3, 4), 0.4, 0.4))


@dataclass(frozen=True)
class Kind:
    """Stories of one kind, and the ways its lists may go."""

    of_a_hundred: int
    stories: tuple[Story, ...]
    by_file: tuple[str, ...] = ("",)
    by_list: tuple[str, ...] = ("",)


KINDS = {
    "API": Kind(71, MOTIFS),
    "gifts": Kind(1, (gift_list,)),
    "accounts": Kind(2, (other_account_at_once,)),
    "files": Kind(10, FILE_MOTIFS, by_file=("fa_971", "fa_971", "fa_972")),
    "provider": Kind(5, OFFICE_MOTIFS, by_list=("fa_971", "fa_971", "fa_972", "")),
    "debits": Kind(3, (debited_and_failed,)),
    "between": Kind(8, BETWEEN_MOTIFS),
}
_ALL = (*MOTIFS, *FILE_MOTIFS, *OFFICE_MOTIFS, debited_and_failed, *BETWEEN_MOTIFS, gift_list)
_OWN_WAYS = (("", ""), ("", ""), ("fa_971", ""), ("fa_972", ""), ("", "fa_971"), ("fa_971", "fa_972"))


def schedule_of(seed: int, *, only: str = "") -> Schedule:
    """The schedule of a seed: the same today and tomorrow. `only`: of that kind, from a stream of chance of its own."""
    chance = Chance(f"{only} {seed}")
    size = chance.choices(SIZES, [size.of_a_hundred for size in SIZES])[0]
    name = only or chance.choices(list(KINDS), [kind.of_a_hundred for kind in KINDS.values()])[0]
    kind = KINDS[name]
    by_file, by_list = chance.choice(kind.by_file), chance.choice(kind.by_list)
    stories = kind.stories
    if size.name == "long":
        by_file, by_list = (by_file, by_list) if by_file or by_list else chance.choice(_OWN_WAYS)
        stories = (*stories, *chance.some(_ALL))
    told = [chance.choice(chance.some(stories)) for _ in range(chance.choice(size.stories))]
    signed = lost_in_draft not in told and chance.random() < 0.92
    steps = [] if signed or told[0] is lost_in_draft else signing(chance)
    if name == "provider" and (not by_list or chance.random() < 0.3):
        steps += paid_in_hand(chance)
    steps += [step for story in told for step in story(chance)]
    return Schedule(
        seed=seed,
        steps=tuple(steps),
        chunk=chance.choice((1, 2, 200, 200)),
        record_every=chance.choice((1, 2, 100, 100)),
        turned=chance.random() < 0.3,
        page=chance.choice((2, 100)),
        signed=signed,
        by_file=by_file,
        by_list=by_list,
        alone=chance.choice(("", "fa_971", "fa_971", "fa_971")) if size.name == "short" and name == "API" else "",
        short=topped_up in told,
        told_again=chance.random() < size.told_again,
        proven=topped_up not in told and chance.random() < size.proven,
        kind=f"{size.name}, {name}",
        suspended=chance.random() < 0.3,
    )
