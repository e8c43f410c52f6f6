"""What a clerk and an accountant do on pages day by day: each button does what its API address does, for the same people only."""

import io
import re

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from banks.fake import FakeTransfers
from beneficiaries.models import AccountChange, PayeeRelation, RegistrationSlip
from beneficiaries.models.payees import PayeePaper
from payments.models import Finding, Freeze, Payment, RemovalSlip
from payments.services.learning.contradictions import note_contradictions
from payments.services.learning.findings import confirm_finding, put_finding
from payments.states import Cause, PaymentStatus
from reconciliation.models import Statement
from staff.models import Delegation
from staff.services.database_clock import database_now
from tests.api.test_every_state import sign_up_to
from tests.api.world import NOW, World
from tests.pages.forms import Browse, Browser

SCAN = b"%PDF-1.7 ban quet"


def file(content: bytes, name: str = "tep.xlsx") -> io.BytesIO:
    upload = io.BytesIO(content)
    upload.name = name
    return upload


def picture(size: int = 8) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (size, size)).save(out, "JPEG")
    return out.getvalue()


class TestTakingSomebodyOff:
    def page(self, world: World) -> str:
        return f"/danh-sach/{world.lists['971', 'ACCOUNT'].pk}/khoan-chi/{world.payments['Trần Văn Ân'].pk}/"

    def test_is_at_once_while_nobody_signed(self, world: World, browse: Browse) -> None:
        client = browse("MAKER", "971")
        answer = client.post(f"{self.page(world)}rut-ten/", {"reason": "Gia đình báo mất"}, follow=True)
        assert "Đã rút tên khỏi danh sách." in answer.content.decode()
        world.payments["Trần Văn Ân"].refresh_from_db()
        assert world.payments["Trần Văn Ân"].status == PaymentStatus.CANCELLED

    def test_is_by_a_slip_once_somebody_signed(self, world: World, browse: Browse, bank: FakeTransfers) -> None:
        client, batch = browse("MAKER", "971"), world.lists["971", "ACCOUNT"]
        client.post(f"/danh-sach/{batch.pk}/ky/maker/")
        said = client.post(f"{self.page(world)}rut-ten/", {"reason": "Báo mất"}, follow=True).content.decode()
        assert "Đã lập phiếu rút tên" in said and "Rút tên</button>" not in said
        assert RemovalSlip.objects.get().payment == world.payments["Trần Văn Ân"]

    def test_needs_a_reason_and_keeps_what_was_typed(self, world: World, browse: Browse) -> None:
        answer = browse("MAKER", "971").post(f"{self.page(world)}rut-ten/", {"reason": "", "document_number": "7/CV"})
        shown = answer.content.decode()
        assert answer.status_code == 400
        assert 'role="alert"' in shown and 'href="#reason"' in shown and "Lý do: " in shown and 'value="7/CV"' in shown

    def test_is_not_for_another_district(self, world: World, browse: Browse) -> None:
        client = browse("MAKER", "972")
        assert client.get(self.page(world)).status_code == 404
        assert client.post(f"{self.page(world)}rut-ten/", {"reason": "x"}).status_code == 404
        own = f"/danh-sach/{world.lists['972', 'ACCOUNT'].pk}/khoan-chi/{world.payments['Trần Văn Ân'].pk}/"
        assert client.get(own).status_code == 404

    def test_a_notice_is_for_what_was_sent(self, world: World, browse: Browse) -> None:
        answer = browse("MAKER", "971").post(f"{self.page(world)}dung-chi/", {"reason": "Báo mất"})
        assert answer.status_code == 409


class TestALetterThatWasWrong:
    """What two people found to have arrived is taken back on the payment's page, by another letter and a second person."""

    @pytest.fixture
    def page(self, world: World, bank: FakeTransfers) -> str:
        batch, payment = sign_up_to("RELEASED", world, bank), world.payments["Trần Văn Ân"]
        for cause in (Cause.CLAIM, Cause.BANK_FAILED):
            Payment.objects.filter(pk=payment.pk).apply(cause, now=NOW)
        note_contradictions(payment_ids=[payment.pk], reason="BANK_CONTRADICTS", now=NOW)
        given = {"content": picture(), "document": "12/NH", "outcome": Finding.Outcome.ARRIVED}
        now = database_now()
        put_finding(payment_id=payment.pk, actor=world.staff["CHECKER", "971"], now=now, **given)
        confirm_finding(payment_id=payment.pk, actor=world.staff["RELEASER", "971"], now=now)
        return f"/danh-sach/{batch.pk}/khoan-chi/{payment.pk}/"

    def test_is_taken_back_by_another_letter_and_another_person(self, page: str, world: World, browse: Browse) -> None:
        checker, releaser, payment = browse("CHECKER", "971"), browse("RELEASER", "971"), world.payments["Trần Văn Ân"]
        assert "Rút kết luận tiền đã đến" in checker.get(page).content.decode()
        same = {"outcome": "LEFT_NOTHING", "document": "12/NH", "file": file(picture(), "a.jpg")}
        assert "phải có văn bản khác" in checker.send(f"{page}van-ban/", same).content.decode()
        checker.send(f"{page}van-ban/", {**same, "document": "30/NH", "file": file(picture(size=9), "b.jpg")})

        assert "30/NH" in releaser.get("/tra-soat/").content.decode()
        waiting = Finding.objects.get(confirmed_at=None)
        releaser.post(reverse("page-told-confirm", args=[payment.pk]), {"finding": waiting.pk})
        payment.refresh_from_db()
        assert (payment.status, payment.cause) == ("FAILED", "FOUND_WRONG")

    def test_is_not_for_the_maker_nor_another_district(self, page: str, world: World, browse: Browse) -> None:
        assert "Rút kết luận" not in browse("MAKER", "971").get(page).content.decode()
        letter = {"outcome": "LEFT_NOTHING", "document": "30/NH", "file": file(picture(size=9), "b.jpg")}
        assert browse("MAKER", "971").send(f"{page}van-ban/", letter).status_code == 403
        assert browse("CHECKER", "972").send(f"{page}van-ban/", letter).status_code == 404
        assert not Finding.objects.filter(confirmed_at=None).exists()


def test_payment_is_frozen_and_lifted(world: World, browse: Browse) -> None:
    browse("MAKER", "971").post("/tam-ngung-chi/moi/", {"unit": "971", "programme": "", "reason": "Chi nhầm"})
    freeze = Freeze.objects.get()
    assert "Đang ngừng chi" in browse("CHECKER", "971").get("/tam-ngung-chi/").content.decode()
    held = f"/danh-sach/{world.lists['971', 'ACCOUNT'].pk}/"
    assert (
        "Chi nhầm. Danh sách trình, kiểm soát được, chưa duyệt chi được"
        in browse("CHECKER", "971").get(held).content.decode()
    )
    elsewhere = f"/danh-sach/{world.lists['972', 'ACCOUNT'].pk}/"
    assert "Đang tạm ngừng chi" not in browse("CHECKER", "97").get(elsewhere).content.decode()
    assert browse("MAKER", "971").post(f"/tam-ngung-chi/{freeze.pk}/go/", {"note": "x"}).status_code == 403
    browse("RELEASER", "971").post(f"/tam-ngung-chi/{freeze.pk}/go/", {"note": "Đã kiểm tra"})
    freeze.refresh_from_db()
    assert freeze.ended_by == world.staff["RELEASER", "971"]
    assert "Đang tạm ngừng chi" not in browse("CHECKER", "971").get(held).content.decode()


def test_a_signature_is_delegated_and_taken_back(world: World, browse: Browse) -> None:
    client, today = browse("RELEASER", "971"), timezone.localdate().isoformat()
    form = {"unit": "971", "form": "KT", "document_number": "7/UQ", "valid_from": today, "valid_to": today}
    assert client.post("/uy-quyen-ky/moi/", {"to": "maker.971", **form}).status_code == 409
    choice = re.search(r'<select id="to".*?</select>', client.get("/uy-quyen-ky/").content.decode(), re.DOTALL)
    assert choice
    offered = re.findall(r'value="([^"]+)"', choice[0])
    assert sorted(offered) == ["cosigner.971", "cosigner.97101", "cosigner.97102", "releaser.97101", "releaser.97102",
                               "reviewer.971", "reviewer.97101", "reviewer.97102"]  # fmt: skip
    for name in offered:
        assert client.post("/uy-quyen-ky/moi/", {"to": name, **form}, follow=True).status_code == 200, name
    client.post("/uy-quyen-ky/moi/", {"to": "cosigner.971", **form})
    given = Delegation.objects.get(delegate__username="cosigner.971")
    assert "Thu hồi</button>" in client.get("/uy-quyen-ky/").content.decode()
    assert "Thu hồi</button>" not in browse("CHECKER", "971").get("/uy-quyen-ky/").content.decode()
    client.post(f"/uy-quyen-ky/{given.pk}/thu-hoi/")
    given.refresh_from_db()
    assert given.revoked_at is not None


class TestOnePerson:
    SLIP = {
        "method": "ACCOUNT",
        "account.bank_bin": "970405",
        "account.number": "5550109999",
        "account.holder_name": "TRAN VAN AN",
        "account.holder_kind": "OWN",
        "signed_on": "2024-08-01",
        "signer_kind": "OWN",
        "signer_name": "Trần Văn Ân",
    }

    def page(self, world: World) -> str:
        return f"/nguoi-huong/{world.people['Trần Văn Ân'].pk}/"

    def test_another_account_waits_for_a_second_person(self, world: World, browse: Browse) -> None:
        officer = browse("COMMUNE_OFFICER", "97101")
        said = officer.post(f"{self.page(world)}phieu/", self.SLIP, follow=True).content.decode()
        assert "chờ người thứ hai duyệt" in said and "5550109999" not in said
        change = AccountChange.objects.get()
        assert officer.post(f"/doi-tai-khoan/{change.pk}/duyet/").status_code == 302
        change.refresh_from_db()
        assert change.status == "PENDING"
        checker = browse("CHECKER", "971")
        assert "…9999" in checker.get("/doi-tai-khoan/").content.decode()
        checker.post(f"/doi-tai-khoan/{change.pk}/duyet/")
        change.refresh_from_db()
        assert (change.status, change.decided_by) == ("APPROVED", world.staff["CHECKER", "971"])

    def test_a_number_is_never_shown_again(self, world: World, browse: Browse) -> None:
        answer = browse("COMMUNE_OFFICER", "97101").post(f"{self.page(world)}phieu/", {**self.SLIP, "signed_on": "x"})
        shown = answer.content.decode()
        assert answer.status_code == 400
        assert "5550109999" not in shown and 'value="TRAN VAN AN"' in shown and 'href="#signed_on"' in shown

    def test_the_scan_of_a_slip_is_kept_and_read_back(self, world: World, browse: Browse) -> None:
        officer = browse("COMMUNE_OFFICER", "97101")
        officer.post(f"{self.page(world)}phieu/", {**self.SLIP, "method": "CASH"} | {"account.bank_bin": ""})
        slip = RegistrationSlip.objects.first()
        if slip is None:
            officer.post(
                f"{self.page(world)}phieu/",
                {name: value for name, value in self.SLIP.items() if "account" not in name} | {"method": "CASH"},
            )
            slip = RegistrationSlip.objects.get()
        officer.send(f"{self.page(world)}phieu/{slip.pk}/quet/", {"file": file(SCAN, "phieu.pdf")})
        back = officer.get(f"/phieu/{slip.pk}/ban-quet/")
        assert back.content == SCAN and "sandbox" in back["Content-Security-Policy"]
        assert browse("COMMUNE_OFFICER", "97201").get(f"/phieu/{slip.pk}/ban-quet/").status_code == 404

    def test_a_power_of_attorney_comes_with_its_scan_and_ends(self, world: World, browse: Browse) -> None:
        officer = browse("COMMUNE_OFFICER", "97101")
        form = {
            "kind": "AUTHORISED", "full_name": "Trần Thị Hoa", "paper_number": "12/GUQ", "paper_signed_on": "2024-07-01",
            "certified_by": "UBND xã Phước Thuận", "valid_from": "2024-07-01", "valid_until": "2030-07-01", "scope": "RECEIVE",
        }  # fmt: skip
        answer = officer.post(f"{self.page(world)}nhan-thay/", form, follow=True)
        assert "Trần Thị Hoa" in answer.content.decode()
        relation = PayeeRelation.objects.get()
        officer.send(f"{self.page(world)}nhan-thay/{relation.pk}/quet/", {"file": file(SCAN, "giay.pdf")})
        assert PayeePaper.objects.filter(relation=relation).exists()
        assert officer.get(f"/giay-to/{relation.pk}/ban-quet/").content == SCAN
        officer.post(f"{self.page(world)}nhan-thay/{relation.pk}/cham-dut/", {"reason": "REVOKED", "on": "2024-08-01"})
        relation.refresh_from_db()
        assert relation.ended_on is not None

    def test_is_not_there_for_another_district(self, world: World, browse: Browse) -> None:
        client = browse("COMMUNE_OFFICER", "97201")
        assert client.get(self.page(world)).status_code == 404
        assert client.post(f"{self.page(world)}phieu/", self.SLIP).status_code == 404


class TestAnswersOfThePolice:
    def answers(self, enquiry: int, *rows: tuple[str, str]) -> bytes:
        book = openpyxl.Workbook()
        book.active.append(["Mã dòng", "Họ và tên", "Kết quả", "Ngày trả lời", "Ghi chú"])
        for reference, name in rows:
            book.active.append([reference, name, "Khớp đúng", f"{timezone.localdate():%d/%m/%Y}", ""])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def asked(self, client: Browser) -> int:
        answer = client.post(
            "/xac-minh/lap/", {"unit": "97101", "purpose": "Rà soát", "only_doubtful": ""}, follow=True
        )
        said = answer.content.decode()
        assert "Đã lập danh sách số" in said
        return int(said.split("Đã lập danh sách số ")[1].split(",")[0])

    def test_go_out_come_back_and_say_what_is_wrong_in_which_row(self, world: World, browse: Browse) -> None:
        client = browse("MAKER", "971")
        enquiry = self.asked(client)
        listed = client.post(f"/xac-minh/{enquiry}/tai-ve/")
        assert "attachment" in listed["Content-Disposition"]
        content = self.answers(enquiry, (f"XM{enquiry}-1", "Trần Văn Ân"), (f"XM{enquiry}-1", "Người Khác"))
        checked = client.send(f"/xac-minh/{enquiry}/kiem-tra/", {"file": file(content)})
        sheet = openpyxl.load_workbook(io.BytesIO(checked.content)).worksheets[0]
        reasons = [str(row[-1].value or "") for row in sheet.iter_rows(min_row=2)]
        assert reasons[0] == "" and "KHÔNG NHẬN DÒNG NÀY" in reasons[1]
        assert "0</td>" in client.get("/xac-minh/").content.decode()
        said = client.send(f"/xac-minh/{enquiry}/ket-qua/", {"file": file(content)}).content.decode()
        assert "Dòng 3" in said and "đã ghi 1 kết quả" in said
        right = self.answers(enquiry, (f"XM{enquiry}-1", "Trần Văn Ân"))
        again = [client.send(f"/xac-minh/{enquiry}/ket-qua/", {"file": file(right)}) for _ in range(2)]
        assert "đã nạp từ trước" in again[-1].content.decode()

    def test_of_another_district_are_not_there(self, world: World, browse: Browse) -> None:
        enquiry = self.asked(browse("MAKER", "971"))
        other = browse("MAKER", "972")
        assert other.post(f"/xac-minh/{enquiry}/tai-ve/").status_code == 404
        for word in ("ket-qua", "kiem-tra"):
            answer = other.send(f"/xac-minh/{enquiry}/{word}/", {"file": file(self.answers(enquiry))})
            assert answer.status_code == 404


class TestStatements:
    TABLE = "Ngày giao dịch,Ghi nợ,Ghi có,Số dư,Nội dung\n05/08/2024,,2000000,2000000,CAP KINH PHI\n"

    def send(self, client: Browser, word: str, text: str = "", **more: str) -> str:
        upload = file((text or self.TABLE).encode(), "sao-ke.csv")
        form = {"file": upload, "account": "TK-971", "sheet": "", **more}
        return str(client.send(f"/sao-ke/{word}/", form, follow=True).content.decode())

    def test_are_looked_at_taken_in_and_again_add_nothing(self, world: World, browse: Browse) -> None:
        client = browse("CHECKER", "971")
        looked = self.send(client, "xem-truoc")
        assert "Xem trước: TK-971" in looked and "2.000.000" in looked
        assert not Statement.objects.exists()
        assert "Đã nạp 1 sao kê, 1 dòng" in self.send(client, "nap")
        assert "đã nạp từ trước" in self.send(client, "nap")
        shown = client.get(f"/sao-ke/{Statement.objects.get().pk}/").content.decode()
        assert "2.000.000" in shown.partition("<tbody>")[2]  # every line, not only what nothing explains

    def test_of_lines_known_from_another_say_so(self, world: World, browse: Browse) -> None:
        """Kept for what it says of the balance, and its page doesn't look as if something got lost."""
        client = browse("CHECKER", "971")
        self.send(client, "nap")
        more = self.TABLE + "06/08/2024,,1000,2001000,LAI\n"
        assert "2 dòng, trong đó 1 dòng đã có từ trước" in self.send(client, "nap", more)
        assert "1 dòng, trong đó 1 dòng đã có từ trước" in self.send(
            client, "nap", self.TABLE.replace(",2000000,CAP", ",2000001,CAP")
        )
        shown = client.get(f"/sao-ke/{Statement.objects.latest('pk').pk}/").content.decode()
        assert "đều đã có từ sao kê nạp trước" in shown

    def kept(self, said: str) -> str:
        found = re.search(r'name="kept" value="([\w-]+)"', said)
        assert found, said
        return found[1]

    def test_are_chosen_once_looked_at_and_taken_in(self, world: World, browse: Browse) -> None:
        client = browse("CHECKER", "971")
        form = {"kept": self.kept(self.send(client, "xem-truoc")), "account": "TK-971", "sheet": ""}
        for somebody in (browse("CHECKER", "97"), browse("CHECKER", "972")):
            assert "hết thời hạn giữ" in somebody.send("/sao-ke/nap/", form).content.decode()
        assert not Statement.objects.exists()
        assert "Đã nạp 1 sao kê, 1 dòng" in client.send("/sao-ke/nap/", form, follow=True).content.decode()
        assert "đã nạp từ trước" in client.send("/sao-ke/nap/", form, follow=True).content.decode()

    def test_too_large_to_keep_are_after_a_preview_the_file_that_was_previewed(
        self, world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("staff.pages.kept_files.MOST_BYTES", 10)
        client, other = browse("CHECKER", "971"), self.TABLE.replace("2000000", "3000000")
        seen = self.send(client, "xem-truoc").partition('name="previewed" value="')[2][:64]
        assert "không phải tệp đã xem trước" in self.send(client, "nap", other + " ", previewed=seen)
        assert not Statement.objects.exists()
        assert "Đã nạp 1 sao kê" in self.send(client, "nap", previewed=seen)

    def test_columns_are_named_once(self, world: World, browse: Browse) -> None:
        client = browse("CHECKER", "971")
        strange = self.TABLE.replace("Ghi nợ", "Cột A").replace("Ghi có", "Cột B")
        looked = self.send(client, "xem-truoc", strange)
        assert "khai tên cột" in looked
        chosen = {"column-0": "booked_on", "column-1": "debit", "column-2": "credit", "column-3": "balance"}
        form = {"kept": self.kept(looked), "account": "TK-971", "sheet": "", **chosen, "column-4": ""}
        named = client.send("/sao-ke/ten-cot/", form, follow=True).content.decode()
        assert "Chưa nhận ra cột" not in named and "2.000.000" in named
        again = {"kept": self.kept(named), "account": "TK-971"}
        assert "Đã nạp 1 sao kê" in client.send("/sao-ke/nap/", again, follow=True).content.decode()

    def test_of_another_district_are_not_there(self, world: World, browse: Browse) -> None:
        self.send(browse("CHECKER", "971"), "nap")
        other = browse("CHECKER", "972")
        assert other.get(f"/sao-ke/{Statement.objects.get().pk}/").status_code == 404
        assert "Không tìm thấy" in self.send(other, "nap")

    def test_are_for_who_reconciles(self, world: World, browse: Browse) -> None:
        upload = file(self.TABLE.encode(), "sao-ke.csv")
        assert browse("AUDITOR", "971").send("/sao-ke/nap/", {"file": upload}).status_code == 403
        assert "Nạp sao kê</button>" not in browse("AUDITOR", "971").get("/sao-ke/").content.decode()


def test_the_signed_list_is_uploaded_and_read_back(world: World, browse: Browse, bank: FakeTransfers) -> None:
    page = f"/danh-sach/{world.lists['971', 'ACCOUNT'].pk}/"
    client = browse("MAKER", "971")
    client.post(f"{page}ky/maker/")
    said = client.send(f"{page}ban-da-ky/", {"file": file(picture(), "quet.jpg")}, follow=True)
    assert "Đã lưu bản đã ký" in said.content.decode()
    refused = client.send(f"{page}ban-da-ky/", {"file": file(b"khong phai giay")}, follow=True)
    assert 'class="said error"' in refused.content.decode()
    assert browse("MAKER", "972").send(f"{page}ban-da-ky/", {"file": file(SCAN)}).status_code == 404


@pytest.mark.parametrize("path", ["/bao-tu/", "/nap-tep/", "/in-an/", "/toi/"])
def test_the_other_pages_open(path: str, world: World, browse: Browse) -> None:
    assert browse("MAKER", "971").get(path).status_code == 200


def test_only_ones_own_delegation_may_be_taken_back(world: World, browse: Browse) -> None:
    namesake, today = world.staff["CHECKER", "971"], timezone.localdate().isoformat()
    namesake.full_name = world.staff["RELEASER", "971"].full_name
    namesake.save(update_fields=["full_name"])
    form = {"to": "cosigner.971", "unit": "971", "form": "KT", "document_number": "7/UQ", "valid_from": today}
    browse("RELEASER", "971").post("/uy-quyen-ky/moi/", {**form, "valid_to": today})
    assert "Thu hồi</button>" in browse("RELEASER", "971").get("/uy-quyen-ky/").content.decode()
    assert "Thu hồi</button>" not in browse("CHECKER", "971").get("/uy-quyen-ky/").content.decode()


def test_a_refused_answer_leads_to_the_form_it_is_about(world: World, browse: Browse) -> None:
    enquiry = world.enquiries["971"].pk
    shown = browse("MAKER", "971").send(f"/xac-minh/{enquiry}/ket-qua/", {}).content.decode()
    assert 'href="#file"' in shown and shown.count('id="file"') == 1 and "<details open>" in shown


def test_what_one_was_told_is_not_read_by_who_logs_in_next(world: World, browse: Browse) -> None:
    client = browse("MAKER", "971")
    client.post(f"/danh-sach/{world.lists['971', 'ACCOUNT'].pk}/ky/releaser/")
    assert "messages" not in client.cookies
    client.post("/dang-xuat/")
    client.force_login(world.staff["MAKER", "972"])
    assert "không có quyền" not in client.get("/").content.decode()
