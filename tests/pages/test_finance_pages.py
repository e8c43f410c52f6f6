"""What an accountant and an inspector do on pages of their own: give a difference to somebody, take a match back, read ready answers, print the minutes."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from payments.models import FundingAccount, JournalEntry, PaymentBatch
from reconciliation.api import verifications
from reconciliation.models import Discrepancy, SealCheckOrder, Statement, StatementLine, StatementMatch
from reconciliation.services.lines.match_by_likeness import COUNTERPARTY
from reconciliation.services.lines.match_statement import match_statement
from staff.encryption import seal
from staff.models import PaperReading, Seal
from staff.services.checking import check_history
from staff.services.sealing import seal_history
from tests.api.world import NOW, World
from tests.pages.forms import Browse, Browser

PERIOD = "?unit=971&from_on=2024-07-01&to_on=2024-09-30"


@pytest.fixture
def fee(world: World) -> Discrepancy:
    """A debit nobody knows on a statement of 971."""
    statement = Statement.objects.create(
        funding_account=FundingAccount.objects.get(code="TK-971"), content_digest=b"x", statement_id="S", from_on=date(2024, 8, 1),
        to_on=date(2024, 8, 31), line_count=1, received_at=NOW,
    )  # fmt: skip
    StatementLine.objects.create(
        statement=statement,
        ordinal=1,
        amount=-11_000,
        booked_on=date(2024, 8, 30),
        sealed_counterparty=seal(b'["", "", ""]', purpose=COUNTERPARTY),
    )
    match_statement(statement=statement, actor=world.staff["CHECKER", "971"], now=NOW)
    return Discrepancy.objects.get()


class TestADifference:
    def test_is_given_to_somebody_who_reconciles_there(self, world: World, fee: Discrepancy, browse: Browse) -> None:
        checker = browse("CHECKER", "971")
        owner = world.staff["CHECKER", "97"]
        shown = checker.get(f"/chenh-lech/{fee.pk}/").content.decode()

        checker.send(f"/chenh-lech/{fee.pk}/giao/", {"owner": owner.username, "note": "Hỏi ngân hàng"})

        assert f'value="{owner.username}"' in shown
        assert world.staff["CHECKER", "972"].username not in shown
        fee.refresh_from_db()
        assert fee.owner == owner

    def test_is_offered_to_nobody_who_can_not_have_it(self, world: World, fee: Discrepancy, browse: Browse) -> None:
        """The province sees all districts; only who reaches the difference's own can take it."""
        offered = browse("CHECKER", "97").get(f"/chenh-lech/{fee.pk}/").content.decode()

        assert f'value="{world.staff["CHECKER", "971"].username}"' in offered
        assert f'value="{world.staff["CHECKER", "972"].username}"' not in offered

    def test_offers_only_the_steps_that_are_taken(self, fee: Discrepancy, browse: Browse) -> None:
        proposer, page = browse("CHECKER", "971"), f"/chenh-lech/{fee.pk}/"
        offered = proposer.get(page).content.decode()
        assert all(f"{word}</button>" in offered for word in ("Đề nghị", "Nối", "Dò lại", "Ghi bút toán"))
        assert "Phí ngân hàng" in offered and "Lãi tiền gửi" not in offered  # money went out
        assert "Chấp nhận trả lời</button>" not in offered

        proposed = proposer.send(f"{page}de-nghi/", {"note": "QĐ 5"}, follow=True).content.decode()
        assert "Đề nghị</button>" not in proposed and "Ký</button>" not in proposed
        assert "Ký</button>" in browse("RELEASER", "971").get(page).content.decode()

    @pytest.mark.parametrize(("kind", "offered"), [("LATE", False), ("MISSING_ON_STATEMENT", True)])
    def test_is_written_off_only_where_money_is_in_question(
        self, kind: str, offered: bool, fee: Discrepancy, browse: Browse
    ) -> None:
        found = {"kind": kind, "key": "k", "statement": fee.statement, "sentence": "Lệch", "found_at": NOW}
        shown = browse("CHECKER", "971").get(f"/chenh-lech/{Discrepancy.objects.create(**found).pk}/").content.decode()
        assert ("Đề nghị</button>" in shown, "Chấp nhận trả lời</button>" in shown) == (offered, not offered)

    def test_is_not_left_by_a_payments_code_nobody_knows(self, fee: Discrepancy, browse: Browse) -> None:
        typed = {"payment": "KHONGCO", "note": "theo giấy báo"}

        told = browse("CHECKER", "971").post(f"/chenh-lech/{fee.pk}/noi/", typed)

        assert told.status_code == 409
        said = told.content.decode()
        assert "kiểm tra lại mã khoản chi" in said and "<details open><summary>Nối với khoản chi" in said
        assert said.count('value="KHONGCO"') == said.count('value="theo giấy báo"') == 1


class TestRecordedLate:
    """The Treasury's money is on the statement before the accountant records it."""

    @pytest.fixture
    def unknown(self, world: World) -> Discrepancy:
        statement = Statement.objects.create(
            funding_account=FundingAccount.objects.get(code="TK-971"), content_digest=b"y", statement_id="S", from_on=date(2024, 8, 1),
            to_on=date(2024, 8, 31), opening=0, closing=7_750_000, line_count=1, received_at=NOW,
        )  # fmt: skip
        StatementLine.objects.create(
            statement=statement, ordinal=1, amount=7_750_000, booked_on=date(2024, 8, 15), reference="CAP-2",
            sealed_counterparty=seal(b'["", "", ""]', purpose=COUNTERPARTY),
        )  # fmt: skip
        match_statement(statement=statement, actor=world.staff["CHECKER", "971"], now=NOW)
        return Discrepancy.objects.get()

    def look(self, browser: Browser, item: Discrepancy) -> str:
        return str(browser.post(f"/chenh-lech/{item.pk}/do-lai/", follow=True).content.decode())

    def record(self, browser: Browser, **other: str) -> None:
        given = {"reference": "CAP-2", "amount": "7.750.000", "booked_on": "15/08/2024", "document": "LCT 2"}
        browser.post("/kinh-phi/TK-971/cap/", given | other)

    def test_is_matched_and_booked_without_another_statement(self, unknown: Discrepancy, browse: Browse) -> None:
        checker = browse("CHECKER", "971")
        assert "Chưa có khoản chi, lần cấp tiền" in self.look(checker, unknown) and not JournalEntry.objects.exists()
        self.record(checker)
        assert "Dò lại</button>" in checker.get(f"/chenh-lech/{unknown.pk}/").content.decode()
        assert "nay đã khớp" in self.look(checker, unknown)
        unknown.refresh_from_db()
        assert (unknown.status, unknown.ground) == ("RESOLVED", "FOUND_LATER")
        assert StatementMatch.objects.get().top_up is not None and JournalEntry.objects.count() == 1
        assert "không ở bước đó nữa" in self.look(checker, unknown) and JournalEntry.objects.count() == 1

    def test_is_not_matched_when_the_sum_is_another(self, unknown: Discrepancy, browse: Browse) -> None:
        checker = browse("CHECKER", "971")
        self.record(checker, amount="7.750.001")
        assert "Chưa có khoản chi, lần cấp tiền" in self.look(checker, unknown)
        assert not StatementMatch.objects.exists() and Discrepancy.objects.get().status == "OPEN"

    def test_is_not_matched_in_a_month_that_is_closed(self, unknown: Discrepancy, browse: Browse) -> None:
        checker = browse("CHECKER", "971")
        self.record(checker)
        closed = checker.post("/khoa-ky/2024-08/TK-971/khoa/", {f"note-{unknown.pk}": "Chờ Kho bạc"})
        assert closed.status_code == 302
        assert "kỳ của dòng đã khóa" in self.look(checker, unknown)
        assert not StatementMatch.objects.exists()

    def test_what_was_carried_over_says_out_of_which_month_and_why(self, unknown: Discrepancy, browse: Browse) -> None:
        checker = browse("CHECKER", "971")
        assert "Chuyển từ kỳ" not in checker.get("/khoa-ky/2024-09/TK-971/").content.decode()

        checker.post("/khoa-ky/2024-08/TK-971/khoa/", {f"note-{unknown.pk}": "Chờ công văn số 15"})

        for month in ("2024-08", "2024-09"):
            shown = checker.get(f"/khoa-ky/{month}/TK-971/").content.decode()
            assert re.search(r"Chuyển từ kỳ 08/2024 \([^)]+\): Chờ công văn số 15", shown)

    def test_is_for_who_reconciles_there(self, unknown: Discrepancy, browse: Browse) -> None:
        self.record(browse("CHECKER", "971"))
        assert browse("CHECKER", "972").post(f"/chenh-lech/{unknown.pk}/do-lai/").status_code == 404
        self.look(browse("AUDITOR", "971"), unknown)
        assert Discrepancy.objects.get().status == "OPEN"
        assert "Dò lại</button>" not in browse("AUDITOR", "971").get(f"/chenh-lech/{unknown.pk}/").content.decode()


def test_a_match_is_taken_back_where_it_is_read(fee: Discrepancy, browse: Browse) -> None:
    checker = browse("CHECKER", "971")
    checker.send(f"/chenh-lech/{fee.pk}/but-toan/", {"kind": "CHARGE", "note": "Biểu phí"})
    match = StatementMatch.objects.get()
    address = f"/sao-ke/{fee.statement_id}/huy-noi/{match.pk}/"

    assert address in checker.get(f"/sao-ke/{fee.statement_id}/").content.decode()
    assert address not in browse("AUDITOR", "971").get(f"/sao-ke/{fee.statement_id}/").content.decode()
    for _ in range(2):
        checker.send(address, {"note": "Nhầm"})

    assert StatementMatch.objects.filter(reverses=match).count() == 1
    again = Discrepancy.objects.get(status="OPEN")
    line = checker.get(f"/sao-ke/{fee.statement_id}/").content.decode()
    assert "Đã hủy nối: Nhầm (" in line and f'href="/chenh-lech/{again.pk}/">chưa rõ' in line
    shown = checker.get(f"/chenh-lech/{again.pk}/").content.decode()
    assert "Biểu phí" in shown and "Nhầm" in shown and "Hủy nối: phí" in shown


def test_an_inspector_reads_an_answer_and_it_is_written_down(world: World, browse: Browse) -> None:
    inspector = browse("AUDITOR", "971")

    listed = inspector.get(f"/thanh-tra/{PERIOD}").content.decode()
    answer = inspector.get(f"/thanh-tra/two-places/{PERIOD}")
    prison = inspector.get(f"/thanh-tra/in-prison/{PERIOD}").content.decode()
    book = inspector.get(f"/thanh-tra/two-places/tep/{PERIOD}")

    assert "/thanh-tra/two-places/?unit=971" in listed and "/thanh-tra/in-prison/" not in listed
    assert answer.status_code == book.status_code == 200
    assert "Không có trường hợp nào" in answer.content.decode()
    assert "Không có trường hợp nào" not in prison and "Chưa có danh sách người chấp hành án phạt tù" in prison
    assert PaperReading.objects.filter(kind="ANSWER", read_by=world.staff["AUDITOR", "971"]).count() == 3
    assert inspector.get("/thanh-tra/two-places/").status_code == 302
    assert browse("LEADER", "971").get("/thanh-tra/").status_code == 403
    assert inspector.get(f"/thanh-tra/two-places/{PERIOD.replace('971', '972')}").status_code == 404


def test_the_minutes_of_a_month_are_fetched_from_its_page(world: World, browse: Browse) -> None:
    checker = browse("CHECKER", "971")
    shown = checker.get("/khoa-ky/2024-08/TK-971/").content.decode()

    for paper in ("bien-ban-excel", "but-toan"):
        assert f"/khoa-ky/2024-08/TK-971/{paper}/" in shown
        assert checker.get(f"/khoa-ky/2024-08/TK-971/{paper}/").status_code == 200
    assert browse("CHECKER", "972").get("/khoa-ky/2024-08/TK-971/but-toan/").status_code == 404


class TestVerifying:
    def test_an_inspector_hands_in_a_file_and_reads_that_it_is_none_of_ours(self, browse: Browse) -> None:
        inspector = browse("AUDITOR", "971")
        file = SimpleUploadedFile("x.pdf", b"%PDF-1.7")

        told = inspector.send("/kiem-tra/tep/", {"file": file})

        assert told.status_code == 409
        assert "Không đọc được tệp" in told.content.decode()

    def test_of_the_seals_it_tells_the_last_check_and_whether_one_from_paper_stands_in_the_chain(
        self, world: World, browse: Browse
    ) -> None:
        PaymentBatch.objects.update(paused=True)
        seal_history(now=NOW)
        check_history(now=NOW)
        digest = Seal.objects.get().digest
        inspector = browse("AUDITOR", "971")

        known = inspector.get(f"/kiem-tra/?expect={digest[:12]}").content.decode()
        unknown = inspector.get(f"/kiem-tra/?expect={'0' * 12}").content.decode()

        assert "còn trong chuỗi" in known and "nguyên vẹn" in known
        assert "Chuỗi không có niêm phong mang mã này" in unknown

    def test_the_seals_are_checked_anew_by_a_button(
        self, world: World, browse: Browse, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rung: list[bool] = []
        monkeypatch.setattr(verifications.check_seals_asked_for, "delay", lambda: rung.append(True))
        with django_capture_on_commit_callbacks(execute=True):
            answer = browse("AUDITOR", "971").post("/kiem-tra/niem-phong/")

        assert (answer.status_code, rung) == (302, [True])
        assert SealCheckOrder.objects.get().ordered_by.role == "AUDITOR"
        assert "niem-phong" not in browse("LEADER", "971").get("/kiem-tra/").content.decode()
