"""What shows people's data on paper is written down with who was given it: lists in print, histories, answers, files with reasons."""

import pytest
from django.utils import timezone

from reconciliation.models import PaperKind, PaperOrder
from reconciliation.services.papers.paper_orders import ORDERED
from staff.encryption import seal
from staff.models import PaperReading
from tests.api.world import MONTH, World


def readings() -> list[tuple[str, int, str]]:
    return list(PaperReading.objects.order_by("pk").values_list("kind", "paper_id", "read_by__username"))


def test_a_list_in_print_is_a_reading_and_one_out_of_reach_is_none(world: World, as_staff):
    batch = world.lists["971", "ACCOUNT"]

    assert as_staff("CHECKER", "972").get(f"/api/batches/{batch.pk}/print/").status_code == 404
    assert as_staff("CHECKER", "971").get(f"/api/batches/{batch.pk}/print/").status_code == 200

    assert readings() == [("PRINTED", batch.pk, "checker.971")]
    (row,) = as_staff("AUDITOR", "971").get("/api/paper-readings/", {"kind": "PRINTED"}).json()["results"]
    assert row["kind_label"] == "Danh sách in để ký"


@pytest.mark.parametrize("address", ["two-places/", "two-places/file/"])
def test_an_answer_to_inspectors_is_a_reading_of_the_unit_asked_about(world: World, as_staff, address):
    asked = {"from_on": "2024-07-01", "to_on": "2024-09-30"}

    assert as_staff("AUDITOR", "971").get(f"/api/questions/{address}", asked).status_code == 200

    assert readings() == [("ANSWER", world.units["971"].pk, "auditor.971")]


def test_the_history_of_a_record_is_a_reading_and_of_a_stranger_none(world: World, as_staff):
    enrolment = world.people["Trần Văn Ân"].enrolments.get()
    asked = {"relation": "beneficiaries_enrolment", "row": enrolment.pk}

    assert as_staff("AUDITOR", "972").get("/api/history/", asked).status_code == 404
    assert as_staff("AUDITOR", "971").get("/api/history/", asked).status_code == 200

    assert readings() == [("HISTORY", enrolment.pk, "auditor.971")]


def test_every_fetch_of_an_ordered_paper_is_a_reading(world: World, as_staff):
    client = as_staff("CHECKER", "971")
    order = PaperOrder.objects.create(
        kind=PaperKind.LISTS, unit=world.units["971"], month=MONTH, status="DONE", asked_by=world.staff["CHECKER", "971"], asked_at=timezone.now(),
        finished_at=timezone.now(), file_name="x.zip", sealed=seal(b"PK", purpose=ORDERED),
    )  # fmt: skip

    assert [client.get(f"/api/papers/{order.pk}/file/").status_code for _ in range(2)] == [200, 200]

    assert readings() == [("ORDER", order.pk, "checker.971")] * 2
