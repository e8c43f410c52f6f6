"""A list of households as clerks keep it in Excel: one row per member, by household, the head marked."""

from collections import defaultdict

from beneficiaries.models import Beneficiary, Enrolment
from beneficiaries.parsers.values import text_of
from beneficiaries.parsers.workbook import read_table
from payments.errors import HouseholdsUnclear
from payments.services.once.one_off import Household
from staff.models import User

COLUMNS = {"household": "Mã hộ", "code": "Mã hồ sơ hưởng", "head": "Chủ hộ"}


def read_households(*, content: bytes, actor: User) -> list[Household]:
    """The households of a list; `Chủ hộ` is marked (x) in exactly one row of each. People outside the actor's reach are nobody.

    Raises `FileUnreadable`, and `HouseholdsUnclear` with every row and household that can't be told: then nobody is granted anything, so that
    nobody is left out unseen.
    """
    rows = [
        (row.number, text_of(row.cells["household"]), text_of(row.cells["code"]), bool(text_of(row.cells["head"])))
        for row in read_table(content, columns=COLUMNS)
    ]
    known = _people({code for _, _, code, _ in rows}, actor=actor)
    wrong = [f"dòng {number}" for number, household, code, _ in rows if not household or code not in known]
    members: dict[str, list[Beneficiary]] = defaultdict(list)
    heads: dict[str, list[Beneficiary]] = defaultdict(list)
    for _, household, code, is_head in rows:
        if code in known:
            members[household].append(known[code])
            if is_head:
                heads[household].append(known[code])
    wrong += [f"hộ {household}" for household in members if len(heads[household]) != 1]
    if wrong:
        raise HouseholdsUnclear(conflicts=wrong)
    return [Household(heads[household][0], people) for household, people in members.items()]


def _people(codes: set[str], *, actor: User) -> dict[str, Beneficiary]:
    path = actor.unit.path if actor.unit else "-"
    found = Enrolment.objects.filter(code__in=codes, unit__path__startswith=path).select_related("beneficiary")
    return {enrolment.code: enrolment.beneficiary for enrolment in found}
