"""What is frozen beside the headline: by sex and age, steps of opening accounts, quality of data, money at the bank, work not done."""

from collections import Counter
from datetime import date

from beneficiaries.models import Case
from beneficiaries.models.quality import COUNTS
from beneficiaries.services.accounts.coverage import funnel_by_commune
from reconciliation.reports.counting import Counted, Row
from reconciliation.reports.small_groups import merge_small_groups
from staff.models import AdministrativeUnit

_PERSON_KEYS = ("beneficiaries", "accounts", "paid_cashless")


def persons_by_sex_and_age(counted: Counted) -> Row:
    """`{sex, age}`: rows `{code, name, beneficiaries, accounts, paid_cashless}`; groups under five people stand together."""
    parts: dict[str, list[Row]] = {"sex": [], "age": []}
    for row in counted.persons:
        parts[row["kind"]].append({**row, "sensitive": False})
    return {
        kind: [{key: row[key] for key in ("code", "name", *_PERSON_KEYS)} for row in merge_small_groups(rows)]
        for kind, rows in parts.items()
    }


def opening_steps(*, unit: AdministrativeUnit, on: date) -> dict[str, dict[str, int]]:
    """People by the step their best account had reached on the day, per commune code; each person stands at one step."""
    return dict(sorted(funnel_by_commune(unit=unit, on=on).items()))


def data_quality(counted: Counted) -> Row | None:
    """`{taken_on, units}`: counts per commune code on the last counted day of the period, None where no day was counted."""
    if not counted.quality:
        return None
    keys = ("files", *COUNTS, "signer")
    return {
        "taken_on": counted.quality[0]["taken_on"],
        "units": {row["code"]: {key: row[key] for key in keys} for row in counted.quality},
    }


def funds(counted: Counted) -> list[Row]:
    """Money per funding account, đồng, by our journal: at the bank (opening, received, paid, returned, charges, adjusted, closing), and what left it

    for the cash provider (`provider_opening` before the period, `forwarded` in it less what came back), for the budget (`refunded`), as `fees`.
    """
    return counted.money_at_bank


def registers_of(counted: Counted) -> dict[str, int]:
    """Residents, the dead among them, cards and electronic identities of all communes together; zeros where no extract was loaded."""
    keys = ("residents", "deceased", "cards_issued", "eid_eligible", "eid_active")
    sums = summed(counted.registers, list(counted.registers))
    return {key: sums.get(key, 0) for key in keys}


def open_work(counted: Counted) -> list[Row]:
    """`{kind, label, open, overdue, escalated}` as of the last day, most open first; kinds with nothing to say are left out."""
    rows = [{**row, "label": str(Case.Kind(row["kind"]).label)} for row in counted.cases]
    return sorted((row for row in rows if row["open"] or row["escalated"]), key=lambda row: (-row["open"], row["kind"]))


def summed(units: dict[str, Row], codes: list[str]) -> dict[str, int]:
    """The sum of the counts of some communes; texts are left out."""
    total: Counter[str] = Counter()
    for code in codes:
        total.update({key: value for key, value in units.get(code, {}).items() if isinstance(value, int)})
    return dict(total)
