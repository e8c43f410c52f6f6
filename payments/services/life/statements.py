"""Deaths and notices against payments, set-based. Parameters: people (ids, or NULL for everybody), now."""

# A month is lost by death when it begins after the day of death: the allowance runs to the end of the month of death.
# A power of attorney ends at death: what would go to an authorised person goes to the heirs instead, months of life too.
_CONCERNED = """
    SELECT p.id, p.status,
           CASE WHEN l.deceased_on IS NOT NULL THEN 'DECEASED' ELSE 'DEATH_NOTICE' END AS ground
    FROM payments_payment p JOIN beneficiaries_life l ON l.beneficiary_id = p.beneficiary_id
    WHERE (l.deceased_on IS NOT NULL OR l.notice_on IS NOT NULL)
      AND (%(people)s::bigint[] IS NULL OR p.beneficiary_id = ANY(%(people)s))
      AND EXISTS (SELECT 1 FROM payments_entitlement e JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id
                  WHERE e.payment_id = p.id
                    AND (e.month > coalesce(l.deceased_on, l.notice_on) OR (l.deceased_on IS NOT NULL AND n.payee_kind = 'AUTHORISED')))
"""
TO_STOP = f"SELECT c.id FROM ({_CONCERNED}) c WHERE c.status IN ('DRAFT', 'READY')"

STOP_NOTICES = f"""
INSERT INTO payments_stopnotice (payment_id, ground, opened_at)
SELECT c.id, c.ground, %(now)s FROM ({_CONCERNED}) c WHERE c.status IN ('SENT', 'PROCESSING')
ON CONFLICT (payment_id) DO UPDATE SET withdrawn_at = NULL, ground = excluded.ground
WHERE payments_stopnotice.withdrawn_at IS NOT NULL OR payments_stopnotice.ground <> excluded.ground
"""
WITHDRAW_STOP_NOTICES = f"""
UPDATE payments_stopnotice s SET withdrawn_at = %(now)s
FROM payments_payment p
WHERE p.id = s.payment_id AND s.withdrawn_at IS NULL AND s.ground <> 'REQUESTED' AND (%(people)s::bigint[] IS NULL OR p.beneficiary_id = ANY(%(people)s))
  AND NOT EXISTS (SELECT 1 FROM ({_CONCERNED}) c WHERE c.id = p.id)
"""

WITHDRAW_RECOVERIES = """
UPDATE payments_recoveryproposal r SET withdrawn_at = %(now)s
FROM payments_entitlement e JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id
JOIN beneficiaries_life l ON l.beneficiary_id = n.beneficiary_id, payments_payment p
WHERE e.id = r.entitlement_id AND p.id = r.payment_id AND r.withdrawn_at IS NULL
  AND (%(people)s::bigint[] IS NULL OR n.beneficiary_id = ANY(%(people)s))
  AND (p.status <> 'POSTED' OR e.payment_id IS DISTINCT FROM p.id OR l.deceased_on IS NULL OR e.month <= l.deceased_on)
"""
RECOVERIES = """
INSERT INTO payments_recoveryproposal (entitlement_id, payment_id, amount, deceased_on, opened_at)
SELECT e.id, p.id, e.amount, l.deceased_on, %(now)s
FROM payments_entitlement e JOIN payments_payment p ON p.id = e.payment_id AND p.status = 'POSTED'
JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN beneficiaries_life l ON l.beneficiary_id = n.beneficiary_id
WHERE e.month > l.deceased_on AND (%(people)s::bigint[] IS NULL OR n.beneficiary_id = ANY(%(people)s))
ON CONFLICT (entitlement_id, payment_id) DO UPDATE SET withdrawn_at = NULL, deceased_on = excluded.deceased_on
WHERE payments_recoveryproposal.withdrawn_at IS NOT NULL OR payments_recoveryproposal.deceased_on <> excluded.deceased_on
"""
# Months of life that certainly did not reach the person: owed to the heirs.
OWED_TO_HEIRS = """
SELECT n.beneficiary_id, array_agg(DISTINCT e.month ORDER BY e.month), sum(e.amount)::bigint
FROM payments_entitlement e JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id
JOIN beneficiaries_life l ON l.beneficiary_id = n.beneficiary_id LEFT JOIN payments_payment p ON p.id = e.payment_id
WHERE e.month <= l.deceased_on AND (%(people)s::bigint[] IS NULL OR n.beneficiary_id = ANY(%(people)s))
  AND ((e.not_payable_reason = '' AND (p.id IS NULL OR p.status IN ('FAILED', 'RETURNED', 'CANCELLED')))
       OR (e.not_payable_reason IN ('DECEASED', 'DEATH_NOTICE')
           AND NOT EXISTS (SELECT 1 FROM payments_entitlement x WHERE x.corrects_id = e.id AND x.not_payable_reason = '')))
GROUP BY n.beneficiary_id
"""
TO_RECOVER = """
SELECT n.beneficiary_id, array_agg(DISTINCT e.month ORDER BY e.month), sum(r.amount)::bigint
FROM payments_recoveryproposal r JOIN payments_entitlement e ON e.id = r.entitlement_id JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id
WHERE r.withdrawn_at IS NULL AND (%(people)s::bigint[] IS NULL OR n.beneficiary_id = ANY(%(people)s))
GROUP BY n.beneficiary_id
"""
CONCERNED_PEOPLE = """
SELECT beneficiary_id FROM beneficiaries_life
WHERE (deceased_on IS NOT NULL OR notice_on IS NOT NULL) AND %(people)s::bigint[] IS NULL
"""
