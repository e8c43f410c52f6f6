"""Audit samples and the matching model as pages: drawn by one, judged blind by others, evaluated, proposed, and used by another's decision."""

import re

import pytest

from beneficiaries.models import (
    AuditAnswer,
    AuditItem,
    AuditSample,
    IdentityMatch,
    IdentityRecord,
    MatchModel,
    MatchModelAdoption,
    MatchRun,
    TrainingOrder,
)
from beneficiaries.services.numbers import keep_identity_numbers
from staff.models import User
from tests.api.world import NOW, World
from tests.pages.forms import Browse


@pytest.fixture
def linked(world: World) -> World:
    """Everybody is linked to a resident by the machine."""
    link_everybody(world)
    return world


def link_everybody(world: World) -> None:
    run = MatchRun.objects.create(started_at=NOW, finished_at=NOW)
    for nth, person in enumerate(world.people.values()):
        number = f"0970420009{nth:02d}"
        record = IdentityRecord.objects.create(
            number_id=keep_identity_numbers([number])[number], full_name=person.full_name, name_key=person.name_key,
            birth_date=person.birth_date, birth_year=person.birth_year, sex=person.sex, unit=person.unit, basis="EXTRACT",
            card_issued=True, eid_eligible=True, eid_active=True,
        )  # fmt: skip
        person.identity, person.identity_status = record, "MATCHED"
        person.save(update_fields=["identity", "identity_status"])
        IdentityMatch.objects.create(
            beneficiary=person,
            identity=record,
            run=run,
            band="AUTOMATIC",
            rule="POINTS_NUMBER",
            points=30.0,
            evidence=["số"],
            decided_at=NOW,
        )


@pytest.fixture
def sample(linked: World, browse: Browse) -> AuditSample:
    form = {"unit": "97", "size": "50", "seed": "1"}
    said = browse("CHECKER", "97").post("/mau-kiem-tra/chon/", form, follow=True).content.decode()
    assert "Đã chọn mẫu số" in said
    return AuditSample.objects.get()


def test_is_judged_blind_by_who_did_not_draw_it(sample: AuditSample, browse: Browse) -> None:
    officer = browse("COMMUNE_OFFICER", "97101")
    assert f"/mau-kiem-tra/{sample.pk}/cap/" in officer.get("/mau-kiem-tra/").content.decode()
    page = officer.get(f"/mau-kiem-tra/{sample.pk}/cap/").content.decode()
    body = page[page.index("<h1>") :]
    assert "Trần Văn Ân" in body
    assert not re.search(r"NUMBER|AUTOMATIC|điểm|\d{9,12}", body)
    assert browse("CHECKER", "97").get(f"/mau-kiem-tra/{sample.pk}/cap/").status_code == 403
    officer.post("/mau-kiem-tra/chon/", {"unit": "97101", "size": "5", "seed": "2"})
    assert AuditSample.objects.get() == sample


def test_an_answer_stands_and_another_person_needs_a_ground(sample: AuditSample, browse: Browse) -> None:
    officer = browse("COMMUNE_OFFICER", "97101")
    item = AuditItem.objects.get(beneficiary__full_name="Trần Văn Ân", match__isnull=False)
    address = f"/mau-kiem-tra/{sample.pk}/cap/{item.pk}/"
    refused = officer.post(address, {"answer": "DIFFERENT", "note": ""})
    assert (refused.status_code, "căn cứ" in refused.content.decode(), AuditAnswer.objects.exists()) == (
        400,
        True,
        False,
    )
    assert "Đã ghi câu trả lời" in officer.post(address, {"answer": "SAME", "note": ""}, follow=True).content.decode()
    assert officer.post(address, {"answer": "DIFFERENT", "note": "Giấy khai sinh"}).status_code == 409
    assert AuditAnswer.objects.get().answer == "SAME"
    assert browse("COMMUNE_OFFICER", "97201").post(address, {"answer": "SAME"}).status_code == 404


def test_shows_right_of_answered_beside_its_bound(linked: World, sample: AuditSample, browse: Browse) -> None:
    checker = browse("CHECKER", "97")
    by = linked.staff["MAKER", "97"]
    for item, answer in zip(
        AuditItem.objects.filter(match__isnull=False).order_by("pk")[:3], ["SAME", "SAME", "DIFFERENT"], strict=True
    ):
        AuditAnswer.objects.create(item=item, answer=answer, note="giấy tờ", answered_by=by, answered_at=NOW)
    page = checker.get(f"/mau-kiem-tra/{sample.pk}/").content.decode()
    assert "66,67%" in page
    assert "Ngưỡng đề xuất" in page
    assert "có thể chưa so giấy tờ" not in page
    one, other = IdentityMatch.objects.order_by("pk")[:2]
    decoy = AuditItem.objects.create(
        sample=sample, position=99, beneficiary=one.beneficiary, identity=other.identity, stratum=""
    )
    AuditAnswer.objects.create(item=decoy, answer="SAME", answered_by=by, answered_at=NOW)
    assert (
        "1 cặp đối chứng được trả lời “cùng một người”" in checker.get(f"/mau-kiem-tra/{sample.pk}/").content.decode()
    )
    assert browse("COMMUNE_OFFICER", "97101").get(f"/mau-kiem-tra/{sample.pk}/").status_code == 403


def test_a_version_is_made_by_one_and_used_by_another(sample: AuditSample, browse: Browse) -> None:
    maker = browse("CHECKER", "97")
    form = {"sample": str(sample.pk), "version": "tinh-1"}
    said = maker.post(f"/mau-kiem-tra/{sample.pk}/luu-nguong/", form, follow=True).content.decode()
    assert "Đã lưu mô hình tinh-1" in said
    assert MatchModel.objects.get().version == "tinh-1"
    assert maker.post("/mo-hinh/dung/", {"version": "tinh-1", "reason": "Tốt hơn"}).status_code in (302, 403)
    assert not MatchModelAdoption.objects.exists()
    other = browse("RELEASER", "97")
    assert "Dùng phiên bản này" in other.get("/mo-hinh/").content.decode()
    said = other.post(
        "/mo-hinh/dung/", {"version": "tinh-1", "reason": "Theo mẫu kiểm tra"}, follow=True
    ).content.decode()
    assert "Từ nay đối khớp theo mô hình tinh-1" in said
    assert "đang dùng" in other.get("/mo-hinh/").content.decode()


def test_a_training_is_ordered_and_seen(world: World, browse: Browse) -> None:
    checker = browse("CHECKER", "97")
    said = checker.post("/mo-hinh/huan-luyen/", {"version": "tinh-2"}, follow=True).content.decode()
    assert "Đã đặt huấn luyện" in said
    assert TrainingOrder.objects.get().version == "tinh-2"
    assert "tinh-2" in said
    assert browse("MAKER", "97").get("/mo-hinh/").status_code == 403


def test_says_who_draws_and_who_judges_and_offers_nobody_the_sample_they_drew(
    sample: AuditSample, browse: Browse
) -> None:
    officer = browse("COMMUNE_OFFICER", "97101")
    page = officer.get("/mau-kiem-tra/").content.decode()
    assert "Chọn mẫu: kế toán trưởng" in page
    assert "công chức xã, người lập" in page.split("Kiểm tra các cặp:")[1].split("</p>")[0]
    assert "/mau-kiem-tra/chon/" not in page
    own = AuditSample.objects.create(
        drawn_by=User.objects.get(role="COMMUNE_OFFICER", unit__code="97101"), drawn_at=NOW, unit=sample.unit, seed=2, strata=[],
    )  # fmt: skip
    AuditItem.objects.create(
        sample=own, beneficiary=AuditItem.objects.filter(sample=sample, beneficiary__full_name="Trần Văn Ân").first().beneficiary,
        identity=IdentityRecord.objects.first(), stratum="", position=1,
    )  # fmt: skip
    page = officer.get("/mau-kiem-tra/").content.decode()
    assert f"/mau-kiem-tra/{sample.pk}/cap/" in page
    assert f"/mau-kiem-tra/{own.pk}/cap/" not in page
