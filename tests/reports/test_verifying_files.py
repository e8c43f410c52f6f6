"""A file that comes back, handed in by a person: judged within their reach, kept nowhere, and never a fault of ours however broken it is."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from reconciliation.api import verifications
from reconciliation.models import ReportSnapshot
from reconciliation.reports import take_snapshot
from reconciliation.reports.docx import render_docx
from reconciliation.reports.pdf import render_pdf
from reconciliation.reports.workbook import render_workbook
from reconciliation.reports.writing import snapshot_json
from staff.models import AdministrativeUnit, Role, User
from tests.reports.world import JULY, NOW, QUARTER, World


@pytest.fixture
def snapshot(world: World) -> ReportSnapshot:
    enrolment = world.person()
    world.pay(enrolment, JULY, account=world.account(enrolment.beneficiary))
    world.play()
    return take_snapshot(unit=world.province, now=NOW, **QUARTER)


def hand_in(content: bytes, *, unit: AdministrativeUnit, role: Role = Role.AUDITOR) -> tuple[int, dict[str, Any]]:
    user = User.objects.create(username=f"{role}.{unit.code}", full_name="Cán bộ", role=role, unit=unit)
    client = APIClient()
    client.force_authenticate(user)
    answer = client.post("/api/verifications/", {"file": SimpleUploadedFile("tra-ve", content)}, format="multipart")
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    "render",
    [render_pdf, render_docx, render_workbook, lambda snapshot: snapshot_json(snapshot).encode()],
    ids=["pdf", "docx", "xlsx", "json"],
)
def test_a_report_of_ours_holds_in_every_format(world: World, snapshot: ReportSnapshot, render):
    code, said = hand_in(render(snapshot=snapshot), unit=world.province)

    assert code == 200
    assert (said["original"], said["holds"], said["differences"], said["recount"]) == (True, True, [], [])
    assert said["told"].startswith("Báo cáo tỉnh An Sơn, 01/07/2024 – 30/09/2024, mã số liệu ")


def test_one_figure_changed_is_named(world: World, snapshot: ReportSnapshot):
    document = json.loads(snapshot_json(snapshot))
    document["figures"]["headline"]["account_money"] += 1

    code, said = hand_in(json.dumps(document).encode(), unit=world.province)

    assert (code, said["original"], said["holds"]) == (200, False, False)
    assert said["differences"] == ["Số liệu toàn đơn vị, Số tiền chi qua tài khoản: đã chốt 500000, nay 500001"]


def test_a_report_out_of_reach_is_as_unknown_as_one_that_is_not_ours(world: World, snapshot: ReportSnapshot):
    ours = snapshot_json(snapshot).encode()
    stranger = json.dumps({"digest": "0" * 64, "figures": {}}).encode()

    assert hand_in(ours, unit=world.communes[0]) == hand_in(stranger, unit=world.communes[1])


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 210 * 1024 * 1024)
    return packed.getvalue()


def torn(content: bytes) -> bytes:
    """The archive is whole and names the snapshot, the part with the tables is not XML."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(packed, "w") as after:
        for part in before.infolist():
            broken = part.filename in ("word/document.xml", "xl/workbook.xml")
            after.writestr(part.filename, b"<" if broken else before.read(part))
    return packed.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"x", b"%PDF-1.7", b"PK\x03\x04", b"[1]", b'{"digest": 5}', b'{"digest": "\\u0000"}', b"[" * 100_000, bomb()],
    ids=["letters", "pdf", "zip", "list", "number", "nul", "deep", "bomb"],
)
def test_what_is_no_paper_is_refused_in_words(world: World, content: bytes):
    code, said = hand_in(content, unit=world.province)

    assert (code, said["code"]) == (409, "FILE_NOT_KNOWN")


@pytest.mark.parametrize("render", [render_docx, render_workbook], ids=["docx", "xlsx"])
def test_a_paper_torn_inside_is_refused_in_words(world: World, snapshot: ReportSnapshot, render):
    code, said = hand_in(torn(render(snapshot=snapshot)), unit=world.province)

    assert (code, said["code"]) == (409, "FILE_NOT_KNOWN")


def test_a_large_file_is_refused_before_it_is_read(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verifications, "MAX_BYTES", 10)

    code, said = hand_in(b"x" * 11, unit=world.province)

    assert (code, said["code"]) == (409, "FILE_TOO_LARGE")
