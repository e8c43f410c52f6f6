"""A person is found without their name in an address, seen in one place, and decided about there; nothing of another district is found."""

import re
from datetime import date

import pytest
from django.utils import timezone

from beneficiaries.models import Decision, Enrolment, LifeEvent, LifeStatus
from beneficiaries.services.numbers import keep_identity_numbers
from payments.services.life.receive import answer
from tests.api.world import World
from tests.corrected import put_on_record
from tests.pages.forms import Browse, Browser
from tests.pages.test_daily_work import SCAN, file

STOP = {
    "kind": "STOP",
    "number": "12/QĐ-UBND",
    "signer": "Nguyễn Văn Chủ, Chủ tịch UBND",
    "signed_on": "2024-08-01",
    "effective_month": "09/2024",
}


def enrolment_of(world: World, name: str = "Trần Văn Ân") -> Enrolment:
    return Enrolment.objects.get(beneficiary=world.people[name])


class TestFinding:
    def find(self, client: Browser, **typed: str) -> str:
        return client.post("/nguoi-huong/tim/", typed, follow=True).content.decode()

    def test_is_by_name_in_any_spelling_or_by_code(self, world: World, browse: Browse) -> None:
        client, person = browse("COMMUNE_OFFICER", "97101"), world.people["Trần Văn Ân"]
        link = f'href="/nguoi-huong/{person.pk}/tong-hop/"'
        assert link in self.find(client, name="tran van an", code="")
        assert link in self.find(client, name="", code=enrolment_of(world).code)

    def test_finds_nobody_of_another_district_and_says_so(self, world: World, browse: Browse) -> None:
        client = browse("COMMUNE_OFFICER", "97101")
        for name in ("Ngô Văn Cường", "Lê Thị Bình"):
            assert "Không tìm thấy ai" in self.find(client, name=name)
        assert client.get(f"/nguoi-huong/{world.people['Ngô Văn Cường'].pk}/tong-hop/").status_code == 404
        assert client.get(f"/ho-so/{enrolment_of(world, 'Ngô Văn Cường').pk}/").status_code == 404

    def test_asks_for_something_in_words(self, world: World, browse: Browse) -> None:
        said = self.find(browse("COMMUNE_OFFICER", "97101"), name="", code="")
        assert 'href="#code"' in said and "Mời nhập mã hồ sơ hoặc họ và tên." in said

    @pytest.mark.parametrize("role", ["LEADER", "CIVIL_REGISTRY"])
    def test_is_for_who_sees_persons(self, role: str, world: World, browse: Browse) -> None:
        client = browse(role, "971")
        assert client.post("/nguoi-huong/tim/", {"name": "Trần Văn Ân"}).status_code == 403
        assert client.get(f"/nguoi-huong/{world.people['Trần Văn Ân'].pk}/tong-hop/").status_code == 403


class TestOnePerson:
    def test_shows_what_each_role_may_see(self, world: World, browse: Browse) -> None:
        page = f"/nguoi-huong/{world.people['Trần Văn Ân'].pk}/tong-hop/"
        officer, releaser = (browse(*who).get(page).content.decode() for who in (("COMMUNE_OFFICER", "97101"), ("RELEASER", "971")))  # fmt: skip
        for said in (officer, releaser):
            assert "Tiền đang ở đâu" in said and "750.000" in said and enrolment_of(world).code in said
        assert "…7101" in officer.replace("…97101", "…7101") and "Ghi tin báo tử" in officer
        assert "Người này đã mất" not in officer and "Khi người này mất" in officer
        assert "Tài khoản nhận trợ cấp" not in releaser and "Ghi tin báo tử" not in releaser

    def test_who_moved_away_is_known_by_the_enrolment_left_behind_alone(self, world: World, browse: Browse) -> None:
        person = world.people["Trần Văn Ân"]
        person.unit = world.units["97201"]
        person.save(update_fields=["unit"])
        page = f"/nguoi-huong/{person.pk}/tong-hop/"
        said = browse("COMMUNE_OFFICER", "97101").get(page).content.decode()
        assert "Đã chuyển khỏi địa bàn" in said and "xã Phước An" not in said and "Tiền đang ở đâu" not in said
        there = browse("COMMUNE_OFFICER", "97201").get(page).content.decode()
        assert "xã Phước An" in there and enrolment_of(world).code not in there


class TestDeathNotice:
    def tell(self, client: Browser, world: World, **changes: str) -> str:
        page = f"/nguoi-huong/{world.people['Trần Văn Ân'].pk}/bao-tu/"
        told = {
            "event_id": "a1",
            "issued_at": "2024-08-05T08:00:00+07:00",
            "reported_by": "COMMUNE",
            "occurred_on": "2024-08-02",
        } | changes
        return client.post(page, told, follow=True).content.decode()

    @pytest.fixture
    def numbered(self, world: World) -> World:
        person = world.people["Trần Văn Ân"]
        put_on_record(person, number_id=keep_identity_numbers(["097042000017"])["097042000017"])
        return world

    def test_nobody_is_registered_dead_by_a_field_left_as_it_was(self, world: World, browse: Browse) -> None:
        page = f"/nguoi-huong/{world.people['Trần Văn Ân'].pk}/tong-hop/"
        said = browse("MAKER", "971").get(page).content.decode()
        assert re.search(r'<select id="reported_by" name="reported_by" required><option value="">', said)

    def test_holds_the_money_and_told_twice_is_one(self, numbered: World, browse: Browse) -> None:
        client = browse("COMMUNE_OFFICER", "97101")
        assert "Đã ghi tin báo tử" in self.tell(client, numbered)
        assert "không có gì thay đổi" in self.tell(client, numbered)
        assert LifeEvent.objects.count() == 1
        assert LifeStatus.objects.get().notice_on == date(2024, 8, 2)
        assert "Trần Văn Ân" in client.get("/bao-tu/").content.decode()

    def test_says_what_is_true_of_the_money(self, numbered: World, browse: Browse) -> None:
        """A notice holds and asks; only what is registered or confirmed stops."""
        client, person = browse("COMMUNE_OFFICER", "97101"), numbered.people["Trần Văn Ân"]
        told = self.tell(client, numbered)
        assert "được giữ lại, chưa thôi chi" in told and "không chi." not in told

        decide = {
            "beneficiary_id": person.pk,
            "actor": numbered.staff["COMMUNE_OFFICER", "97101"],
            "now": timezone.now(),
        }
        answer(answer="CONFIRM", note="Trích lục", **decide)

        stopped = self.tell(client, numbered, event_id="a2", issued_at="2024-08-06T08:00:00+07:00")
        assert "tiền sau tháng mất không chi" in stopped and "được giữ lại" not in stopped

    def test_of_a_day_to_come_or_for_the_registry_is_refused_in_words(self, numbered: World, browse: Browse) -> None:
        client, later = browse("COMMUNE_OFFICER", "97101"), timezone.localdate().replace(year=2030).isoformat()
        assert "Ngày xảy ra sau ngày phát hành" in self.tell(client, numbered, occurred_on=later)
        assert "không được báo thay" in self.tell(client, numbered, reported_by="CIVIL_REGISTRY")
        assert not LifeEvent.objects.exists()

    def test_needs_a_number_and_somebody_of_the_own_reach(self, world: World, browse: Browse) -> None:
        assert "chưa có số định danh" in self.tell(browse("COMMUNE_OFFICER", "97101"), world)
        assert "Không tìm thấy" in self.tell(browse("COMMUNE_OFFICER", "97102"), world)


class TestDecisions:
    def send(self, client: Browser, world: World, **changes: object) -> str:
        page = f"/ho-so/{enrolment_of(world).pk}/quyet-dinh/?kind={changes.get('kind', 'STOP')}"
        return client.send(page, {**STOP, "newest": "0", **changes}, follow=True).content.decode()

    def test_communes_of_one_name_are_told_apart_by_their_district(self, world: World, browse: Browse) -> None:
        self.granted(world)
        one, other = (world.units[code] for code in ("97102", "97201"))
        one.name = other.name
        one.save(update_fields=["name"])
        page = browse("COMMUNE_OFFICER", "97101").get(f"/ho-so/{enrolment_of(world).pk}/?kind=TRANSFER_OUT")
        said = page.content.decode()
        for unit in (one, other):
            assert f'<option value="{unit.code}">{unit.name}, {unit.parent and unit.parent.name}</option>' in said

    def granted(self, world: World) -> Decision:
        given = {
            "kind": "GRANT",
            "number": "1/QĐ",
            "signer": "Nguyễn Văn Chủ, Chủ tịch UBND",
            "signed_on": "2024-01-02",
            "effective_month": "2024-01-01",
        }
        by = {"recorded_by": world.staff["MAKER", "971"], "recorded_at": timezone.now()}
        return Decision.objects.create(enrolment=enrolment_of(world), **given, **by)

    def test_is_recorded_with_its_paper_and_pressed_twice_is_one(self, world: World, browse: Browse) -> None:
        client, first = browse("COMMUNE_OFFICER", "97101"), str(self.granted(world).pk)
        for _ in range(2):
            said = self.send(client, world, newest=first, paper=file(SCAN, "qd.pdf"))
            assert "Đã ghi: quyết định" in said and "12/QĐ-UBND" in said
        kept = Decision.objects.get(kind="STOP")
        assert kept.effective_month == date(2024, 9, 1) and kept.paper_id is not None
        assert b"".join(client.get(f"/quyet-dinh/{kept.pk}/ban-quet/")) == SCAN

    def test_on_a_page_left_open_is_refused_and_keeps_what_was_typed(self, world: World, browse: Browse) -> None:
        newest = self.granted(world).pk
        client = browse("COMMUNE_OFFICER", "97101")
        said = self.send(client, world)
        assert "đã có quyết định mới từ lúc mở xem" in said and 'value="12/QĐ-UBND"' in said
        assert not Decision.objects.filter(kind="STOP").exists()

        # The decision that came in between stands on the page now: pressed again, it is recorded on top of it.
        assert f'name="newest" value="{newest}"' in said
        assert "Đã ghi: quyết định" in self.send(client, world, newest=str(newest))

    def test_another_fault_on_a_page_left_open_does_not_count_as_having_read(
        self, world: World, browse: Browse
    ) -> None:
        self.granted(world)
        said = self.send(browse("COMMUNE_OFFICER", "97101"), world, effective_month="quý 3")
        assert 'name="newest" value="0"' in said

    def test_reads_sums_rates_and_months_as_people_write_them(self, world: World, browse: Browse) -> None:
        client, newest = browse("COMMUNE_OFFICER", "97101"), str(self.granted(world).pk)
        more = {"kind": "RECOVER", "amount": "1.500.000", "monthly_ceiling": "150.000", "newest": newest}
        said = self.send(client, world, **more)
        assert "Đã ghi: quyết định thu hồi" in said
        assert re.search(
            r"Từ danh sách tháng (\d\d/\d{4}) trừ mỗi tháng nhiều nhất 150\.000 đ; đủ mức ấy thì trừ hết 1\.500\.000 đ vào tháng",
            said,
        )
        kept = Decision.objects.get(kind="RECOVER")
        assert (kept.amount, kept.monthly_ceiling) == (1_500_000, 150_000)

    def test_faults_are_in_vietnamese_with_the_way_to_the_field(self, world: World, browse: Browse) -> None:
        more = {
            "kind": "ADJUST",
            "newest": str(self.granted(world).pk),
            "coefficient": "nhiều",
            "effective_month": "quý 3",
        }
        said = self.send(browse("COMMUNE_OFFICER", "97101"), world, **more)
        assert 'href="#coefficient"' in said and 'href="#effective_month"' in said
        assert "valid number" not in said and "Hệ số: " in said

    @pytest.mark.parametrize(("role", "unit", "code"), [("CHECKER", "971", 403), ("COMMUNE_OFFICER", "97102", 404)])
    def test_is_for_who_decides_there(self, role: str, unit: str, code: int, world: World, browse: Browse) -> None:
        page = f"/ho-so/{enrolment_of(world).pk}/quyet-dinh/?kind=STOP"
        assert browse(role, unit).send(page, STOP).status_code == code
        assert not Decision.objects.exists()


def test_who_moved_is_taken_in_once_by_the_commune_it_was_sent_to(world: World, browse: Browse) -> None:
    moved = enrolment_of(world)
    moved.ended_month, moved.moved_to = date(2024, 9, 1), world.units["97201"]
    moved.save(update_fields=["ended_month", "moved_to"])
    there = browse("COMMUNE_OFFICER", "97201")
    assert "Trần Văn Ân" in there.get("/chuyen-den/").content.decode()
    assert "Trần Văn Ân" not in browse("COMMUNE_OFFICER", "97102").get("/chuyen-den/").content.decode()
    form = {"code": "HS-MOI-1", "number": "9/QĐ", "signer": "Nguyễn Văn Chủ, Chủ tịch UBND", "signed_on": "2024-08-20"}
    assert browse("COMMUNE_OFFICER", "97102").post(f"/chuyen-den/{moved.pk}/", form).status_code == 404
    wrong = there.post(f"/chuyen-den/{moved.pk}/", form | {"code": ""}).content.decode()
    assert f'href="#code-{moved.pk}"' in wrong and 'value="9/QĐ"' in wrong
    assert "hưởng tiếp từ tháng 09/2024" in there.post(f"/chuyen-den/{moved.pk}/", form, follow=True).content.decode()
    assert there.post(f"/chuyen-den/{moved.pk}/", form).status_code == 409
    assert Enrolment.objects.get(code="HS-MOI-1").continues == moved


def test_who_is_not_there_is_sent_back_and_the_sender_is_told(world: World, browse: Browse) -> None:
    sent = enrolment_of(world)
    Decision.objects.create(
        enrolment=sent, kind="TRANSFER_OUT", number="8/QĐ", signed_on="2024-08-20", effective_month="2024-09-01", last_month="2024-08-01",
        to_unit=world.units["97201"],
    )  # fmt: skip
    sent.ended_month, sent.moved_to = date(2024, 9, 1), world.units["97201"]
    sent.save(update_fields=["ended_month", "moved_to"])
    there, page = browse("COMMUNE_OFFICER", "97201"), f"/chuyen-den/{sent.pk}/tra-lai/"
    assert page in there.get("/chuyen-den/").content.decode()
    assert browse("COMMUNE_OFFICER", "97102").post(page, {"reason": "x"}).status_code == 404
    assert "nơi cũ chi trả tiếp" in there.post(page, {"reason": "Không cư trú"}, follow=True).content.decode()
    sent.refresh_from_db()
    assert (sent.moved_to, sent.ended_month) == (None, None)
    told = browse("COMMUNE_OFFICER", "97101").get("/viec/?kind=MOVE").content.decode()
    assert "Nơi đến không tiếp nhận" in told
