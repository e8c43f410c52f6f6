"""What recoveries by decision take of the payments of a month, as SQL, after `lines`, `carried` and `sums`. Parameters: month, as_of,
recovery_percent."""

# A recovery takes its instalment, one for each month drawn together (the ceiling is one of a month), never more than is still open nor than the
# share of the sum that may be taken; several wait in line.
# What a payment that left nothing would take counts while it keeps its months: reissued, it takes it again. Who moved takes along what is still
# to be recovered: the rest comes off where they are paid now.
DEDUCTIONS = """
CREATE TEMP TABLE deducted ON COMMIT DROP AS
WITH RECURSIVE followed AS (
    SELECT id AS decision_id, enrolment_id, 0 AS moves FROM beneficiaries_decision
    WHERE kind = 'RECOVER' AND signed_on <= %(as_of)s AND effective_month <= %(month)s
    UNION ALL
    SELECT f.decision_id, n.id, f.moves + 1 FROM followed f JOIN beneficiaries_enrolment n ON n.continues_id = f.enrolment_id
), together AS (
    SELECT enrolment_id, count(*) AS months FROM lines
    WHERE month >= %(month)s AND corrects_id IS NULL AND not_payable_reason = '' AND enrolment_id IN (SELECT enrolment_id FROM followed)
    GROUP BY enrolment_id
), taken_from AS (
    SELECT DISTINCT ON (f.decision_id) f.decision_id, f.enrolment_id, s.amount, coalesce(t.months, 1) AS months
    FROM followed f JOIN sums s ON s.enrolment_id = f.enrolment_id LEFT JOIN together t ON t.enrolment_id = f.enrolment_id
    ORDER BY f.decision_id, f.moves DESC
), open AS (
    SELECT d.id AS decision_id, s.enrolment_id, s.amount * %(recovery_percent)s / 100 AS share,
           least(d.monthly_ceiling * s.months, d.amount - coalesce((
               SELECT sum(x.amount) FROM payments_deduction x JOIN payments_payment p ON p.id = x.payment_id
               WHERE x.decision_id = d.id AND (p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED') OR EXISTS (
                   SELECT 1 FROM payments_entitlement t WHERE t.payment_id = p.id AND t.withdrawn_in_id IS NULL
                   AND NOT EXISTS (SELECT 1 FROM carried c WHERE c.entitlement_id = t.id)))), 0)
               - coalesce((SELECT sum(r.amount) FROM payments_recoveryreceipt r WHERE r.decision_id = d.id), 0)) AS wanted
    FROM beneficiaries_decision d JOIN taken_from s ON s.decision_id = d.id
), queued AS (
    SELECT open.*, coalesce(sum(wanted) OVER (PARTITION BY enrolment_id ORDER BY decision_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM open WHERE wanted > 0
)
SELECT decision_id, enrolment_id, least(wanted, share - before)::bigint AS amount FROM queued WHERE share - before > 0
"""
INSERT_DEDUCTIONS = """
WITH carrier AS (SELECT unnest(enrolments) AS enrolment_id, payment_id FROM placed WHERE EXISTS (SELECT 1 FROM deducted))
INSERT INTO payments_deduction (decision_id, payment_id, amount)
SELECT x.decision_id, c.payment_id, x.amount FROM deducted x JOIN carrier c USING (enrolment_id)
"""
