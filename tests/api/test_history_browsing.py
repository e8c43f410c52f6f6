"""Browsing the history: who, what, when, why; nothing of another unit, nothing that reveals an illness, and every table that keeps one is there."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from beneficiaries.models import BenefitCategory, Enrolment
from payments.models import PaymentBatch
from reconciliation.services.browse_history import KEPT
from staff.models import Assignment, HistoryRow
from staff.services.checking import check_history
from staff.services.labels import labelled
from staff.services.sealing import seal_history
from tests.api.world import World

NOW = datetime(2024, 9, 1, 17, 20, tzinfo=UTC)
Client = Callable[[str, str], APIClient]


def browse(client: APIClient, **query: object) -> list[dict[str, Any]]:
    answer = client.get("/api/history/", query)
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


def test_every_table_that_keeps_a_history_can_be_browsed(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT substr(proname, 12) FROM pg_proc WHERE proname LIKE 'history\\_of\\_%%'")
        kept = {name for (name,) in cursor.fetchall()}

    assert kept == set(KEPT)


def test_one_record_tells_who_what_when_why_and_by_which_request(world: World, as_staff: Client) -> None:
    batch, maker = world.lists["971", "ACCOUNT"], world.staff["MAKER", "971"]
    with labelled(actor_id=maker.pk, why="POST batches/<int:batch_id>/pause/", request_id="r-12345678"):
        PaymentBatch.objects.filter(pk=batch.pk).update(paused=True)

    (row,) = browse(as_staff("AUDITOR", "971"), relation="payments_paymentbatch", row=batch.pk)

    assert row["actor"] == {"username": "maker.971", "full_name": "MAKER 971"}
    assert row["changes"] == [{"column": "paused", "before": False, "after": True}]
    assert (row["why"], row["request_id"]) == ("POST batches/<int:batch_id>/pause/", "r-12345678")
    assert (row["relation_label"], row["operation_label"]) == ("Danh sách chi trả", "Sửa")


def test_of_one_member_of_staff_only_what_lies_in_the_reader_s_subtree(world: World, as_staff: Client) -> None:
    maker = world.staff["MAKER", "971"]
    Assignment.objects.create(
        officer=maker,
        unit=world.units["972"],
        from_on=NOW.date(),
        assigned_by=world.staff["RELEASER", "97"],
        assigned_at=NOW,
    )
    with labelled(actor_id=maker.pk, why="x"):
        PaymentBatch.objects.update(paused=True)  # both districts' lists

    seen = {unit: browse(as_staff("AUDITOR", unit), actor="maker.971") for unit in ("971", "97")}

    assert [row["row"] for row in seen["971"]] == [world.lists["971", "ACCOUNT"].pk]
    assert len(seen["97"]) == 2


@pytest.mark.parametrize("role", ["AUDITOR"])
def test_a_record_elsewhere_and_one_there_is_not_are_the_same_answer(world: World, as_staff: Client, role: str) -> None:
    client, other = as_staff(role, "971"), world.lists["972", "ACCOUNT"].pk
    queries = [
        {"relation": "payments_paymentbatch", "row": other},
        {"relation": "payments_paymentbatch", "row": 999_999_999},
        {"actor": "maker.972"},
        {"actor": "khong.co"},
        {"actor": "maker.97"},  # above the reader
    ]

    answers = [client.get("/api/history/", query) for query in queries]

    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}


def test_a_category_that_reveals_an_illness_is_shown_by_its_neutral_code(world: World, as_staff: Client) -> None:
    enrolment = Enrolment.objects.filter(category__sensitive=True, unit__path__startswith="/97/971/").first()
    assert enrolment is not None
    sensitive = enrolment.category
    other = BenefitCategory.objects.filter(sensitive=False, programme=enrolment.programme).first()
    Enrolment.objects.filter(pk=enrolment.pk).update(category=other)

    rows = browse(as_staff("AUDITOR", "971"), relation="beneficiaries_enrolment", row=enrolment.pk)

    shown = next(each for each in rows[0]["changes"] if each["column"] == "category_id")
    assert shown["before"] == sensitive.neutral_code
    assert sensitive.code not in str(rows)


def test_units_are_shown_by_code_and_the_newest_change_first(world: World, as_staff: Client) -> None:
    enrolment = Enrolment.objects.filter(unit=world.units["97101"]).get()
    for coefficient in ("2.0", "2.5"):
        Enrolment.objects.filter(pk=enrolment.pk).update(coefficient=coefficient)

    rows = browse(as_staff("AUDITOR", "97"), relation="beneficiaries_enrolment", row=enrolment.pk)

    assert [row["changes"][0]["after"] for row in rows[:2]] == [2.5, 2.0]
    assert {"column": "unit_id", "before": None, "after": "97101"} in rows[-1]["changes"]


def test_days_are_those_of_vietnam(world: World, as_staff: Client) -> None:
    batch = world.lists["971", "ACCOUNT"]
    PaymentBatch.objects.filter(pk=batch.pk).update(paused=True)
    record = {"relation": "payments_paymentbatch", "row": batch.pk}
    today = HistoryRow.objects.filter(**{"relation": "payments_paymentbatch"}).latest("pk").at
    client = as_staff("AUDITOR", "971")

    day = today.astimezone().date().isoformat()

    assert len(browse(client, **record, from_on=day, to_on=day)) == 1
    assert browse(client, **record, to_on="2024-01-01") == []


@pytest.mark.parametrize(
    "query", [{}, {"relation": "payments_payment"}, {"row": 1}, {"relation": "staff_historyrow", "row": 1}, {"actor": "a", "relation": "staff_user", "row": 1}]
)  # fmt: skip
def test_a_question_without_an_object_is_not_answered_with_everything(
    world: World, as_staff: Client, query: dict[str, object]
) -> None:
    assert as_staff("AUDITOR", "97").get("/api/history/", query).status_code == 400


def test_the_seals_and_what_the_last_check_found_are_there_before_somebody_asks(world: World, as_staff: Client) -> None:
    client = as_staff("AUDITOR", "971")
    assert client.get("/api/history/seals/").json()["last_check"] is None
    seal_history(now=NOW)
    PaymentBatch.objects.update(paused=True)
    check_history(now=NOW)

    body = client.get("/api/history/seals/").json()

    assert body["last_check"]["findings"] == []
    assert body["last_check"]["last_digest"] == body["last_seal"]["digest"]
    assert body["unsealed_rows"] == body["last_check"]["unsealed_rows"] == 2
