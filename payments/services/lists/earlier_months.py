"""What earlier months still owe, by the decisions and rates known today: rows that became wrong are withdrawn, what is missing is arrears.

Every statement compares, per enrolment and month, what is owed (`owing`) with what was given: the sum of payable rows not withdrawn. Months
before our first list count only where a decision recorded here grants them; balances taken over are left as they are.
"""

from payments.services.lists.owing import CERTAINLY_UNPAID, alive, coefficient, granted, not_yet, owed

_GIVEN = """
    SELECT t.enrolment_id, t.month, coalesce(sum(t.amount) FILTER (WHERE t.not_payable_reason = '' AND t.withdrawn_in_id IS NULL), 0) AS amount,
           max(t.standard_amount) FILTER (WHERE t.not_payable_reason = '' AND t.withdrawn_in_id IS NULL) AS standard_amount,
           max(t.id) AS last_id, bool_or(c.opening) AS opening
    FROM payments_entitlement t JOIN payments_cycle c ON c.id = t.cycle_id
    WHERE t.kind = 'REGULAR' AND t.month <= %(month)s {only} GROUP BY t.enrolment_id, t.month
"""
_TARGET = f"(round(s.standard_amount * {coefficient('g.month')}) + s.top_up)"
_PEOPLE = """
    JOIN beneficiaries_enrolment e ON e.id = g.enrolment_id JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
    JOIN beneficiaries_life r ON r.beneficiary_id = b.id JOIN rates s ON s.category_id = e.category_id AND s.month = g.month
"""

# A row nobody received, of a month for which more was given than is owed now: withdrawn; the right sum comes as arrears.
WITHDRAW = f"""
WITH given AS ({
    _GIVEN.format(
        only='''AND t.enrolment_id IN (
        SELECT u.enrolment_id FROM payments_entitlement u LEFT JOIN payments_payment p ON p.id = u.payment_id
        WHERE u.not_payable_reason = '' AND u.withdrawn_in_id IS NULL AND '''
        + CERTAINLY_UNPAID
        + ")"
    )
}), wrong AS (
    SELECT g.enrolment_id, g.month FROM given g {_PEOPLE}
    WHERE NOT g.opening AND g.amount > CASE WHEN {owed("g.month")} AND {granted("g.month")} AND {
    alive("g.month")
} THEN {_TARGET} ELSE 0 END
)
UPDATE payments_entitlement SET withdrawn_in_id = %(cycle)s
WHERE id IN (SELECT t.id FROM payments_entitlement t JOIN wrong w ON w.enrolment_id = t.enrolment_id AND w.month = t.month
             LEFT JOIN payments_payment p ON p.id = t.payment_id
             WHERE t.kind = 'REGULAR' AND t.not_payable_reason = '' AND t.withdrawn_in_id IS NULL AND {
    CERTAINLY_UNPAID
})
"""

# Every month of every enrolment for which more is owed than was given; `place` among the grounds of one person.
CLAIMED = f"""
CREATE TEMP TABLE claimed ON COMMIT DROP AS
WITH given AS ({_GIVEN.format(only="")}),
first AS (SELECT min(month) AS month FROM payments_cycle WHERE NOT opening),
months AS (
    SELECT e.id AS enrolment_id, m.month::date AS month
    FROM beneficiaries_enrolment e JOIN beneficiaries_programme p ON p.id = e.programme_id AND p.kind = 'REGULAR' CROSS JOIN first
    CROSS JOIN LATERAL generate_series(
        greatest(e.starts_month, (e.paid_through_month + interval '1 month')::date, CASE WHEN e.id IN (
            SELECT enrolment_id FROM beneficiaries_decision WHERE recorded_by_id IS NOT NULL AND kind IN ('GRANT', 'TRANSFER_IN')
        ) THEN e.starts_month ELSE first.month END)::timestamp, %(month)s::timestamp, '1 month') m(month)
), g AS (
    SELECT m.enrolment_id, m.month, coalesce(given.amount, 0) AS amount, given.standard_amount, given.last_id, coalesce(given.opening, false) AS opening
    FROM months m LEFT JOIN given ON given.enrolment_id = m.enrolment_id AND given.month = m.month
    WHERE m.month < %(month)s OR given.enrolment_id IS NOT NULL
)
SELECT g.enrolment_id, coalesce(b.same_as_id, b.id) AS person_id, e.category_id, g.month, g.last_id AS corrects_id, s.standard_amount,
       {coefficient("g.month")} AS coefficient, s.top_up, s.top_up_source, {_TARGET} AS target, g.amount AS given,
       g.amount > 0 AND g.standard_amount <> s.standard_amount AS new_rate,
       row_number() OVER (PARTITION BY coalesce(b.same_as_id, b.id), g.month ORDER BY {_TARGET} DESC, g.enrolment_id) AS place
FROM g {_PEOPLE}
WHERE NOT g.opening AND {owed("g.month")} AND NOT {not_yet("g.month")} AND {granted("g.month")} AND {alive("g.month")}
  AND NOT coalesce(r.notice_on < g.month, false) AND {_TARGET} > g.amount
"""

# A ground that is excluded by a higher one gets nothing; a higher one that came late gets what it is above the one that was paid.
ARREARS = """
CREATE TEMP TABLE arrears ON COMMIT DROP AS
WITH rivals AS (
    SELECT c.enrolment_id, c.month, sum(t.amount) AS amount
    FROM claimed c JOIN beneficiaries_beneficiary b ON coalesce(b.same_as_id, b.id) = c.person_id
    JOIN beneficiaries_enrolment o ON o.beneficiary_id = b.id AND o.id <> c.enrolment_id
    JOIN excludes x ON x.category_id = c.category_id AND x.other_id = o.category_id
    JOIN payments_entitlement t ON t.enrolment_id = o.id AND t.month = c.month AND t.kind = 'REGULAR'
    WHERE t.not_payable_reason = '' AND t.withdrawn_in_id IS NULL GROUP BY c.enrolment_id, c.month
), added AS (
    SELECT c.enrolment_id, c.month, sum(p.amount) AS amount
    FROM claimed c JOIN payments_entitlement t ON t.enrolment_id = c.enrolment_id AND t.month = c.month AND t.withdrawn_in_id IS NULL
    JOIN payments_entitlementpart p ON p.entitlement_id = t.id GROUP BY c.enrolment_id, c.month
)
SELECT c.enrolment_id, c.month, c.corrects_id, c.coefficient, c.standard_amount, (c.target - c.given - coalesce(rivals.amount, 0))::bigint AS amount,
       (c.top_up - coalesce(added.amount, 0))::bigint AS top_up, c.top_up_source,
       CASE WHEN NOT c.new_rate THEN (
           SELECT d.id FROM beneficiaries_decision d WHERE d.enrolment_id = c.enrolment_id AND d.kind IN ('GRANT', 'ADJUST', 'RESUME', 'TRANSFER_IN')
             AND d.signed_on <= %(as_of)s ORDER BY d.signed_on DESC, d.id DESC LIMIT 1) END AS decision_id
FROM claimed c LEFT JOIN rivals USING (enrolment_id, month) LEFT JOIN added USING (enrolment_id, month)
WHERE c.target - c.given - coalesce(rivals.amount, 0) > 0
  AND NOT EXISTS (SELECT 1 FROM claimed o JOIN excludes x ON x.other_id = o.category_id
                  WHERE x.category_id = c.category_id AND o.person_id = c.person_id AND o.month = c.month AND o.place < c.place)
"""

# More was given than a decision now leaves for a month: whether it is taken back is decided by a person, never netted.
OVERPAID = f"""
WITH found AS (
SELECT DISTINCT ON (o.beneficiary_id) o.beneficiary_id, o.enrolment_id, NULL::bigint AS against_id, o.unit_id, 'OVERPAID' AS reason,
       o.enrolment_id::text AS subject, jsonb_build_array('đã chi quá số được hưởng các tháng ' || o.months || ': ' || o.amount || ' đồng') AS evidence
FROM (
    SELECT e.beneficiary_id, e.id AS enrolment_id, e.unit_id, string_agg(to_char(g.month, 'FMMM/YYYY'), ', ' ORDER BY g.month) AS months,
           sum(g.amount - CASE WHEN {owed("g.month")} THEN {_TARGET} ELSE 0 END)::bigint AS amount
    FROM ({
    _GIVEN.format(
        only='''AND t.enrolment_id IN (
        SELECT id FROM beneficiaries_enrolment WHERE ended_month IS NOT NULL OR suspended_month IS NOT NULL
        UNION ALL SELECT enrolment_id FROM beneficiaries_decision WHERE kind IN ('ADJUST', 'RESUME'))'''
    )
}) g {_PEOPLE}
    WHERE NOT g.opening AND g.amount > CASE WHEN {owed("g.month")} THEN {_TARGET} ELSE 0 END
    GROUP BY e.beneficiary_id, e.id, e.unit_id
) o
WHERE NOT EXISTS (SELECT 1 FROM beneficiaries_case k WHERE k.enrolment_id = o.enrolment_id AND k.kind = 'OVERPAID')
ORDER BY o.beneficiary_id, o.enrolment_id
)"""
