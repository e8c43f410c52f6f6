"""Who is paid again within the month: transfers that certainly left nothing, with the way the money can go now.

Parameters: cycle, month, as_of, pay_on (both the day of the reissue), path (of the unit), to_cash (ids of payments to pay in hand),
only (ids of payments whose account was lost before anybody signed; empty: whatever came back).
"""

from beneficiaries.services.accounts.account_choice import CHOSEN
from payments.services.lists.building import REFERENCE

# Of cash lists only who was taken off because of what happened since: their payee died. Whatever else comes back from them the next month carries.
_TAKEN_OFF = """(b.channel = 'ACCOUNT' OR p.id = ANY(%(only)s)
           OR EXISTS (SELECT 1 FROM payments_removalslip s WHERE s.payment_id = p.id AND s.ground = 'CHANGED' AND s.refused_at IS NULL))"""
# Whoever pays another way at the same time waits here, and then finds nothing left to move.
LOCK_PAYMENTS = f"""
SELECT p.id FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
WHERE b.cycle_id = %(cycle)s AND {_TAKEN_OFF} AND p.status IN ('FAILED', 'RETURNED', 'CANCELLED') AND p.confirmed_at IS NOT NULL
ORDER BY p.id FOR UPDATE OF p
"""
LOCK_ENTITLEMENTS = f"""
SELECT t.id FROM payments_entitlement t JOIN payments_payment p ON p.id = t.payment_id JOIN payments_paymentbatch b ON b.id = p.batch_id
WHERE b.cycle_id = %(cycle)s AND {_TAKEN_OFF} AND p.status IN ('FAILED', 'RETURNED', 'CANCELLED')
ORDER BY t.id FOR UPDATE OF t
"""

# One row per transfer that came back. `waits_for` is '' where it can be paid again now. Who was taken off the list by a person is not put
# back by this, who was because the account was lost is; who died, or is asked about, is for the heirs or the next month.
CAME_BACK = f"""
WITH {CHOSEN}, back AS (
    SELECT p.id AS old_id, p.ordinal AS old_ordinal, p.beneficiary_id, b.id AS old_batch_id, b.paying_unit_id, b.programme_id, b.budget_source,
           b.funding_account_id, coalesce(c.usable, false) AS usable, c.id AS account_id, c.reason AS account_reason
    FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id JOIN staff_administrativeunit u ON u.id = b.paying_unit_id
    JOIN beneficiaries_beneficiary h ON h.id = p.beneficiary_id JOIN beneficiaries_programme g ON g.id = b.programme_id
    LEFT JOIN chosen c ON c.person_id = coalesce(h.same_as_id, h.id) AND (g.kind = 'REGULAR' OR c.holder_kind NOT IN ('AUTHORISED', 'CARER'))
    WHERE b.cycle_id = %(cycle)s AND {_TAKEN_OFF} AND u.path LIKE %(path)s || '%%'
      AND p.status IN ('FAILED', 'RETURNED', 'CANCELLED') AND p.confirmed_at IS NOT NULL
      AND (cardinality(%(only)s::bigint[]) = 0 OR p.id = ANY(%(only)s))
      AND (p.cause <> 'STOP' OR p.id = ANY(%(only)s)
           OR EXISTS (SELECT 1 FROM payments_removalslip s WHERE s.payment_id = p.id AND s.ground = 'CHANGED' AND s.refused_at IS NULL))
), carried AS (
    SELECT t.payment_id AS old_id, array_agg(t.id) AS entitlements, sum(t.amount) AS amount,
           min(x.payee_name) AS payee_name, count(DISTINCT x.payee_name) > 1 AS several_payees,
           bool_or(coalesce(r.deceased_on, r.notice_on, s.deceased_on, s.notice_on) IS NOT NULL) AS death,
           bool_or(coalesce(n.ended_month <= t.month OR n.suspended_month <= t.month, false)) AS over
    FROM payments_entitlement t JOIN back ON back.old_id = t.payment_id
    JOIN beneficiaries_enrolment n ON n.id = t.enrolment_id JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id
    JOIN beneficiaries_beneficiary h ON h.id = back.beneficiary_id
    JOIN beneficiaries_life r ON r.beneficiary_id = b.id LEFT JOIN beneficiaries_life s ON s.beneficiary_id = h.id
    CROSS JOIN LATERAL (SELECT CASE WHEN h.id <> b.id THEN h.full_name
        WHEN n.payee_kind = 'OWN' OR (n.payee_kind = 'AUTHORISED' AND coalesce(n.payee_paper_until < %(pay_on)s, false)) THEN b.full_name
        ELSE n.payee_name END AS payee_name) x
    WHERE t.withdrawn_in_id IS NULL GROUP BY t.payment_id
), deducted AS (
    SELECT d.payment_id AS old_id, sum(d.amount) AS amount FROM payments_deduction d JOIN back ON back.old_id = d.payment_id GROUP BY d.payment_id
)
SELECT back.*, carried.entitlements, carried.payee_name, (carried.amount - coalesce(deducted.amount, 0))::bigint AS amount,
       CASE WHEN back.usable THEN 'ACCOUNT' ELSE 'CASH' END AS channel,
       CASE WHEN carried.death THEN 'DEATH' WHEN carried.over THEN 'ENDED'
            WHEN carried.several_payees OR carried.amount <= coalesce(deducted.amount, 0) THEN 'NEXT_MONTH'
            WHEN back.usable OR back.account_reason = 'CASH_CHOSEN' OR back.old_id = ANY(%(to_cash)s) THEN ''
            ELSE 'ACCOUNT' END AS waits_for
FROM back JOIN carried USING (old_id) LEFT JOIN deducted USING (old_id)
"""

PLACE = f"""
CREATE TEMP TABLE again ON COMMIT DROP AS
SELECT r.*, dense_rank() OVER (ORDER BY r.paying_unit_id, r.programme_id, r.budget_source, r.channel) AS list,
       row_number() OVER (PARTITION BY r.paying_unit_id, r.programme_id, r.budget_source, r.channel ORDER BY r.old_batch_id, r.old_ordinal) AS ordinal,
       nextval(pg_get_serial_sequence('payments_payment', 'id')) AS payment_id
FROM ({CAME_BACK}) r WHERE r.waits_for = ''
"""
BATCHES = """
INSERT INTO payments_paymentbatch
    (cycle_id, paying_unit_id, programme_id, budget_source, channel, sequence, funding_account_id, status, revision, paused, token, return_note, status_at)
SELECT %(cycle)s, g.paying_unit_id, g.programme_id, g.budget_source, g.channel, %(sequence)s, CASE WHEN g.channel = 'ACCOUNT' THEN g.funding_account_id END,
       'DRAFT', 1, false, substr(replace(gen_random_uuid()::text, '-', ''), 1, 8), '', %(now)s
FROM (SELECT paying_unit_id, programme_id, budget_source, channel, min(funding_account_id) AS funding_account_id
      FROM again GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4) g
RETURNING id
"""
PAYMENTS = f"""
INSERT INTO payments_payment
    (id, batch_id, ordinal, beneficiary_id, payee_name, bank_account_id, amount, end_to_end_id, attempt, status, cause, status_at, lease_by, hold_code,
     bank_reference, return_code, reissues_id)
SELECT a.payment_id, b.id, a.ordinal, a.beneficiary_id, a.payee_name, CASE WHEN a.channel = 'ACCOUNT' THEN a.account_id END, a.amount,
       {REFERENCE.format(prefix="b.token", ordinal="a.ordinal")}, 1, 'DRAFT', 'BUILD', %(now)s, '', '', '', '', a.old_id
FROM again a JOIN payments_paymentbatch b ON b.cycle_id = %(cycle)s AND b.sequence = %(sequence)s AND b.paying_unit_id = a.paying_unit_id
     AND b.programme_id = a.programme_id AND b.budget_source = a.budget_source AND b.channel = a.channel AND b.status = 'DRAFT'
ORDER BY a.payment_id
"""
DEDUCTIONS = """
INSERT INTO payments_deduction (decision_id, payment_id, amount)
SELECT d.decision_id, a.payment_id, d.amount FROM again a JOIN payments_deduction d ON d.payment_id = a.old_id
"""
MOVE = """
UPDATE payments_entitlement t SET payment_id = a.payment_id
FROM (SELECT payment_id, unnest(entitlements) AS entitlement_id FROM again) a WHERE t.id = a.entitlement_id
"""
