"""A signed list only gets smaller, by slips two people sign; and while payment is suspended nothing leaves. Plain SQL is refused too."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection
from django.db.models import Sum

from beneficiaries.models import Case, IdentityRecord
from payments.errors import (
    AlreadyFrozen,
    CannotAskToStop,
    CannotStop,
    NotFrozen,
    PaymentIsSuspended,
    SlipAlreadyOpen,
    SlipIsSettled,
    SlipSignerAlreadySigned,
)
from payments.models import Freeze, Payment, RemovalSlip, StopNotice
from payments.services.life import draw_consequences
from payments.services.providers import hand_over, take_results
from payments.services.sending.send import send_ready_payments
from payments.services.signing.awaiting import awaiting
from payments.services.signing.freeze import freeze, lift
from payments.services.signing.removal import refuse_slip, sign_slip, take_off
from payments.services.signing.stop_notice import ask_to_stop
from payments.tasks import find_work
from staff.errors import NotAllowed
from tests.payments.plain_sql import constraint_of, run
from tests.payments.province import AUGUST, Province
from tests.payments.test_cash_lists import collected, table_of, workbook

CLAIM = "UPDATE payments_payment SET status = 'SENT', cause = 'CLAIM' WHERE status = 'READY'"
STOP = "UPDATE payments_payment SET status = 'CANCELLED', cause = 'STOP' WHERE ordinal = 1"


@pytest.fixture
def slip(province: Province, released) -> RemovalSlip:
    """The first of two people on a released list is to be taken off."""
    payment = Payment.objects.get(batch=released, ordinal=1)
    return take_off(
        payment_id=payment.pk, reason="Đã chuyển đi.", document_number="5/TB", actor=province.staff["MAKER"],
        now=province.clock(),
    )  # fmt: skip


def signed_by(province: Province, slip: RemovalSlip, *roles: str) -> list[bool]:
    return [sign_slip(slip_id=slip.pk, actor=province.staff[role], now=province.clock()) for role in roles]


class TestSlips:
    def test_whoever_is_on_one_is_held_and_everybody_else_is_paid(self, slip, bank, clock):
        send_ready_payments(bank=bank, clock=clock)

        assert list(Payment.objects.order_by("ordinal").values_list("status", flat=True)) == ["READY", "PROCESSING"]

    @pytest.mark.parametrize("order", [("CHECKER", "RELEASER"), ("RELEASER", "CHECKER")])
    def test_two_people_sign_it_and_the_payment_is_off(self, province, slip, order):
        assert signed_by(province, slip, *order) == [False, True]

        payment = Payment.objects.get(ordinal=1)
        assert (payment.status, payment.cause, payment.confirmed_at) == ("CANCELLED", "STOP", province.clock())

    def test_paid_is_the_list_less_its_slips(self, province, slip, bank, clock):
        signed_by(province, slip, "CHECKER", "RELEASER")
        send_ready_payments(bank=bank, clock=clock)

        total = Payment.objects.aggregate(total=Sum("amount"))["total"]
        slips = RemovalSlip.objects.filter(refused_at=None).aggregate(total=Sum("payment__amount"))["total"]
        assert sum(state.amount for state in bank.taken) == total - slips

    @pytest.mark.parametrize("signed", [(), ("CHECKER",)])
    def test_plain_sql_stops_nobody_without_both(self, province, slip, signed):
        signed_by(province, slip, *signed)

        with pytest.raises(IntegrityError) as refusal:
            run(STOP)

        assert constraint_of(refusal) == "signed_list_less_its_slips"

    def test_plain_sql_pays_nobody_who_is_on_one(self, slip):
        with pytest.raises(IntegrityError) as refusal:
            run(CLAIM)

        assert constraint_of(refusal) == "payment_on_a_slip_stays"

    def test_one_person_does_not_sign_twice(self, province, slip):
        signed_by(province, slip, "CHECKER")
        checker = province.staff["CHECKER"]

        with pytest.raises(SlipSignerAlreadySigned):
            sign_slip(slip_id=slip.pk, actor=checker, now=province.clock())
        checker.role = "RELEASER"
        checker.save()
        with pytest.raises(SlipSignerAlreadySigned):
            sign_slip(slip_id=slip.pk, actor=checker, now=province.clock())

    @pytest.mark.parametrize("role", ["MAKER", "COMMUNE_OFFICER", "REVIEWER", "COSIGNER", "AUDITOR"])
    def test_nobody_else_signs_or_refuses_it(self, province, slip, role):
        with pytest.raises(NotAllowed):
            signed_by(province, slip, role)
        with pytest.raises(NotAllowed):
            refuse_slip(slip_id=slip.pk, note="x", actor=province.staff[role], now=province.clock())

    def test_refused_the_payment_goes_on(self, province, slip, bank, clock):
        refuse_slip(slip_id=slip.pk, note="Vẫn ở xã.", actor=province.staff["CHECKER"], now=clock())
        send_ready_payments(bank=bank, clock=clock)

        assert set(Payment.objects.values_list("status", flat=True)) == {"PROCESSING"}
        with pytest.raises(SlipIsSettled):
            signed_by(province, slip, "RELEASER")

    def test_there_is_one_at_a_time(self, province, slip):
        with pytest.raises(SlipAlreadyOpen):
            take_off(payment_id=slip.payment_id, reason="x", actor=province.staff["CHECKER"], now=province.clock())

    def test_it_waits_for_its_two_signers(self, province, slip):
        waiting = awaiting(batches=type(slip.payment.batch).objects.all(), now=province.clock())

        assert [(w.slip_id, w.step, w.since) for w in waiting] == [
            (slip.pk, "CHECKER", province.clock()),
            (slip.pk, "RELEASER", province.clock()),
        ]

    @pytest.mark.parametrize("change", ["reason = 'khác'", "payment_id = payment_id + 1", "ground = 'LIFE'"])
    def test_it_is_never_rewritten(self, slip, change):
        with pytest.raises(IntegrityError) as refusal:
            run(f"UPDATE payments_removalslip SET {change}")

        assert constraint_of(refusal) == "slip_is_never_edited"

    def test_plain_sql_makes_up_no_death(self, released, slip):
        with pytest.raises(IntegrityError) as refusal:
            run(
                "INSERT INTO payments_removalslip (payment_id, ground, reason, document_number, requested_at, refusal_note) "
                "SELECT id, 'LIFE', 'x', '', now(), '' FROM payments_payment WHERE ordinal = 2"
            )

        assert constraint_of(refusal) == "slip_is_of_a_signed_list"

    def test_a_death_takes_off_at_once_and_leaves_a_slip_to_sign(self, province, released):
        payment = Payment.objects.get(ordinal=2)
        province.identify(payment.beneficiary)
        IdentityRecord.objects.update(deceased_on=date(2024, 7, 20))

        draw_consequences(people=[payment.beneficiary_id], actor=None, now=province.clock())

        payment.refresh_from_db()
        slip = RemovalSlip.objects.get()
        assert (payment.status, slip.ground, slip.requested_by) == ("CANCELLED", "LIFE", None)
        assert signed_by(province, slip, "CHECKER", "RELEASER") == [False, True]

    def test_a_death_overtakes_a_slip_that_waits(self, province, slip):
        province.identify(slip.payment.beneficiary)
        IdentityRecord.objects.update(deceased_on=date(2024, 7, 20))

        draw_consequences(people=[slip.payment.beneficiary_id], actor=None, now=province.clock())

        assert list(RemovalSlip.objects.order_by("pk").values_list("ground", "refused_at")) == [
            ("REQUESTED", province.clock()),
            ("LIFE", None),
        ]


class TestWhyNot:
    @pytest.mark.parametrize(
        ("causes", "said"),
        [
            (["CLAIM"], "đã gửi ngân hàng"),
            (["CLAIM", "ACCEPTED"], "đang xử lý"),
            (["CLAIM", "ACCEPTED", "BANK_POSTED"], "đã ghi có"),
            (["CLAIM", "ACCEPTED", "BANK_RETURNED"], "đã hoàn trả"),
            (["CLAIM", "ACCEPTED", "BANK_FAILED"], "không chuyển được"),
        ],
    )
    def test_says_where_the_money_is(self, province, released, causes, said):
        for cause in causes:
            Payment.objects.filter(ordinal=1).apply(cause, now=province.clock())

        with pytest.raises(CannotStop, match=said):
            province.take_off(Payment.objects.get(ordinal=1))


class TestFreeze:
    @pytest.fixture
    def frozen(self, province, released) -> Freeze:
        return freeze(
            unit=province.units["97"], programme=None, reason="Nghi lộ dữ liệu.", actor=province.staff["MAKER"],
            now=province.clock(),
        )  # fmt: skip

    def test_nothing_is_sent_until_the_releaser_lifts_it(self, province, frozen, bank, clock):
        send_ready_payments(bank=bank, clock=clock)
        assert bank.taken == []

        lift(freeze_id=frozen.pk, reason="Đã kiểm tra.", actor=province.staff["RELEASER"], now=clock())
        send_ready_payments(bank=bank, clock=clock)
        assert len(bank.taken) == 2

    def test_plain_sql_claims_nothing(self, frozen):
        with pytest.raises(IntegrityError) as refusal:
            run(CLAIM)

        assert constraint_of(refusal) == "nothing_leaves_while_frozen"

    def test_the_sweeper_rings_for_nothing(self, frozen, monkeypatch):
        monkeypatch.setattr("payments.tasks.send_payments.delay", _never)

        find_work()

    @pytest.mark.parametrize(("unit", "programme", "sent"), [("972", None, 2), ("971", None, 0), ("971", "TCXH", 0)])
    def test_holds_its_unit_and_programme_only(self, province, released, bank, clock, unit, programme, sent):
        of = released.programme if programme else None
        freeze(unit=province.units[unit], programme=of, reason="x", actor=province.staff["CHECKER"], now=clock())

        send_ready_payments(bank=bank, clock=clock)

        assert len(bank.taken) == sent

    def test_the_maker_may_freeze_but_not_lift(self, province, frozen):
        with pytest.raises(NotAllowed):
            lift(freeze_id=frozen.pk, reason="x", actor=province.staff["MAKER"], now=province.clock())

    def test_once_on_and_once_off(self, province, frozen):
        with pytest.raises(AlreadyFrozen):
            freeze(
                unit=province.units["97"],
                programme=None,
                reason="x",
                actor=province.staff["CHECKER"],
                now=province.clock(),
            )
        lift(freeze_id=frozen.pk, reason="x", actor=province.staff["RELEASER"], now=province.clock())
        with pytest.raises(NotFrozen):
            lift(freeze_id=frozen.pk, reason="x", actor=province.staff["RELEASER"], now=province.clock())

    @pytest.mark.parametrize("statement", ["UPDATE payments_freeze SET reason = 'khác'", "DELETE FROM payments_freeze"])
    def test_is_never_rewritten(self, frozen, statement):
        with pytest.raises((IntegrityError, ProgrammingError)):
            run(statement)

    def test_cash_lists_are_not_handed_over(self, province, bank):
        province.enrol()
        province.build(AUGUST)
        province.release_lists(AUGUST, bank=bank)
        batch = Payment.objects.get().batch
        given = freeze(
            unit=province.units["971"],
            programme=None,
            reason="x",
            actor=province.staff["CHECKER"],
            now=province.clock(),
        )

        with pytest.raises(PaymentIsSuspended) as refusal:
            hand_over(batch_id=batch.pk, actor=province.staff["CHECKER"], now=province.clock())

        assert refusal.value.conflicts == [str(given.pk)]


class TestStopNotices:
    @pytest.fixture
    def handed_over(self, province, bank) -> Payment:
        for _ in range(2):
            province.enrol()
        province.build(AUGUST)
        province.release_lists(AUGUST, bank=bank)
        payment = Payment.objects.order_by("ordinal").first()
        hand_over(batch_id=payment.batch_id, actor=province.staff["CHECKER"], now=province.clock())
        return payment

    def ask(self, province: Province, payment: Payment) -> StopNotice:
        return ask_to_stop(
            payment_id=payment.pk, reason="Đã mất.", document_number="7/TB", actor=province.staff["CHECKER"],
            now=province.clock(),
        )  # fmt: skip

    def test_marks_the_line_on_the_providers_list(self, province, handed_over):
        self.ask(province, handed_over)

        rows = table_of(hand_over(batch_id=handed_over.batch_id, actor=province.staff["CHECKER"], now=province.clock()))
        assert [row[-1] for row in rows[4:6]] == ["DỪNG CHI theo thông báo ngày 05/08/2024", ""]

    def test_paid_in_spite_of_it_stands_and_somebody_must_see_to_it(self, province, handed_over):
        self.ask(province, handed_over)

        result = take_results(
            content=workbook(collected(handed_over)), batch_id=handed_over.batch_id, actor=province.staff["CHECKER"],
            now=province.clock(),
        )  # fmt: skip

        assert result.collected == 1
        assert "đã chi dù có thông báo dừng chi" in result.problems[0]
        assert Case.objects.filter(reason="PAID_AFTER_STOP_NOTICE").count() == 1

    def test_stays_when_deaths_are_weighed_again(self, province, handed_over):
        self.ask(province, handed_over)

        draw_consequences(people=None, actor=None, now=province.clock())

        assert StopNotice.objects.get().withdrawn_at is None

    def test_is_only_of_what_is_with_bank_or_provider(self, province, released):
        with pytest.raises(CannotAskToStop):
            self.ask(province, Payment.objects.get(ordinal=1))

    def test_the_slip_is_refused_and_says_what_to_do(self, province, handed_over):
        with pytest.raises(CannotStop, match="thông báo dừng chi"):
            province.take_off(handed_over)


def _never(*args: object) -> None:
    raise AssertionError("nothing may be sent")


class TestFreezeAgainstAClaim:
    """The switch waits for a claim under way; whoever claims after it finds it."""

    @pytest.mark.slow
    @pytest.mark.django_db(transaction=True)
    def test_waits_for_the_claim_before_it(self, committed_db, province, released):
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(CLAIM)
            done: list[bool] = []
            other = threading.Thread(target=lambda: done.append(_freeze(province)))
            other.start()
            other.join(timeout=0.5)
            waited = not done
            cursor.execute("COMMIT")
            other.join(timeout=10)

        assert (waited, done) == (True, [True])


def _freeze(province: Province) -> bool:
    try:
        freeze(
            unit=province.units["97"], programme=None, reason="x", actor=province.staff["CHECKER"], now=province.clock()
        )
        return True
    finally:
        connection.close()
