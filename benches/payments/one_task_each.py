"""The usual way to send: a Celery task per payment, which notes SENT, calls the bank and notes the answer."""

import os
from functools import lru_cache

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from celery import Celery  # noqa: E402  (Django first)
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from banks.stripe_api import StripeTransfers  # noqa: E402
from banks.transfers import Accepted, Transfer  # noqa: E402
from beneficiaries.services.numbers import reveal_account_number  # noqa: E402
from payments.services.sending.bank import API_VERSION  # noqa: E402
from tests.payments.bank_process import API_KEY  # noqa: E402

QUEUE, BANK = "ansinh-bench-each", "ANSINH_BENCH_BANK"
app = Celery("bench", broker=settings.CELERY_BROKER_URL)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=4,
    task_default_queue=QUEUE,
    broker_connection_retry_on_startup=True,
)
_TAKE = """
WITH taken AS (
    UPDATE payments_payment SET status = 'SENT', cause = 'CLAIM', status_at = now(), first_used_at = now(), lease_until = now() + interval '2 minutes'
    WHERE id = %s AND status = 'READY' RETURNING *
)
SELECT p.end_to_end_id, p.attempt, p.amount, f.bank_account_id, a.bank_bin, n.sealed, n.digest, p.payee_name
FROM taken p JOIN payments_paymentbatch b ON b.id = p.batch_id JOIN payments_fundingaccount f ON f.id = b.funding_account_id
JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id JOIN beneficiaries_accountnumber n ON n.id = a.number_id
"""
_NOTE = """
UPDATE payments_payment SET status = 'PROCESSING', cause = 'ACCEPTED', status_at = now(), bank_reference = %s, bank_created_at = %s
WHERE id = %s AND status = 'SENT'
"""


@lru_cache(maxsize=1)
def _bank() -> StripeTransfers:
    return StripeTransfers(base_url=os.environ[BANK], api_key=API_KEY, version=API_VERSION, timeout=(3.05, 30.0))


@app.task
def send_one(payment_id: int) -> None:
    """Two statements, each its own transaction, and one call between them."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [payment_id])
        row = cursor.fetchone()
    if row is None:
        return
    end_to_end_id, attempt, amount, account, bank_bin, sealed, digest, name = row
    transfer = Transfer(
        end_to_end_id=end_to_end_id,
        attempt=attempt,
        amount=amount,
        financial_account=account,
        bank_bin=bank_bin,
        account_number=reveal_account_number(sealed, bank_bin=bank_bin, digest=digest),
        holder_name=name,
        description="Tro cap thang 08/2024",
        payment_id=payment_id,
    )
    outcome = _bank().send(transfer, first_use=True)
    if isinstance(outcome, Accepted):
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [outcome.state.bank_reference, outcome.state.created_at, payment_id])
