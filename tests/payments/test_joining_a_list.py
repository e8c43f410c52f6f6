"""A list is not cancelled under somebody who joins it: two connections, plain SQL in the application's own role, both ways round."""

import pytest
from django.db import IntegrityError, connection, transaction

from payments.models import Payment, PaymentBatch
from payments.states import Cause
from tests.payments.plain_sql import constraint_of
from tests.payments.province import AUGUST, Clock, make_province
from tests.waiting import beside

JOIN = """
INSERT INTO payments_payment (batch_id, ordinal, beneficiary_id, payee_name, amount, end_to_end_id, attempt, status, cause, status_at, lease_by,
                              hold_code, bank_reference, return_code)
SELECT batch_id, ordinal + 1, beneficiary_id, payee_name, amount, end_to_end_id || 'x', 1, 'DRAFT', 'BUILD', status_at, '', '', '', ''
FROM payments_payment
"""
CANCEL = "UPDATE payments_paymentbatch SET status = 'CANCELLED'"


@pytest.fixture
def emptied(committed_db: None) -> None:
    """One list in draft, from which its only person was taken off."""
    province = make_province(clock=Clock())
    province.enrol()
    province.build(AUGUST)
    Payment.objects.all().apply(Cause.STOP, now=province.clock())


@pytest.mark.usefixtures("emptied")
class TestJoiningAListThatIsBeingCancelled:
    def test_whoever_joins_waits_for_the_cancelling_and_is_refused(self):
        with beside() as begin:
            with transaction.atomic():
                run(CANCEL)
                joining = begin(lambda: run(JOIN))
            with pytest.raises(IntegrityError) as refusal:
                joining.result(timeout=60)

        assert constraint_of(refusal) == "signed_list_is_a_ceiling"
        assert not Payment.objects.exclude(status="CANCELLED").exists()

    def test_whoever_cancels_waits_for_the_joining_and_is_refused(self):
        with beside() as begin:
            with transaction.atomic():
                run(JOIN)
                cancelling = begin(lambda: run(CANCEL))
            with pytest.raises(IntegrityError) as refusal:
                cancelling.result(timeout=60)

        assert constraint_of(refusal) == "cancelled_list_is_empty"
        assert PaymentBatch.objects.get().status == "DRAFT"

    def test_a_snapshot_from_before_somebody_joined_cancels_nothing(self):
        with beside() as begin, pytest.raises(IntegrityError) as refusal, transaction.atomic():
            run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            run("SELECT count(*) FROM payments_payment")
            begin(lambda: run(JOIN)).result(timeout=60)
            run(CANCEL)

        assert constraint_of(refusal) == "cancelled_list_is_empty"
        assert PaymentBatch.objects.get().status == "DRAFT"


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
