"""The first page names what waits for whoever looks, since when, and leads there; months are closed from the first open one."""

import re
from datetime import date

import pytest
from django.utils import timezone

from beneficiaries.models import Decision
from payments.models import Alarm, FundingAccount, Heartbeat
from payments.services import alarms
from payments.services.alarms import watch
from payments.services.ledger.journal import book
from payments.services.sending.books import Standing
from payments.services.signing.signing_rules import propose_signing_rule
from payments.states import Step
from reconciliation.models import Discrepancy, PeriodStep, ReportSnapshot
from reconciliation.services.differences.write_off import propose_write_off
from staff.models import AdministrativeUnit
from tests.api.test_month_orders import quiet_bank
from tests.api.world import NOW, World
from tests.pages.forms import Browse, Browser
from tests.pages.test_month_by_pages import DAYS, MONTH, statement_of

__all__ = ["quiet_bank"]


def waits(client: Browser, label: str) -> tuple[int, str]:
    """How many of a step wait by the first page, and since which day."""
    step = re.search(rf"<li><a [^>]*>{label}</a>(.*?)</li>", client.get("/").content.decode())
    assert step, label
    count, since = re.search(r"([\d.]+) đang chờ", step[1]), re.search(r"từ ([\d/]+)", step[1])
    return int(count[1]) if count else 0, since[1] if since else ""


class TestTheFirstPage:
    def test_counts_what_another_proposed_for_the_second_person(self, world: World, browse: Browse) -> None:
        given = {"title": "Phó Giám đốc", "from_amount": 5, "document_number": "12/QĐ", "valid_from": date(2099, 1, 1)}
        propose_signing_rule(step=Step.COSIGNER, actor=world.staff["RELEASER", "97"], now=NOW, **given)
        label = "Thay đổi tài khoản chi, quy định ký chờ xác nhận"
        assert waits(browse("CHECKER", "97"), label) == (1, f"{NOW:%d/%m/%Y}")
        assert waits(browse("RELEASER", "97"), label) == (0, "")
        statement = statement_of(FundingAccount.objects.get(code="TK-971"))
        found = {"ours": 1, "theirs": 0, "found_at": NOW, "key": "1"}
        difference = Discrepancy.objects.create(statement=statement, kind=Discrepancy.Kind.values[0], **found)
        propose_write_off(discrepancy_id=difference.pk, note="Phí", actor=world.staff["CHECKER", "971"], now=NOW)
        label = "Xử lý chênh lệch chờ người thứ hai ký"
        assert waits(browse("RELEASER", "971"), label) == (1, f"{NOW:%d/%m/%Y}")
        assert waits(browse("CHECKER", "971"), label) == waits(browse("RELEASER", "972"), label) == (0, "")
        assert "Tất cả 1" in browse("RELEASER", "971").get("/chenh-lech/?proposed=true").content.decode()

    def test_leads_from_a_silence_to_where_it_ends(self, world: World, browse: Browse) -> None:
        batch = world.lists["971", "ACCOUNT"]
        for kind, subject in (("NO_STATEMENT", "account:TK-971"), ("WAITS_FOR_SIGNATURE", f"list:{batch.pk}")):
            Alarm.objects.create(kind=kind, subject=subject, unit=world.units["971"], count=1, since=NOW, raised_at=NOW)
        said = browse("CHECKER", "971").get("/").content.decode()
        assert '<a href="/sao-ke/">tài khoản TK-971</a>' in said
        assert f'<a href="/danh-sach/{batch.pk}/">danh sách số {batch.pk}</a>' in said

    @pytest.mark.parametrize(
        ("kind", "subject", "told"),
        [
            ("LEDGER_NEGATIVE", "TK-971:RESERVED", '<a href="/kinh-phi/">Đã giữ chỗ, tài khoản TK-971</a>'),
            ("REPORT_OVERDUE", "report:7", '<a href="/bao-cao/7/">báo cáo số 7</a>'),
            ("RING_UNFOLLOWED", "ring:12", "tin số 12"),
            ("BANK_REPORT_WRONG", "bank-report:5", "báo cáo số 5; mời hỏi ngân hàng"),
            ("FROZEN", "freeze:3", "huyện Phước Sơn, 1 khoản chi đang đợi; mời xem lý do và gỡ khi xong</a>, từ"),
            ("MATCHING_LATE", "matching", "đối khớp hồ sơ với dữ liệu dân cư"),
        ],
    )
    def test_says_in_words_what_is_silent(
        self, world: World, browse: Browse, kind: str, subject: str, told: str
    ) -> None:
        Alarm.objects.create(kind=kind, subject=subject, unit=world.units["971"], count=1, since=NOW, raised_at=NOW)
        said = browse("CHECKER", "971").get("/").content.decode()
        assert told in said and subject not in said

    def test_offers_to_sign_several_at_once_where_several_wait(self, world: World, browse: Browse) -> None:
        assert 'class="button second" href="/ky-nhieu/"' in browse("MAKER", "97").get("/").content.decode()
        assert 'class="button second" href="/ky-nhieu/"' not in browse("MAKER", "971").get("/").content.decode()


class TestMonthsToClose:
    @pytest.fixture
    def july(self, world: World) -> FundingAccount:
        """An account whose August could be closed but for its July."""
        account = FundingAccount.objects.get(code="TK-971")
        statement_of(account)
        book(
            source="x", description="x", funding_account=account, amounts={"FUNDS": 1, "ALLOTTED": -1},
            booked_on=date(2024, 7, 30), now=NOW,
        )  # fmt: skip
        return account

    def test_begin_with_the_first_open_one(self, july: FundingAccount, world: World, browse: Browse) -> None:
        checker = browse("CHECKER", "971")
        assert "Khóa kỳ tháng 07/2024" in checker.get("/khoa-ky/").content.decode()
        august = checker.get("/khoa-ky/?month=2024-08").content.decode()
        assert ">Khóa được<" not in august and 'href="/khoa-ky/2024-07/TK-971/">tháng 07/2024</a>' in august
        step = {"kind": "CLOSED", "ordinal": 1, "made_by": world.staff["CHECKER", "971"], "made_at": NOW}
        PeriodStep.objects.create(funding_account=july, month=date(2024, 7, 1), **step)
        said = checker.get("/khoa-ky/").content.decode()
        assert "Khóa kỳ tháng 08/2024" in said and ">Khóa được<" in said


def test_months_drawn_together_stand_in_the_dry_run(world: World, browse: Browse, quiet_bank: None) -> None:
    client = browse("MAKER", "97")
    grant = {
        "kind": "GRANT",
        "number": "1/QĐ",
        "signer": "Nguyễn Văn Chủ, Chủ tịch UBND",
        "signed_on": "2024-01-02",
        "effective_month": "2024-01-01",
    }
    by = {"recorded_by": world.staff["MAKER", "971"], "recorded_at": NOW}
    Decision.objects.create(enrolment=world.people["Trần Văn Ân"].enrolments.get(), **grant, **by)
    one, two = (
        client.post(f"{MONTH}tinh-thu/", DAYS | {"months_together": count}, follow=True).content.decode()
        for count in ("1", "2")
    )
    assert "Các tháng sau chi trước cùng danh sách này" in two and "chi trước cùng danh sách" not in one


@pytest.mark.parametrize(
    ("role", "told"),
    [("CHECKER", True), ("RELEASER", True), ("MAKER", False), ("AUDITOR", False), ("LEADER", False)],
)
def test_a_clock_that_stands_still_is_told_to_whoever_can_have_it_seen_to(
    role: str, told: bool, world: World, browse: Browse
) -> None:
    Heartbeat.objects.all().delete()
    said = browse(role, "97").get("/").content.decode()
    assert ("Đồng hồ hệ thống không chạy" in said) is told
    assert ("mời báo cán bộ kỹ thuật" in said) is told
    watch(now=timezone.now())
    assert "Đồng hồ hệ thống không chạy" not in browse(role, "97").get("/").content.decode()


class TestCalendar:
    """The days of the month that is listed next, on the first page."""

    def test_every_day_of_the_next_list_by_working_days(self, world: World, browse: Browse) -> None:
        said = browse("COMMUNE_OFFICER", "971").get("/").content.decode()

        assert "Lịch danh sách tháng 09/2024" in said
        days = said.partition("Lịch danh sách")[2].partition("</table>")[0]
        assert re.findall(r"\d\d/\d\d/2024", days) == ["15/08/2024", "16/08/2024", "23/08/2024", "05/09/2024"]
        assert days.count("đã qua") == 4

    def test_the_next_term_stands_in_its_heading(self, world: World, browse: Browse, monkeypatch) -> None:
        monkeypatch.setattr("reconciliation.pages.home.timezone.localdate", lambda *given: date(2024, 8, 16))

        said = browse("MAKER", "971").get("/").content.decode()

        assert "hạn gần nhất 16/08/2024" in said
        assert said.count("hôm nay</span>") == 1

    def test_a_leader_has_no_list_to_make(self, world: World, browse: Browse) -> None:
        assert "Lịch danh sách" not in browse("LEADER", "971").get("/").content.decode()


def test_books_that_were_restored_are_told_in_red_with_what_to_do(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "books_standing", lambda: Standing.ELSEWHERE)

    page = browse("CHECKER", "97").get("/").content.decode()

    assert '<p class="said error"><b>Sổ khôi phục từ bản sao, chưa đối chiếu với ngân hàng: không gửi tiền</b>' in page
    assert "chạy lệnh after_restore" in page


class TestALeaderReadsFiguresFirst:
    def kept(self, unit: str, *, last: date, accounts: int, ties_out: bool = True) -> None:
        rate = {"numerator": accounts, "denominator": 1000, "percent": f"{accounts / 10:.2f}"}
        figures = {
            "headline": {"unpaid": 12, "in_flight": 1234},
            "rates": {"coverage": rate},
            "work": [{"kind": "MOVED", "open": 40, "overdue": 5}, {"kind": "AGE", "open": 2, "overdue": 1}],
        }
        ReportSnapshot.objects.create(
            kind="QUARTERLY", unit=AdministrativeUnit.objects.get(code=unit), from_on=date(2024, 7, 1), to_on=last, figures=figures,
            ties_out=ties_out, digest="0" * 64, created_at=NOW,
        )  # fmt: skip

    def test_of_the_newest_report_of_the_own_unit_with_its_days(self, world: World, browse: Browse) -> None:
        leader = browse("LEADER", "971")
        assert "Số liệu báo cáo gần nhất" not in leader.get("/").content.decode(), "before the first report"
        self.kept("971", last=date(2024, 8, 31), accounts=631)
        self.kept("971", last=date(2024, 7, 31), accounts=502)
        self.kept("972", last=date(2024, 9, 30), accounts=903)

        said = leader.get("/").content.decode()

        assert "Từ 01/07/2024 đến hết ngày 31/08/2024, tính lúc " in said
        assert "63,10%" in said and "50,20%" not in said and "90,30%" not in said
        assert "<b>12</b><small>và 1.234 người tiền đang chuyển</small>" in said
        assert "<b>42</b><small>6 việc quá hạn</small>" in said
        assert "bản nháp" not in said
        assert "Số liệu báo cáo gần nhất" not in browse("CHECKER", "971").get("/").content.decode()

    def test_says_so_when_they_do_not_agree(self, world: World, browse: Browse) -> None:
        self.kept("971", last=date(2024, 8, 31), accounts=631, ties_out=False)

        assert "bản nháp: số liệu chưa khớp" in browse("LEADER", "971").get("/").content.decode()
