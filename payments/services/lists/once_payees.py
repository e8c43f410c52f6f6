"""Who receives what is paid once: whoever stands for the person in every right (ADR 69), as it stands when the list is made. As SQL; parameters:
month, pay_on, signs_from_age, only (ids of people, NULL: everybody)."""

# A child's gift in the child's own name is handed out by nobody, and comes back from the guardian's account. An agent receives what their paper
# names, a carer what is for care: a gift is neither, and goes to the person. Of a birth year alone the oldest age counts. The head of a household receives for
# others and is named for all of them. What arrived keeps the name it was paid under.
ONCE_PAYEES = """
WITH receives AS (
    SELECT DISTINCT ON (coalesce(b.same_as_id, b.id)) coalesce(b.same_as_id, b.id) AS person_id,
           CASE WHEN s.stands THEN n.payee_kind ELSE 'OWN' END AS payee_kind, CASE WHEN s.stands THEN n.payee_name ELSE '' END AS payee_name,
           CASE WHEN s.stands THEN n.payee_paper_until END AS payee_paper_until
    FROM beneficiaries_enrolment n JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id
    JOIN beneficiaries_programme q ON q.id = n.programme_id AND q.kind = 'REGULAR'
    CROSS JOIN LATERAL (SELECT coalesce(extract(year FROM age(%(pay_on)s::date, b.birth_date)),
                                       extract(year FROM %(pay_on)s::date) - b.birth_year, 18) AS age) a
    CROSS JOIN LATERAL (SELECT n.payee_kind = 'GUARDIAN' OR (n.payee_kind = 'PARENT' AND a.age < 18)
        OR (n.payee_kind <> 'OWN' AND a.age < %(signs_from_age)s AND NOT (n.payee_kind = 'CARER' AND q.code = 'CSND')) AS stands) s
    WHERE n.starts_month <= %(month)s AND (n.ended_month IS NULL OR n.ended_month > %(month)s)
    ORDER BY coalesce(b.same_as_id, b.id), s.stands DESC, n.payee_kind = 'GUARDIAN' DESC, n.payee_kind = 'PARENT' DESC, n.id DESC
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
