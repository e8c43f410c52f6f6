"""Books from before the money left: nobody is paid a second time, whatever the bank has forgotten (I1, ADR 93)."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from banks.errors import BankUnavailable
from banks.fake import FakeTransfers
from banks.transfers import Status
from beneficiaries.models import AccountNumber, Case
from payments.management.commands import after_restore
from payments.models import BooksPlace, FundingAccount, Payment, PaymentBatch
from payments.services.learning.after_restore import Reread, books_end_at, reread_bank
from payments.services.sending.send import send_ready_payments
from payments.services.signing.freeze import freeze
from payments.services.signing.sign import release
from staff.errors import NotAllowed
from tests.payments.province import Province, rolled_back


def restored_from_before(province: Province, bank: FakeTransfers) -> None:
    """Whatever waits is sent and credited, and then our books are those of before; two days later the bank has forgotten its keys."""
    with rolled_back():
        send_ready_payments(bank=bank, clock=province.clock)
        assert bank.post_all() == 2
    province.clock.advance(days=2)
    bank.forget_keys()


def reread(province: Province, bank: FakeTransfers) -> dict[str, Reread]:
    since = books_end_at()
    assert since is not None
    accounts, _ = reread_bank(actor=province.staff["RELEASER"], since=since, bank=bank, clock=province.clock)
    return {account.code: account for account in accounts}


def send(province: Province, bank: FakeTransfers) -> None:
    send_ready_payments(bank=bank, clock=province.clock)


def told(found: Reread) -> tuple[int, int, int, int, bool]:
    return (found.orders, found.set_out, found.held, len(found.strangers), found.read)


class TestARestoredDatabase:
    def test_pays_nobody_twice_once_the_bank_was_read(self, province, released, bank):
        restored_from_before(province, bank)

        found = reread(province, bank)
        send(province, bank)

        assert told(found["TK-971"]) == (2, 2, 0, 0, True)
        assert len(bank.taken) == 2
        assert set(Payment.objects.values_list("status", "cause")) == {("POSTED", "BANK_POSTED")}
        assert not Case.objects.filter(kind="PAYMENT").exists()

    def test_is_the_same_however_often_it_is_read(self, province, released, bank):
        restored_from_before(province, bank)
        reread(province, bank)

        again = reread(province, bank)

        assert told(again["TK-971"]) == (2, 0, 0, 0, True)

    def test_sends_what_never_left(self, province, released, bank):
        found = reread(province, bank)
        send(province, bank)

        assert told(found["TK-971"]) == (0, 0, 0, 0, True)
        assert len(bank.taken) == 2

    def test_learns_that_an_order_failed(self, province, released, bank):
        restored_from_before(province, bank)
        bank.move(bank.taken[0].bank_reference, to=Status.FAILED, return_code="account_closed")

        reread(province, bank)
        send(province, bank)

        assert sorted(Payment.objects.values_list("status", flat=True)) == ["FAILED", "POSTED"]
        assert len(bank.taken) == 2

    @pytest.mark.parametrize("change", [{"attempt": 2}, {"amount": 1}, {"currency": "USD"}])
    def test_holds_what_the_bank_tells_otherwise(self, province, released, bank, change):
        restored_from_before(province, bank)
        first = bank.taken[0]
        bank._states[first.bank_reference] = replace(first, **change)

        found = reread(province, bank)
        send(province, bank)

        assert told(found["TK-971"]) == (2, 1, 1, 0, True)
        assert len(bank.taken) == 2
        held = Payment.objects.get(end_to_end_id=first.end_to_end_id)
        assert (held.status, held.hold_code) == ("READY", "bank_contradicts")
        assert Case.objects.filter(kind="PAYMENT", subject=first.end_to_end_id).count() == 1

    def test_holds_a_list_whose_last_signature_is_lost_and_knows_it_when_it_is_signed_again(
        self, province, approved, bank
    ):
        with rolled_back():
            release(batch_ids=[approved.pk], actor=province.staff["RELEASER"], now=province.clock(), bank=bank)
            send(province, bank)
            bank.post_all()
        province.clock.advance(days=2)
        bank.forget_keys()

        first = reread(province, bank)
        release(batch_ids=[approved.pk], actor=province.staff["RELEASER"], now=province.clock(), bank=bank)
        send(province, bank)
        after_signing = reread(province, bank)
        send(province, bank)

        assert told(first["TK-971"]) == (2, 0, 2, 0, True)
        assert told(after_signing["TK-971"]) == (2, 2, 0, 0, True)
        assert len(bank.taken) == 2
        assert set(Payment.objects.values_list("status", flat=True)) == {"POSTED"}

    def test_names_orders_it_knows_nothing_of(self, province, released, bank):
        restored_from_before(province, bank)
        stranger = replace(bank.taken[0], bank_reference="obp_other", end_to_end_id="KHAC000001")
        bank._states["obp_other"] = stranger

        found = reread(province, bank)

        assert found["TK-971"].strangers == [stranger]

    def test_says_nothing_of_an_account_the_bank_is_silent_about(self, province, released, bank, monkeypatch):
        def silent(**_asked: object) -> list[object]:
            raise BankUnavailable("no answer")

        monkeypatch.setattr(bank, "list_since", silent)

        assert [found.read for found in reread(province, bank).values()] == [False, False]

    def test_leaves_a_frozen_list_and_takes_in_the_others(self, province, released, bank):
        restored_from_before(province, bank)
        freeze(
            unit=province.units["97"], programme=None, reason="Khôi phục dữ liệu.", actor=province.staff["RELEASER"],
            now=province.clock(),
        )  # fmt: skip

        found = reread(province, bank)

        assert told(found["TK-971"]) == (2, 0, 2, 0, True)
        assert set(Payment.objects.values_list("status", "hold_code")) == {("READY", "bank_contradicts")}

    def test_pauses_what_goes_by_file_for_no_list_of_the_bank_shows_it(self, province, released, bank):
        FundingAccount.objects.filter(code="TK-971").update(sends_by="FILE")

        _, paused = reread_bank(
            actor=province.staff["RELEASER"], since=province.clock(), bank=bank, clock=province.clock
        )

        assert [batch.pk for batch in paused] == [released.pk]
        assert PaymentBatch.objects.get().paused

    def test_asks_the_bank_of_no_account_it_never_sent_from_nor_of_one_closed_long_ago(self, province, released, bank):
        FundingAccount.objects.filter(code="TK-971").update(sends_by="FILE")
        FundingAccount.objects.filter(code="TK-972").update(closed_at=province.clock() - timedelta(days=60))

        assert reread(province, bank) == {}

    def test_is_read_by_whoever_ends_what_nobody_knows(self, province, released, bank):
        with pytest.raises(NotAllowed):
            reread_bank(actor=province.staff["MAKER"], since=province.clock(), bank=bank, clock=province.clock)


class TestTheCommand:
    def test_says_that_the_workers_may_start(self, province, released, bank, monkeypatch):
        restored_from_before(province, bank)
        monkeypatch.setattr(after_restore, "the_bank", lambda: bank)
        said = StringIO()

        call_command("after_restore", actor=province.staff["CHECKER"].username, stdout=said)

        assert "TK-971: 2 lệnh; 2 khoản sổ ghi chờ chuyển mà ngân hàng đã nhận" in said.getvalue()
        assert "khởi động các tiến trình được" in said.getvalue()

    def test_fails_while_an_order_belongs_to_nobody(self, province, released, bank, monkeypatch):
        restored_from_before(province, bank)
        bank._states["obp_other"] = replace(bank.taken[0], bank_reference="obp_other", end_to_end_id="KHAC000001")
        monkeypatch.setattr(after_restore, "the_bank", lambda: bank)
        said = StringIO()

        with pytest.raises(CommandError, match=r"chưa kết thúc; sổ đã khớp từ trước nên tiền vẫn được gửi.*: TK-971"):
            call_command("after_restore", actor=province.staff["CHECKER"].username, stdout=said)
        with pytest.raises(CommandError, match="--unknown-orders 1"):
            call_command("after_restore", actor=province.staff["CHECKER"].username, unknown_orders=1, stdout=said)
        call_command(
            "after_restore", actor=province.staff["CHECKER"].username, unknown_orders=1, document="12/BB", stdout=said
        )

        assert BooksPlace.objects.filter(unknown_orders=1, document="12/BB").count() == 1
        assert "không có trong sổ: KHAC000001, 750.000 đ, ngày 05/08/2024" in said.getvalue()

    def test_asks_no_bank_with_keys_that_are_not_those_of_the_books(self, province, released, bank, monkeypatch):
        number = AccountNumber.objects.order_by("-pk")
        AccountNumber.objects.filter(pk=number[0].pk).update(sealed=number[1].sealed)
        monkeypatch.setattr(after_restore, "the_bank", lambda: bank)

        with pytest.raises(CommandError, match="ANSINH_DATA_KEYS"):
            call_command("after_restore", actor=province.staff["CHECKER"].username, stdout=StringIO())
