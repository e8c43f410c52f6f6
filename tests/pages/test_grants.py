"""A clerk opens a grant, sees what it comes to, names whom it goes to, and records a funeral allowance, all on pages; nobody has it twice."""

from datetime import date, timedelta
from typing import Any

import pytest

from beneficiaries.models import Beneficiary, Enrolment, IdentityRecord, Programme
from beneficiaries.parsers.gift_lists import COLUMNS
from beneficiaries.services.numbers import keep_identity_numbers
from payments.models import Cycle, GiftLook, GrantOrder, OfficeFile, Payment, PaymentBatch
from payments.services.lists.build_lists import build_lists
from payments.services.once import grant_orders
from payments.services.once.gift_looks import forget_looks
from payments.services.once.one_off import HEAD_IS_NO_MEMBER
from payments.tasks import grant_to_everyone, look_at_gift_lists, work_on_files
from staff.models import Role
from tests.api.world import NOW, World
from tests.beneficiaries.office_files import table
from tests.pages.forms import Browse, Browser
from tests.pages.test_daily_work import file
from tests.payments.test_gift_lists import ROW

ORDER = {"number": "80/NQ-CP", "signed_on": "10/07/2024", "month": "09/2024", "signer": "Nguyễn Văn Chủ"}
GRANT = {"code": "QUA-2-9", "name": "Quà Quốc khánh", "amount": "100.000", "budget_source": "Ngân sách trung ương"}
EVERYONE = {"form": "all", "everyone_of": "TCXH", **ORDER}
NEWCOMER = {
    "form": "one", "full_name": "Hồ Thị Lũ", "sex": "FEMALE", "unit": "97101", "birth_year": "1960", **ORDER,
}  # fmt: skip
FUNERAL = {"code": "MTP-1", "organiser_name": "Lê Thị Lo", "sex": "FEMALE", "unit": "97101", "times": "20", **ORDER}
PAGE = "/chi-mot-lan/"
OF_IT = f"{PAGE}QUA-2-9/"
MONTH = "/lap-danh-sach/2024-09/"
SUPPLEMENT = f"{MONTH}bo-sung/"
JSON = "application/json"
BUTTONS = (f"{PAGE}mo/", f"{OF_IT}xem-truoc/", f"{OF_IT}ghi/", f"{OF_IT}nguoi-moi/")


@pytest.fixture
def maker(browse: Browse) -> Browser:
    """The province's, with the grant open."""
    client = browse("MAKER", "97")
    client.post(f"{PAGE}mo/", GRANT | ORDER)
    return client


def granted() -> int:
    return Enrolment.objects.filter(programme__code="QUA-2-9").count()


def ordered(maker: Browser, step: str, form: dict[str, str] = EVERYONE) -> str:
    """The page of an order that the background carried out."""
    address = maker.post(f"{OF_IT}{step}", form)["Location"]
    grant_to_everyone()
    return said(maker.get(address))


def dies(came_to: object) -> dict[str, int]:
    raise MemoryError


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


class TestAGrant:
    def test_is_opened_seen_and_given_once(self, world: World, maker: Browser) -> None:
        programme = Programme.objects.get(code="QUA-2-9")
        assert programme.standard_amounts.get().amount == 100_000

        tried = ordered(maker, "xem-truoc/")
        assert "Xem trước, chưa ghi gì" in tried and "Ghi 3 người" in tried and "300.000 đ" in tried
        assert granted() == 0

        given, again = ordered(maker, "ghi/"), ordered(maker, "ghi/")
        assert "Đã ghi 3 người, 300.000 đ" in given and "3 người đã được ghi từ trước" in again
        assert granted() == 3
        assert "chờ danh sách tháng 09/2024" in said(maker.get(OF_IT))
        assert "danh sách tháng 09/2024" in said(maker.get(PAGE))

    def test_pressed_twice_is_one_order_and_goes_on_when_the_page_is_left(self, world: World, maker: Browser) -> None:
        first, second = (maker.post(f"{OF_IT}ghi/", EVERYONE)["Location"] for _ in range(2))
        assert first == second and GrantOrder.objects.count() == 1
        waits = said(maker.get(first))
        assert "Đang chờ đến lượt" in waits and 'http-equiv="refresh"' in waits and granted() == 0

        grant_to_everyone()
        assert granted() == 3
        assert "Đã ghi 3 người" in said(maker.get(first)) and first in said(maker.get(OF_IT))

    def test_whose_worker_died_is_begun_again_and_nobody_was_half_granted(self, world: World, maker: Browser) -> None:
        address = maker.post(f"{OF_IT}ghi/", EVERYONE)["Location"]
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(grant_orders, "asdict", dies)
            with pytest.raises(MemoryError):
                grant_to_everyone()
        assert granted() == 0 and "Đang ghi 3 người" in said(maker.get(address))

        grant_to_everyone()
        assert granted() == 3 and "Đã ghi 3 người" in said(maker.get(address))

    def test_that_can_not_be_is_refused_in_words_and_writes_nothing(self, world: World, maker: Browser) -> None:
        wrong = EVERYONE | {"month": "06/2024"}
        page = ordered(maker, "ghi/", wrong)
        assert "Tháng 06/2024 không có danh sách" in page and "Chưa ghi cho ai" in page and granted() == 0

    def test_goes_to_somebody_in_no_registry_once(self, maker: Browser) -> None:
        for _ in range(2):
            assert maker.post(f"{OF_IT}nguoi-moi/", NEWCOMER).status_code == 302
        assert Beneficiary.objects.filter(full_name="Hồ Thị Lũ").count() == granted() == 1

    def test_is_paid_with_the_list_its_page_names(self, world: World, maker: Browser) -> None:
        assert "mới là danh sách tháng 09/2024" in said(maker.get(OF_IT))
        maker.post(f"{OF_IT}nguoi-moi/", NEWCOMER)
        build_lists(
            month=date(2024, 9, 1),
            listed_on=date(2024, 8, 16),
            pay_on=date(2024, 9, 5),
            actor=world.staff["MAKER", "97"],
            now=NOW,
        )
        payment = Payment.objects.get(batch__programme__code="QUA-2-9")
        assert (payment.payee_name, payment.amount) == ("Hồ Thị Lũ", 100_000)

    def test_that_comes_when_the_list_is_made_is_paid_by_a_supplementary_one(
        self, world: World, maker: Browser
    ) -> None:
        build_lists(
            month=date(2024, 9, 1),
            listed_on=date(2024, 8, 16),
            pay_on=date(2024, 9, 5),
            actor=world.staff["MAKER", "97"],
            now=NOW,
        )
        maker.post(f"{OF_IT}nguoi-moi/", NEWCOMER)
        assert f'href="{SUPPLEMENT}"' in said(maker.get(OF_IT)) and f'href="{SUPPLEMENT}"' in said(maker.get(MONTH))

        shown = said(maker.post(f"{SUPPLEMENT}xem-truoc/", {}, follow=True))
        assert "Xem trước, chưa ghi gì" in shown and "Hồ Thị Lũ" in shown and "100.000 đ" in shown
        assert not PaymentBatch.objects.filter(supplementary=True).exists()
        seen = {"seen": shown.partition('name="seen" value="')[2][:64]}
        maker.post(f"{OF_IT}nguoi-moi/", NEWCOMER | {"full_name": "Hồ Văn Muộn"})
        assert maker.post(f"{SUPPLEMENT}lap/", seen).status_code == 409, "somebody came who was not seen"
        shown = said(maker.post(f"{SUPPLEMENT}xem-truoc/", {}, follow=True))
        seen = {"seen": shown.partition('name="seen" value="')[2][:64]}
        lists = said(maker.post(f"{SUPPLEMENT}lap/", seen, follow=True))
        assert "Đã lập 1 danh sách bổ sung, 2 người" in lists and "danh sách bổ sung</span>" in lists
        assert "Không ai chờ danh sách bổ sung" in said(maker.get(SUPPLEMENT))
        assert "danh sách bổ sung" in said(maker.get(f"/danh-sach/{PaymentBatch.objects.get(supplementary=True).pk}/"))

    def test_of_a_month_that_is_closed_names_the_next_one(self, world: World, maker: Browser) -> None:
        Cycle.objects.create(
            month=date(2024, 9, 1),
            listed_on=NOW,
            pay_on=NOW,
            built_at=NOW,
            closed_at=NOW,
            closed_by=world.staff["CHECKER", "97"],
        )
        assert "mới là danh sách tháng 10/2024" in said(maker.get(OF_IT))
        late = maker.post(f"{OF_IT}nguoi-moi/", NEWCOMER | {"full_name": "Hồ Văn Muộn"})
        assert late.status_code == 409 and "đã khóa" in said(late)
        assert "mời ghi tháng chi 10/2024: theo lịch chi từ 07/10/2024" in said(late)
        assert 'value="Hồ Văn Muộn"' in said(late) and granted() == 0

    @pytest.mark.parametrize(("role", "unit"), [("CHECKER", "97"), ("MAKER", "971")])
    def test_is_listed_late_by_the_provinces_maker_alone(
        self, world: World, browse: Browse, role: str, unit: str
    ) -> None:
        client = browse(role, unit)
        Cycle.objects.create(month=date(2024, 9, 1), listed_on=NOW, pay_on=NOW, built_at=NOW)
        assert "<button>Lập danh sách bổ sung" not in said(client.get(SUPPLEMENT))
        assert client.post(f"{SUPPLEMENT}lap/", {"seen": "0" * 64}).status_code == 403

    @pytest.mark.parametrize(
        ("form", "change", "field"),
        [
            ("mo/", {"code": "quà"}, "grant_code"),
            ("mo/", {"name": ""}, "grant_name"),
            ("mo/", {"amount": "một trăm"}, "amount"),
            ("QUA-2-9/xem-truoc/", {"month": "13/2024"}, "month-all"),
            ("QUA-2-9/xem-truoc/", {"signed_on": "31/02/2024"}, "signed_on-all"),
            ("QUA-2-9/nguoi-moi/", {"unit": "99999"}, "unit-one"),
            ("QUA-2-9/nguoi-moi/", {"number": ""}, "number-one"),
        ],
    )
    def test_that_is_written_wrongly_leads_to_the_field_and_loses_nothing(
        self, maker: Browser, form: str, change: dict[str, str], field: str
    ) -> None:
        typed = {"mo/": GRANT | {"code": "QUA-TET"} | ORDER}.get(form, EVERYONE if "truoc" in form else NEWCOMER)
        refused = maker.post(f"{PAGE}{form}", typed | change)
        assert refused.status_code == 400
        assert f'href="#{field}"' in said(refused) and f'id="{field}"' in said(refused)
        assert ("Ngân sách trung ương" if form == "mo/" else "Nguyễn Văn Chủ") in said(refused)

    def test_of_the_same_code_is_opened_once(self, maker: Browser) -> None:
        again = maker.post(f"{PAGE}mo/", GRANT | ORDER)
        assert again.status_code == 409 and "đặt mã khác" in said(again)
        assert Programme.objects.filter(code="QUA-2-9").count() == 1

    @pytest.mark.parametrize("role", Role.values)
    @pytest.mark.parametrize("unit", ["97", "971"])
    def test_is_the_province_s_maker_s_alone(self, maker: Browser, browse: Browse, role: str, unit: str) -> None:
        client, allowed = browse(role, unit), (role, unit) == ("MAKER", "97")
        pages = [client.get(path) for path in (PAGE, OF_IT)]
        seen = [answer.status_code for answer in pages]
        assert seen in ([200, 200], [403, 403])
        assert all(('action="/chi-mot-lan/' in said(page)) is allowed for page in pages)
        if not allowed:
            bodies = (GRANT | ORDER | {"code": "QUA-TET"}, EVERYONE, EVERYONE, NEWCOMER)
            answers = [client.post(path, body).status_code for path, body in zip(BUTTONS, bodies, strict=True)]
            assert set(answers) <= {403, 400}  # 400: another district's commune is unknown
            assert granted() == 0 and not Programme.objects.filter(code="QUA-TET").exists()


class TestAHousehold:
    def test_whose_head_is_no_member_is_asked_about(self, world: World, maker: Browser) -> None:
        head, child = (world.people[name].pk for name in ("Trần Văn Ân", "Lê Thị Bình"))
        order = {
            "number": "80/NQ-CP",
            "signer": "Nguyễn Văn Chủ, Chủ tịch UBND",
            "signed_on": "2024-07-10",
            "month": "2024-09",
        }
        body = {"order": order, "households": [{"head": head, "members": [child]}]}
        told = maker.send("/api/one-off/QUA-2-9/people/", body, content_type=JSON)
        assert (told.status_code, told.json()["sentence"], told.json()["conflicts"]) == (
            409,
            HEAD_IS_NO_MEMBER,
            [str(head)],
        )

        body["households"] = [{"head": head, "members": [head, child]}]
        seen = maker.send("/api/one-off/QUA-2-9/people/", body | {"preview": True}, content_type=JSON).json()
        assert seen == {"granted": 2, "already": 0, "taken_back": 0, "amount": 200_000, "through_head": 1}
        assert granted() == 0


class TestAListOfAGift:
    """Chosen once, seen, then written just so; the background does it."""

    def look(self, maker: Browser, *rows: dict[str, object]) -> str:
        content = file(table([{**ROW, **row} for row in rows], columns=COLUMNS))
        sent = maker.send(f"{PAGE}nap/xem-truoc/", {"file": content, "unit": "97101"}, follow=True)
        assert "đóng trang thì việc vẫn chạy tiếp" in said(sent)
        look_at_gift_lists()
        return said(maker.get(self.page()))

    def page(self) -> str:
        return f"{PAGE}nap/{GiftLook.objects.latest('pk').pk}/"

    def test_is_seen_then_written_just_so(self, maker: Browser) -> None:
        shown = self.look(
            maker,
            {"household": "H1", "head": "x"},
            {"household": "H1", "name": "Trần Văn Con"},
            {"name": "Lê Văn Tám", "sex": "?"},
        )
        assert "Xem trước, chưa ghi gì" in shown and "Ghi 2 người" in shown and "200.000 đ" in shown
        assert "Trần Thị Bảy nhận" in shown and "<b>Giới tính</b>: chỉ có ký hiệu" in shown
        assert granted() == 0 and not OfficeFile.objects.exists()

        sent = maker.post(f"{self.page()}ghi/", follow=True)
        again = maker.post(f"{self.page()}ghi/", follow=True)
        work_on_files()
        kept = OfficeFile.objects.get()
        assert "đang ghi đúng như đã xem trước" in said(sent) and again.redirect_chain == sent.redirect_chain
        assert f'href="/nap-tep/{kept.pk}/"' in said(maker.get(self.page()))
        assert (kept.kind, kept.stage, kept.applied, kept.rejected, granted()) == ("GIFTS", "DONE", 2, 1, 2)
        assert "Đã có, để nguyên<b>2</b>" in self.look(
            maker, {"household": "H1", "head": "x"}, {"household": "H1", "name": "Trần Văn Con"}, {}
        )

    def test_that_is_no_more_what_was_seen_is_refused_by_name(self, maker: Browser) -> None:
        self.look(maker, {}, {"name": "Lê Văn Tám"})
        maker.post(f"{OF_IT}nguoi-moi/", NEWCOMER | {"full_name": "Lê Văn Tám", "birth_year": "1950"})
        maker.post(f"{self.page()}ghi/")
        work_on_files()
        kept = OfficeFile.objects.get()
        assert (kept.stage, kept.problem_code, granted()) == ("REFUSED", "GIFT_LIST_IS_ANOTHER", 1)
        assert "Kết quả đã khác lúc xem trước" in said(maker.get(f"/nap-tep/{kept.pk}/"))

    def test_is_not_written_unseen_by_the_page_of_all_files(self, maker: Browser) -> None:
        told = maker.send("/nap-tep/gui/", {"kind": "GIFTS", "file": file(table([ROW], columns=COLUMNS))})
        assert told.status_code == 409 and "được xem trước rồi mới ghi" in said(told)
        assert not OfficeFile.objects.exists()
        page = said(maker.get("/nap-tep/"))
        assert '<option value="GIFTS"' not in page and f'href="{PAGE}nap/"' in page

    def test_is_found_again_by_who_left_and_is_one_when_it_is_sent_twice(self, maker: Browser) -> None:
        content = table([ROW], columns=COLUMNS)
        for _ in range(2):
            maker.send(f"{PAGE}nap/xem-truoc/", {"file": file(content), "unit": "97101"})
        assert GiftLook.objects.count() == 1
        look_at_gift_lists()
        listed = said(maker.get(f"{PAGE}nap/"))
        assert f'href="{self.page()}"' in listed and "đã xem, chưa ghi" in listed

    def test_that_can_not_be_read_says_so_on_its_page(self, maker: Browser) -> None:
        maker.send(f"{PAGE}nap/xem-truoc/", {"file": file(b"khong phai bang tinh"), "unit": "97101"})
        look_at_gift_lists()
        look = GiftLook.objects.get()
        assert look.stage == "REFUSED" and look.problem in said(maker.get(self.page()))
        assert maker.post(f"{self.page()}ghi/").status_code == 409

    def test_that_was_kept_long_enough_is_forgotten_and_asked_for_again(self, maker: Browser) -> None:
        self.look(maker, {})
        GiftLook.objects.update(finished_at=NOW - timedelta(days=400))
        assert forget_looks(now=NOW) == 1
        look = GiftLook.objects.get()
        assert (look.sealed, look.sealed_result) == (None, None)
        gone = maker.post(f"{self.page()}ghi/")
        assert gone.status_code == 409 and "hết thời hạn giữ" in said(gone)
        assert not OfficeFile.objects.exists() and granted() == 0

    def test_is_kept_sealed(self, maker: Browser) -> None:
        shown = self.look(maker, {"name": "Lê Văn Tám"})
        look = GiftLook.objects.get()
        assert "Lê Văn Tám" in shown
        assert "Lê Văn Tám".encode() not in bytes(look.sealed or b"") + bytes(look.sealed_result or b"")

    @pytest.mark.parametrize(("role", "unit"), [("CHECKER", "97"), ("COMMUNE_OFFICER", "97101"), ("MAKER", "971")])
    def test_is_the_province_s_maker_s_alone(self, maker: Browser, browse: Browse, role: str, unit: str) -> None:
        client = browse(role, unit)
        content = file(table([ROW], columns=COLUMNS))
        assert client.send(f"{PAGE}nap/xem-truoc/", {"file": content}).status_code == 403
        assert 'type="file"' not in said(client.get(f"{PAGE}nap/"))


class TestAFuneral:
    @pytest.fixture
    def dead(self, world: World) -> Beneficiary:
        person = world.people["Trần Văn Ân"]
        number = keep_identity_numbers(["097142000001"])["097142000001"]
        person.identity = IdentityRecord.objects.create(
            number_id=number, full_name=person.full_name, name_key=person.name_key, sex="MALE", deceased_on=date(2024, 7, 10), unit=person.unit,
        )  # fmt: skip
        person.identity_status = "MATCHED"
        person.save()
        return person

    def test_is_paid_to_who_arranged_it_once(self, dead: Beneficiary, browse: Browse) -> None:
        officer, path = browse("COMMUNE_OFFICER", "97101"), f"/mai-tang/{dead.pk}/"
        shown = said(officer.get(path))
        assert dead.full_name in shown and '<option value="97101" selected>' in shown

        done = said(officer.post(f"{path}ghi/", FUNERAL, follow=True))
        again = officer.post(f"{path}ghi/", FUNERAL | {"code": "MTP-2"})

        assert "mã hồ sơ MTP-1" in done
        assert again.status_code == 409 and "Đã có hỗ trợ chi phí mai táng cho người này: hồ sơ MTP-1" in said(again)
        allowance = Enrolment.objects.get(concerning=dead)
        assert (allowance.beneficiary.full_name, allowance.coefficient) == ("Lê Thị Lo", 20)

    def test_is_not_for_somebody_nobody_said_is_dead(self, world: World, browse: Browse) -> None:
        path = f"/mai-tang/{world.people['Lê Thị Bình'].pk}/ghi/"
        refused = browse("MAKER", "97").post(path, FUNERAL)
        assert refused.status_code == 409 and "ghi nhận việc chết trước" in said(refused)
        assert 'value="Lê Thị Lo"' in said(refused)

    @pytest.mark.parametrize(
        ("change", "field"), [({"times": "19,5"}, "times"), ({"number": ""}, "number"), ({"month": "9"}, "month")]
    )
    def test_that_is_written_wrongly_leads_to_the_field(
        self, dead: Beneficiary, browse: Browse, change: dict[str, str], field: str
    ) -> None:
        refused = browse("COMMUNE_OFFICER", "97101").post(f"/mai-tang/{dead.pk}/ghi/", FUNERAL | change)
        assert refused.status_code == 400 and f'href="#{field}"' in said(refused)
        assert not Enrolment.objects.filter(concerning=dead).exists()

    @pytest.mark.parametrize(("role", "unit", "status"), [
        ("CHECKER", "971", 403), ("RELEASER", "971", 403), ("AUDITOR", "971", 403), ("LEADER", "971", 403), ("COMMUNE_OFFICER", "97201", 404),
    ])  # fmt: skip
    def test_is_for_who_records_decisions_there(
        self, dead: Beneficiary, browse: Browse, role: str, unit: str, status: int
    ) -> None:
        client = browse(role, unit)
        assert "Ghi hỗ trợ mai táng" not in said(client.get(f"/mai-tang/{dead.pk}/"))
        assert client.post(f"/mai-tang/{dead.pk}/ghi/", FUNERAL | {"unit": unit}).status_code == status
        assert not Enrolment.objects.filter(concerning=dead).exists()
