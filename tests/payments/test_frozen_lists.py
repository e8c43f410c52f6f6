"""Under a freeze lists are made and signed, and none is released (ADR 82)."""

import pytest
from django.db import IntegrityError, connection, transaction

from banks.fake import FakeTransfers
from payments.errors import PaymentIsSuspended
from payments.models import Freeze, Payment, PaymentBatch, Signature
from payments.services.signing.freeze import freeze, lift
from payments.services.signing.sign import release
from payments.services.signing.sign_many import sign_each
from payments.states import Step
from tests.payments.plain_sql import constraint_of, run
from tests.payments.province import AUGUST, BALANCES, Clock, Province, make_province
from tests.waiting import beside

SIGN = """
INSERT INTO payments_signature (batch_id, revision, step, signer_id, signed_as, digest, signed_at)
SELECT b.id, 1, 'RELEASER', (SELECT id FROM staff_user WHERE role = 'RELEASER'), '', payments_list_digest(b.id), b.status_at FROM payments_paymentbatch b
"""
CLAIM = "UPDATE payments_payment SET status = 'SENT', cause = 'CLAIM'"
RELEASE = "UPDATE payments_paymentbatch SET status = 'RELEASED'"


def suspend(province: Province, *, unit: str = "97", programme: object = None) -> Freeze:
    return freeze(
        unit=province.units[unit], programme=programme, reason="Nghi lộ dữ liệu.", actor=province.staff["MAKER"],
        now=province.clock(),
    )  # fmt: skip


def release_all(province: Province, bank: FakeTransfers) -> int:
    ids = list(PaymentBatch.objects.order_by("pk").values_list("pk", flat=True))
    return release(batch_ids=ids, actor=province.staff["RELEASER"], now=province.clock(), bank=bank)


class TestReleasing:
    def test_is_refused_in_words_until_it_is_lifted(self, province, batch, bank):
        frozen = suspend(province)
        province.approve_lists(AUGUST)

        with pytest.raises(PaymentIsSuspended) as refusal:
            release_all(province, bank)

        assert refusal.value.sentence == (
            "Đang tạm ngừng chi: tỉnh Phước Hòa (mọi chính sách) từ 10:00 05/08/2024, MAKER ngừng, lý do: Nghi lộ dữ liệu; người gỡ được: chủ tài khoản "
            "(RELEASER). Chưa duyệt chi, chưa giao danh sách được cho đến khi gỡ ở trang Tạm ngừng chi."
        )
        assert refusal.value.conflicts == [str(frozen.pk)]
        assert not Signature.objects.filter(step="RELEASER").exists()
        lift(freeze_id=frozen.pk, reason="Đã rõ.", actor=province.staff["RELEASER"], now=province.clock())
        assert release_all(province, bank) == 2

    def test_does_not_ask_a_bank_that_is_silent(self, province, approved, bank, monkeypatch):
        suspend(province)
        monkeypatch.setattr(bank, "balance", None)

        with pytest.raises(PaymentIsSuspended):
            release_all(province, bank)

    def test_sees_a_freeze_that_came_while_the_bank_was_asked(self, province, approved, bank, monkeypatch):
        told = bank.balance

        def balance(account: str) -> int:
            suspend(province)
            return told(account)

        monkeypatch.setattr(bank, "balance", balance)

        with pytest.raises(PaymentIsSuspended):
            release_all(province, bank)

    @pytest.mark.parametrize("unit", ["972", "97101"])
    def test_is_held_by_what_covers_its_unit_only(self, province, approved, bank, unit):
        suspend(province, unit=unit)

        assert release_all(province, bank) == 2

    def test_another_programme_s_freeze_holds_nothing(self, province, approved, bank):
        other = type(approved.programme).objects.exclude(pk=approved.programme_id).first()
        suspend(province, programme=other)

        assert release_all(province, bank) == 2

    def test_of_many_at_once_the_frozen_are_refused_one_by_one(self, province, bank):
        for commune in ("97101", "97201"):
            province.open_account(province.enrol(province.person(commune=commune)).beneficiary)
        province.build(AUGUST)
        ids = province.approve_lists(AUGUST)
        suspend(province, unit="972")

        each = sign_each(
            step=Step.RELEASER, batch_ids=ids, actor=province.staff["RELEASER"], now=province.clock(), bank=bank
        )

        units = dict(PaymentBatch.objects.values_list("pk", "paying_unit__code"))
        told = {units[one.batch_id]: (one.signed, one.code) for one in each}
        assert told == {"971": (True, ""), "972": (False, "PAYMENT_IS_SUSPENDED")}

    def test_plain_sql_releases_nothing(self, province, approved):
        suspend(province)
        run(SIGN)

        with pytest.raises(IntegrityError) as refusal:
            run(RELEASE)

        assert constraint_of(refusal) == "nothing_is_released_while_frozen"


class TestMeanwhile:
    @pytest.fixture
    def signed(self, committed_db: None) -> Province:
        """A list that waits for its releaser alone."""
        province = make_province(clock=Clock())
        province.open_account(province.enrol().beneficiary)
        province.build(AUGUST)
        province.approve_lists(AUGUST)
        return province

    def test_whoever_releases_waits_for_the_freeze_and_is_refused(self, signed):
        bank = FakeTransfers(balances=BALANCES, now=signed.clock)
        with beside() as begin:
            with transaction.atomic():
                suspend(signed)
                releasing = begin(lambda: release_all(signed, bank))
                assert not releasing.done()
            with pytest.raises(PaymentIsSuspended):
                releasing.result(timeout=60)

        assert Payment.objects.get().status == "DRAFT"

    def test_whoever_freezes_waits_for_the_release(self, signed):
        bank = FakeTransfers(balances=BALANCES, now=signed.clock)
        with beside() as begin:
            with transaction.atomic():
                release_all(signed, bank)
                freezing = begin(lambda: suspend(signed))
                assert not freezing.done()
            freezing.result(timeout=60)

        assert (Payment.objects.get().status, Freeze.objects.count()) == ("READY", 1)

    def test_a_snapshot_from_before_the_freeze_releases_nothing(self, signed):
        run(SIGN)

        assert self._in_an_older_snapshot(signed, RELEASE) == "nothing_is_released_while_frozen"

    def test_a_snapshot_from_before_the_freeze_sends_nothing(self, signed):
        release_all(signed, FakeTransfers(balances=BALANCES, now=signed.clock))

        assert self._in_an_older_snapshot(signed, CLAIM) == "nothing_leaves_while_frozen"

    def _in_an_older_snapshot(self, province: Province, statement: str) -> str | None:
        """By which rule it is refused, begun before a freeze that is in force by now."""
        with beside() as begin, pytest.raises(IntegrityError) as refusal, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("SELECT count(*) FROM payments_freeze")
            begin(lambda: suspend(province)).result(timeout=60)
            run(statement)
        return constraint_of(refusal)
