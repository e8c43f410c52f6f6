"""The statements a dry run is read with, after the lists were built and before they are undone. Parameters: cycle, month, before, scope."""

# One digest over every line of every list and everybody who is on none, unit by unit: no ids of what is undone again.
DIGEST = """
SELECT encode(sha256(convert_to(coalesce(string_agg(x.digest, '' ORDER BY x.unit_id), ''), 'UTF8')), 'hex') FROM (
    SELECT e.unit_id, encode(sha256(convert_to(string_agg(y.line, ';' ORDER BY y.line COLLATE "C"), 'UTF8')), 'hex') AS digest
    FROM (
        SELECT t.enrolment_id, concat_ws('|', t.enrolment_id, t.month, t.kind, t.cycle_id = %(cycle)s, t.corrects_id IS NULL, t.amount,
                                         t.not_payable_reason, t.cash_reason, l.channel, l.paying_unit_id, l.budget_source, p.bank_account_id,
                                         p.payee_name, p.amount) AS line
        FROM payments_entitlement t LEFT JOIN payments_payment p ON p.id = t.payment_id LEFT JOIN payments_paymentbatch l ON l.id = p.batch_id
        WHERE t.cycle_id = %(cycle)s OR l.cycle_id = %(cycle)s
    ) y JOIN beneficiaries_enrolment e ON e.id = y.enrolment_id GROUP BY e.unit_id
) x
"""
# Lists' money per commune. A person counts once per enrolment, as the answers do.
TOTALS = """
SELECT u.code, u.name,
       count(*) FILTER (WHERE t.month = %(month)s AND t.corrects_id IS NULL AND t.cycle_id = %(cycle)s AND t.not_payable_reason = '') AS payable,
       count(*) FILTER (WHERE t.month = %(month)s AND t.corrects_id IS NULL AND t.cycle_id = %(cycle)s AND t.not_payable_reason <> '') AS not_payable,
       coalesce(sum(t.amount) FILTER (WHERE t.cycle_id = %(cycle)s AND t.month >= %(month)s AND t.corrects_id IS NULL), 0)::bigint AS regular,
       coalesce(sum(t.amount) FILTER (WHERE t.cycle_id = %(cycle)s AND (t.month < %(month)s OR t.corrects_id IS NOT NULL)), 0)::bigint AS arrears,
       coalesce(sum(t.amount) FILTER (WHERE t.cycle_id <> %(cycle)s), 0)::bigint AS carried,
       coalesce(sum(t.amount) FILTER (WHERE b.channel = 'ACCOUNT'), 0)::bigint AS through_accounts,
       coalesce(sum(t.amount) FILTER (WHERE b.channel = 'CASH'), 0)::bigint AS in_cash
FROM (
    SELECT t.id, t.enrolment_id, t.month, t.corrects_id, t.cycle_id, t.not_payable_reason, t.payment_id,
           CASE WHEN t.not_payable_reason = '' THEN t.amount END AS amount
    FROM payments_entitlement t LEFT JOIN payments_payment p ON p.id = t.payment_id LEFT JOIN payments_paymentbatch l ON l.id = p.batch_id
    WHERE t.cycle_id = %(cycle)s OR l.cycle_id = %(cycle)s
) t
JOIN beneficiaries_enrolment e ON e.id = t.enrolment_id JOIN staff_administrativeunit u ON u.id = e.unit_id AND starts_with(u.path, %(scope)s)
LEFT JOIN payments_payment p ON p.id = t.payment_id LEFT JOIN payments_paymentbatch b ON b.id = p.batch_id
GROUP BY u.code, u.name ORDER BY u.code
"""
# Whoever has two records is one person, on one list or on two; where they live and not where a list is paid from, as the lines above are read.
PAID_PEOPLE = """
SELECT count(DISTINCT p.beneficiary_id)
FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id AND b.cycle_id = %(cycle)s
WHERE EXISTS (SELECT FROM payments_entitlement t JOIN beneficiaries_enrolment e ON e.id = t.enrolment_id
              JOIN staff_administrativeunit u ON u.id = e.unit_id AND starts_with(u.path, %(scope)s) WHERE t.payment_id = p.id)
"""
# What a recovery takes never leaves, neither through accounts nor in cash. It is of the record the payment is for: who moved owes on under the new
# one, where they are paid now.
_TAKEN = """
SELECT DISTINCT ON (x.id) e.id AS enrolment_id, e.unit_id, b.channel, x.amount, d.monthly_ceiling AS ceiling
FROM payments_deduction x JOIN payments_payment p ON p.id = x.payment_id JOIN payments_paymentbatch b ON b.id = p.batch_id AND b.cycle_id = %(cycle)s
JOIN beneficiaries_decision d ON d.id = x.decision_id
JOIN payments_entitlement t ON t.payment_id = p.id JOIN beneficiaries_enrolment e ON e.id = t.enrolment_id
ORDER BY x.id, e.id = d.enrolment_id DESC, t.month DESC, e.id
"""
DEDUCTED = f"""
SELECT u.code, coalesce(sum(x.amount) FILTER (WHERE x.channel = 'ACCOUNT'), 0)::bigint,
       coalesce(sum(x.amount) FILTER (WHERE x.channel = 'CASH'), 0)::bigint
FROM ({_TAKEN}) x JOIN staff_administrativeunit u ON u.id = x.unit_id AND starts_with(u.path, %(scope)s)
GROUP BY u.code
"""
SOURCES = """
SELECT x.source, sum(x.amount)::bigint FROM (
    SELECT b.budget_source AS source, t.amount - coalesce(parts.amount, 0) AS amount
    FROM payments_entitlement t JOIN payments_payment p ON p.id = t.payment_id JOIN payments_paymentbatch b ON b.id = p.batch_id AND b.cycle_id = %(cycle)s
    JOIN beneficiaries_enrolment e ON e.id = t.enrolment_id JOIN staff_administrativeunit u ON u.id = e.unit_id AND starts_with(u.path, %(scope)s)
    LEFT JOIN (SELECT entitlement_id, sum(amount) AS amount FROM payments_entitlementpart GROUP BY entitlement_id) parts ON parts.entitlement_id = t.id
    UNION ALL
    SELECT parts.budget_source, parts.amount
    FROM payments_entitlementpart parts JOIN payments_entitlement t ON t.id = parts.entitlement_id
    JOIN payments_payment p ON p.id = t.payment_id JOIN payments_paymentbatch b ON b.id = p.batch_id AND b.cycle_id = %(cycle)s
    JOIN beneficiaries_enrolment e ON e.id = t.enrolment_id JOIN staff_administrativeunit u ON u.id = e.unit_id AND starts_with(u.path, %(scope)s)
) x GROUP BY x.source ORDER BY x.source
"""
REASONS = """
SELECT u.code, t.not_payable_reason, count(*)
FROM payments_entitlement t JOIN beneficiaries_enrolment e ON e.id = t.enrolment_id
JOIN staff_administrativeunit u ON u.id = e.unit_id AND starts_with(u.path, %(scope)s)
WHERE t.cycle_id = %(cycle)s AND t.not_payable_reason <> '' GROUP BY u.code, t.not_payable_reason ORDER BY 1, 2
"""

# "Tổng hợp biến động": who was on last month's list, who is on this one, and why they differ; each enrolment stands in one row of more or fewer.
# A gift is paid once: who had one last month is no longer paid it, and has not lost a right.
CHANGES = """
WITH listed AS (
    SELECT t.enrolment_id, t.month, t.amount, p.bank_account_id, p.payee_name
    FROM payments_entitlement t LEFT JOIN payments_payment p ON p.id = t.payment_id
    WHERE t.month IN (%(month)s, %(before)s) AND t.corrects_id IS NULL AND t.not_payable_reason = ''
), both_months AS (
    SELECT coalesce(o.enrolment_id, n.enrolment_id) AS enrolment_id, o.enrolment_id IS NOT NULL AS was, n.enrolment_id IS NOT NULL AS stays,
           o.amount AS old, n.amount AS new, o.bank_account_id IS DISTINCT FROM n.bank_account_id AS account,
           o.payee_name IS DISTINCT FROM n.payee_name AS payee
    FROM (SELECT * FROM listed WHERE month = %(before)s) o FULL JOIN (SELECT * FROM listed WHERE month = %(month)s) n USING (enrolment_id)
), named AS (
    SELECT u.code, x.*,
           CASE WHEN x.was AND x.stays THEN ''
                WHEN g.kind <> 'REGULAR' THEN CASE WHEN x.stays THEN 'ONCE' ELSE 'ONCE_BEFORE' END
                WHEN x.stays AND e.continues_id IS NOT NULL THEN 'MOVED_IN'
                WHEN x.stays AND EXISTS (SELECT 1 FROM beneficiaries_decision d WHERE d.enrolment_id = e.id AND d.kind = 'RESUME') THEN 'RESUMED'
                WHEN x.stays THEN 'NEW'
                WHEN e.moved_to_id IS NOT NULL OR EXISTS (
                    SELECT 1 FROM beneficiaries_decision d WHERE d.enrolment_id = e.id AND d.kind = 'TRANSFER_OUT') THEN 'MOVED_OUT'
                WHEN r.deceased_on IS NOT NULL OR EXISTS (
                    SELECT 1 FROM beneficiaries_decision d WHERE d.enrolment_id = e.id AND d.kind = 'STOP' AND d.reason ~* '(chết|đã mất|qua đời)') THEN 'DIED'
                WHEN e.suspended_month <= %(month)s AND (e.ended_month IS NULL OR e.ended_month > %(month)s) THEN 'SUSPENDED'
                ELSE 'NO_LONGER_ENTITLED' END AS kind
    FROM both_months x JOIN beneficiaries_enrolment e ON e.id = x.enrolment_id
    JOIN beneficiaries_programme g ON g.id = e.programme_id
    JOIN staff_administrativeunit u ON u.id = e.unit_id AND starts_with(u.path, %(scope)s)
    JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id JOIN beneficiaries_life r ON r.beneficiary_id = b.id
)
SELECT code, 'LAST_MONTH' AS kind, count(*), coalesce(sum(old), 0)::bigint FROM named WHERE was GROUP BY code
UNION ALL SELECT code, 'THIS_MONTH', count(*), coalesce(sum(new), 0)::bigint FROM named WHERE stays GROUP BY code
UNION ALL SELECT code, kind, count(*), sum(coalesce(new, -old))::bigint FROM named WHERE kind <> '' GROUP BY code, kind
UNION ALL SELECT code, 'LEVEL', count(*), sum(new - old)::bigint FROM named WHERE kind = '' AND new <> old GROUP BY code
UNION ALL SELECT code, 'ACCOUNT', count(*), 0 FROM named WHERE kind = '' AND account GROUP BY code
UNION ALL SELECT code, 'PAYEE', count(*), 0 FROM named WHERE kind = '' AND payee GROUP BY code
"""

# One commune, person by person.
LINES = f"""
SELECT e.code, b.full_name, g.neutral_code, x.not_payable_reason, x.channel, x.cash_reason, x.regular, x.arrears, x.carried,
       coalesce(taken.amount, 0)::bigint AS deducted
FROM (
    SELECT t.enrolment_id, max(t.not_payable_reason) AS not_payable_reason, max(coalesce(l.channel, '')) AS channel,
           max(t.cash_reason) FILTER (WHERE t.cycle_id = %(cycle)s) AS cash_reason,
           coalesce(sum(t.amount) FILTER (WHERE t.not_payable_reason = '' AND t.cycle_id = %(cycle)s AND t.month >= %(month)s AND t.corrects_id IS NULL), 0)
               ::bigint AS regular,
           coalesce(sum(t.amount) FILTER (WHERE t.not_payable_reason = '' AND t.cycle_id = %(cycle)s AND (t.month < %(month)s OR t.corrects_id IS NOT NULL)), 0)
               ::bigint AS arrears,
           coalesce(sum(t.amount) FILTER (WHERE t.cycle_id <> %(cycle)s), 0)::bigint AS carried
    FROM payments_entitlement t LEFT JOIN payments_payment p ON p.id = t.payment_id LEFT JOIN payments_paymentbatch l ON l.id = p.batch_id
    WHERE t.cycle_id = %(cycle)s OR l.cycle_id = %(cycle)s GROUP BY t.enrolment_id
) x
JOIN beneficiaries_enrolment e ON e.id = x.enrolment_id JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
JOIN beneficiaries_benefitcategory g ON g.id = e.category_id JOIN staff_administrativeunit u ON u.id = e.unit_id AND u.path = %(scope)s
LEFT JOIN (SELECT enrolment_id, sum(amount) AS amount FROM ({_TAKEN}) x GROUP BY enrolment_id) taken ON taken.enrolment_id = e.id
ORDER BY beneficiaries_hamlet_order(b.hamlet) COLLATE "C", b.sort_key COLLATE "C", e.code
"""

# Months drawn together: whoever looks at a month that was drawn with the one before asks where everybody is; a recovery takes an instalment of each.
TOGETHER = f"""
WITH several AS (
    SELECT x.amount FROM ({_TAKEN}) x JOIN staff_administrativeunit u ON u.id = x.unit_id AND starts_with(u.path, %(scope)s) WHERE x.amount > x.ceiling
)
SELECT count(*) FILTER (WHERE t.month = %(month)s AND t.cycle_id <> %(cycle)s),
       coalesce(sum(t.amount) FILTER (WHERE t.month = %(month)s AND t.cycle_id <> %(cycle)s), 0)::bigint,
       count(*) FILTER (WHERE t.month > %(month)s AND t.cycle_id = %(cycle)s),
       coalesce(sum(t.amount) FILTER (WHERE t.month > %(month)s AND t.cycle_id = %(cycle)s), 0)::bigint,
       (SELECT count(*) FROM several), (SELECT coalesce(sum(amount), 0)::bigint FROM several)
FROM payments_entitlement t JOIN beneficiaries_enrolment e ON e.id = t.enrolment_id
JOIN staff_administrativeunit u ON u.id = e.unit_id AND starts_with(u.path, %(scope)s)
WHERE t.month >= %(month)s AND t.corrects_id IS NULL AND t.withdrawn_in_id IS NULL AND t.not_payable_reason = ''
"""
