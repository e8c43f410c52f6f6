"""Files the bank refuses, or never takes: one case per file, so that somebody finds out why."""

from datetime import datetime, timedelta

from beneficiaries.models import CaseKind
from beneficiaries.services.cases.raising import raise_cases

NOT_TAKEN_FOR = timedelta(hours=2)

# The case stands at the first person who waits; its subject is the file, so that fifty thousand people are one thing to do.
_FOUND = """
WITH waits AS (
    SELECT f.id, f.batch_id, p.beneficiary_id, 'ngân hàng không nhận cả tệp' AS why
    FROM payments_paymentfile f
    JOIN LATERAL (SELECT beneficiary_id FROM payments_payment WHERE batch_id = f.batch_id AND status = 'READY' AND hold_code = 'file_rejected'
                  AND ordinal BETWEEN f.first_ordinal AND f.last_ordinal ORDER BY ordinal LIMIT 1) p ON true
    WHERE f.status = 'REJECTED'
    UNION ALL
    SELECT f.id, f.batch_id, p.beneficiary_id, 'ngân hàng chưa nhận tệp quá hai giờ'
    FROM payments_paymentfile f
    JOIN LATERAL (SELECT beneficiary_id FROM payments_payment
                  WHERE batch_id = f.batch_id AND ordinal BETWEEN f.first_ordinal AND f.last_ordinal ORDER BY ordinal LIMIT 1) p ON true
    WHERE f.status IN ('BUILT', 'UPLOADING') AND f.built_at < %(before)s
), found AS (
    SELECT w.beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, l.paying_unit_id AS unit_id, 'FILE_REFUSED' AS reason,
           f.message_id AS subject,
           jsonb_build_array(w.why, 'mã lý do: ' || coalesce(nullif(f.reason, ''), 'ngân hàng không nêu'), f.count || ' khoản chi') AS evidence
    FROM waits w JOIN payments_paymentfile f ON f.id = w.id JOIN payments_paymentbatch l ON l.id = w.batch_id
)"""


def raise_file_cases(*, now: datetime) -> int:
    """Open a case for each file that was refused whole and waits, or that the bank has not taken for two hours; returns how many are new."""
    return raise_cases(kind=CaseKind.PAYMENT, found=_FOUND, given={"before": now - NOT_TAKEN_FOR}, now=now)
