"""What a leader takes along on one page: sentences to read aloud, the lowest communes with their numbers of people, reasons with who and by when."""

from typing import Any

from payments.money import format_percent, percent
from reconciliation.reports.obstacles import write_proposals
from reconciliation.reports.reasons import HANDLING
from reconciliation.reports.tables.table import Figures
from reconciliation.reports.wording import write_sentences

LOWEST = 5


def brief_of(figures: Figures) -> dict[str, Any]:
    """`{sentences, lowest, reasons, proposals}`, all from the figures of a report; coverage never without its numbers (3 of 4 is not 75 % of anything)."""
    said = write_sentences(figures)
    communes = [unit for unit in figures["units"] if unit["kind"] == "COMMUNE" and unit["beneficiaries"]]
    communes.sort(key=lambda unit: (percent(unit["accounts"], unit["beneficiaries"]), unit["name"]))
    return {
        "sentences": [said.accounts, said.payments, said.gap],
        "lowest": [
            {
                "code": unit["code"], "name": _told_apart(unit, figures["units"]), "accounts": unit["accounts"], "beneficiaries": unit["beneficiaries"],
                "coverage": format_percent(unit["accounts"], unit["beneficiaries"]), "unpaid": unit["unpaid"],
            }
            for unit in communes[:LOWEST]
        ],
        "reasons": [
            {
                "reason": row["label"], "people": row["people"], "unpaid": row["unpaid"],
                "responsible": handling.responsible if (handling := HANDLING.get(row["reason"])) else "",
                "deadline": handling.deadline if handling else "",
            }
            for row in figures["gap"]["reasons"]
        ],
        "proposals": write_proposals(figures),
    }  # fmt: skip


def _told_apart(unit: Figures, units: list[Figures]) -> str:
    """With the unit above it, where two of a province bear one name."""
    above = next((one["name"] for one in units if one["code"] == unit["parent"]), "")
    twice = sum(one["name"] == unit["name"] for one in units) > 1
    return f"{unit['name']}, {above}" if twice and above else str(unit["name"])
