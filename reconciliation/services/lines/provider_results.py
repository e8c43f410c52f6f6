"""A provider's result list as the second level of reconciling: the Treasury's line is of a list, this is of persons, refunds come third."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from payments.models import PaymentBatch, Provider
from payments.services.providers import Results, take_results
from staff.models import User

# Every word that is not ours becomes a difference, once. đồng with the sign of money that leaves.
_NAME = """
INSERT INTO reconciliation_discrepancy (kind, key, result_line_id, funding_account_id, payment_id, ours, theirs, sentence, status, found_at, resolution)
SELECT x.kind, 'result:' || x.id, x.id, f.id, x.payment_id, x.ours, x.theirs,
       CASE x.kind WHEN 'NOT_ON_LIST' THEN 'Danh sách kết quả có người không có trong danh sách đã giao.'
                   WHEN 'PROVIDER_AMOUNT' THEN 'Số tiền trong danh sách kết quả khác danh sách đã giao.'
                   ELSE 'Danh sách kết quả báo khác lần trước.' END, 'OPEN', %(now)s, ''
FROM (
    SELECT l.id, l.payment_id, b.paying_unit_id, -p.amount AS ours, CASE WHEN l.outcome = 'PAID' THEN -coalesce(l.amount, 0) ELSE 0 END AS theirs,
           CASE l.problem WHEN 'NOT_ON_LIST' THEN 'NOT_ON_LIST' WHEN 'AMOUNT_DIFFERS' THEN 'PROVIDER_AMOUNT' ELSE 'PROVIDER_CONTRADICTS' END AS kind
    FROM payments_resultline l JOIN payments_resultlist r ON r.id = l.result_list_id JOIN payments_paymentbatch b ON b.id = r.batch_id
    LEFT JOIN payments_payment p ON p.id = l.payment_id
    WHERE r.batch_id = %(batch)s AND l.problem <> ''
) x LEFT JOIN payments_fundingaccount f ON f.paying_unit_id = x.paying_unit_id
ON CONFLICT (key) DO NOTHING
"""
# A list that came later says our amount of the same payment.
_END = """
WITH ended AS (
    UPDATE reconciliation_discrepancy d SET status = 'RESOLVED', ground = 'FOUND_LATER', resolved_by_id = %(actor)s, resolved_at = %(now)s,
           answer_due_on = NULL, write_off_by_id = NULL, resolution = 'Danh sách kết quả gửi sau đã ghi đúng số tiền.'
    FROM payments_resultline w JOIN payments_resultlist r ON r.id = w.result_list_id
    WHERE w.id = d.result_line_id AND r.batch_id = %(batch)s AND d.status = 'OPEN' AND d.kind = 'PROVIDER_AMOUNT'
      AND EXISTS (SELECT 1 FROM payments_resultline n WHERE n.payment_id = d.payment_id AND n.id > w.id AND n.problem = '')
    RETURNING d.id, d.resolution)
INSERT INTO reconciliation_discrepancystep (discrepancy_id, kind, ground, note, made_by_id, made_at)
SELECT id, 'RESOLVED', 'FOUND_LATER', resolution, %(actor)s, %(now)s FROM ended
"""


@transaction.atomic
def import_result_list(
    *, content: bytes, batch: PaymentBatch, actor: User, now: datetime, provider: Provider | None = None
) -> Results:
    """Take in a provider's answer to one list and name every word that is not ours as a difference, once; again adds nothing.

    Raises what `take_results` raises.
    """
    results = take_results(content=content, batch_id=batch.pk, actor=actor, now=now, provider=provider)
    given: dict[str, Any] = {"batch": batch.pk, "actor": actor.pk, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_NAME, given)
        cursor.execute(_END, given)
    return results
