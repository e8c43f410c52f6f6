"""A month is tried out, built as it was seen, and closed; what nobody could learn is ended by two people. All of it on pages."""

import re
from datetime import date

import pytest

from payments.models import Cycle, FundingAccount, ListOrder, Payment
from payments.services.ledger.journal import book
from payments.tasks import build_ordered_lists
from reconciliation.models import Discrepancy, PeriodStep, Statement
from tests.api.test_month_orders import quiet_bank
from tests.api.test_unknown_outcomes import unknown
from tests.api.world import NOW, World
from tests.pages.forms import Browse, Browser
from tests.pages.test_daily_work import file, picture

__all__ = ["quiet_bank", "unknown"]
MONTH = "/lap-danh-sach/2024-09/"
DAYS = {"listed_on": "2024-08-16", "pay_on": "2024-09-05", "months_together": "1"}


class TestBuilding:
    def try_out(self, client: Browser, **more: str) -> str:
        return client.post(f"{MONTH}tinh-thu/", DAYS | more, follow=True).content.decode()

    def digest(self, said: str) -> str:
        found = re.search(r'name="seen" value="([0-9a-f]{64})"', said)
        assert found, said
        return found[1]

    def build(self, client: Browser, seen: str) -> str:
        client.post(f"{MONTH}lap/", DAYS | {"seen": seen, "budget_year": ""})
        build_ordered_lists()
        return client.get(MONTH).content.decode()

    def test_just_what_was_tried_out_and_pressed_twice_once(
        self, world: World, browse: Browse, quiet_bank: None
    ) -> None:
        maker = browse("MAKER", "97")
        said = self.try_out(maker, unit="97101")
        assert "Trần Văn Ân" in said and "Lê Thị Bình" not in said and not Cycle.objects.filter(month="2024-09-01")
        (parts,) = re.findall(r"Tổng tiền ([\d.]+) đ = \D+([\d.]+) đ \D+([\d.]+) đ \D+([\d.]+) đ − \D+([\d.]+) đ", said)
        total, regular, arrears, carried, deducted = (int(part.replace(".", "")) for part in parts)
        assert total == regular + arrears + carried - deducted
        seen = self.digest(said)
        assert seen == self.digest(self.try_out(maker, unit="97")), "one digest whatever was looked at"
        maker.post(f"{MONTH}lap/", DAYS | {"seen": seen, "budget_year": ""})
        assert "đã lập lúc" in self.build(maker, seen)
        assert ListOrder.objects.count() == 1

    def test_nothing_when_something_changed_since(self, world: World, browse: Browse, quiet_bank: None) -> None:
        maker = browse("MAKER", "97")
        seen = self.digest(self.try_out(maker))
        world.enrol(world.add_person("Đỗ Thị Én", unit="97101"))
        said = self.build(maker, seen)
        assert "Số liệu đã khác lần tính thử" in said and not Cycle.objects.filter(month="2024-09-01").exists()
        assert "đã lập lúc" in self.build(maker, self.digest(self.try_out(maker)))

    def test_is_the_provinces_and_a_district_sees_its_own_part(self, world: World, browse: Browse) -> None:
        district = browse("MAKER", "971")
        said = self.try_out(district, unit="971")
        assert "xã Phước Thuận" in said and "xã Phước An" not in said and 'name="seen"' not in said
        assert district.post(f"{MONTH}lap/", DAYS | {"seen": "0" * 64}).status_code == 403
        assert district.post(f"{MONTH}tinh-thu/", DAYS | {"unit": "97201"}).status_code == 404
        assert browse("CHECKER", "971").get("/lap-danh-sach/").status_code == 403

    def test_faults_lead_to_their_fields_in_vietnamese(self, world: World, browse: Browse) -> None:
        said = self.try_out(browse("MAKER", "97"), pay_on="mai", months_together="nhiều")
        assert 'href="#pay_on"' in said and 'href="#months_together"' in said and "valid integer" not in said


@pytest.fixture
def account(world: World) -> FundingAccount:
    return FundingAccount.objects.get(code="TK-971")


def statement_of(account: FundingAccount, *, to_on: str = "2024-08-31") -> Statement:
    made = {
        "statement_id": f"S-{to_on}",
        "format": "camt.053",
        "from_on": "2024-08-01",
        "received_at": NOW,
        "content_digest": to_on.encode(),
    }
    balances = {"opening": 0, "closing": 0, "line_count": 0}
    return Statement.objects.create(funding_account=account, to_on=to_on, **made, **balances)


class TestClosing:
    PAGE = "/khoa-ky/2024-08/TK-971/"

    def test_names_what_stands_in_the_way_and_leads_there(self, unknown: Payment, browse: Browse) -> None:
        payment = unknown
        said = browse("CHECKER", "971").get(self.PAGE).content.decode()
        assert "nạp sao kê" in said and f'href="/danh-sach/{payment.batch_id}/"' in said
        assert "<button>Khóa kỳ" not in said
        assert "Chưa khóa được" in browse("CHECKER", "971").get("/khoa-ky/?month=2024-08").content.decode()

    def test_an_earlier_month_that_is_open_is_named_before_anybody_presses(
        self, account: FundingAccount, browse: Browse
    ) -> None:
        statement_of(account)
        book(
            source="x", description="x", funding_account=account, amounts={"FUNDS": 1, "ALLOTTED": -1},
            booked_on=date(2024, 6, 30), now=NOW,
        )  # fmt: skip
        checker = browse("CHECKER", "971")
        said = checker.get(self.PAGE).content.decode()
        assert 'href="/khoa-ky/2024-06/TK-971/"' in said and "<button>Khóa kỳ" not in said
        assert checker.post(f"{self.PAGE}khoa/").status_code == 409

    def test_each_difference_goes_over_by_name_or_the_month_stays_open(
        self, account: FundingAccount, browse: Browse
    ) -> None:
        statement, checker = statement_of(account), browse("CHECKER", "971")
        one, two = (
            Discrepancy.objects.create(
                statement=statement, kind=Discrepancy.Kind.values[0], ours=n, theirs=0, found_at=NOW, key=str(n)
            )
            for n in (1, 2)
        )
        said = checker.post(f"{self.PAGE}khoa/", {f"note-{one.pk}": "Chờ trả lời", f"note-{two.pk}": ""})
        shown = said.content.decode()
        assert said.status_code == 409 and f'href="#note-{two.pk}"' in shown and 'value="Chờ trả lời"' in shown
        assert not PeriodStep.objects.exists()
        both = {f"note-{one.pk}": "Chờ trả lời", f"note-{two.pk}": "Cũng vậy"}
        assert "Đã khóa kỳ" in checker.post(f"{self.PAGE}khoa/", both, follow=True).content.decode()
        again = checker.post(f"{self.PAGE}khoa/", both)
        assert again.status_code == 409 and PeriodStep.objects.count() == 1

    def test_is_opened_again_by_the_releasers_decision_alone(self, account: FundingAccount, browse: Browse) -> None:
        statement_of(account)
        checker, releaser = browse("CHECKER", "971"), browse("RELEASER", "971")
        assert releaser.post(f"{self.PAGE}khoa/").status_code == 403
        checker.post(f"{self.PAGE}khoa/")
        decision = {"number": "3/QĐ", "decided_on": "2024-09-10", "signer": "Nguyễn Văn Chủ", "reason": "Sót phí"}
        assert checker.post(f"{self.PAGE}mo-lai/", decision).status_code == 403
        assert 'href="#reason"' in releaser.post(f"{self.PAGE}mo-lai/", decision | {"reason": ""}).content.decode()
        assert "3/QĐ" in releaser.post(f"{self.PAGE}mo-lai/", decision, follow=True).content.decode()
        assert [step.kind for step in PeriodStep.objects.order_by("ordinal")] == ["CLOSED", "REOPENED"]

    def test_another_district_is_not_there(self, account: FundingAccount, browse: Browse) -> None:
        other = browse("CHECKER", "972")
        assert other.get(self.PAGE).status_code == 404
        assert other.post(f"{self.PAGE}khoa/").status_code == 404
        assert "TK-971" not in other.get("/khoa-ky/?month=2024-08").content.decode()

    def test_the_payment_month_is_closed_by_the_province_when_every_list_is_done(
        self, world: World, browse: Browse
    ) -> None:
        province = browse("CHECKER", "97")
        for batch in world.lists.values():
            assert f'href="/danh-sach/{batch.pk}/"' in province.get("/khoa-ky/?month=2024-08").content.decode()
        assert "said error" in province.post("/khoa-ky/2024-08/", follow=True).content.decode()
        assert browse("CHECKER", "971").post("/khoa-ky/2024-08/").status_code in (302, 403)
        assert Cycle.objects.get().closed_at is None


class TestWhatNobodyCouldLearn:
    def test_is_ended_by_two_people_over_the_letter_that_was_read(
        self, unknown: Payment, world: World, browse: Browse
    ) -> None:
        one, two, page = browse("CHECKER", "971"), browse("RELEASER", "971"), f"/tra-soat/{unknown.pk}/"
        assert "Nhận tra soát</button>" not in browse("MAKER", "971").get("/tra-soat/").content.decode()
        assert "Nhận tra soát</button>" in one.get("/tra-soat/").content.decode()
        one.post(f"{page}nhan/")
        assert one.post(f"{page}nhan/").status_code == 409
        letter = {"document": "12/NH ngày 06/8/2024"}
        assert f'href="#file-{unknown.pk}"' in one.send(f"{page}van-ban/", letter).content.decode()
        one.send(f"{page}van-ban/", letter | {"file": file(picture(), "vb.jpg")})
        shown = two.get("/tra-soat/").content.decode()
        assert "Kết luận</button>" in shown and "Kết luận</button>" not in one.get("/tra-soat/").content.decode()
        assert two.get(f"{page}xem-van-ban/").status_code == 200
        read = re.search(r'name="letter" value="(\d+)"', shown)
        assert read
        one.send(f"{page}van-ban/", letter | {"file": file(picture(16), "khac.jpg")})
        stale = two.post(f"{page}ket-luan/", {"letter": read[1]})
        assert stale.status_code == 409 and "đã được thay bằng văn bản khác" in stale.content.decode()
        unknown.refresh_from_db()
        assert unknown.status == "SENT"
        now = re.search(r'name="letter" value="(\d+)"', two.get("/tra-soat/").content.decode())
        assert now
        assert "Đã kết luận" in two.post(f"{page}ket-luan/", {"letter": now[1]}, follow=True).content.decode()
        unknown.refresh_from_db()
        assert unknown.status == "CANCELLED"
        assert two.post(f"{page}ket-luan/", {"letter": now[1]}).status_code == 409

    def test_is_not_there_for_another_district(self, unknown: Payment, browse: Browse) -> None:
        other = browse("CHECKER", "972")
        assert unknown.end_to_end_id not in other.get("/tra-soat/").content.decode()
        for word in ("nhan", "ket-luan"):
            assert other.post(f"/tra-soat/{unknown.pk}/{word}/").status_code == 404
