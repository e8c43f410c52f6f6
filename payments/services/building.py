"""The statements that build a month's lists. Parameters: month, as_of (what was known that day), pay_on, cycle, now, kind (of paying unit)."""

from beneficiaries.services.account_choice import CHOSEN

# One row per enrolment entitled for the month, with everything that decides whether, how and how much it is paid.
DUE = f"""
CREATE TEMP TABLE due ON COMMIT DROP AS
WITH standard AS (
    SELECT DISTINCT ON (programme_id) programme_id, amount FROM beneficiaries_standardamount
    WHERE valid_from <= %(month)s AND known_on <= %(as_of)s ORDER BY programme_id, valid_from DESC
), live AS (
    SELECT e.id AS enrolment_id, e.beneficiary_id, coalesce(b.same_as_id, b.id) AS person_id, e.programme_id, p.several_grounds, e.category_id,
           e.coefficient, e.unit_id, pu.id AS paying_unit_id, p.budget_source, b.identity_status, b.sort_key, b.hamlet, u.path AS unit_path,
           -- Nobody collects on a power of attorney that has run out: the money goes to the person in hand.
           e.payee_kind = 'AUTHORISED' AND coalesce(e.payee_paper_until < %(pay_on)s, false) AS without_paper,
           CASE WHEN e.payee_kind = 'OWN' OR (e.payee_kind = 'AUTHORISED' AND e.payee_paper_until < %(pay_on)s) THEN b.full_name
                ELSE e.payee_name END AS payee_name,
           r.deceased_on IS NULL OR r.deceased_on >= %(month)s AS alive,
           coalesce(r.notice_on < %(month)s, false) AS held,
           EXISTS (SELECT 1 FROM beneficiaries_decision d
                   WHERE d.enrolment_id = e.id AND d.kind = 'GRANT' AND d.effective_month <= %(month)s AND d.signed_on <= %(as_of)s) AS granted
    FROM beneficiaries_enrolment e
    JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
    JOIN beneficiaries_programme p ON p.id = e.programme_id
    JOIN staff_administrativeunit u ON u.id = e.unit_id
    JOIN staff_administrativeunit pu ON pu.kind = %(kind)s AND u.path LIKE pu.path || '%%'
    JOIN beneficiaries_life r ON r.beneficiary_id = b.id
    WHERE e.starts_month <= %(month)s AND (e.ended_month IS NULL OR e.ended_month > %(month)s)
      AND (e.suspended_month IS NULL OR e.suspended_month > %(month)s) AND (e.paid_through_month IS NULL OR e.paid_through_month < %(month)s)
), {CHOSEN}
SELECT live.*, s.amount AS standard_amount, round(s.amount * live.coefficient)::bigint AS amount,
       CASE WHEN NOT live.granted THEN 'NO_DECISION'
            WHEN NOT live.alive THEN 'DECEASED'
            WHEN live.held THEN 'DEATH_NOTICE'
            WHEN row_number() OVER (
                PARTITION BY live.person_id, live.programme_id, CASE WHEN live.several_grounds THEN live.category_id END,
                             live.granted AND live.alive
                ORDER BY s.amount * live.coefficient DESC, live.enrolment_id) > 1 THEN 'DUPLICATE'
            ELSE '' END AS not_payable_reason,
       CASE WHEN c.usable THEN 'ACCOUNT' ELSE 'CASH' END AS channel,
       CASE WHEN c.usable THEN '' WHEN live.without_paper THEN 'AUTHORISATION_INVALID' WHEN c.id IS NULL THEN 'NO_ACCOUNT' WHEN c.reason <> '' THEN c.reason
            WHEN live.identity_status <> 'MATCHED' THEN 'IDENTITY_CHECK' ELSE 'ACCOUNT_PENDING' END AS cash_reason,
       CASE WHEN c.usable THEN c.id END AS bank_account_id
FROM live JOIN standard s ON s.programme_id = live.programme_id LEFT JOIN chosen c ON c.person_id = live.person_id
"""

# Nobody may fall through a join: an enrolment entitled for the month that is not in `due` stops the build and is named.
MISSED = """
SELECT e.code FROM beneficiaries_enrolment e
WHERE e.starts_month <= %(month)s AND (e.ended_month IS NULL OR e.ended_month > %(month)s)
  AND (e.suspended_month IS NULL OR e.suspended_month > %(month)s) AND (e.paid_through_month IS NULL OR e.paid_through_month < %(month)s)
  AND NOT EXISTS (SELECT 1 FROM due d WHERE d.enrolment_id = e.id)
ORDER BY e.code LIMIT 20
"""
WITHOUT_FUNDING_ACCOUNT = """
SELECT DISTINCT u.name FROM due d JOIN staff_administrativeunit u ON u.id = d.paying_unit_id
WHERE d.channel = 'ACCOUNT' AND d.not_payable_reason = '' AND NOT EXISTS (SELECT 1 FROM payments_fundingaccount f WHERE f.paying_unit_id = u.id)
ORDER BY 1
"""

# A month drawn with an older standard amount than is known now carries the difference: arrears, one row per month, naming the row they correct.
ARREARS = """
CREATE TEMP TABLE arrears ON COMMIT DROP AS
WITH standard AS (
    SELECT DISTINCT ON (m.month, sa.programme_id) m.month, sa.programme_id, sa.amount
    FROM (SELECT DISTINCT month FROM payments_entitlement WHERE month < %(month)s) m
    JOIN beneficiaries_standardamount sa ON sa.valid_from <= m.month AND sa.known_on <= %(as_of)s
    ORDER BY m.month, sa.programme_id, sa.valid_from DESC
), given AS (
    SELECT e.enrolment_id, e.programme_id, e.month, sum(e.amount) AS amount, max(e.coefficient) AS coefficient, max(e.id) AS last_id
    FROM payments_entitlement e JOIN payments_cycle c ON c.id = e.cycle_id AND NOT c.opening
    WHERE e.kind = 'REGULAR' AND e.month < %(month)s AND e.not_payable_reason = '' GROUP BY e.enrolment_id, e.programme_id, e.month
)
SELECT g.enrolment_id, g.month, g.last_id AS corrects_id, g.coefficient, s.amount AS standard_amount,
       (round(s.amount * g.coefficient) - g.amount)::bigint AS amount
FROM given g JOIN standard s ON s.programme_id = g.programme_id AND s.month = g.month
JOIN due d ON d.enrolment_id = g.enrolment_id AND d.not_payable_reason = ''
WHERE round(s.amount * g.coefficient) > g.amount
"""

# Months not paid because the person was held to be dead, or asked about, and was not: owed after all, each naming the row it corrects.
REOPENED = """
INSERT INTO arrears (enrolment_id, month, corrects_id, coefficient, standard_amount, amount)
SELECT e.enrolment_id, e.month, e.id, e.coefficient, e.standard_amount, e.amount
FROM payments_entitlement e JOIN due d ON d.enrolment_id = e.enrolment_id AND d.not_payable_reason = ''
WHERE e.not_payable_reason IN ('DECEASED', 'DEATH_NOTICE') AND e.kind = 'REGULAR' AND e.month < %(month)s
  AND NOT EXISTS (SELECT 1 FROM payments_entitlement paid
                  WHERE paid.enrolment_id = e.enrolment_id AND paid.month = e.month AND paid.kind = 'REGULAR' AND paid.not_payable_reason = '')
"""

# Earlier months whose payment certainly left nothing with the person (or that nobody carried yet) go with this month's money.
CARRIED = """
CREATE TEMP TABLE carried ON COMMIT DROP AS
SELECT e.id AS entitlement_id, e.enrolment_id, e.amount
FROM payments_entitlement e
JOIN due d ON d.enrolment_id = e.enrolment_id AND d.not_payable_reason = ''
LEFT JOIN payments_payment p ON p.id = e.payment_id
WHERE e.not_payable_reason = '' AND e.month < %(month)s
  AND (p.id IS NULL OR (p.status IN ('FAILED', 'RETURNED', 'CANCELLED') AND p.confirmed_at IS NOT NULL))
"""

BATCHES = """
INSERT INTO payments_paymentbatch
    (cycle_id, paying_unit_id, programme_id, budget_source, channel, funding_account_id, status, revision, paused, token, return_note, status_at)
SELECT %(cycle)s, g.paying_unit_id, g.programme_id, g.budget_source, g.channel,
       CASE WHEN g.channel = 'ACCOUNT' THEN f.id END, 'DRAFT', 1, false, substr(replace(gen_random_uuid()::text, '-', ''), 1, 8), '', %(now)s
FROM (SELECT DISTINCT paying_unit_id, programme_id, budget_source, channel FROM due WHERE not_payable_reason = '') g
LEFT JOIN payments_fundingaccount f ON f.paying_unit_id = g.paying_unit_id
ORDER BY g.paying_unit_id, g.programme_id, g.channel
"""

# One transfer per person and list. The sum is taken over entitlements, so that list and entitlements can't differ.
PAYMENTS = """
CREATE TEMP TABLE placed ON COMMIT DROP AS
WITH sums AS (
    SELECT d.enrolment_id, d.amount + coalesce(a.amount, 0) + coalesce(c.amount, 0) AS amount
    FROM due d
    LEFT JOIN (SELECT enrolment_id, sum(amount) AS amount FROM arrears GROUP BY enrolment_id) a ON a.enrolment_id = d.enrolment_id
    LEFT JOIN (SELECT enrolment_id, sum(amount) AS amount FROM carried GROUP BY enrolment_id) c ON c.enrolment_id = d.enrolment_id
    WHERE d.not_payable_reason = ''
), people AS (
    SELECT b.id AS batch_id, b.token, d.beneficiary_id, d.bank_account_id, d.payee_name, min(d.unit_path) AS unit_path,
           min(d.hamlet) AS hamlet,
           min(d.sort_key) AS sort_key, sum(s.amount)::bigint AS amount, array_agg(d.enrolment_id) AS enrolments
    FROM due d JOIN sums s USING (enrolment_id)
    JOIN payments_paymentbatch b ON b.cycle_id = %(cycle)s AND b.paying_unit_id = d.paying_unit_id AND b.programme_id = d.programme_id
         AND b.budget_source = d.budget_source AND b.channel = d.channel
    GROUP BY b.id, b.token, d.beneficiary_id, d.bank_account_id, d.payee_name
), numbered AS (
    SELECT people.*, row_number() OVER (PARTITION BY batch_id ORDER BY unit_path, hamlet, sort_key COLLATE "C", beneficiary_id, payee_name) AS ordinal,
           nextval(pg_get_serial_sequence('payments_payment', 'id')) AS payment_id
    FROM people
)
SELECT * FROM numbered
"""
INSERT_PAYMENTS = """
INSERT INTO payments_payment
    (id, batch_id, ordinal, beneficiary_id, payee_name, bank_account_id, amount, end_to_end_id, attempt, status, cause, status_at, lease_by, hold_code,
     bank_reference, return_code)
SELECT payment_id, batch_id, ordinal, beneficiary_id, payee_name, bank_account_id, amount, token || lpad(ordinal::text, 6, '0'),
       1, 'DRAFT', 'BUILD', %(now)s, '', '',
       '', ''
FROM placed ORDER BY payment_id
"""
ENTITLEMENTS = """
WITH carrier AS (SELECT unnest(enrolments) AS enrolment_id, payment_id FROM placed)
INSERT INTO payments_entitlement
    (cycle_id, enrolment_id, programme_id, month, kind, corrects_id, standard_amount, coefficient, amount, channel, cash_reason, not_payable_reason, payment_id)
SELECT %(cycle)s, d.enrolment_id, d.programme_id, %(month)s, 'REGULAR', NULL, d.standard_amount, d.coefficient, d.amount,
       CASE WHEN d.not_payable_reason = '' THEN d.channel ELSE '' END, CASE WHEN d.not_payable_reason = '' THEN d.cash_reason ELSE '' END,
       d.not_payable_reason, c.payment_id
FROM due d LEFT JOIN carrier c USING (enrolment_id)
UNION ALL
SELECT %(cycle)s, d.enrolment_id, d.programme_id, a.month, 'REGULAR', a.corrects_id, a.standard_amount, a.coefficient, a.amount,
       d.channel, d.cash_reason, '', c.payment_id
FROM arrears a JOIN due d USING (enrolment_id) JOIN carrier c USING (enrolment_id)
"""
MOVE_CARRIED = """
WITH carrier AS (SELECT unnest(enrolments) AS enrolment_id, payment_id FROM placed)
UPDATE payments_entitlement e SET payment_id = c.payment_id
FROM carried x JOIN carrier c USING (enrolment_id) WHERE e.id = x.entitlement_id
"""
CASES = """
INSERT INTO beneficiaries_case (kind, beneficiary_id, enrolment_id, unit_id, reason, evidence, status, opened_at, due_on, note)
SELECT DISTINCT ON (beneficiary_id) 'DECEASED', beneficiary_id, enrolment_id, unit_id, 'DECEASED', '["dữ liệu dân cư ghi đã mất"]'::jsonb, 'OPEN', %(now)s,
       (%(now)s::timestamptz + interval '5 days')::date, ''
FROM due WHERE not_payable_reason = 'DECEASED' ORDER BY beneficiary_id, enrolment_id
ON CONFLICT DO NOTHING
"""
# A power of attorney that ran out: the person is paid, and somebody helps to renew it.
PAPERS = """
INSERT INTO beneficiaries_case (kind, beneficiary_id, enrolment_id, unit_id, reason, evidence, status, opened_at, due_on, note)
SELECT DISTINCT ON (beneficiary_id) 'ACCOUNT', beneficiary_id, enrolment_id, unit_id, 'AUTHORISATION_INVALID',
       jsonb_build_array('giấy ủy quyền đã hết hạn, kỳ này trả tận tay người hưởng'), 'OPEN', %(now)s, %(pay_on)s::date, ''
FROM due WHERE not_payable_reason = '' AND (without_paper OR cash_reason = 'AUTHORISATION_INVALID') ORDER BY beneficiary_id, enrolment_id
ON CONFLICT DO NOTHING
"""
# Money still owed to people who are on no list any more (they moved, died, their allowance ended): somebody must see to it.
OWED_AFTER_END = """
INSERT INTO beneficiaries_case (kind, beneficiary_id, enrolment_id, unit_id, reason, evidence, status, opened_at, due_on, note)
SELECT DISTINCT ON (n.beneficiary_id) 'PAYMENT', n.beneficiary_id, n.id, n.unit_id, 'OWED_AFTER_END',
       jsonb_build_array('còn khoản của tháng trước chưa đến tay người hưởng'), 'OPEN', %(now)s, (%(now)s::timestamptz + interval '10 days')::date, ''
FROM payments_entitlement e JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id LEFT JOIN payments_payment p ON p.id = e.payment_id
WHERE e.not_payable_reason = '' AND e.month < %(month)s AND (p.id IS NULL OR p.status IN ('FAILED', 'RETURNED', 'CANCELLED'))
  AND NOT EXISTS (SELECT 1 FROM due d WHERE d.enrolment_id = e.enrolment_id AND d.not_payable_reason = '')
  AND NOT EXISTS (SELECT 1 FROM beneficiaries_life l WHERE l.beneficiary_id = n.beneficiary_id AND l.deceased_on < e.month)
ORDER BY n.beneficiary_id, n.id
ON CONFLICT DO NOTHING
"""
# What the last cycles credited proves an account: it goes on being paid while an identity is in doubt. An account with anything against
# it (a later return, a wrong name) is not proven by an earlier month.
CREDITED_ACCOUNTS = """
UPDATE beneficiaries_bankaccount a SET last_credited_month = credited.month
FROM (SELECT p.bank_account_id, max(c.month) AS month FROM payments_payment p
      JOIN payments_paymentbatch b ON b.id = p.batch_id JOIN payments_cycle c ON c.id = b.cycle_id
      WHERE p.status = 'POSTED' AND p.bank_account_id IS NOT NULL GROUP BY p.bank_account_id) credited
WHERE a.id = credited.bank_account_id AND a.reason = ''
  AND a.last_credited_month IS DISTINCT FROM credited.month
"""

# In this order; each table with its statistics before the next one reads it: planned blind, a month of a province takes minutes.
PREPARE = [
    "DROP TABLE IF EXISTS pg_temp.due, pg_temp.arrears, pg_temp.carried, pg_temp.placed",
    CREDITED_ACCOUNTS,
    DUE,
    "ANALYZE due",
]
STAGES = [
    ARREARS,
    REOPENED,
    "ANALYZE arrears",
    CARRIED,
    "ANALYZE carried",
    BATCHES,
    PAYMENTS,
    "ANALYZE placed",
    INSERT_PAYMENTS,
    ENTITLEMENTS,
    MOVE_CARRIED,
    CASES,
    PAPERS,
    OWED_AFTER_END,
]
