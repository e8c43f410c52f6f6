"""Mục lục ngân sách: data recorded once per programme, source and year, in reach, never edited, and printed on lists."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from beneficiaries.models import Programme
from payments.models import BudgetCode
from payments.services.lists.budget_codes import codes_text
from staff.models import User
from tests.api.world import World

URL = "/api/budget-codes/"
LINE = {"unit": "97101", "programme": "TCXH", "year": 2024, "chapter": "800", "section": "370-398", "item": "7150-7199", "budget_user": "1234567"}  # fmt: skip


def given(client, **changes: object):
    return client.post(URL, LINE | changes, format="json")


def printed(world: World, unit: str, year: int = 2024) -> str:
    programme = Programme.objects.get(code="TCXH")
    return codes_text(unit=world.units[unit], programme_id=programme.pk, budget_source=programme.budget_source, year=year)  # fmt: skip


def test_the_last_codes_count_and_those_that_hold_are_one_row(world: World, as_staff):
    accountant = as_staff("CHECKER", "971")

    first, again, other = given(accountant), given(accountant), given(accountant, chapter="801")

    assert first.data["id"] == again.data["id"] != other.data["id"]
    assert printed(world, "97101") == "Chương 801 Loại-khoản 370-398 Mục-tiểu mục 7150-7199 · Mã ĐVQHNS 1234567"
    assert [row["chapter"] for row in accountant.get(URL, {"year": 2024}).data["results"]] == ["801", "800"]


def test_a_commune_without_codes_of_its_own_prints_those_of_the_unit_above_and_nothing_else_prints_dots(
    world: World, as_staff
):
    given(as_staff("CHECKER", "971"), unit="971")

    assert printed(world, "97101").startswith("Chương 800")
    assert printed(world, "97101", year=2025) == printed(world, "97201") == "Chương …… Loại-khoản …… Mục-tiểu mục ……"


@pytest.mark.parametrize(
    "wrong", [{"chapter": "80"}, {"section": "370398"}, {"item": "7150-719x"}, {"budget_user": "123"}, {"year": 1999}]
)
def test_what_is_no_code_is_refused(world: World, as_staff, wrong):
    assert given(as_staff("CHECKER", "971"), **wrong).status_code == 400


def test_a_stranger_finds_nothing_and_only_the_accountant_records(world: World, as_staff):
    given(as_staff("CHECKER", "971"))
    stranger = as_staff("CHECKER", "972")

    assert given(stranger).status_code == 404
    assert stranger.get(URL).data["results"] == []
    assert {given(as_staff(role, "971")).status_code for role in ("MAKER", "RELEASER", "AUDITOR", "LEADER")} == {403}


def test_nobody_edits_or_deletes_them_and_the_database_knows_codes(world: World, as_staff):
    given(as_staff("CHECKER", "971"))

    for statement in (
        "UPDATE payments_budgetcode SET chapter = '900'",
        "DELETE FROM payments_budgetcode",
        "INSERT INTO payments_budgetcode (unit_id, programme_id, budget_source, year, chapter, section, item, budget_user, recorded_by_id, recorded_at) "
        "SELECT unit_id, programme_id, 'x', year, 'ABC', section, item, budget_user, recorded_by_id, recorded_at FROM payments_budgetcode",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert BudgetCode.objects.get().chapter == "800"


def test_by_command_too(world: World, as_staff):
    as_staff("CHECKER", "971")
    actor = User.objects.get(role="CHECKER", unit__code="971")
    codes = ("--section", "370-398", "--item", "7150-7199", "--budget-user", "1234567")
    words = ("budget_codes", "97101", "TCXH", "2024", *codes, "--actor", actor.username)
    said = StringIO()

    call_command(*words, "--chapter", "800", stdout=said)

    assert "chương 800" in said.getvalue()
    with pytest.raises(CommandError, match="3 chữ số"):
        call_command(*words, "--chapter", "8")
