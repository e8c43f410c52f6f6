"""Nobody leaves a list without a slip while it is being signed: two connections, in the application's own role, in both orders."""

import pytest
from django.db import DatabaseError, connection, transaction

from banks.fake import FakeTransfers
from payments.errors import CannotStop
from payments.errors.outcomes import SignedListLeavesNobody
from payments.models import Payment, PaymentBatch, RemovalSlip, RowNote
from payments.services.life import draw_consequences
from payments.services.lists.row_notes import leave_for_next_month
from payments.services.sending.send import send_ready_payments
from payments.services.signing.removal import take_off
from payments.services.signing.sign import release, submit
from tests.payments.plain_sql import constraint_of, run
from tests.payments.province import AUGUST, BALANCES, Clock, Province, make_province
from tests.waiting import beside

STOP = "UPDATE payments_payment SET status = 'CANCELLED', cause = 'STOP' WHERE ordinal = 1"
NOTE = """
INSERT INTO payments_rownote (payment_id, ground, text, written_by_id, written_at)
SELECT p.id, 'CHECK', 'x', (SELECT id FROM staff_user WHERE role = 'MAKER'), now() FROM payments_payment p WHERE ordinal = 1
"""
LEAVE = f"{NOTE}; {STOP}"


@pytest.fixture
def province(committed_db: None) -> Province:
    """One list in draft with two people on it."""
    province = make_province(clock=Clock())
    for _ in range(2):
        province.open_account(province.enrol().beneficiary)
    province.build(AUGUST)
    return province


def sign(province: Province) -> None:
    submit(batch_ids=[the_list().pk], actor=province.staff["MAKER"], now=province.clock())


def the_list() -> PaymentBatch:
    return PaymentBatch.objects.get()


def statuses() -> list[str]:
    return list(Payment.objects.order_by("ordinal").values_list("status", flat=True))


def by_sql(statement: str, isolation: str = "READ COMMITTED") -> None:
    with transaction.atomic():
        begin_at(isolation)
        run(statement)


def begin_at(isolation: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")


class TestPlainSql:
    @pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ"])
    def test_stops_nobody_while_somebody_signs(self, province, isolation):
        with beside() as begin, transaction.atomic():
            sign(province)
            with pytest.raises(DatabaseError) as refusal:
                begin(lambda: by_sql(STOP, isolation)).result(timeout=60)

        assert constraint_of(refusal) == "signed_list_less_its_slips"
        assert statuses() == ["DRAFT", "DRAFT"]

    @pytest.mark.parametrize("statement", [STOP, LEAVE], ids=["stop", "leave"])
    def test_stops_nobody_in_a_snapshot_from_before_the_signature(self, province, statement):
        with beside() as begin, pytest.raises(DatabaseError), transaction.atomic():
            begin_at("REPEATABLE READ")
            run("SELECT count(*) FROM payments_paymentbatch")
            begin(lambda: sign(province)).result(timeout=60)
            run(statement)

        assert (the_list().status, statuses(), RowNote.objects.count()) == ("SUBMITTED", ["DRAFT", "DRAFT"], 0)

    @pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ"])
    def test_whoever_signs_waits_for_who_is_taken_off(self, province, isolation):
        with beside() as begin:
            with transaction.atomic():
                begin_at(isolation)
                run(STOP)
                signing = begin(lambda: sign(province))
                assert not signing.done()
            signing.result(timeout=60)

        assert (the_list().status, statuses()) == ("SUBMITTED", ["CANCELLED", "DRAFT"])


class TestServicesWaitForEachOther:
    """Lists before payments (ADR 71): whoever comes second waits, and none is ended by the database."""

    def test_taking_off_waits_for_the_signature_and_then_asks_for_a_slip(self, province):
        with beside() as begin:
            with transaction.atomic():
                sign(province)
                taking_off = begin(lambda: self._take_off(province))
                assert not taking_off.done()
                Payment.objects.select_for_update().get(ordinal=1)
            taking_off.result(timeout=60)

        assert (statuses(), RemovalSlip.objects.count()) == (["DRAFT", "DRAFT"], 1)

    def test_leaving_for_the_next_month_waits_for_the_signature_and_is_refused(self, province):
        with beside() as begin:
            with transaction.atomic():
                sign(province)
                leaving = begin(lambda: self._leave(province))
                assert not leaving.done()
                Payment.objects.select_for_update().get(ordinal=1)
            with pytest.raises(SignedListLeavesNobody):
                leaving.result(timeout=60)

        assert statuses() == ["DRAFT", "DRAFT"]

    def test_a_death_waits_for_the_signature_and_leaves_a_slip(self, province):
        dead = self._dead(province)
        with beside() as begin:
            with transaction.atomic():
                sign(province)
                stopping = begin(lambda: draw_consequences(people=[dead], actor=None, now=province.clock()))
                assert not stopping.done()
                Payment.objects.select_for_update().get(ordinal=1)
            stopping.result(timeout=60)

        assert (statuses(), RemovalSlip.objects.get().ground) == (["CANCELLED", "DRAFT"], "LIFE")

    def test_releasing_and_taking_off_end_in_either_order(self, province):
        bank = FakeTransfers(balances=BALANCES, now=province.clock)
        ids = province.approve_lists(AUGUST)
        with beside() as begin:
            with transaction.atomic():
                release(batch_ids=ids, actor=province.staff["RELEASER"], now=province.clock(), bank=bank)
                taking_off = begin(lambda: self._take_off(province))
                assert not taking_off.done()
            taking_off.result(timeout=60)

        assert (statuses(), RemovalSlip.objects.count()) == (["READY", "READY"], 1)

    def test_taking_off_and_releasing_end_in_either_order(self, province):
        bank = FakeTransfers(balances=BALANCES, now=province.clock)
        ids = province.approve_lists(AUGUST)
        dead = self._dead(province)
        given = {"batch_ids": ids, "actor": province.staff["RELEASER"], "now": province.clock(), "bank": bank}
        with beside() as begin:
            with transaction.atomic():
                draw_consequences(people=[dead], actor=None, now=province.clock())
                releasing = begin(lambda: release(**given))
                assert not releasing.done()
                Payment.objects.select_for_update().get(ordinal=2)
            releasing.result(timeout=60)

        assert (the_list().status, statuses()) == ("RELEASED", ["CANCELLED", "READY"])

    def test_what_a_worker_has_claimed_is_not_taken_off(self, province):
        bank = FakeTransfers(balances=BALANCES, now=province.clock)
        release(
            batch_ids=province.approve_lists(AUGUST), actor=province.staff["RELEASER"], now=province.clock(), bank=bank
        )
        with beside() as begin, pytest.raises(CannotStop):
            with transaction.atomic():
                run(
                    "UPDATE payments_payment SET status = 'SENT', cause = 'CLAIM' WHERE status = 'READY' AND ordinal = 1"
                )
                taking_off = begin(lambda: self._take_off(province))
                assert not taking_off.done()
            taking_off.result(timeout=60)

    def test_a_worker_passes_by_who_is_being_taken_off(self, province):
        bank = FakeTransfers(balances=BALANCES, now=province.clock)
        release(
            batch_ids=province.approve_lists(AUGUST), actor=province.staff["RELEASER"], now=province.clock(), bank=bank
        )
        with beside() as begin, transaction.atomic():
            self._take_off(province)
            begin(lambda: send_ready_payments(bank=bank, clock=province.clock)).result(timeout=60)

        assert len(bank.taken) == 1

    def _take_off(self, province: Province) -> None:
        payment = Payment.objects.get(ordinal=1)
        take_off(payment_id=payment.pk, reason="x", actor=province.staff["CHECKER"], now=province.clock())

    def _leave(self, province: Province) -> None:
        payment = Payment.objects.get(ordinal=1)
        leave_for_next_month(
            payment_id=payment.pk, ground="CHECK", text="x", actor=province.staff["MAKER"], now=province.clock()
        )

    def _dead(self, province: Province) -> int:
        person = Payment.objects.get(ordinal=1).beneficiary
        province.identify(person, deceased_on=AUGUST.replace(month=7, day=20))
        return person.pk
