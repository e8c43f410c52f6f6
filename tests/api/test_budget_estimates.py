"""Dự toán giao: recorded once per decision, in reach, never below zero, never edited, and divided by in Biểu 05."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from payments.models import BudgetEstimate
from reconciliation.reports.snapshot import count_figures
from reconciliation.reports.tables import funds_table
from tests.api.world import World

URL = "/api/budget-estimates/"
LINE = {"unit": "97101", "programme": "TCXH", "year": 2024, "amount": 1_000_000, "document": "1/QĐ", "decided_on": "2023-12-15"}  # fmt: skip


def given(client, **changes: object):
    return client.post(URL, LINE | changes, format="json")


class TestRecording:
    def test_the_same_line_twice_is_one_row_and_another_amount_is_refused(self, world: World, as_staff):
        accountant = as_staff("CHECKER", "971")

        first, again, other = given(accountant), given(accountant), given(accountant, amount=2)

        assert (first.data["id"], first.data["budget_source"]) == (again.data["id"], "Ngân sách địa phương")
        assert (other.status_code, other.data["code"]) == (409, "ESTIMATE_RECORDED")
        assert [row["amount"] for row in accountant.get(URL, {"year": 2024}).data["results"]] == [1_000_000]
        assert accountant.get(URL, {"year": 2025}).data["results"] == []

    def test_no_more_is_taken_back_than_was_given(self, world: World, as_staff):
        accountant = as_staff("CHECKER", "971")
        given(accountant)

        too_much = given(accountant, amount=-1_000_001, document="2/QĐ")
        all_of_it = given(accountant, amount=-1_000_000, document="3/QĐ")

        assert (too_much.status_code, too_much.data["code"], all_of_it.status_code) == (409, "ESTIMATE_BELOW_ZERO", 200)

    @pytest.mark.parametrize(
        "wrong", [{"amount": 0}, {"amount": 10**15}, {"year": 1999}, {"document": ""}, {"decided_on": "?"}]
    )
    def test_what_can_not_be_is_refused(self, world: World, as_staff, wrong):
        assert given(as_staff("CHECKER", "971"), **wrong).status_code == 400

    def test_another_districts_unit_is_not_there(self, world: World, as_staff):
        given(as_staff("CHECKER", "971"))
        stranger = as_staff("CHECKER", "972")

        assert given(stranger).status_code == 404
        assert stranger.get(URL).data["results"] == []
        assert [role for role in ("MAKER", "RELEASER", "AUDITOR") if given(as_staff(role, "971")).status_code != 403] == []  # fmt: skip

    def test_nobody_edits_or_deletes_a_line(self, world: World, as_staff):
        given(as_staff("CHECKER", "971"))

        for statement in ("UPDATE payments_budgetestimate SET amount = 5", "DELETE FROM payments_budgetestimate"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)

        assert BudgetEstimate.objects.get().amount == 1_000_000


class TestInTheReport:
    def budget(self, world: World, *, on: date = date(2024, 9, 30)) -> dict[str, int]:
        figures = count_figures(unit=world.units["97"], from_on=date(2024, 7, 1), to_on=on, kind="QUARTER")
        return {row["programme"]: row["estimate"] for row in figures["budget"]}

    def test_lines_of_the_year_signed_by_the_last_day_are_added(self, world: World, as_staff):
        accountant = as_staff("CHECKER", "97")
        given(accountant, amount=40, document="1/QĐ", decided_on="2024-09-30")
        given(accountant, amount=2, document="2/QĐ", decided_on="2024-07-01")
        given(accountant, amount=300, document="3/QĐ", decided_on="2024-10-01")
        given(accountant, amount=500, document="4/QĐ", year=2025)

        assert self.budget(world) == {"TCXH": 42}

    def test_without_an_estimate_the_rate_is_not_known_and_with_one_it_is_spent_over_given(self):
        row = {"programme": "A", "name": "A", "budget_source": "x", "paid": 900, "returned": 100, "cash": 200, "refunded": 0, "spent_year": 3_000}  # fmt: skip
        figures = {
            "unit": {"name": "tỉnh A"},
            "period": {"to": "2024-09-30"},
            "funds": [],
            "headline": {"cash_money": 0},
        }
        known = funds_table(figures | {"budget": [row | {"estimate": 4_000}]})
        partly = funds_table(figures | {"budget": [row | {"estimate": 4_000}, row | {"name": "B", "estimate": None}]})

        assert known is not None
        assert partly is not None
        assert [str(line.cells[12]) for line in known.lines[:3:2]] == ["25.00", "25.00"]
        assert "đã chi 3.000 đồng, bằng 75,00% dự toán giao" in known.notes[0]
        assert (partly.lines[0].cells[2], partly.lines[0].cells[12], partly.lines[3].cells[12]) == (4_000, None, None)
