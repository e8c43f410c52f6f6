"""Runs of matching, the four scores and handovers as pages: what the API allows the same person, in words."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from beneficiaries.models import Case, Decision, Handover, MatchOrder, QualityScore, QualitySignOff
from beneficiaries.services.cases.handing_over import draw_up_handover
from beneficiaries.services.identity.order_matching import work_on_match_orders
from beneficiaries.services.quality import measure_quality
from staff.models import AdministrativeUnit, User
from tests.api.world import NOW, World
from tests.pages.forms import Browse


@pytest.fixture
def world(same_world: World) -> World:
    return same_world


def test_a_run_is_ordered_and_its_figures_read(world: World, browse: Browse) -> None:
    clerk = browse("MAKER", "97")
    assert "Đã đặt đối khớp" in clerk.post("/doi-khop/chay/", follow=True).content.decode()
    work_on_match_orders(clock=lambda: NOW)
    assert MatchOrder.objects.get().get_stage_display() in clerk.get("/doi-khop/").content.decode()
    said = clerk.get(f"/doi-khop/{MatchOrder.objects.get().pk}/").content.decode()
    for words in ("Bộ điểm số 2", "Trẻ em dưới 6 tuổi", "Từ 80 tuổi", "Tỷ lệ khớp tự động"):
        assert words in said
    assert "points/" not in said and "POINTS_" not in said and "NOBODY" not in said
    assert browse("COMMUNE_OFFICER", "97101").get("/doi-khop/").status_code == 403


def test_a_commune_reads_its_scores_and_signs_for_them_once(world: World, browse: Browse) -> None:
    measure_quality(now=NOW)
    officer = browse("COMMUNE_OFFICER", "97101")
    said = officer.get("/chat-luong/").content.decode()
    assert "05/08/2024" in said
    assert "chưa" in said
    signed = {"unit": "97101", "taken_on": "2024-08-05", "note": ""}
    assert "Đã ký xác nhận" in officer.post("/chat-luong/ky/", signed, follow=True).content.decode()
    officer.post("/chat-luong/ky/", signed)
    assert QualitySignOff.objects.get().unit.code == "97101"
    assert officer.get("/chat-luong/?unit=97201").status_code == 404


def test_scores_are_read_by_programme_and_side_by_side_for_the_units_below(world: World, browse: Browse) -> None:
    measure_quality(now=NOW)
    score = QualityScore.objects.filter(unit__code="97101", programme__code="TCXH").get()
    page = browse("MAKER", "97").get("/chat-luong/?unit=97101&programme=TCXH")
    assert page.context["days"][0]["files"] == score.files
    assert "chưa có hồ sơ nào" in browse("MAKER", "97").get("/chat-luong/?programme=HTXH").content.decode()
    whole = browse("MAKER", "97").get("/chat-luong/")
    of_unit = {one["unit"]: one for one in whole.context["signed"]}
    assert of_unit["97101"]["scores"][0]["count"] == sum(
        QualityScore.objects.filter(unit__code="97101").values_list("correct", flat=True)
    )
    assert of_unit["97"]["sums"] == whole.context["days"][0]["sums"]


def test_a_higher_unit_signs_for_the_day_all_below_it_signed_for(world: World, browse: Browse) -> None:
    """Figures are counted every night: of the newest day the communes have hardly signed when the province comes."""
    measure_quality(now=NOW)
    communes = sorted(set(QualityScore.objects.values_list("unit__code", flat=True)))
    measure_quality(now=NOW + timedelta(days=1))
    province, button = browse("MAKER", "97"), "Ký xác nhận cho đơn vị đang xem"
    said = province.get("/chat-luong/").content.decode()
    assert ("Ký xác nhận số liệu ngày 06/08/2024" in said, button in said) == (True, False)
    for code in communes:
        officer = browse("COMMUNE_OFFICER", code)
        assert button in officer.get(f"/chat-luong/?unit={code}&taken_on=2024-08-05").content.decode()
        officer.post("/chat-luong/ky/", {"unit": code, "taken_on": "2024-08-05", "note": ""})
    said = province.get("/chat-luong/").content.decode()
    assert ("Ký xác nhận số liệu ngày 05/08/2024" in said, button in said) == (True, True)
    AdministrativeUnit.objects.filter(code__in=communes[:2]).update(name="xã Tân Tiến")
    said = province.get("/chat-luong/?taken_on=2024-08-05").content.decode()
    assert "<td>xã Tân Tiến, " in said  # one of two of that name
    assert "<td>xã Tân Tiến</td>" not in said
    province.post("/chat-luong/ky/", {"unit": "97", "taken_on": "2024-08-05", "note": ""})
    assert QualitySignOff.objects.filter(unit__code="97").count() == 1
    assert button not in province.get("/chat-luong/").content.decode()


def test_whoever_signed_for_a_commune_reads_that_another_signs_above(world: World, browse: Browse) -> None:
    measure_quality(now=NOW)
    for one in QualityScore.objects.select_related("unit").order_by("unit__code").distinct("unit__code"):
        browse("MAKER", "97").post("/chat-luong/ky/", {"unit": one.unit.code, "taken_on": "2024-08-05", "note": ""})

    read = browse("MAKER", "97").get("/chat-luong/").content.decode()
    assert "Ký xác nhận cho đơn vị đang xem" not in read
    assert "Bạn không ký được cho đơn vị này: bạn đã ký cho" in read
    refused = browse("MAKER", "97").post("/chat-luong/ky/", {"unit": "97", "taken_on": "2024-08-05", "note": ""})

    assert "người ký cho xã không ký cho cấp trên" in refused.content.decode()
    assert not QualitySignOff.objects.filter(unit__code="97").exists()


def test_open_work_is_handed_over_and_taken(world: World, browse: Browse) -> None:
    giver = world.staff["COMMUNE_OFFICER", "97101"]
    Case.objects.create(
        kind="IDENTITY", beneficiary=world.people["Trần Văn Ân"], unit=world.units["97101"], owner=giver, opened_at=NOW,
        due_on=NOW.date(), decided_by=giver, decided_at=NOW,
    )  # fmt: skip
    offered = browse("COMMUNE_OFFICER", "97101").get("/ban-giao/").content.decode()
    assert [world.staff[role, "97"].username in offered for role in ("LEADER", "AUDITOR", "MAKER")] == [
        False,
        False,
        True,
    ]
    to = {"receiver": world.staff["MAKER", "971"].username, "unit": "97101", "note": ""}
    assert (
        "Đã lập bản bàn giao"
        in browse("COMMUNE_OFFICER", "97101").post("/ban-giao/moi/", to, follow=True).content.decode()
    )
    receiver = browse("MAKER", "971")
    handover = Handover.objects.get()
    assert "Ký nhận" in receiver.get("/ban-giao/").content.decode()
    assert "Đã nhận bàn giao." in receiver.post(f"/ban-giao/{handover.pk}/nhan/", follow=True).content.decode()
    assert Case.objects.get(owner=world.staff["MAKER", "971"])
    assert receiver.get(f"/ban-giao/{handover.pk}/bien-ban/").status_code == 200


def test_a_decision_without_its_signer_is_a_gap_one_reads_and_a_tag_on_its_page(world: World, browse: Browse) -> None:
    enrolment = world.people["Trần Văn Ân"].enrolments.get()
    Decision.objects.create(
        enrolment=enrolment, kind="GRANT", number="12/QĐ", signed_on="2013-05-06", effective_month="2013-06-01"
    )
    officer = browse("COMMUNE_OFFICER", "97101")
    said = officer.get("/chat-luong/").content.decode()
    assert "Quyết định chưa rõ người ký: 1 hồ sơ" in said and enrolment.code in said
    assert "chưa rõ người ký" in officer.get(f"/ho-so/{enrolment.pk}/").content.decode()
    assert "chưa rõ người ký" not in browse("LEADER", "97").get("/chat-luong/").content.decode()


def in_hand(world: World, owner: User) -> Case:
    return Case.objects.create(
        kind="IDENTITY", beneficiary=world.people["Trần Văn Ân"], unit=world.units["97101"], owner=owner, opened_at=NOW,
        due_on=NOW.date(), decided_by=owner, decided_at=NOW,
    )  # fmt: skip


def test_work_of_an_officer_who_left_is_handed_over_by_a_superior(world: World, browse: Browse) -> None:
    left, clerk = world.staff["COMMUNE_OFFICER", "97101"], world.staff["MAKER", "971"]
    case = in_hand(world, left)
    User.objects.filter(pk=left.pk).update(is_active=False)
    superior = browse("MAKER", "97")
    offered = superior.get("/ban-giao/").content.decode()
    assert f'<option value="{left.username}"' in offered and "(đã nghỉ, đã khóa tài khoản)" in offered
    to = {"giver": left.username, "receiver": clerk.username, "unit": "97101", "note": "Nghỉ việc"}
    assert "Đã lập bản bàn giao" in superior.post("/ban-giao/moi/", to, follow=True).content.decode()
    waiting = superior.get("/ban-giao/").content.decode()
    assert "Ký nhận" not in waiting and f"chờ {clerk.full_name} ký nhận" in waiting
    handover = Handover.objects.get()
    browse("MAKER", "971").post(f"/ban-giao/{handover.pk}/nhan/")
    case.refresh_from_db()
    assert case.owner == clerk


def test_an_officer_is_offered_no_other_giver(world: World, browse: Browse) -> None:
    in_hand(world, world.staff["MAKER", "971"])
    assert 'name="giver"' not in browse("COMMUNE_OFFICER", "97101").get("/ban-giao/").content.decode()


def test_a_part_of_a_handover_is_not_accepted(world: World) -> None:
    """A key nobody knows is refused: whoever sends one would believe that it counted."""
    giver, receiver = world.staff["COMMUNE_OFFICER", "97101"], world.staff["MAKER", "971"]
    case = in_hand(world, giver)
    handover = draw_up_handover(
        giver=giver, receiver=receiver, unit=world.units["97101"], actor=giver, note="", now=NOW
    )
    client = APIClient()
    client.force_authenticate(receiver)
    answer = client.post(f"/api/handovers/{handover.pk}/accept/", {"cases": [case.pk]}, format="json")
    case.refresh_from_db()
    assert (answer.status_code, case.owner) == (400, giver)
    assert "trường không có: cases" in str(answer.json())
    assert client.post(f"/api/handovers/{handover.pk}/accept/", {}, format="json").status_code == 200
