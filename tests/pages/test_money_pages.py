"""Many lists signed at once, lump sums, receipts, estimates and changes two people make: on pages, for the same people as by API."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banks.fake import FakeTransfers
from beneficiaries.models import Decision
from payments.models import (
    BudgetEstimate,
    Cycle,
    FundingAccount,
    FundTransfer,
    PaymentBatch,
    RecoveryReceipt,
    SettingChange,
    SigningRule,
)
from payments.pages.lists import SIGNING
from payments.services.ledger.journal import book, book_transfer
from payments.services.signing.sign import approve, list_digest, release, submit
from payments.states import Step
from staff.models import Kept
from staff.services.keeping import KEPT_FOR, keep, take_out
from staff.tasks import forget_what_pages_kept
from tests.api.world import NOW, World, make_cycle
from tests.pages.forms import Browse, Browser


class TestSigningMany:
    PAGE = "/ky-nhieu/"

    def confirm(self, client: Browser, *lists: PaymentBatch, step: str = "MAKER") -> dict[str, object]:
        """The form of the page on which the chosen are confirmed."""
        said = client.get(self.PAGE, {"step": step, "list": [one.pk for one in lists]}).content.decode()
        digests = dict(re.findall(r'name="(digests\.\d+)" value="([0-9a-f]{64})"', said))
        assert len(digests) == len(lists) and SIGNING[Step(step)][0] in said
        return {"step": step, "batches": [one.pk for one in lists], **digests}

    def sign(self, client: Browser, form: dict[str, object]) -> str:
        return str(client.post(f"{self.PAGE}ky/", form, follow=True).content.decode())

    def test_shows_each_with_its_total_and_signs_all_that_were_confirmed(self, world: World, browse: Browse) -> None:
        client, one, two = browse("MAKER", "97"), world.lists["971", "ACCOUNT"], world.lists["972", "ACCOUNT"]
        shown = client.get(self.PAGE).content.decode()
        assert all(f'name="list" value="{batch.pk}"' in shown for batch in (one, two)) and "1.500.000" in shown
        form = self.confirm(client, one, two)
        said = self.sign(client, form)
        assert "đã ký 2 danh sách" in said and "chưa ký được" not in said
        assert "đã ký 2 danh sách" in self.sign(client, form), "pressed twice it says the same"
        assert {batch.signatures.count() for batch in (one, two)} == {1}
        assert "Không có danh sách nào chờ tôi ký" in client.get(self.PAGE).content.decode()

    def test_says_once_that_nothing_leaves_while_a_freeze_holds_the_chosen(self, world: World, browse: Browse) -> None:
        maker, asked = browse("MAKER", "97"), {"step": "MAKER", "list": [one.pk for one in world.lists.values()]}
        assert "Đang tạm ngừng chi" not in maker.get(self.PAGE, asked).content.decode()
        browse("CHECKER", "97").post("/tam-ngung-chi/moi/", {"unit": "97", "programme": "", "reason": "Nghi chi nhầm"})
        assert maker.get(self.PAGE, asked).content.decode().count("Đang tạm ngừng chi") == 1

    def test_releases_the_others_while_a_freeze_holds_one(
        self, world: World, browse: Browse, bank: FakeTransfers, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("payments.api.signing.the_bank", lambda: bank)
        held, free = world.lists["971", "ACCOUNT"], world.lists["972", "ACCOUNT"]
        for role in ("MAKER", "CHECKER"):
            client = browse(role, "97")
            self.sign(client, self.confirm(client, held, free, step=role))
        browse("CHECKER", "97").post("/tam-ngung-chi/moi/", {"unit": "971", "programme": "", "reason": "Nghi chi nhầm"})
        releaser = browse("RELEASER", "97")
        shown = releaser.get(self.PAGE).content.decode()
        ticked = {pk: f'value="{pk}" aria-labelledby="what-{pk}" checked' in shown for pk in (held.pk, free.pk)}
        assert ticked == {held.pk: False, free.pk: True}
        said = self.sign(releaser, self.confirm(releaser, held, free, step="RELEASER"))
        assert "đã ký 1 danh sách, 1 danh sách chưa ký được" in said and "lý do: Nghi chi nhầm; người gỡ được" in said
        alone = releaser.get(f"/danh-sach/{held.pk}/").content.decode()
        assert "gỡ xong mới duyệt chi được" in alone and "<button>Duyệt chi</button>" not in alone

    def test_one_that_changed_since_is_refused_in_words_and_the_rest_signed(self, world: World, browse: Browse) -> None:
        client, one, two = browse("MAKER", "97"), world.lists["971", "ACCOUNT"], world.lists["972", "ACCOUNT"]
        form = self.confirm(client, one, two)
        world.pay(two, world.add_person("Đỗ Thị Én", unit="97201"), account=None, amount=900_000)
        said = self.sign(client, form)
        assert "đã ký 1 danh sách, 1 danh sách chưa ký được" in said and "đã thay đổi từ lúc mở xem" in said
        assert one.signatures.get().digest == list_digest(one.pk) and not two.signatures.exists()

    def test_offers_what_is_in_reach_and_mine_alone(self, world: World, browse: Browse) -> None:
        theirs = world.lists["972", "ACCOUNT"]
        district = browse("MAKER", "971")
        assert (
            f'value="{theirs.pk}"'
            not in district.get(self.PAGE, {"step": "MAKER", "list": [theirs.pk]}).content.decode()
        )
        form = {"step": "MAKER", "batches": [theirs.pk], f"digests.{theirs.pk}": list_digest(theirs.pk)}
        assert district.post(f"{self.PAGE}ky/", form).status_code == 404
        own = world.lists["971", "ACCOUNT"]
        form = {"step": "MAKER", "batches": [own.pk], f"digests.{own.pk}": list_digest(own.pk)}
        assert "0 danh sách, 1 danh sách chưa ký được" in self.sign(browse("CHECKER", "971"), form)
        assert browse("LEADER", "971").get(self.PAGE).status_code == 403
        assert not own.signatures.exists()


class TestLumpSums:
    PAGE = "/kinh-phi/TK-971/chuyen/"

    @pytest.fixture
    def cash(self, world: World, bank: FakeTransfers) -> PaymentBatch:
        """A cash list of 971, released."""
        return self.released(world, bank, world.lists["971", "ACCOUNT"].cycle)

    def released(self, world: World, bank: FakeTransfers, cycle: Cycle) -> PaymentBatch:
        batch = world.add_list("971", cycle=cycle, channel="CASH")
        world.pay(batch, world.add_person("Đỗ Thị Én", unit="97101"), account=None, amount=1_500_000)
        for role, sign in (("MAKER", submit), ("CHECKER", approve)):
            sign(batch_ids=[batch.pk], actor=world.staff[role, "971"], now=NOW)
        release(batch_ids=[batch.pk], actor=world.staff["RELEASER", "971"], now=NOW, bank=bank)
        return batch

    def test_of_three_lists_are_asked_for_as_often_as_of_one_and_say_of_each_what_it_says_alone(
        self, cash: PaymentBatch, world: World, bank: FakeTransfers, browse: Browse
    ) -> None:
        client = browse("CHECKER", "971")
        form = {
            "kind": "FORWARDED",
            "batch": cash.pk,
            "amount": "400.000",
            "reference": "UNC-7",
            "booked_on": "05/08/2024",
        }
        client.post(f"{self.PAGE}ghi/", form, follow=True)
        with CaptureQueriesContext(connection) as of_one:
            client.get(self.PAGE)
        lists = [cash]
        for month in (1, 2):
            first = date(2025, month, 1)
            lists.append(self.released(world, bank, make_cycle(first, pay_on=first.replace(day=5))))
        book_transfer(transfer=FundTransfer.objects.get(), now=NOW)
        with CaptureQueriesContext(connection) as of_three:
            said = client.get(self.PAGE).content.decode()

        assert len(of_three) == len(of_one)
        assert all(f'name="batch" value="{one.pk}"' in said for one in lists)
        together = client.get(
            "/api/funding-accounts/TK-971/held/", {"lists": ",".join(str(one.pk) for one in lists)}
        ).json()
        alone = [{"batch": one.pk} | client.get(f"/api/batches/{one.pk}/held/").json() for one in lists]
        assert sorted(together, key=lambda row: row["batch"]) == sorted(alone, key=lambda row: row["batch"])
        told = {row["batch"]: (row["brought_over"], row["suggested"]) for row in together}
        assert told == {cash.pk: (0, 1_100_000), lists[1].pk: (400_000, 1_100_000), lists[2].pk: (400_000, 1_100_000)}
        assert client.get("/api/funding-accounts/TK-972/held/", {"lists": "1"}).status_code == 404

    def test_are_proposed_recorded_once_and_never_more_than_the_list(self, cash: PaymentBatch, browse: Browse) -> None:
        client = browse("CHECKER", "971")
        assert 'value="1.500.000"' in client.get(self.PAGE).content.decode(), "what the list needs is filled in"
        form = {
            "kind": "FORWARDED",
            "batch": cash.pk,
            "amount": "1.500.000",
            "reference": "UNC-1",
            "booked_on": "2024-08-05",
        }
        for _ in range(2):
            assert "UNC-1" in client.post(f"{self.PAGE}ghi/", form, follow=True).content.decode()
        assert FundTransfer.objects.get().amount == 1_500_000
        more = client.post(f"{self.PAGE}ghi/", form | {"reference": "UNC-2", "amount": "1"})
        assert more.status_code == 409 and 'value="UNC-2"' in more.content.decode()
        wrong = client.post(f"{self.PAGE}ghi/", form | {"reference": ""}).content.decode()
        assert f'href="#reference-{cash.pk}"' in wrong

    def test_count_once_what_the_provider_holds_of_earlier_lists(
        self, cash: PaymentBatch, world: World, browse: Browse
    ) -> None:
        """Also between recording the lump sum and its statement: else the page would propose to send the rest a second time."""
        earlier = world.add_list(
            "971",
            cycle=Cycle.objects.create(month="2024-07-01", listed_on="2024-06-18", pay_on="2024-07-05", built_at=NOW),
            channel="CASH",
        )
        book(
            source="x", description="Còn giữ", funding_account=FundingAccount.objects.get(code="TK-971"), batch=earlier,
            amounts={"PROVIDER": 600_000, "FUNDS": -600_000}, booked_on=cash.cycle.month, now=NOW,
        )  # fmt: skip
        client = browse("CHECKER", "971")
        assert self.held(client, cash) == (600_000, 900_000)
        form = {
            "kind": "FORWARDED",
            "batch": cash.pk,
            "amount": "900.000",
            "reference": "UNC-1",
            "booked_on": "05/08/2024",
        }
        client.post(f"{self.PAGE}ghi/", form)
        assert self.held(client, cash) == (600_000, 0)
        transfer = FundTransfer.objects.get()
        book_transfer(transfer=transfer, now=NOW)
        assert self.held(client, cash) == (600_000, 0)

    def held(self, client: Browser, batch: PaymentBatch) -> tuple[int, int]:
        """Held of earlier lists, and what the page proposes to send."""
        said = client.get(f"/api/batches/{batch.pk}/held/").json()
        return said["brought_over"], said["suggested"]

    def test_are_for_who_reconciles_there(self, cash: PaymentBatch, browse: Browse) -> None:
        fee = {"kind": "FEE", "amount": "20.000", "reference": "PHI-1", "booked_on": "2024-08-05"}
        assert browse("AUDITOR", "971").get(self.PAGE).status_code == 200
        assert browse("AUDITOR", "971").post(f"{self.PAGE}ghi/", fee).status_code == 403
        assert browse("CHECKER", "972").get(self.PAGE).status_code == 404
        assert browse("CHECKER", "972").post(f"{self.PAGE}ghi/", fee).status_code == 404
        assert not FundTransfer.objects.exists()


class TestReceipts:
    @pytest.fixture
    def decision(self, world: World) -> Decision:
        return Decision.objects.create(
            enrolment=world.people["Trần Văn Ân"].enrolments.get(), kind="RECOVER", number="15/QĐ", amount=300_000,
            monthly_ceiling=100_000, signed_on=date(2024, 7, 1), effective_month=date(2024, 8, 1),
        )  # fmt: skip

    def test_leave_the_rest_and_the_same_twice_is_one(self, decision: Decision, browse: Browse) -> None:
        client, page = browse("CHECKER", "971"), f"/thu-hoi/{decision.pk}/phieu-thu/"
        form = {"number": "PT-1", "amount": "120.000", "received_on": "2024-08-05"}
        for _ in range(2):
            assert "còn phải thu 180.000 đ" in client.post(page, form, follow=True).content.decode()
        assert RecoveryReceipt.objects.count() == 1
        more = client.post(page, form | {"number": "PT-2", "amount": "180.001"})
        assert more.status_code == 409 and 'value="180001"' in more.content.decode()
        assert browse("CHECKER", "972").post(page, form).status_code == 404
        assert "15/QĐ" not in browse("MAKER", "972").get("/thu-hoi/").content.decode()
        seen = browse("MAKER", "971")
        assert "15/QĐ" in seen.get("/thu-hoi/").content.decode() and seen.post(page, form).status_code == 403


class TestEstimates:
    LINE = {
        "unit": "971", "programme": "TCXH", "year": "2024", "amount": "4.200.000.000", "document": "3512/QĐ-UBND", "decided_on": "2023-12-15",
        "budget_source": "",
    }  # fmt: skip

    def test_are_kept_once_and_taken_back_by_less_than_nothing(self, world: World, browse: Browse) -> None:
        client = browse("CHECKER", "971")
        for _ in range(2):
            said = client.post("/du-toan/ghi/", self.LINE, follow=True).content.decode()
            assert "4.200.000.000" in said and "Dự toán giao năm 2024" in said
        less = self.LINE | {"amount": "-1.000.000", "document": "9/QĐ"}
        assert "giảm dự toán" in client.post("/du-toan/ghi/", less, follow=True).content.decode()
        assert sorted(BudgetEstimate.objects.values_list("amount", flat=True)) == [-1_000_000, 4_200_000_000]
        below = client.post("/du-toan/ghi/", less | {"amount": "-9.000.000.000", "document": "10/QĐ"})
        assert below.status_code == 409 and 'value="-9000000000"' in below.content.decode()
        assert browse("CHECKER", "972").post("/du-toan/ghi/", self.LINE | {"document": "x"}).status_code == 404
        assert browse("RELEASER", "971").post("/du-toan/ghi/", self.LINE | {"document": "x"}).status_code == 403
        assert "3512" not in browse("CHECKER", "972").get("/du-toan/?year=2024").content.decode()


class TestChangesOfSettings:
    RULE = {"step": "COSIGNER", "title": "Phó Giám đốc", "from_amount": "5.000.000.000", "valid_from": "2099-01-01", "document": "12/QĐ"}  # fmt: skip

    def test_hold_when_another_in_another_role_says_yes(self, world: World, browse: Browse) -> None:
        releaser, checker = browse("RELEASER", "97"), browse("CHECKER", "97")
        assert "Đã đề nghị" in releaser.post("/thay-doi/quy-dinh-ky/", self.RULE, follow=True).content.decode()
        change = SettingChange.objects.get()
        yes = f"/thay-doi/{change.pk}/xac-nhan/"
        mine, theirs = (one.get("/thay-doi/").content.decode() for one in (releaser, checker))
        assert yes not in mine and "Rút đề nghị" in mine
        assert yes in theirs and "Phó Giám đốc" in theirs and "5.000.000.000 đ" in theirs
        assert releaser.post(yes).status_code == 409
        assert "có hiệu lực" in checker.post(yes, follow=True).content.decode()
        assert checker.post(yes).status_code == 409 and SigningRule.objects.count() == 1

    def test_of_an_account_are_proposed_declined_and_out_of_reach_elsewhere(self, world: World, browse: Browse) -> None:
        releaser = browse("RELEASER", "97")
        form = {"unit": "97", "code": "TKCT-97", "bank_account_id": "fa_97", "document": "1/QĐ"}
        releaser.post("/thay-doi/mo-tai-khoan/", form)
        change = SettingChange.objects.get()
        assert browse("CHECKER", "971").post(f"/thay-doi/{change.pk}/xac-nhan/").status_code == 404
        assert "không có gì thay đổi" in releaser.post(f"/thay-doi/{change.pk}/khong/", follow=True).content.decode()
        closing = {"account": "TK-971", "document": ""}
        assert 'href="#close-document"' in releaser.post("/thay-doi/dong-tai-khoan/", closing).content.decode()
        assert releaser.post("/thay-doi/dong-tai-khoan/", {"account": "", "document": "1"}).status_code == 404
        refused = releaser.post("/thay-doi/dong-tai-khoan/", closing | {"document": "2/QĐ"}).content.decode()
        assert "trường không có" not in refused and '<option value="TK-971" selected>' in refused  # it is in use
        assert browse("MAKER", "97").post("/thay-doi/quy-dinh-ky/", self.RULE).status_code == 403


class TestWhatIsKept:
    def test_is_sealed_of_one_person_for_one_purpose_and_a_while(self, world: World) -> None:
        one, other = world.staff["MAKER", "971"], world.staff["MAKER", "972"]
        token = keep(user=one, purpose="a", content="Trần Văn Ân".encode(), now=NOW)
        assert take_out(user=one, purpose="a", token=token, now=NOW) == "Trần Văn Ân".encode()
        assert take_out(user=other, purpose="a", token=token, now=NOW) is None
        assert take_out(user=one, purpose="b", token=token, now=NOW) is None
        assert "Trần".encode() not in bytes(Kept.objects.get().sealed)
        late = NOW.replace(hour=23)
        assert take_out(user=one, purpose="a", token=token, now=late) is None
        keep(user=other, purpose="a", content=b"", now=late)
        assert Kept.objects.get().user == other, "what is over is gone"

    def test_is_gone_by_night_where_nobody_keeps_anything_after_it(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one = world.staff["MAKER", "971"]
        for begun in (NOW.replace(hour=22), NOW):
            keep(user=one, purpose="a", content=b"x", now=begun)
        monkeypatch.setattr("staff.tasks.database_now", lambda: NOW.replace(hour=22, minute=10))
        forget_what_pages_kept()
        assert Kept.objects.get().expires_at == NOW.replace(hour=22) + KEPT_FOR

    def test_a_found_name_is_found_again_by_its_address_and_by_nobody_else(self, world: World, browse: Browse) -> None:
        client = browse("MAKER", "971")
        led = client.post("/nguoi-huong/tim/", {"name": "tran van an", "code": ""})
        assert led.status_code == 302 and "an" not in led["Location"].partition("?")[2].partition("=")[0]
        for _ in range(2):
            assert "Trần Văn Ân" in client.get(led["Location"]).content.decode()
        said = browse("MAKER", "97").get(led["Location"]).content.decode()
        assert "Trần Văn Ân" not in said and "hết hạn xem" in said
