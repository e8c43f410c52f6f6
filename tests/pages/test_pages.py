"""Pages show what the API tells the same person and nothing else; their buttons do what it lets the same person do."""

import re
from html import unescape

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, resolve, reverse

from banks.fake import FakeTransfers
from beneficiaries.models import BankAccount, Case
from beneficiaries.pages.urls import urlpatterns as case_pages
from payments.models import Payment, PaymentBatch, Signature
from payments.pages.urls import urlpatterns as list_pages
from payments.services.learning.cases import open_payment_cases
from payments.services.signing.removal import take_off
from payments.services.signing.sign import list_digest
from payments.states import BatchStatus
from reconciliation.pages.urls import urlpatterns as checking_pages
from staff.api.refusals import server_error
from staff.models import HistoryRow, Role
from staff.pages import PageStep
from staff.pages.urls import urlpatterns as own_pages
from staff.templatetags.writing import other_page
from tests.api.world import NOW, PASSWORD, World
from tests.pages.forms import Browse, Browser

OPEN = {"start", "log-in", "log-out", "page-own-status", "page-check-certificate"}
PAGES = [address for address in (*list_pages, *case_pages, *checking_pages, *own_pages) if address.name not in OPEN]


@pytest.fixture
def world(same_world: World) -> World:
    return same_world


def _is_step(address: URLPattern) -> bool:
    view = getattr(address.callback, "view_class", None)
    return view is not None and view.http_method_names == ["post"]


def _path(address: URLPattern, world: World) -> str:
    batch = world.lists["971", "ACCOUNT"]
    given = {
        "batch_id": batch.pk,
        "case_id": _case().pk,
        "slip_id": 1,
        "discrepancy_id": 1,
        "run_id": 1,
        "sample_id": 1,
        "item_id": 1,
        "upload_id": 1,
        "kept_id": 1,
        "programme": "TCXH",
        "beneficiary_id": world.people["Trần Văn Ân"].pk,
        "payment_id": world.payments["Trần Văn Ân"].pk,
        "enquiry_id": world.enquiries["971"].pk,
        "paper_id": 1,
        "minutes_id": 1,
        "payee_id": 1,
        "change_id": 1,
        "correction_id": 1,
        "handover_id": 1,
        "freeze_id": 1,
        "report_id": 1,
        "delegation_id": 1,
        "file_id": 1,
        "statement_id": 1,
        "order_id": 1,
        "month": "2024-08",
        "account": "TK-971",
        "enrolment_id": world.people["Trần Văn Ân"].enrolments.get().pk,
        "decision_id": 1,
        "file_format": "pdf",
        "match_id": 1,
        "question": "two-places",
    }
    names = re.findall(r"<(?:\w+:)?(\w+)>", str(address.pattern))
    return reverse(str(address.name), kwargs={name: given[name] for name in names})


def _case() -> Case:
    if not Case.objects.exists():
        open_payment_cases(
            payment_ids=[Payment.objects.order_by("pk").values_list("pk", flat=True)[0]],
            reason="ORDER_REFUSED",
            now=NOW,
        )
    return Case.objects.order_by("pk")[0]


def test_nobody_sees_or_does_anything_without_logging_in(world: World) -> None:
    client = Browser()
    for address in PAGES:
        path = _path(address, world)
        answer = client.post(path) if _is_step(address) else client.get(path)
        assert answer.status_code in (302, 401, 403), address.name
        if answer.status_code == 302:
            assert answer["Location"].startswith("/dang-nhap/"), address.name
        assert "Trần Văn Ân" not in answer.content.decode(), address.name


def test_a_button_is_pressed_by_post_with_the_forms_token_only(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.staff["CHECKER", "971"])
    _case()
    before = _everything()
    for address in PAGES:
        if _is_step(address):
            path = _path(address, world)
            assert strict.get(path).status_code in (302, 405), address.name
            assert strict.post(path).status_code == 403, address.name
            assert _everything() == before, address.name


def test_whoever_opens_the_address_of_a_button_is_led_to_its_page(world: World, browse: Browse) -> None:
    client = browse("CHECKER", "971")
    for address in PAGES:
        view = getattr(address.callback, "view_class", type)
        if issubclass(view, PageStep):
            answer = client.get(_path(address, world))
            assert answer.status_code == 302, address.name
            assert not issubclass(resolve(answer["Location"]).func.view_class, PageStep), address.name


def test_what_was_asked_of_a_page_is_asked_of_it_again(world: World, browse: Browse) -> None:
    refused = browse("CHECKER", "971").get("/kinh-phi/TK-971/cap/?account=TK-971")
    assert refused["Location"] == "/kinh-phi/?account=TK-971"


def _everything() -> tuple[list[object], ...]:
    return (
        list(PaymentBatch.objects.order_by("pk").values()),
        list(Payment.objects.order_by("pk").values()),
        list(Case.objects.order_by("pk").values()),
        list(Signature.objects.order_by("pk").values()),
    )


@pytest.mark.parametrize("role", Role.values)
def test_every_page_answers_every_role_as_the_api_does(role: str, world: World, browse: Browse) -> None:
    client = browse(role, "971")
    for address in PAGES:
        if _is_step(address):
            continue
        answer = client.get(_path(address, world))
        assert answer.status_code in (200, 403, 404, 302, 409), address.name  # 409: there is no letter to read
        if answer.status_code == 403:
            assert "Trần Văn Ân" not in answer.content.decode()
    assert client.get("/").status_code == 200


def test_no_name_stands_in_a_title_which_the_browser_keeps_with_the_address(world: World, browse: Browse) -> None:
    client = browse("MAKER", "97")
    for address in PAGES:
        if not _is_step(address):
            title = re.search("<title>(.*?)</title>", client.get(_path(address, world)).content.decode(errors="ignore"))
            assert not title or "Trần Văn Ân" not in title[1], address.name


def test_who_may_not_see_persons_sees_none(world: World, browse: Browse) -> None:
    client = browse("LEADER", "971")
    for path in ("/danh-sach/", f"/danh-sach/{world.lists['971', 'ACCOUNT'].pk}/", "/viec/"):
        assert client.get(path).status_code == 403
    assert client.get("/so-lieu/").status_code == 200


def test_another_districts_list_is_not_there(world: World, browse: Browse) -> None:
    _case()
    path = f"/danh-sach/{world.lists['972', 'ACCOUNT'].pk}/"
    client = browse("CHECKER", "971")
    assert client.get(path).status_code == 404
    assert client.post(f"{path}ky/checker/").status_code == 404
    assert "Ngô Văn Cường" not in client.get("/danh-sach/").content.decode()


def test_three_people_sign_what_they_read_and_the_money_may_go(
    world: World, browse: Browse, bank: FakeTransfers
) -> None:
    batch = world.lists["971", "ACCOUNT"]
    path = f"/danh-sach/{batch.pk}/"
    for role, button in (("MAKER", "Ký trình"), ("CHECKER", "Ký kiểm soát"), ("RELEASER", "Duyệt chi")):
        client = browse(role, "971")
        page = client.get(path).content.decode()
        assert f"<button>{button}</button>" in page
        assert str(batch.pk) in client.get("/").content.decode()
        shown = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
        assert shown
        answer = client.post(f"{path}ky/{role.lower()}/", {"digest": shown[1]}, follow=True)
        assert "said success" in answer.content.decode()
        assert f"<button>{button}</button>" not in answer.content.decode()
    batch.refresh_from_db()
    assert batch.status == BatchStatus.RELEASED
    assert set(batch.payments.values_list("status", flat=True)) == {"READY"}


def test_the_maker_has_no_button_to_approve_and_pressing_it_all_the_same_is_refused(
    world: World, browse: Browse
) -> None:
    batch = world.lists["971", "ACCOUNT"]
    client, path = browse("MAKER", "971"), f"/danh-sach/{batch.pk}/"
    client.post(f"{path}ky/maker/", {"digest": list_digest(batch.pk)})
    assert "<button>Ký kiểm soát</button>" not in client.get(path).content.decode()
    answer = client.post(f"{path}ky/checker/", {"digest": list_digest(batch.pk)}, follow=True)
    assert "said error" in answer.content.decode()
    assert list(batch.signatures.values_list("step", flat=True)) == ["MAKER"]


def test_what_stands_against_a_signature_is_told_in_words_that_lead_to_the_person(world: World, browse: Browse) -> None:
    batch = world.lists["971", "ACCOUNT"]
    payment = batch.payments.select_related("beneficiary").first()
    assert payment is not None
    BankAccount.objects.filter(pk=payment.bank_account_id).update(status="CLOSED", cause="CLOSE")
    answer = browse("MAKER", "971").post(f"/danh-sach/{batch.pk}/ky/maker/", {"digest": list_digest(batch.pk)})
    said = answer.content.decode().partition('role="alert"')[2].partition("</div>")[0]
    assert answer.status_code == 409 and "ACCOUNT_LOST" not in said
    assert f'<a href="/danh-sach/{batch.pk}/khoan-chi/{payment.pk}/">STT {payment.ordinal}, ' in said
    assert f"{payment.beneficiary.full_name}: Tài khoản không dùng được nữa" in said


def test_a_list_that_changed_since_it_was_read_is_not_signed(world: World, browse: Browse) -> None:
    batch = world.lists["971", "ACCOUNT"]
    client, path = browse("MAKER", "971"), f"/danh-sach/{batch.pk}/"
    read = list_digest(batch.pk)
    world.pay(batch, world.add_person("Đỗ Thị Én", unit="97101"), account=None, amount=900_000)
    assert list_digest(batch.pk) != read
    answer = client.post(f"{path}ky/maker/", {"digest": read}, follow=True)
    assert "Danh sách đã thay đổi từ lúc mở xem" in answer.content.decode()
    assert not batch.signatures.exists()


def test_who_turns_the_page_signs_what_the_first_page_showed(world: World, browse: Browse) -> None:
    batch = world.lists["971", "ACCOUNT"]
    client, path = browse("MAKER", "971"), f"/danh-sach/{batch.pk}/"
    first = client.get(f"{path}?limit=1").content.decode()
    turned = re.search(r'href="(\?[^"]*offset=1[^"]*)">Trang sau', first)
    assert turned
    world.pay(batch, world.add_person("Đỗ Thị Én", unit="97101"), account=None, amount=900_000)
    second = client.get(path + turned[1].replace("&amp;", "&")).content.decode()
    assert "Danh sách đã thay đổi từ lúc mở xem" in second
    shown = re.search(r'name="digest" value="([0-9a-f]{64})"', second)
    assert shown
    assert shown[1] != list_digest(batch.pk)


def test_a_slip_that_waits_is_signed_by_two_where_the_first_page_leads(
    world: World, browse: Browse, bank: FakeTransfers
) -> None:
    batch = world.lists["971", "ACCOUNT"]
    path = f"/danh-sach/{batch.pk}/"
    browse("MAKER", "971").post(f"{path}ky/maker/")
    payment = batch.payments.order_by("pk")[0]
    slip = take_off(payment_id=payment.pk, reason="Đã mất", actor=world.staff["MAKER", "971"], now=NOW)
    assert slip
    assert "Ký rút tên" not in browse("MAKER", "971").get(path).content.decode()
    for role in ("CHECKER", "RELEASER"):
        client = browse(role, "971")
        assert f'href="{path}"' in client.get("/").content.decode()
        assert "Ký rút tên" in client.get(path).content.decode()
        answer = client.post(f"{path}phieu/{slip.pk}/ky/", follow=True)
        assert "Đã ký phiếu rút tên" in answer.content.decode()
    payment.refresh_from_db()
    assert payment.status == "CANCELLED"
    assert "Ký rút tên" not in browse("CHECKER", "971").get(path).content.decode()


def test_a_slip_is_refused_by_its_button(world: World, browse: Browse, bank: FakeTransfers) -> None:
    batch = world.lists["971", "ACCOUNT"]
    path = f"/danh-sach/{batch.pk}/"
    browse("MAKER", "971").post(f"{path}ky/maker/")
    payment = batch.payments.order_by("pk")[0]
    slip = take_off(payment_id=payment.pk, reason="Đã mất", actor=world.staff["MAKER", "971"], now=NOW)
    assert slip
    browse("CHECKER", "972").post(f"{path}phieu/{slip.pk}/khong-dong-y/", {"note": "x"})
    slip.refresh_from_db()
    assert slip.refused_at is None
    browse("CHECKER", "971").post(f"{path}phieu/{slip.pk}/khong-dong-y/", {"note": "Người này còn sống"})
    slip.refresh_from_db()
    payment.refresh_from_db()
    assert slip.refused_at is not None and payment.status == "DRAFT" and payment.hold_code == ""


def test_a_case_is_taken_and_escalated_by_its_buttons(world: World, browse: Browse) -> None:
    case, client = _case(), browse("MAKER", "971")
    path = f"/viec/{case.pk}/"
    assert "Nhận việc" in client.get(path).content.decode()
    client.post(f"{path}nhan/")
    case.refresh_from_db()
    assert case.owner == world.staff["MAKER", "971"]
    assert "Nhận việc</button>" not in client.get(path).content.decode()
    colleague = browse("COMMUNE_OFFICER", "97101").get(path).content.decode()
    assert "đang xử lý. Người ấy vắng" in colleague and "Nhận việc</button>" in colleague
    assert "Báo cáo</button>" not in colleague and "Báo cáo</button>" in client.get(path).content.decode()
    answer = client.post(f"{path}bao-cao/", {"proposal": ""}, follow=True)
    assert "said error" in answer.content.decode()
    client.post(f"{path}bao-cao/", {"proposal": "Đề nghị tỉnh xem xét"})
    case.refresh_from_db()
    assert case.status == "ESCALATED"


def test_what_a_button_wrote_is_labelled_with_who_pressed_it(world: World, browse: Browse) -> None:
    batch, client = world.lists["971", "ACCOUNT"], browse("MAKER", "971")
    client.post(f"/danh-sach/{batch.pk}/ky/maker/", {"digest": list_digest(batch.pk)})
    row = HistoryRow.objects.filter(relation="payments_paymentbatch", operation="U").latest("pk")
    assert (row.actor_id, row.why) == (world.staff["MAKER", "971"].pk, "POST danh-sach/<int:batch_id>/ky/maker/")


def test_the_next_page_begins_where_this_one_ended(world: World, browse: Browse) -> None:
    asked = RequestFactory().get("/viec/", {"limit": "500"})  # the API gives 200
    assert other_page({"results": [{}] * 200, "count": 500}, asked, 1) == "?limit=500&offset=200"


def test_what_goes_wrong_is_said_in_vietnamese(world: World) -> None:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(world.staff["CHECKER", "971"])
    assert "thao tác chưa được thực hiện" in strict.post("/danh-sach/1/ky/checker/").content.decode()
    assert "Không có trang này" in strict.get("/khong-co/").content.decode()
    assert "Hệ thống gặp lỗi" in server_error(RequestFactory().get("/")).content.decode()


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_a_day_without_a_quarter_is_a_mistake_not_a_fault(on: str, browse: Browse) -> None:
    assert browse("CHECKER", "97").get(f"/so-lieu/?on={on}").status_code == 400


def test_figures_are_of_a_unit_chosen_by_its_name(world: World, browse: Browse) -> None:
    said = browse("CHECKER", "971").get("/so-lieu/?unit=97101").content.decode()
    assert re.search(r'<option value="97101" selected>[^<]+</option>', said)
    assert 'value="972' not in said


@pytest.mark.parametrize("role", Role.values)
def test_no_link_of_the_first_page_is_refused(role: str, world: World, browse: Browse) -> None:
    client = browse(role, "971")
    for link in {unescape(found) for found in re.findall(r'href="(/[^"#]*)"', client.get("/").content.decode())}:
        if not link.startswith("/static/"):
            assert client.get(unescape(link)).status_code == 200, link


def test_no_page_is_kept_framed_or_given_a_script(world: World, browse: Browse) -> None:
    client = browse("CHECKER", "971")
    for path in ("/", "/danh-sach/", "/viec/", "/dang-nhap/"):
        answer = client.get(path)
        assert "no-store" in answer["Cache-Control"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"
        assert "<script" not in answer.content.decode() and " style=" not in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/api/cycles/2024-08/proof/page/", "/api/dashboard/page/?on=2024-08-31", "/khong-co/"]
)
def test_no_paper_to_print_runs_a_script_either(path: str, world: World, browse: Browse) -> None:
    answer = browse("CHECKER", "97").get(path)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert (
        "default-src 'none'" in answer["Content-Security-Policy"]
        and "script-src" not in answer["Content-Security-Policy"]
    )
    assert "<script" not in answer.content.decode()


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.CIVIL_REGISTRY])
def test_who_is_refused_finds_the_way_back(role: str, world: World, browse: Browse) -> None:
    client = browse(role, "97")
    for path in (
        "/khong-co/",
        "/viec/999999/",
        "/danh-sach/999999/",
        "/lap-danh-sach/",
        "/khoa-ky/",
        "/sao-ke/",
        "/nap-danh-sach/",
    ):
        answer = client.get(path)
        if answer.status_code != 200:
            said = answer.content.decode()
            assert answer.status_code in (403, 404) and '<html lang="vi">' in said, path
            assert re.search(r'<main.*<a href="/">Về trang', said, re.DOTALL), path


class TestTheDoor:
    def test_leads_back_to_where_one_was_going(self, with_password: str) -> None:
        answer = Browser().post(
            "/dang-nhap/", {"username": with_password, "password": PASSWORD, "next": "/viec/?overdue=true"}
        )
        assert answer["Location"] == "/viec/?overdue=true"

    @pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)"])
    def test_leads_to_nobody_elses_host(self, elsewhere: str, with_password: str) -> None:
        answer = Browser().post("/dang-nhap/", {"username": with_password, "password": PASSWORD, "next": elsewhere})
        assert answer["Location"] == "/"

    def test_says_the_same_of_a_wrong_name_and_a_wrong_password(self, with_password: str) -> None:
        said = [
            Browser().post("/dang-nhap/", {"username": name, "password": "sai"}).content.decode().count("không đúng")
            for name in (with_password, "khong.co")
        ]
        assert said == [1, 1]

    def test_shuts_after_ten_trials_a_minute_whatever_the_address(self, with_password: str) -> None:
        client = Browser()
        codes = [
            client.post("/dang-nhap/", {"username": with_password, "password": "sai"}).status_code for _ in range(11)
        ]
        assert codes == [200] * 10 + [429]
        assert client.post("/dang-nhap/", {"username": with_password, "password": PASSWORD}).status_code == 429
        # … and the same count holds at the API's door
        assert client.post("/api/token/", {"username": with_password, "password": PASSWORD}).status_code == 429

    def test_takes_forms_only(self, world: World) -> None:
        assert Client().post("/dang-nhap/", {}, content_type="application/json").status_code == 415

    def test_counts_the_same_name_however_it_is_written(self, with_password: str) -> None:
        codes = [
            Browser().post(door, {"username": " " * n + with_password, "password": "sai"}, REMOTE_ADDR=f"10.0.0.{n}")
            for n in range(6)
            for door in ("/dang-nhap/", "/api/token/")
        ]
        assert [answer.status_code for answer in codes] == [200, 401] * 5 + [429, 429]

    def test_one_leaves_by_pressing_a_button_not_by_following_a_link(self, world: World, browse: Browse) -> None:
        client = browse("CHECKER", "971")
        assert client.get("/dang-xuat/").status_code == 405
        assert client.get("/danh-sach/").status_code == 200
        client.post("/dang-xuat/")
        assert client.get("/danh-sach/").status_code == 302

    def test_of_somebody_switched_off_is_shut(self, world: World, browse: Browse) -> None:
        client = browse("CHECKER", "971")
        user = world.staff["CHECKER", "971"]
        user.is_active = False
        user.save(update_fields=["is_active"])
        assert client.get("/danh-sach/").status_code == 302
