"""Who receives what is paid once: whoever receives the person's monthly allowance, as it stands when the list is made. As SQL; parameters: month,
only (ids of people, NULL: everybody)."""

# A child's gift in the child's own name is handed out by nobody, and comes back from the guardian's account. The head of a household receives for
# others and is named for all of them. What arrived keeps the name it was paid under.
ONCE_PAYEES = """
WITH receives AS (
    SELECT DISTINCT ON (coalesce(b.same_as_id, b.id)) coalesce(b.same_as_id, b.id) AS person_id, n.payee_kind, n.payee_name, n.payee_paper_until
    FROM beneficiaries_enrolment n JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id
    JOIN beneficiaries_programme q ON q.id = n.programme_id AND q.kind = 'REGULAR'
    WHERE n.starts_month <= %(month)s AND (n.ended_month IS NULL OR n.ended_month > %(month)s)
    ORDER BY coalesce(b.same_as_id, b.id), n.payee_kind = 'OWN', n.id DESC
), once AS (
    SELECT e.id, coalesce(b.same_as_id, b.id) AS person_id
    FROM beneficiaries_enrolment e JOIN beneficiaries_programme p ON p.id = e.programme_id AND p.kind = 'ONE_OFF'
    JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
    WHERE e.starts_month <= %(month)s AND (%(only)s::bigint[] IS NULL OR e.beneficiary_id = ANY(%(only)s))
      AND NOT EXISTS (SELECT 1 FROM beneficiaries_enrolment m WHERE m.programme_id = e.programme_id AND m.paid_to_id = e.beneficiary_id)
      AND NOT EXISTS (SELECT 1 FROM payments_entitlement t JOIN payments_payment y ON y.id = t.payment_id AND y.status = 'POSTED' WHERE t.enrolment_id = e.id)
)
UPDATE beneficiaries_enrolment e SET payee_kind = r.payee_kind, payee_name = r.payee_name, payee_paper_until = r.payee_paper_until
FROM once o JOIN receives r USING (person_id)
WHERE e.id = o.id AND (e.payee_kind, e.payee_name, e.payee_paper_until) IS DISTINCT FROM (r.payee_kind, r.payee_name, r.payee_paper_until)
"""
