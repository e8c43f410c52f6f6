"""After a start the bank refuses to show one account: nothing leaves any, people are told which and why, and a paper lets the others go on (ADR 104)."""

from collections.abc import Iterator
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from banks.errors import BankAnswerUnreadable, BankRefused, BankUnavailable
from banks.fake import FakeTransfers
from banks.files_fake import FakeFiles
from banks.transfers import TransferState
from payments.management.commands import send_files as send_files_command
from payments.models import Alarm, BooksPlace, FundingAccount, PaymentBatch
from payments.services.alarms import watch
from payments.services.files import send_files
from payments.services.sending.books import Standing, books_standing
from payments.services.sending.books_started import compared_since_start
from payments.services.sending.unread_accounts import unread_accounts
from reconciliation.pages.home import _of_alarm
from tests.payments.starts import put_back_from_before, read_the_bank, send, silent


def shows_nothing_of(bank: FakeTransfers, monkeypatch: pytest.MonkeyPatch, account: str, error: Exception) -> None:
    """The bank answers so when asked for that account's list, and tells the others."""
    list_since = bank.list_since

    def asked(*, financial_account: str, since: datetime) -> Iterator[list[TransferState]]:
        if financial_account == account:
            raise error
        return list_since(financial_account=financial_account, since=since)

    monkeypatch.setattr(bank, "list_since", asked)


def refused(status: int = 403) -> BankRefused:
    return BankRefused(code="account_closed", message="", status=status)


@pytest.fixture
def other_refused(started_anew, province, released, bank, monkeypatch) -> FakeTransfers:
    """TK-972, of which nothing waits; what waits is paid from TK-971."""
    shows_nothing_of(bank, monkeypatch, "fa_972", refused())
    return bank


def alarms() -> list[str]:
    """What is not sent, by subject."""
    return list(
        Alarm.objects.filter(kind="NOT_SENDING", cleared_at=None).order_by("subject").values_list("subject", flat=True)
    )


class TestAnAccountTheBankRefuses:
    def test_stops_the_others_for_what_left_it_may_wait_on_their_lists(self, other_refused, province):
        """The bank's word of who was paid from TK-972 after the copy was made is in no other account's list."""
        assert send(province, other_refused) == 0
        assert books_standing() is Standing.NOT_COMPARED

    def test_is_named_at_once_with_the_bank_s_code_and_what_to_do(self, other_refused, province):
        send(province, other_refused)

        watch(now=province.clock())

        assert alarms() == ["unread:TK-972:refused-403"]
        alarm = Alarm.objects.values("kind", "subject", "count").get()
        said = _of_alarm(alarm)["about"]
        assert "tài khoản TK-972, ngân hàng từ chối" in said
        assert "mã 403" in said
        assert "after_restore --refused TK-972" in said

    def test_is_named_beside_every_other_one(self, other_refused, province, monkeypatch):
        shows_nothing_of(other_refused, monkeypatch, "fa_971", BankAnswerUnreadable("x"))

        send(province, other_refused)

        assert [(one.code, one.why) for one in unread_accounts()] == [
            ("TK-971", "unreadable"),
            ("TK-972", "refused-403"),
        ]

    def test_does_not_hide_that_another_shows_old_books(self, started_anew, province, released, bank, monkeypatch):
        put_back_from_before(province, bank)
        FundingAccount.objects.filter(code="TK-972").update(code="TK-970")  # asked before the one that shows it
        shows_nothing_of(bank, monkeypatch, "fa_972", refused())

        assert not compared_since_start(bank=bank, now=province.clock())
        assert books_standing() is Standing.BEHIND
        assert unread_accounts() == []

    def test_is_forgotten_when_the_bank_shows_it_again(self, started_anew, province, released, bank, monkeypatch):
        with monkeypatch.context() as patch:
            shows_nothing_of(bank, patch, "fa_972", refused())
            send(province, bank)
            watch(now=province.clock())

        assert send(province, bank) == 2
        watch(now=province.clock())

        assert alarms() == []


class TestABankThatIsSilent:
    def test_is_told_when_it_stays_so(self, started_anew, province, released, bank, monkeypatch):
        monkeypatch.setattr(bank, "list_since", silent)
        send(province, bank)
        watch(now=province.clock())
        assert alarms() == []

        province.clock.advance(minutes=15)
        send(province, bank)
        watch(now=province.clock())

        assert "unread:TK-971:silent" in alarms()


class TestAPaper:
    def test_lets_the_others_go_on_and_holds_what_waits_on_that_account(
        self, other_refused, province, released, monkeypatch
    ):
        with pytest.raises(CommandError, match=r"TK-972 \(mã 403\).*--refused TK-972 --document"):
            read_the_bank(province, other_refused, monkeypatch)
        with pytest.raises(CommandError, match="--refused TK-972 --document"):
            read_the_bank(province, other_refused, monkeypatch, refused=["TK-972"])
        assert send(province, other_refused) == 0

        read_the_bank(province, other_refused, monkeypatch, refused=["TK-972"], document="15/NH")

        assert send(province, other_refused) == 2
        assert BooksPlace.objects.latest("pk").document == "15/NH; không đọc TK-972"

    def test_of_the_account_that_pays_holds_its_lists(self, started_anew, province, released, bank, monkeypatch):
        shows_nothing_of(bank, monkeypatch, "fa_971", refused())

        read_the_bank(province, bank, monkeypatch, refused=["TK-971"], document="15/NH")

        assert PaymentBatch.objects.get(pk=released.pk).paused
        assert send(province, bank) == 0

    def test_is_taken_for_no_account_the_bank_shows(self, other_refused, province, monkeypatch):
        with pytest.raises(CommandError, match="không từ chối TK-971"):
            read_the_bank(province, other_refused, monkeypatch, refused=["TK-972", "TK-971"], document="15/NH")
        assert books_standing() is Standing.NOT_COMPARED

    def test_explains_no_silence(self, started_anew, province, released, bank, monkeypatch):
        shows_nothing_of(bank, monkeypatch, "fa_972", BankUnavailable("no answer"))

        with pytest.raises(CommandError, match=r"Chưa đọc gì.*của TK-972"):
            read_the_bank(province, bank, monkeypatch, refused=["TK-972"], document="15/NH")


class TestFilesAfterAStart:
    def test_say_that_nothing_went(self, other_refused, province, monkeypatch):
        FundingAccount.objects.filter(code="TK-971").update(sends_by="FILE")

        assert send_files(bank=FakeFiles(), clock=province.clock).books is Standing.NOT_COMPARED

    def test_are_compared_by_whoever_sends_them_by_hand(self, started_anew, province, released, bank, monkeypatch):
        FundingAccount.objects.filter(code="TK-971").update(sends_by="FILE")
        monkeypatch.setattr(send_files_command, "the_files", FakeFiles)
        monkeypatch.setattr(send_files_command, "the_bank", lambda: bank)
        with monkeypatch.context() as patch:
            shows_nothing_of(bank, patch, "fa_972", refused())
            with pytest.raises(CommandError, match="vừa khởi động"):
                call_command("send_files", stdout=StringIO())
        said = StringIO()

        call_command("send_files", stdout=said)

        assert "1 tệp, 2 khoản chi" in said.getvalue()
