"""The statements that build a month's lists. Parameters: month, as_of (what was known that day), pay_on, cycle, now, kind (of paying unit),
last (the last month answered: `month`, or a later one paid ahead), recovery_percent, signs_from_age; only (ids of people, NULL: everybody), sequence and
supplementary of the lists."""

from typing import Any

from beneficiaries.models import CaseKind
from beneficiaries.services.accounts.account_choice import CHOSEN
from payments.services.lists import earlier_months
from payments.services.lists.credited_accounts import CREDITED_ACCOUNTS
from payments.services.lists.instalments import DEDUCTIONS, INSERT_DEDUCTIONS
from payments.services.lists.once_payees import ONCE_PAYEES
from payments.services.lists.owing import (
    CERTAINLY_UNPAID,
    EXCLUDES,
    RATES,
    UNPAID,
    coefficient,
    granted,
    in_its_month,
    moved,
    not_yet,
    owed,
    paid_out_by_decision,
)

MONTH = "%(month)s::date"
ONLY = "(%(only)s::bigint[] IS NULL OR e.beneficiary_id = ANY(%(only)s))"
OWED = f"({owed(MONTH)} AND NOT {not_yet(MONTH)} AND {in_its_month(MONTH)})"
AWAY = f"({moved(MONTH)} AND {in_its_month(MONTH)})"

# One row per enrolment with money or an answer this month, with everything that decides whether, how and how much it is paid.
# `answers`: the row is this month's answer; else it was given ahead, or the enrolment ended and only earlier months are paid out.
# What is paid once goes into no account of an agent, whose paper does not name it (ADR 69).
# MATERIALIZED, else what is asked of every enrolment is asked again wherever its answer is used: nine times, for the heir.
DUE = f"""
CREATE TEMP TABLE due ON COMMIT DROP AS
WITH {CHOSEN}, live AS MATERIALIZED (
    SELECT e.id AS enrolment_id, e.beneficiary_id, coalesce(b.same_as_id, b.id) AS person_id, e.programme_id, p.kind, e.category_id,
           e.paid_to_id, e.payee_kind, {coefficient(MONTH)} AS coefficient, e.unit_id, pu.id AS paying_unit_id, p.budget_source, b.identity_status,
           b.sort_key, b.hamlet, u.path AS unit_path,
           -- Nobody collects on a power of attorney that has run out: the money goes to the person in hand.
           e.payee_kind = 'AUTHORISED' AND coalesce(e.payee_paper_until < %(pay_on)s, false) AS without_paper,
           CASE WHEN coalesce(t.kind, e.payee_kind) = 'OWN' OR (e.payee_kind = 'AUTHORISED' AND e.payee_paper_until < %(pay_on)s) THEN b.full_name
                ELSE coalesce(t.name, e.payee_name) END AS payee_name,
           r.deceased_on IS NULL OR r.deceased_on >= %(month)s AS alive,
           coalesce(r.notice_on < %(month)s, false) AS held,
           {granted(MONTH)} AS granted, {OWED} AS owed, {AWAY} AS moved,
           EXISTS (SELECT 1 FROM payments_entitlement t WHERE t.enrolment_id = e.id AND t.month = %(month)s AND t.corrects_id IS NULL) AS answered,
           CASE WHEN e.id IN (SELECT enrolment_id FROM beneficiaries_decision WHERE kind = 'PAY_OUT') THEN
               (SELECT d.payee_name FROM beneficiaries_decision d WHERE d.enrolment_id = e.id AND d.kind = 'PAY_OUT' AND d.signed_on <= %(as_of)s
                ORDER BY d.signed_on DESC, d.id DESC LIMIT 1) END AS heir
    FROM beneficiaries_enrolment e
    JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
    JOIN beneficiaries_programme p ON p.id = e.programme_id
    JOIN staff_administrativeunit u ON u.id = e.unit_id
    JOIN staff_administrativeunit pu ON pu.kind = %(kind)s AND u.path LIKE pu.path || '%%'
    JOIN beneficiaries_life r ON r.beneficiary_id = b.id
    LEFT JOIN turns t ON t.enrolment_id = e.id
    WHERE ({OWED} OR {AWAY} OR (e.starts_month < %(month)s AND {paid_out_by_decision()})) AND {ONLY}
), answered AS MATERIALIZED (
    SELECT live.*, (owed OR moved) AND NOT answered AS answers, owed AND granted AND alive AS claims, s.standard_amount, s.top_up, s.top_up_source,
           (round(s.standard_amount * live.coefficient) + s.top_up)::bigint AS amount,
           CASE WHEN moved THEN 'MOVED'
                WHEN NOT live.granted THEN 'NO_DECISION'
                WHEN NOT live.alive AND coalesce(live.heir, '') = '' THEN 'DECEASED'
                WHEN live.held THEN 'DEATH_NOTICE'
                ELSE '' END AS not_payable_reason
    FROM live JOIN rates s ON s.category_id = live.category_id AND s.month = %(month)s
)
SELECT d.*,
       CASE WHEN d.claims THEN row_number() OVER (PARTITION BY d.person_id, d.claims ORDER BY d.answered DESC, d.amount DESC, d.enrolment_id) END AS place,
       CASE WHEN coalesce(d.heir, '') <> '' THEN 'CASH' WHEN c.usable OR head.usable THEN 'ACCOUNT' ELSE 'CASH' END AS channel,
       CASE WHEN coalesce(d.heir, '') <> '' THEN 'DECEASED' WHEN c.usable OR head.usable THEN ''
            WHEN d.without_paper THEN 'AUTHORISATION_INVALID' WHEN c.id IS NULL THEN 'NO_ACCOUNT' WHEN c.reason <> '' THEN c.reason
            WHEN d.identity_status <> 'MATCHED' THEN 'IDENTITY_CHECK' ELSE 'ACCOUNT_PENDING' END AS cash_reason,
       CASE WHEN coalesce(d.heir, '') <> '' THEN NULL WHEN c.usable THEN c.id WHEN head.usable THEN head.id END AS bank_account_id,
       CASE WHEN c.usable THEN d.beneficiary_id ELSE coalesce(d.paid_to_id, d.beneficiary_id) END AS payee_id
FROM answered d LEFT JOIN chosen c ON c.person_id = d.person_id AND (d.kind = 'REGULAR' OR c.holder_kind IN ('OWN', d.payee_kind))
LEFT JOIN chosen head ON head.person_id = d.paid_to_id AND NOT coalesce(c.usable, false) AND head.holder_kind NOT IN ('AUTHORISED', 'CARER')
"""
# Several grounds that exclude each other: the highest is paid. From the second place on, so that who is excluded excludes nobody. What is
# correlated stands in WHERE, never in ON: PostgreSQL then joins once instead of reading `due` again for every person.
LAST_PLACE = "SELECT coalesce(max(place), 0) FROM due"
EXCLUDE = """
UPDATE due d SET not_payable_reason = %(reason)s
WHERE d.place = %(place)s AND d.not_payable_reason = '' AND NOT d.answered
  AND EXISTS (SELECT 1 FROM due o JOIN excludes x ON x.other_id = o.category_id
              WHERE x.category_id = d.category_id AND o.person_id = d.person_id AND o.place < d.place AND o.not_payable_reason = ''
                AND (x.legal_source IS NOT NULL) = %(by_table)s)
"""
EXCLUDED_BY: tuple[dict[str, Any], ...] = (
    {"reason": "DUPLICATE", "by_table": False},
    {"reason": "EXCLUDED", "by_table": True},
)

# Nobody may fall through a join: an enrolment entitled for the month that is not in `due` stops the build and is named.
MISSED = f"""
SELECT e.code FROM beneficiaries_enrolment e JOIN beneficiaries_programme p ON p.id = e.programme_id
WHERE ({OWED} OR {AWAY}) AND {ONLY}
  AND NOT EXISTS (SELECT 1 FROM due d WHERE d.enrolment_id = e.id)
ORDER BY e.code LIMIT 20
"""
WITHOUT_FUNDING_ACCOUNT = """
SELECT DISTINCT u.name FROM due d JOIN staff_administrativeunit u ON u.id = d.paying_unit_id
WHERE d.channel = 'ACCOUNT' AND d.not_payable_reason = '' AND NOT EXISTS (SELECT 1 FROM payments_fundingaccount f WHERE f.paying_unit_id = u.id)
ORDER BY 1
"""

# Earlier months whose payment certainly left nothing with the person (or that nobody carried yet) go with this month's money. What was granted once
# and taken back, or is suspended, stays where it is: a decision to resume it sets it going again.
CARRIED = f"""
CREATE TEMP TABLE carried ON COMMIT DROP AS
SELECT t.id AS entitlement_id, t.enrolment_id, t.amount
FROM payments_entitlement t
JOIN due d ON d.enrolment_id = t.enrolment_id AND d.not_payable_reason = ''
JOIN beneficiaries_enrolment e ON e.id = t.enrolment_id
LEFT JOIN payments_payment p ON p.id = t.payment_id
WHERE t.not_payable_reason = '' AND t.withdrawn_in_id IS NULL AND t.month <= %(last)s AND {CERTAINLY_UNPAID}
  AND (d.kind = 'REGULAR' OR e.moved_to_id IS NOT NULL
       OR (coalesce(e.ended_month > t.month, true) AND coalesce(e.suspended_month > t.month, true)))
"""

# Months after this one that are paid together with it (before Tết), to whoever is paid this month.
AHEAD = f"""
CREATE TEMP TABLE ahead ON COMMIT DROP AS
SELECT e.id AS enrolment_id, m.month, s.standard_amount, {coefficient("m.month")} AS coefficient, s.top_up, s.top_up_source,
       (round(s.standard_amount * {coefficient("m.month")}) + s.top_up)::bigint AS amount
FROM due d JOIN beneficiaries_enrolment e ON e.id = d.enrolment_id
CROSS JOIN (SELECT generate_series(%(month)s::timestamp + interval '1 month', %(last)s::timestamp, '1 month')::date AS month) m
JOIN rates s ON s.category_id = e.category_id AND s.month = m.month
WHERE d.not_payable_reason = '' AND d.answers AND d.kind = 'REGULAR' AND {owed("m.month")} AND NOT {not_yet("m.month")}
  AND NOT EXISTS (SELECT 1 FROM payments_entitlement t WHERE t.enrolment_id = e.id AND t.month = m.month)
"""

# Every row that will be written, so that lists, entitlements and parts are sums over the same lines.
LINES = """
CREATE TEMP TABLE lines ON COMMIT DROP AS
SELECT d.enrolment_id, d.programme_id, %(month)s::date AS month, d.kind, NULL::bigint AS corrects_id, d.standard_amount, d.coefficient, d.amount, d.top_up,
       d.top_up_source, d.channel, d.cash_reason, d.not_payable_reason, NULL::bigint AS decision_id
FROM due d WHERE d.answers
UNION ALL
SELECT d.enrolment_id, d.programme_id, a.month, 'REGULAR', NULL, a.standard_amount, a.coefficient, a.amount, a.top_up,
       a.top_up_source, d.channel, d.cash_reason, '', NULL
FROM ahead a JOIN due d USING (enrolment_id)
UNION ALL
SELECT d.enrolment_id, d.programme_id, a.month, 'REGULAR', a.corrects_id, a.standard_amount, a.coefficient, a.amount, a.top_up,
       a.top_up_source, d.channel, d.cash_reason, '', a.decision_id
FROM arrears a JOIN due d USING (enrolment_id) WHERE d.not_payable_reason = ''
"""
# What an enrolment brings to its payment, before deductions.
SUMS = """
CREATE TEMP TABLE sums ON COMMIT DROP AS
SELECT enrolment_id, sum(amount)::bigint AS amount
FROM (SELECT enrolment_id, amount FROM lines WHERE not_payable_reason = '' UNION ALL SELECT enrolment_id, amount FROM carried) x GROUP BY enrolment_id
"""
BATCHES = """
INSERT INTO payments_paymentbatch
    (cycle_id, paying_unit_id, programme_id, budget_source, channel, sequence, supplementary, funding_account_id, status, revision, paused, token, return_note,
     status_at)
SELECT %(cycle)s, g.paying_unit_id, g.programme_id, g.budget_source, g.channel, %(sequence)s, %(supplementary)s,
       CASE WHEN g.channel = 'ACCOUNT' THEN f.id END, 'DRAFT', 1, false, substr(replace(gen_random_uuid()::text, '-', ''), 1, 8), '', %(now)s
FROM (SELECT DISTINCT paying_unit_id, programme_id, budget_source, channel FROM due JOIN sums USING (enrolment_id)) g
LEFT JOIN payments_fundingaccount f ON f.paying_unit_id = g.paying_unit_id
ORDER BY g.paying_unit_id, g.programme_id, g.channel
"""

# A payment's own reference: the list's token and the place on it. Six digits as people are used to; a list of a million takes a seventh.
REFERENCE = "{prefix} || lpad({ordinal}::text, greatest(6, length({ordinal}::text)), '0')"

# One transfer per person and list. The sum is taken over entitlements, so that list and entitlements can't differ.
PAYMENTS = """
CREATE TEMP TABLE placed ON COMMIT DROP AS
WITH paid AS (
    SELECT due.enrolment_id, due.paying_unit_id, due.programme_id, due.budget_source, due.channel, due.bank_account_id, due.payee_id, due.unit_path,
           CASE WHEN coalesce(due.heir, '') <> '' THEN due.heir WHEN head.id IS NOT NULL THEN head.full_name ELSE due.payee_name END AS payee_name,
           coalesce(head.hamlet, due.hamlet) AS hamlet, coalesce(head.sort_key, due.sort_key) AS sort_key
    FROM due LEFT JOIN beneficiaries_beneficiary head ON head.id = CASE WHEN due.payee_id <> due.beneficiary_id THEN due.payee_id END
), taken AS MATERIALIZED (
    SELECT enrolment_id, sum(amount) AS amount FROM deducted GROUP BY enrolment_id
), people AS (
    SELECT b.id AS batch_id, min(b.token) AS token, d.payee_id AS beneficiary_id, d.bank_account_id, d.payee_name, min(d.unit_path) AS unit_path,
           min(d.hamlet) AS hamlet,
           min(d.sort_key) AS sort_key, (sum(s.amount) - coalesce(sum(x.amount), 0))::bigint AS amount, array_agg(d.enrolment_id) AS enrolments
    FROM paid d JOIN sums s USING (enrolment_id)
    LEFT JOIN taken x USING (enrolment_id)
    JOIN payments_paymentbatch b ON b.cycle_id = %(cycle)s AND b.paying_unit_id = d.paying_unit_id AND b.programme_id = d.programme_id
         AND b.budget_source = d.budget_source AND b.channel = d.channel AND b.sequence = %(sequence)s
    GROUP BY b.id, d.payee_id, d.bank_account_id, d.payee_name
), hamlets AS (SELECT hamlet, rank() OVER (ORDER BY beneficiaries_hamlet_order(hamlet) COLLATE "C", hamlet) AS place
               FROM (SELECT DISTINCT hamlet FROM people) h), numbered AS (
    SELECT people.*, row_number() OVER (PARTITION BY batch_id ORDER BY unit_path, place, sort_key COLLATE "C", beneficiary_id, payee_name) AS ordinal,
           nextval((SELECT pg_get_serial_sequence('payments_payment', 'id')::regclass)) AS payment_id
    FROM people LEFT JOIN hamlets USING (hamlet)
)
SELECT * FROM numbered
"""
INSERT_PAYMENTS = f"""
INSERT INTO payments_payment
    (id, batch_id, ordinal, beneficiary_id, payee_name, bank_account_id, amount, end_to_end_id, attempt, status, cause, status_at, lease_by, hold_code,
     bank_reference, return_code)
SELECT payment_id, batch_id, ordinal, beneficiary_id, payee_name, bank_account_id, amount, {REFERENCE.format(prefix="token", ordinal="ordinal")},
       1, 'DRAFT', 'BUILD', %(now)s, '', '',
       '', ''
FROM placed ORDER BY payment_id
"""
ENTITLEMENTS = """
WITH carrier AS (SELECT unnest(enrolments) AS enrolment_id, payment_id FROM placed)
INSERT INTO payments_entitlement
    (cycle_id, enrolment_id, programme_id, month, kind, corrects_id, standard_amount, coefficient, amount, channel, cash_reason, not_payable_reason, payment_id,
     decision_id)
SELECT %(cycle)s, l.enrolment_id, l.programme_id, l.month, l.kind, l.corrects_id, l.standard_amount, l.coefficient, l.amount,
       CASE WHEN l.not_payable_reason = '' THEN l.channel ELSE '' END,
       CASE WHEN l.not_payable_reason = '' AND l.channel = 'CASH' THEN l.cash_reason ELSE '' END,
       l.not_payable_reason, CASE WHEN l.not_payable_reason = '' THEN c.payment_id END, l.decision_id
FROM lines l LEFT JOIN carrier c USING (enrolment_id)
"""
PARTS = """
INSERT INTO payments_entitlementpart (entitlement_id, component, budget_source, amount)
SELECT t.id, 'TOP_UP', l.top_up_source, l.top_up
FROM lines l JOIN payments_entitlement t ON t.cycle_id = %(cycle)s AND t.enrolment_id = l.enrolment_id AND t.month = l.month
WHERE l.top_up <> 0 AND l.not_payable_reason = ''
"""
MOVE_CARRIED = """
WITH carrier AS (SELECT unnest(enrolments) AS enrolment_id, payment_id FROM placed WHERE EXISTS (SELECT 1 FROM carried))
UPDATE payments_entitlement e SET payment_id = c.payment_id
FROM carried x JOIN carrier c USING (enrolment_id) WHERE e.id = x.entitlement_id
"""
DECEASED = """
WITH found AS (
    SELECT DISTINCT ON (beneficiary_id) beneficiary_id, enrolment_id, NULL::bigint AS against_id, unit_id, 'DECEASED' AS reason, '' AS subject,
           '["dữ liệu dân cư ghi đã mất"]'::jsonb AS evidence
    FROM due WHERE not_payable_reason = 'DECEASED' ORDER BY beneficiary_id, enrolment_id
)"""
# A power of attorney that ran out: the person is paid, and somebody helps to renew it.
PAPERS = """
WITH found AS (
    SELECT DISTINCT ON (beneficiary_id) beneficiary_id, enrolment_id, NULL::bigint AS against_id, unit_id, 'AUTHORISATION_INVALID' AS reason,
           'AUTHORISATION_INVALID' AS subject,
           jsonb_build_array('giấy ủy quyền đã hết hạn, kỳ này trả tận tay người hưởng') AS evidence
    FROM due WHERE not_payable_reason = '' AND (without_paper OR cash_reason = 'AUTHORISATION_INVALID') ORDER BY beneficiary_id, enrolment_id
)"""
# Paid in hand because of what stands against the account: somebody puts the account right, or the person would be paid in hand for good.
ACCOUNTS = """
WITH found AS (
    SELECT DISTINCT ON (d.payee_id) d.payee_id AS beneficiary_id, d.enrolment_id, NULL::bigint AS against_id, d.unit_id, d.cash_reason AS reason,
           d.cash_reason AS subject,
           jsonb_build_array('kỳ này trả bằng tiền mặt; mời kiểm tra tài khoản hoặc nhận phiếu đăng ký tài khoản khác') AS evidence
    FROM due d WHERE d.answers AND d.not_payable_reason = '' AND d.channel = 'CASH'
         AND d.cash_reason IN ('NAME_MISMATCH', 'NAME_CHANGED', 'INVALID_ACCOUNT', 'ACCOUNT_CLOSED', 'ACCOUNT_BLOCKED', 'RETURNED', 'DECLINED')
    ORDER BY d.payee_id, d.enrolment_id
)"""
# Money still owed to people who are on no list any more (they died, moved, their allowance ended): a decision to pay it out is asked for.
OWED_AFTER_END = """
WITH found AS (
    SELECT DISTINCT ON (n.id) n.beneficiary_id, n.id AS enrolment_id, NULL::bigint AS against_id, n.unit_id, 'OWED_AFTER_END' AS reason,
           n.code AS subject, jsonb_build_array('còn khoản của tháng trước chưa đến tay người hưởng') AS evidence
    FROM (SELECT t.enrolment_id FROM payments_entitlement t LEFT JOIN payments_payment p ON p.id = t.payment_id
          WHERE t.not_payable_reason = '' AND t.withdrawn_in_id IS NULL AND t.month < %(month)s
            AND (p.id IS NULL OR p.status IN ('FAILED', 'RETURNED', 'CANCELLED'))
          UNION ALL SELECT enrolment_id FROM arrears) o
    JOIN beneficiaries_enrolment n ON n.id = o.enrolment_id
    WHERE NOT EXISTS (SELECT 1 FROM due d WHERE d.enrolment_id = o.enrolment_id AND d.not_payable_reason = '')
    ORDER BY n.id
)"""
MOVED = """
WITH found AS (
    SELECT DISTINCT ON (d.beneficiary_id) d.beneficiary_id, d.enrolment_id, NULL::bigint AS against_id, e.moved_to_id AS unit_id, 'MOVED' AS reason,
           e.code AS subject, jsonb_build_array(to_char(e.ended_month - 1, '"nơi cũ đã chi trả đến hết tháng "FMMM/YYYY')) AS evidence
    FROM due d JOIN beneficiaries_enrolment e ON e.id = d.enrolment_id WHERE d.not_payable_reason = 'MOVED' ORDER BY d.beneficiary_id, d.enrolment_id
)"""
# In this order; each table with its statistics before the next one reads it: planned blind, a month of a province takes minutes.
PREPARE = [
    # One build at a time sorts and joins a whole province: with a server's usual few megabytes each step goes through files.
    "SET LOCAL work_mem = '128MB'",
    "DROP TABLE IF EXISTS pg_temp.due, pg_temp.arrears, pg_temp.claimed, pg_temp.carried, pg_temp.ahead, pg_temp.lines, pg_temp.sums, pg_temp.deducted, "
    "pg_temp.placed, pg_temp.rates, pg_temp.excludes",
    CREDITED_ACCOUNTS,
    ONCE_PAYEES,
    RATES,
    EXCLUDES,
    "ANALYZE rates, excludes",
    DUE,
    "ANALYZE due (enrolment_id, beneficiary_id, person_id, payee_id, category_id, programme_id, paying_unit_id, kind, channel, place, answers, "
    "not_payable_reason)",
    UNPAID,
]
STAGES = [
    earlier_months.WITHDRAW,
    earlier_months.CLAIMED,
    "ANALYZE claimed",
    earlier_months.ARREARS,
    "ANALYZE arrears",
    CARRIED,
    "ANALYZE carried",
    AHEAD,
    LINES,
    "ANALYZE lines (enrolment_id, month, not_payable_reason, top_up)",
    SUMS,
    "ANALYZE sums",
    DEDUCTIONS,
    BATCHES,
    PAYMENTS,
    "ANALYZE placed (payment_id)",
    INSERT_PAYMENTS,
    ENTITLEMENTS,
    PARTS,
    INSERT_DEDUCTIONS,
    MOVE_CARRIED,
]
# What the list leaves to people.
RAISED = [
    (CaseKind.DECEASED, DECEASED),
    (CaseKind.ACCOUNT, PAPERS),
    (CaseKind.ACCOUNT, ACCOUNTS),
    (CaseKind.PAYMENT, OWED_AFTER_END),
    (CaseKind.MOVED, MOVED),
    (CaseKind.OVERPAID, earlier_months.OVERPAID),
]
