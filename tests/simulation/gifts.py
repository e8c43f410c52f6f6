"""A commune's list of who receives help, as a file: pressed twice, sent again longer, or with a row that can't be read; everybody named has it once."""

from functools import cache

from beneficiaries.models import Enrolment
from beneficiaries.parsers.gift_lists import COLUMNS
from payments.services.once.gift_list import import_gifts
from staff.errors import Refusal
from tests.beneficiaries.office_files import table
from tests.simulation.promises import promise
from tests.simulation.scene import Scene
from tests.simulation.stage import HELP
from tests.simulation.steps import Step

COMMUNE = "97101"
LISTED = {
    "grant": HELP.number,
    "decision": HELP.number,
    "signed": HELP.signed_on,
    "signer": HELP.signer,
    "month": f"{HELP.month:%m/%Y}",
    "birth": "1960",
    "sex": "Nữ",
    "hamlet": "Thôn 3",
}
# Whom no registry knows; the rows under a word are what a list has beside them and one person of ours.
NAMED = ("Lê Thị Bão", "Lê Thị Sạt", "Lê Thị Úng")
MORE: dict[str, tuple[dict[str, object], ...]] = {
    "": (),
    "longer": ({"name": "Lê Thị Thêm"},),
    "household": ({"name": "Lê Văn Chủ", "household": "H1", "head": "x"}, {"name": "Lê Thị Con", "household": "H1"}),
    "spoilt": ({"name": "Lê Thị Mờ", "sex": "?"},),
}


class Gifts(Scene):
    """Steps of who takes in communes' lists. `given` are the names of those a list was taken in for."""

    def _gift_list(self, step: Step) -> str:
        """The list of `number` people nobody knows and somebody of ours; the same number and word are the same file."""
        ours = Enrolment.objects.filter(unit__code=COMMUNE, programme__kind="REGULAR").order_by("pk").first()
        rows = [*({"name": name} for name in NAMED[: step.number]), *MORE[step.word]]
        content = _file(tuple(tuple(row.items()) for row in rows), ours.code if ours else "")

        def work() -> None:
            actor, unit = self.province.staff["MAKER"], self.province.units[COMMUNE]
            import_gifts(content=content, unit=unit, actor=actor, now=self.clock())
            self.given |= {str(row["name"]) for row in rows if "sex" not in row}

        self.stage.moved = True
        outcome = self._let(step, work, Refusal)
        self._everybody_named_has_it_once()
        return outcome

    def _everybody_named_has_it_once(self) -> None:
        """By the records of the grant alone, whatever the list's own register says."""
        records = Enrolment.objects.filter(programme__code=HELP.number)
        names = list(records.values_list("beneficiary__full_name", flat=True))
        people = list(records.values_list("beneficiary", flat=True))
        promise(len(set(people)) == len(people), "I1: somebody is granted twice what is granted once")
        for name in {*NAMED, *(str(row["name"]) for more in MORE.values() for row in more)}:
            promise(names.count(name) <= 1, f"I1: {name} stands on a list and is granted it {names.count(name)} times")
        promise(
            self.given <= set(names), f"I2: {sorted(self.given - set(names))} stood on a list and were granted nothing"
        )


@cache
def _file(rows: tuple[tuple[tuple[str, object], ...], ...], code: str) -> bytes:
    return table([{**LISTED, **dict(row)} for row in rows] + [{**LISTED, "code": code}], columns=COLUMNS)
