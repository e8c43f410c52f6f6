"""Identity over the API: candidates, enquiries with their file, quality and sign-off."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from beneficiaries.models import CandidateLookup, IdentityNumber, IdentityRecord, Verdict
from beneficiaries.services.quality import measure_quality
from tests.api.world import World

Client = Callable[[str, str], APIClient]


@pytest.fixture
def resident(world: World) -> IdentityRecord:
    number = IdentityNumber.objects.create(digest=b"d" * 16, sealed=b"s")
    return IdentityRecord.objects.create(
        number=number,
        full_name="Trần Văn Ân",
        name_key="tranvanan",
        birth_year=1942,
        sex="MALE",
        unit=world.units["97101"],
    )


class TestCandidates:
    ASK = {"name": "tran van an", "birth": "1942", "purpose": "NEW_FILE"}

    def test_are_shown_with_evidence_and_no_number(self, resident: IdentityRecord, as_staff: Client) -> None:
        answer = as_staff("COMMUNE_OFFICER", "97101").post("/api/candidates/", self.ASK, format="json")

        assert [(row["full_name"], row["evidence"]) for row in answer.json()] == [
            ("Trần Văn Ân", ["họ tên trùng, khác dấu", "năm sinh trùng"])
        ]
        assert "number" not in answer.json()[0]
        assert CandidateLookup.objects.get().shown == [resident.pk]

    @pytest.mark.parametrize("unit", ["97101", "999"])
    def test_of_another_commune_and_of_none_are_the_same_404(
        self, unit: str, resident: IdentityRecord, as_staff: Client
    ) -> None:
        answer = as_staff("COMMUNE_OFFICER", "97102").post("/api/candidates/", self.ASK | {"unit": unit}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")

    def test_need_a_purpose(self, world: World, as_staff: Client) -> None:
        answer = as_staff("MAKER", "971").post("/api/candidates/", {"name": "tran van an"}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID")


class TestEnquiries:
    def test_go_out_as_a_workbook_and_come_back_answered(self, world: World, as_staff: Client) -> None:
        client = as_staff("MAKER", "971")
        made = client.post("/api/enquiries/", {"purpose": "Rà soát quý III"}, format="json")
        url = f"/api/enquiries/{made.json()['id']}/"
        book = openpyxl.load_workbook(io.BytesIO(client.post(url + "list/").content))
        for row in book.active.iter_rows(min_row=5):
            row[7].value, row[8].value = "Không tìm thấy", f"{timezone.localdate():%d/%m/%Y}"
        filled = io.BytesIO()
        book.save(filled)

        back = client.post(
            url + "answers/", {"file": SimpleUploadedFile("ve.xlsx", filled.getvalue())}, format="multipart"
        )

        assert (made.status_code, made.json()["people"], back.status_code) == (201, 2, 200)
        assert (back.json()["recorded"], back.json()["cases_opened"], back.json()["problems"]) == (2, 2, [])
        assert client.get("/api/enquiries/").json()["results"][0]["answered"] == 2
        person = world.people["Trần Văn Ân"]
        assert client.get(f"/api/people/{person.pk}/verdicts/").json()[0]["outcome_label"] == "Không tìm thấy"
        assert set(Verdict.objects.values_list("beneficiary__unit__code", flat=True)) == {"97101", "97102"}

    def test_about_nobody_are_refused(self, world: World, as_staff: Client) -> None:
        client = as_staff("MAKER", "971")
        client.post("/api/enquiries/", {"purpose": "Rà soát"}, format="json")

        again = client.post("/api/enquiries/", {"purpose": "Rà soát"}, format="json")

        assert (again.status_code, again.json()["code"]) == (409, "NOBODY_TO_ASK_ABOUT")

    def test_take_no_file_that_is_none(self, world: World, as_staff: Client) -> None:
        url = f"/api/enquiries/{world.enquiries['971'].pk}/answers/"

        answer = as_staff("MAKER", "971").post(url, {"file": SimpleUploadedFile("x.xlsx", b"no")}, format="multipart")

        assert (answer.status_code, answer.json()["code"]) == (409, "FILE_UNREADABLE")


class TestQuality:
    def test_is_shown_within_reach_and_signed_from_below(self, world: World, as_staff: Client) -> None:
        now = timezone.now()
        measure_quality(now=now)
        body = {"taken_on": timezone.localdate(now).isoformat()}

        sums = as_staff("LEADER", "971").get("/api/quality/").json()[0]["sums"]
        early = as_staff("MAKER", "971").post("/api/quality/sign-off/", body, format="json")
        below = [
            as_staff("COMMUNE_OFFICER", code).post("/api/quality/sign-off/", body, format="json")
            for code in ("97101", "97102")
        ]
        late = as_staff("MAKER", "971").post("/api/quality/sign-off/", body, format="json")

        assert (sums["files"], early.status_code, early.json()["conflicts"]) == (2, 409, ["97101", "97102"])
        assert ([answer.status_code for answer in below], late.status_code, late.json()["figures"]["files"]) == (
            [201, 201],
            201,
            2,
        )
