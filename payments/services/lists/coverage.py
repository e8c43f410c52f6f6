"""Account and cash lists of a month together cover everybody exactly once: counted from rows, with whoever does not fit."""

from dataclasses import dataclass

from django.db import connection

from payments.models import Cycle

SHOWN = 50


@dataclass(frozen=True)
class Coverage:
    """Entitlements of the month by where they stand; counts of entitlements, but `people_on_both_channels`.

    `omitted`: payable and on no list; `twice`: enrolments whose month is carried by two payments that may both pay; `torn`: payments whose
    amount is not the sum of their entitlements less what is recovered. Each names at most fifty by enrolment code or
    payment id. Exactly once = all three empty.
    """

    enrolled: int
    not_payable: int
    by_account: int
    by_cash: int
    stopped: int
    people_on_both_channels: int
    omitted: list[str]
    twice: list[str]
    torn: list[str]

    @property
    def exactly_once(self) -> bool:
        return not (self.omitted or self.twice or self.torn)


_COUNT = """
SELECT count(*), count(*) FILTER (WHERE e.not_payable_reason <> ''),
       count(*) FILTER (WHERE e.not_payable_reason = '' AND l.channel = 'ACCOUNT' AND p.status <> 'CANCELLED'),
       count(*) FILTER (WHERE e.not_payable_reason = '' AND l.channel = 'CASH' AND p.status <> 'CANCELLED'),
       count(*) FILTER (WHERE e.not_payable_reason = '' AND p.status = 'CANCELLED')
FROM payments_entitlement e LEFT JOIN payments_payment p ON p.id = e.payment_id LEFT JOIN payments_paymentbatch l ON l.id = p.batch_id
JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN staff_administrativeunit u ON u.id = n.unit_id
WHERE e.cycle_id = %(cycle)s AND u.path LIKE %(path)s
"""
# A person may stand on both channels only for two programmes.
_BOTH = """
SELECT count(*) FROM (
    SELECT coalesce(b.same_as_id, b.id), l.programme_id
    FROM payments_payment p JOIN payments_paymentbatch l ON l.id = p.batch_id JOIN beneficiaries_beneficiary b ON b.id = p.beneficiary_id
    JOIN staff_administrativeunit u ON u.id = b.unit_id
    WHERE l.cycle_id = %(cycle)s AND p.status <> 'CANCELLED' AND u.path LIKE %(path)s
    GROUP BY 1, 2 HAVING count(DISTINCT l.channel) > 1) both_channels
"""
_OMITTED = """
SELECT n.code FROM payments_entitlement e JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN staff_administrativeunit u ON u.id = n.unit_id
WHERE e.cycle_id = %(cycle)s AND e.not_payable_reason = '' AND e.payment_id IS NULL AND e.withdrawn_in_id IS NULL
  AND u.path LIKE %(path)s ORDER BY n.code LIMIT %(shown)s
"""
_TWICE = """
SELECT n.code FROM payments_entitlement e
JOIN payments_payment p ON p.id = e.payment_id AND p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED')
JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN staff_administrativeunit u ON u.id = n.unit_id
WHERE e.kind = 'REGULAR' AND e.corrects_id IS NULL AND u.path LIKE %(path)s
  AND (e.enrolment_id, e.month) IN (SELECT x.enrolment_id, x.month FROM payments_entitlement x WHERE x.cycle_id = %(cycle)s)
GROUP BY n.code, e.month HAVING count(DISTINCT p.id) > 1 ORDER BY n.code LIMIT %(shown)s
"""
# Entitlements move on to the next list, so a payment is compared while it still may pay.
_TORN = """
SELECT p.end_to_end_id FROM payments_payment p JOIN payments_paymentbatch l ON l.id = p.batch_id
JOIN beneficiaries_beneficiary b ON b.id = p.beneficiary_id JOIN staff_administrativeunit u ON u.id = b.unit_id
LEFT JOIN payments_entitlement e ON e.payment_id = p.id
WHERE l.cycle_id = %(cycle)s AND p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED') AND u.path LIKE %(path)s
GROUP BY p.id
HAVING p.amount <> coalesce(sum(e.amount), 0) - coalesce((SELECT sum(d.amount) FROM payments_deduction d WHERE d.payment_id = p.id), 0)
ORDER BY p.end_to_end_id LIMIT %(shown)s
"""


def cover(*, cycle: Cycle, path: str) -> Coverage:
    """The month as far as it lies in the subtree of `path`."""
    given: dict[str, int | str] = {"cycle": cycle.pk, "path": f"{path}%", "shown": SHOWN}
    with connection.cursor() as cursor:
        counts = cursor.execute(_COUNT, given).fetchone()
        both = cursor.execute(_BOTH, given).fetchone()
        named = [[name for (name,) in cursor.execute(sql, given).fetchall()] for sql in (_OMITTED, _TWICE, _TORN)]
    return Coverage(*counts, *both, *named)
