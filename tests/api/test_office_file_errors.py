"""A list with bad rows comes back with a column of reasons, to be corrected on it and sent again; to who sent it alone, and not for ever."""

import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from beneficiaries.models import BankAccount, Beneficiary, IdentityRecord, SentFileName
from beneficiaries.parsers.account_lists import VNEID_COLUMNS
from beneficiaries.services.intake.annotated_file import NOT_TAKEN, REASONS
from beneficiaries.services.numbers import keep_identity_numbers
from payments.models import OfficeFile
from payments.services.office_files import forget_reasons
from payments.tasks import work_on_files
from tests.api.world import World
from tests.beneficiaries.office_files import table

Client = Callable[[str, str], APIClient]
NUMBER = "097042000001"
GOOD = {
    "identity": NUMBER,
    "name": "Trần Văn Ân",
    "bank": "Agribank",
    "number": "1234509876",
    "holder": "TRAN VAN AN",
    "registered": "01/07/2024",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def matched(world: World) -> Beneficiary:
    person = world.people["Trần Văn Ân"]
    number = keep_identity_numbers({NUMBER})[NUMBER]
    record = IdentityRecord.objects.create(
        number_id=number, full_name=person.full_name, name_key=person.name_key, birth_year=1942, sex="MALE",
        unit=world.units["97101"],
    )  # fmt: skip
    Beneficiary.objects.filter(pk=person.pk).update(identity=record, identity_status="MATCHED")
    return person


def send(client: APIClient, *rows: dict[str, object]) -> int:
    content = table([{**GOOD, **row} for row in rows], columns=VNEID_COLUMNS)
    body = {"kind": "VNEID", "file": SimpleUploadedFile("vneid.xlsx", content)}
    answer = client.post("/api/office-files/", body, format="multipart").json()
    work_on_files()
    return int(answer["id"])


def test_the_file_comes_back_with_reasons_and_is_taken_in_once_corrected(
    matched: Beneficiary, as_staff: Client
) -> None:
    maker = as_staff("MAKER", "97")
    file = send(maker, {}, {"identity": "97O42000001", "registered": ""}, {"bank": "Ngân hàng lạ"})

    said = maker.get(f"/api/office-files/{file}/").json()
    answer = maker.get(f"/api/office-files/{file}/errors/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    headings, *rows = [row for row in sheet.iter_rows(values_only=True) if any(row)][-4:]

    assert (said["applied"], said["rejected"]) == (1, 2)
    assert [problem["column"] for problem in said["problems"]] == ["Số định danh cá nhân", "Ngày đăng ký", "Ngân hàng"]
    assert (answer["Content-Type"], headings[-1]) == (XLSX, REASONS)
    assert [row[-1] is None for row in rows] == [True, False, False]
    assert rows[1][-1].startswith(NOT_TAKEN + "Cột “Số định danh cá nhân”: có cả chữ và 10 chữ số; mời ghi")
    assert "Cột “Ngày đăng ký”: để trống" in rows[1][-1]

    again = send(maker, {}, {"bank": "Vietcombank", "number": "7777000011"})
    assert maker.get(f"/api/office-files/{again}/").json()["rejected"] == 1  # a change already waits: said, by column
    assert BankAccount.objects.filter(beneficiary=matched, source="VNEID").count() == 1


def test_only_who_may_send_such_files_here_reads_it_and_only_for_a_time(matched: Beneficiary, as_staff: Client) -> None:
    maker = as_staff("MAKER", "97")
    file = send(maker, {"registered": ""})
    address = f"/api/office-files/{file}/errors/"

    assert as_staff("MAKER", "972").get(address).status_code == 404
    assert as_staff("COMMUNE_OFFICER", "97").get(address).status_code == 404  # not a kind officers send
    assert as_staff("AUDITOR", "97").get(address).status_code == 403
    assert forget_reasons(now=timezone.now()) == 0
    assert forget_reasons(now=timezone.now() + timedelta(days=31)) == 1
    assert maker.get(address).json()["code"] == "NOTHING_TO_CORRECT"


def test_what_is_kept_is_sealed(matched: Beneficiary, as_staff: Client) -> None:
    send(as_staff("MAKER", "97"), {"registered": ""})

    kept = OfficeFile.objects.get()
    assert kept.sealed is None
    assert not bytes(kept.sealed_reasons or b"").startswith(b"PK")


def test_a_clerk_finds_her_file_by_its_name_and_nobody_else_reads_it(matched: Beneficiary, as_staff: Client) -> None:
    """A name may say whose file it is: it is kept sealed, and long numbers in it are cut."""
    name = f"tai khoan Tran Van An {NUMBER}.xlsx"
    file = SimpleUploadedFile(name, table([GOOD], columns=VNEID_COLUMNS))
    sent = as_staff("MAKER", "97").post("/api/office-files/", {"kind": "VNEID", "file": file}, format="multipart")
    assert sent.json()["file_name"] == "tai khoan Tran Van An …001.xlsx"
    listed = as_staff("MAKER", "97").get("/api/office-files/").json()["results"]
    assert [one["file_name"] for one in listed] == ["tai khoan Tran Van An …001.xlsx"]
    assert as_staff("MAKER", "971").get("/api/office-files/").json()["count"] == 0
    kept = SentFileName.objects.get()
    assert b"Tran Van An" not in bytes(kept.sealed) + bytes(kept.digest)
