"""Minutes go out with a code and their rows; what comes back signed is read against what went out, and kept with the month."""

import io
import zipfile
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from payments.models import FundingAccount
from reconciliation.errors import MinutesBearNoSignature, PaperOfOtherMinutes
from reconciliation.models import IssuedPaper, SignedMinutes
from reconciliation.reports.rolls.roll import Roll
from reconciliation.reports.rolls.roll_csv import CSV_NAME
from reconciliation.services.months.minutes import MinutesRow, write_minutes
from reconciliation.services.months.minutes_paper import render_minutes
from reconciliation.services.months.minutes_roll import minutes_roll
from reconciliation.services.papers.dossier import collect_dossier
from reconciliation.services.papers.issue_minutes import issue_minutes
from reconciliation.services.papers.keep_signed_minutes import content_of_minutes, keep_signed_minutes
from reconciliation.services.papers.verify_file import FileVerdict, verify_file
from staff.errors import NotAllowed
from staff.models import Role, User
from tests.pages.forms import Browser
from tests.pages.test_daily_work import picture
from tests.reconciliation.paid_month import MONTH, RECEIVED_AT, PaidMonth
from tests.signing import signing_program


@pytest.fixture
def account(month: PaidMonth) -> FundingAccount:
    month.receive(*month.pages)
    return FundingAccount.objects.select_related("paying_unit").get()


def fetched(month: PaidMonth, account: FundingAccount, form: str = "bien-ban") -> bytes:
    browser = Client()
    browser.force_login(month.checker)
    answer = browser.get(f"/khoa-ky/2024-08/{account.code}/{form}/")
    assert answer.status_code == 200
    return answer.getvalue() if answer.streaming else answer.content


def judged(content: bytes) -> FileVerdict:
    return verify_file(content=content, now=RECEIVED_AT)


def altered(month: PaidMonth, account: FundingAccount, *, embedded: bool = True) -> bytes:
    """The paper with one đồng more on its pages, and in what is embedded too unless told otherwise, under the code of the real one."""
    minutes = write_minutes(account=account, month=MONTH)
    ours = minutes_roll(minutes, now=RECEIVED_AT)
    at = next(nth for nth, row in enumerate(minutes.rows) if row.name == "Đã chi qua tài khoản")
    paid = minutes.rows[at]
    minutes.rows[at] = MinutesRow(paid.name, paid.ours + 1, (paid.theirs or 0) + 1, paid.cause)
    roll = minutes_roll(minutes, now=RECEIVED_AT) if embedded else ours
    forged: Any = type("Forged", (Roll,), {"digest": ours.digest})
    return render_minutes(minutes, forged(**vars(roll)))


class TestWhatComesBack:
    def test_is_known_with_signatures_behind_it_and_in_every_form(self, month: PaidMonth, account: FundingAccount):
        pdf = fetched(month, account)
        signed = signing_program()(pdf)

        verdict = judged(signed)

        assert (verdict.original, verdict.holds, len(verdict.signers)) == (True, True, 1)
        assert "Biên bản đối chiếu bien-ban-2024-08-" in verdict.told
        for form in ("bien-ban-word", "bien-ban-excel"):
            again = judged(fetched(month, account, form))
            assert (again.original, again.holds) == (True, True)

    def test_bears_its_code_on_the_page_and_its_rows_inside(self, month: PaidMonth, account: FundingAccount):
        file = PdfReader(io.BytesIO(fetched(month, account)))
        paper = IssuedPaper.objects.get()

        assert f"Mã số liệu {paper.digest[:12]}" in file.pages[0].extract_text()
        assert "Đã chi qua tài khoản" in file.attachments[CSV_NAME][0].decode()

    def test_fetched_twice_is_one_paper_and_the_same_bytes(self, month: PaidMonth, account: FundingAccount):
        assert fetched(month, account) == fetched(month, account)
        assert IssuedPaper.objects.count() == 1

    @pytest.mark.parametrize("embedded", [True, False])
    def test_with_another_figure_names_its_row_and_both_amounts(
        self, month: PaidMonth, account: FundingAccount, embedded: bool
    ):
        fetched(month, account)

        verdict = judged(altered(month, account, embedded=embedded))

        said = " ".join(verdict.differences)
        assert not verdict.original and not verdict.holds
        assert "“Đã chi qua tài khoản”, cột Theo đơn vị" in said
        assert ", trên trang in " in said and (", trong dữ liệu đính kèm " in said) == embedded
        assert "“Nhận trong kỳ”" not in said

    def test_drawn_again_with_the_same_figures_is_not_what_went_out_and_no_row_is_blamed(
        self, month: PaidMonth, account: FundingAccount
    ):
        fetched(month, account)
        minutes = write_minutes(account=account, month=MONTH)

        verdict = judged(render_minutes(minutes, minutes_roll(minutes, now=RECEIVED_AT)))

        assert not verdict.original
        assert verdict.differences == ["Các dòng đính kèm đúng, nhưng các trang không phải bản PDF hệ thống đã lập."]

    def test_as_a_workbook_with_another_figure_names_it(self, month: PaidMonth, account: FundingAccount):
        ours = fetched(month, account, "bien-ban-excel")
        paid = next(
            row for row in write_minutes(account=account, month=MONTH).rows if row.name == "Đã chi qua tài khoản"
        )
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(ours)) as source, zipfile.ZipFile(stream, "w") as target:
            for part in source.namelist():
                text = source.read(part)
                target.writestr(part, text.replace(f"<v>{paid.ours}</v>".encode(), f"<v>{paid.ours + 1}</v>".encode()))
        CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue()))

        verdict = judged(stream.getvalue())

        assert any("“Đã chi qua tài khoản”, cột Theo đơn vị" in one for one in verdict.differences)

    def test_is_still_ours_when_the_books_have_moved_and_what_moved_is_named(
        self, month: PaidMonth, account: FundingAccount, monkeypatch: pytest.MonkeyPatch
    ):
        minutes = write_minutes(account=account, month=MONTH)
        first = minutes.rows[0]
        minutes.rows[0] = MinutesRow(first.name, first.ours + 7, first.theirs, "Chưa có giải thích")
        then = issue_minutes(minutes=minutes, actor=month.checker, now=RECEIVED_AT).pdf

        verdict = judged(then)

        assert (verdict.original, verdict.differences, verdict.holds) == (True, [], False)
        assert verdict.recount[0].startswith("“Dư đầu kỳ tại ngân hàng”, cột Theo đơn vị: đã phát hành 7 đ, nay 0 đ")

    def test_a_row_written_by_sql_vouches_for_no_other_figure(self, month: PaidMonth, account: FundingAccount):
        fetched(month, account)
        paper = IssuedPaper.objects.get()
        paper.pk, paper.frozen = None, [["Đã chi qua tài khoản", 1, 1, ""]]
        paper.save(force_insert=True)

        verdict = judged(altered(month, account))

        assert not verdict.holds
        assert "không còn khớp với mã số liệu" in verdict.differences[0]


class TestKeptWithItsMonth:
    def keep(self, paid: PaidMonth, account: FundingAccount, content: bytes, **more: Any) -> SignedMinutes:
        given = {"account": account, "month": MONTH, "actor": paid.checker, "now": RECEIVED_AT} | more
        return keep_signed_minutes(content=content, **given)

    def test_signed_digitally_is_what_went_out_once_and_stands_in_the_dossier(
        self, month: PaidMonth, account: FundingAccount
    ):
        signed = signing_program()(fetched(month, account))
        missing = "chưa có biên bản hai bên đã ký"

        before = collect_dossier(unit=account.paying_unit, month=MONTH, now=RECEIVED_AT)
        kept = [self.keep(month, account, signed) for _ in range(2)]
        after = collect_dossier(unit=account.paying_unit, month=MONTH, now=RECEIVED_AT)

        assert kept[0] == kept[1]
        assert (kept[0].kind, content_of_minutes(kept[0])) == ("SIGNED_PDF", signed)
        assert before is not None and after is not None
        assert any(missing in line for piece in before.pieces for line in piece.missing)
        assert not any(missing in line for piece in after.pieces for line in piece.missing)
        assert [file.content for file in after.files if file.name.startswith("bien-ban")] == [signed]

    def test_altered_unsigned_or_of_another_month_is_refused(self, month: PaidMonth, account: FundingAccount):
        ours = fetched(month, account)
        with pytest.raises(PaperOfOtherMinutes):
            self.keep(month, account, signing_program()(altered(month, account)))
        with pytest.raises(MinutesBearNoSignature):
            self.keep(month, account, ours)
        with pytest.raises(PaperOfOtherMinutes):
            self.keep(month, account, signing_program()(ours), month=MONTH.replace(month=7))
        assert not SignedMinutes.objects.exists()

    def test_by_who_reconciles_alone(self, month: PaidMonth, account: FundingAccount):
        leader = User.objects.create(
            username="ld", password="!", full_name="Lãnh đạo", role=Role.LEADER, unit=account.paying_unit
        )
        with pytest.raises(NotAllowed):
            self.keep(month, account, picture(), actor=leader)

    def test_never_changes(self, month: PaidMonth, account: FundingAccount):
        kept = self.keep(month, account, picture())
        for action in (lambda: SignedMinutes.objects.update(month=MONTH.replace(month=7)), kept.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                action()

    def test_the_page_takes_a_scan_and_gives_it_back(self, month: PaidMonth, account: FundingAccount):
        browser = Browser()
        browser.force_login(month.checker)
        page = f"/khoa-ky/2024-08/{account.code}/"

        answer = browser.send(f"{page}bien-ban-da-ky/", {"file": io.BytesIO(picture())}, follow=True)
        said = answer.content.decode()

        assert "Đã lưu biên bản đã ký." in said and "người nộp tự so" in said
        kept = SignedMinutes.objects.get()
        assert browser.get(f"{page}bien-ban-da-ky/{kept.pk}/").getvalue() == picture()
