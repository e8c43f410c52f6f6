"""History of payments: what is kept, and what it costs beside the same UPDATE without it."""

import statistics
import time

import pytest
from django.db import connection, connections

from payments.models import Payment, PaymentBatch
from payments.states import Cause
from staff.models import HistoryRow
from tests.payments.province import AUGUST, Clock, Province, make_province

ROWS, ROUNDS = 20_000, 5

# A list of many, made where the rows are: the cost of an UPDATE is measured, not that of building.
_COPIES = """
INSERT INTO payments_payment (batch_id, ordinal, beneficiary_id, payee_name, bank_account_id, amount, end_to_end_id, attempt, status, cause, status_at,
                              lease_by, hold_code, bank_reference, return_code)
SELECT batch_id, 1000 + n, beneficiary_id, payee_name, bank_account_id, amount, 'x' || n, 1, 'DRAFT', 'BUILD', status_at, '', '', '', ''
FROM payments_payment CROSS JOIN generate_series(1, %s) n WHERE ordinal = 1
"""


def test_a_payment_keeps_what_life_changed_and_no_insert(province: Province, batch: PaymentBatch, clock: Clock) -> None:
    assert not HistoryRow.objects.filter(relation="payments_payment").exists()
    payment = batch.payments.first()
    assert payment

    Payment.objects.filter(pk=payment.pk).apply(Cause.STOP, now=clock(), lease_by="nobody")

    row = HistoryRow.objects.get(relation="payments_payment")
    assert (row.row_id, row.changes) == (payment.pk, {"status": ["DRAFT", "CANCELLED"], "cause": ["BUILD", "STOP"]})


def test_a_lease_is_no_history(batch: PaymentBatch) -> None:
    batch.payments.update(lease_by="worker-1")

    assert not HistoryRow.objects.filter(relation="payments_payment").exists()


@pytest.mark.slow
def test_costs_less_than_the_update_again(committed_db: None) -> None:
    """20,000 payments updated with and without the history trigger, interleaved: ratio of medians (printed with -s)."""
    province = make_province(clock=Clock())
    province.open_account(province.enrol().beneficiary)
    province.build(AUGUST)
    taken: dict[str, list[float]] = {"ENABLE": [], "DISABLE": []}
    with connection.cursor() as cursor, connections["owner"].cursor() as owner:
        cursor.execute(_COPIES, [ROWS])
        for turn in range(ROUNDS + 1):
            for state in ("DISABLE", "ENABLE"):
                owner.execute(f"ALTER TABLE payments_payment {state} TRIGGER history_update")
                owner.execute("VACUUM ANALYZE payments_payment")
                began = time.perf_counter()
                cursor.execute("UPDATE payments_payment SET hold_code = %s", [f"{turn}{state}"])
                if turn:  # the first round warms caches
                    taken[state].append(time.perf_counter() - began)
    bare, kept = (statistics.median(taken[state]) for state in ("DISABLE", "ENABLE"))
    print(f"history of {ROWS} payments: bare {bare:.2f} s, kept {kept:.2f} s, ratio {kept / bare:.2f}")
    assert HistoryRow.objects.filter(relation="payments_payment").count() == (ROWS + 1) * (ROUNDS + 1)
    assert kept / bare < 2.5
