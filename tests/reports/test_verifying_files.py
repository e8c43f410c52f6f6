"""A file that comes back, handed in by a person: judged within their reach, kept nowhere, and never a fault of ours however broken it is."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from reconciliation.api import verifications
from reconciliation.errors import TooManyChecks
from reconciliation.models import ReportSnapshot, VerificationOrder
from reconciliation.reports import take_snapshot
from reconciliation.reports.docx import render_docx
from reconciliation.reports.pdf import render_pdf
from reconciliation.reports.workbook import render_workbook
from reconciliation.reports.writing import snapshot_json
from reconciliation.services.papers import order_verification
from reconciliation.services.papers.order_verification import MOST_WAITING, verify_ordered_files
from staff.models import AdministrativeUnit, Role, User
from tests.reports.world import JULY, NOW, QUARTER, World


@pytest.fixture
def snapshot(world: World) -> ReportSnapshot:
    enrolment = world.person()
    world.pay(enrolment, JULY, account=world.account(enrolment.beneficiary))
    world.play()
    return take_snapshot(unit=world.province, now=NOW, **QUARTER)


def client_of(unit: AdministrativeUnit, role: Role = Role.AUDITOR) -> APIClient:
    code = f"{role}.{unit.code}"
    user = User.objects.filter(username=code).first() or User.objects.create(
        username=code, full_name="Cán bộ", role=role, unit=unit
    )
    client = APIClient()
    client.force_authenticate(user)
    return client


def hand_in(content: bytes, *, unit: AdministrativeUnit, role: Role = Role.AUDITOR) -> tuple[int, dict[str, Any]]:
    file = SimpleUploadedFile("tra-ve", content)
    answer = client_of(unit, role).post("/api/verifications/", {"file": file}, format="multipart")
    return answer.status_code, answer.json()


def found_out(content: bytes, *, unit: AdministrativeUnit) -> dict[str, Any]:
    """What stands on the order once the background has looked at it."""
    code, order = hand_in(content, unit=unit)
    assert (code, order["stage"], order["verdict"]) == (202, "WAITING", None)
    verify_ordered_files(clock=lambda: NOW)
    answered: dict[str, Any] = client_of(unit).get(f"/api/verifications/{order['id']}/").json()
    return answered


@pytest.mark.parametrize(
    "render",
    [render_pdf, render_docx, render_workbook, lambda snapshot: snapshot_json(snapshot).encode()],
    ids=["pdf", "docx", "xlsx", "json"],
)
def test_a_report_of_ours_holds_in_every_format(world: World, snapshot: ReportSnapshot, render):
    said = found_out(render(snapshot=snapshot), unit=world.province)

    assert said["verdict"] == {
        "original": True, "holds": True, "differences": [], "recount": [], "signers": [], "received": [], "definitions": []
    }  # fmt: skip
    assert said["told"].startswith("Báo cáo tỉnh An Sơn, 01/07/2024 – 30/09/2024, mã số liệu ")


def test_one_figure_changed_is_named(world: World, snapshot: ReportSnapshot):
    document = json.loads(snapshot_json(snapshot))
    document["figures"]["headline"]["account_money"] += 1

    said = found_out(json.dumps(document).encode(), unit=world.province)["verdict"]

    assert (said["original"], said["holds"]) == (False, False)
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
    said = found_out(torn(render(snapshot=snapshot)), unit=world.province)

    assert (said["stage"], said["problem"], said["verdict"]) == ("REFUSED", "Không đọc được tệp.", None)


class TestOrder:
    def test_a_communes_report_is_answered_at_once_and_can_be_looked_at_again(self, world: World, snapshot) -> None:
        small = take_snapshot(unit=world.communes[0], now=NOW, **QUARTER)

        code, said = hand_in(snapshot_json(small).encode(), unit=world.province)

        assert (code, said["stage"], said["verdict"]["holds"]) == (200, "DONE", True)
        assert client_of(world.province).get("/api/verifications/").json()["results"] == [said]

    def test_is_seen_by_whoever_asked_alone(self, world: World, snapshot: ReportSnapshot) -> None:
        _, order = hand_in(snapshot_json(snapshot).encode(), unit=world.province)
        other = client_of(world.province, Role.LEADER)

        assert other.get(f"/api/verifications/{order['id']}/").status_code == 404
        assert other.get("/api/verifications/").json()["results"] == []

    def test_keeps_the_file_sealed_until_it_is_answered_and_no_longer(self, world: World, snapshot) -> None:
        ours = snapshot_json(snapshot).encode()
        hand_in(ours, unit=world.province)
        waiting = VerificationOrder.objects.get()
        assert waiting.sealed is not None and b"figures" not in bytes(waiting.sealed)

        verify_ordered_files(clock=lambda: NOW)

        waiting.refresh_from_db()
        assert (waiting.stage, waiting.sealed, waiting.ordered_by.role) == ("DONE", None, Role.AUDITOR)

    def test_the_same_file_again_is_the_same_order_and_only_so_many_wait(self, world: World, snapshot) -> None:
        ours = snapshot_json(snapshot)
        first, again = (hand_in(ours.encode(), unit=world.province)[1]["id"] for _ in range(2))
        assert first == again

        actor = User.objects.get(username=f"{Role.AUDITOR}.{world.province.code}")
        for more in range(1, MOST_WAITING):
            order_verification.order_verification(content=(ours + " " * more).encode(), actor=actor, now=NOW)
        with pytest.raises(TooManyChecks):
            order_verification.order_verification(content=(ours + " " * 99).encode(), actor=actor, now=NOW)

    def test_a_large_file_is_opened_by_no_request(self, world: World, snapshot, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(order_verification, "READ_AT_ONCE", 10)

        said = found_out(b"%PDF-1.7" + b"x" * 20, unit=world.province)

        assert said["stage"] == "REFUSED"
        assert said["problem"].startswith("Không đọc được tệp: PDF bị cắt")

    def test_who_lost_the_right_meanwhile_hears_nothing(self, world: World, snapshot: ReportSnapshot) -> None:
        _, order = hand_in(snapshot_json(snapshot).encode(), unit=world.province)
        User.objects.filter(role=Role.AUDITOR).update(unit=world.communes[0])

        verify_ordered_files(clock=lambda: NOW)

        assert VerificationOrder.objects.get(pk=order["id"]).problem_code == "FILE_NOT_KNOWN"

    def test_what_a_strangers_file_says_fills_no_table(self, world: World, snapshot: ReportSnapshot) -> None:
        document = json.loads(snapshot_json(snapshot))
        document["figures"]["headline"] = {f"{'x' * 900}{nth}": nth for nth in range(100)}

        said = found_out(json.dumps(document).encode(), unit=world.province)["verdict"]

        assert len(said["differences"]) == 20
        assert max(map(len, said["differences"])) == 300


def test_a_large_file_is_refused_before_it_is_read(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verifications, "MAX_BYTES", 10)

    code, said = hand_in(b"x" * 11, unit=world.province)

    assert (code, said["code"]) == (409, "FILE_TOO_LARGE")
