"""The statements a report is counted with. Parameters: scope (path of the unit), first_month, from_on, to_on.

A payment belongs to its cycle; its state is taken as of the end of `to_on`. Lines and people are fixed once, in temporary tables;
every figure is then a sum over them, so that two tables of one report can't disagree.
"""

from beneficiaries.services.accounts.who_has_accounts import ACCOUNT_OF_PERSON, AGE_BANDS, LIVE_PEOPLE

# Entitlements of the period's cycles, and older ones carried into them, by the state of the payment that carries each. What a paid payment holds
# beyond its entitlements is a line without a category, so that Σ lines = Σ payments, and the difference has a name. Of a commune only payments of its
# people and of its enrolments are read; with each all it carries, whosever that is.
LINES = """
CREATE TEMP TABLE report_lines ON COMMIT DROP AS
WITH reached AS MATERIALIZED (SELECT id FROM staff_administrativeunit WHERE starts_with(path, %(scope)s)), meant AS (
    SELECT p.id FROM beneficiaries_beneficiary b JOIN payments_payment p ON p.beneficiary_id = b.id WHERE b.unit_id IN (SELECT id FROM reached)
    UNION SELECT e.payment_id FROM beneficiaries_enrolment n JOIN payments_entitlement e ON e.enrolment_id = n.id AND e.payment_id IS NOT NULL
    WHERE n.unit_id IN (SELECT id FROM reached)
), stated AS (
    SELECT p.id AS payment_id, p.beneficiary_id, b.programme_id, b.channel, p.amount, p.status,
           c.month, c.month BETWEEN %(first_month)s AND %(to_on)s AS of_period,
           CASE WHEN c.month > %(to_on)s OR p.status IN ('FAILED', 'CANCELLED') THEN 'UNPAID'
                WHEN p.status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING') OR p.credited_on > %(to_on)s THEN 'IN_FLIGHT'
                WHEN p.status = 'POSTED' OR (p.credited_on IS NOT NULL AND p.returned_on > %(to_on)s) THEN 'PAID'
                ELSE 'UNPAID' END AS outcome
    FROM meant JOIN payments_payment p USING (id) JOIN payments_paymentbatch b ON b.id = p.batch_id JOIN payments_cycle c ON c.id = b.cycle_id
    WHERE c.month >= %(first_month)s
), owed AS (
    SELECT e.payment_id, e.enrolment_id, n.beneficiary_id, n.unit_id, n.programme_id, n.category_id, e.amount,
           coalesce(s.channel, e.channel) AS channel, coalesce(s.outcome, 'UNPAID') AS outcome, CASE WHEN s.of_period THEN s.month ELSE c.month END AS month
    FROM payments_entitlement e
    JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN payments_cycle c ON c.id = e.cycle_id
    LEFT JOIN stated s ON s.payment_id = e.payment_id
    WHERE e.not_payable_reason = '' AND e.withdrawn_in_id IS NULL AND (c.month BETWEEN %(first_month)s AND %(to_on)s OR s.of_period)
      AND (n.unit_id IN (SELECT id FROM reached) OR s.payment_id IS NOT NULL)
), beyond AS (
    SELECT s.payment_id, NULL::bigint AS enrolment_id, s.beneficiary_id, b.unit_id, s.programme_id, NULL::bigint AS category_id,
           (s.amount - coalesce(o.amount, 0))::bigint AS amount, s.channel, s.outcome, s.month
    FROM stated s JOIN beneficiaries_beneficiary b ON b.id = s.beneficiary_id
    LEFT JOIN (SELECT payment_id, sum(amount) AS amount FROM owed GROUP BY payment_id) o ON o.payment_id = s.payment_id
    WHERE s.of_period AND s.outcome = 'PAID' AND s.amount <> coalesce(o.amount, 0)
)
SELECT coalesce(b.same_as_id, b.id) AS person_id, l.*, l.enrolment_id IS NULL AND s.status = 'POSTED' AND l.amount <> -coalesce((
           SELECT sum(x.amount) FROM payments_deduction x WHERE x.payment_id = l.payment_id), 0) AS unexplained
FROM (SELECT * FROM owed UNION ALL SELECT * FROM beyond) l
JOIN beneficiaries_beneficiary b ON b.id = l.beneficiary_id
LEFT JOIN stated s ON s.payment_id = l.payment_id
WHERE l.unit_id IN (SELECT id FROM reached)
"""

# Everybody with a live enrolment, once, in the commune of their oldest one, with the one account that decides and the one answer.
PEOPLE = f"""
CREATE TEMP TABLE report_people ON COMMIT DROP AS
WITH live AS ({LIVE_PEOPLE}), account AS ({ACCOUNT_OF_PERSON}), got AS (
    SELECT person_id, bool_or(channel = 'ACCOUNT' AND outcome = 'PAID') AS by_account, bool_or(channel = 'CASH' AND outcome = 'PAID') AS by_cash,
           bool_or(outcome = 'IN_FLIGHT') AS on_the_way, sum(amount)::bigint AS due
    FROM report_lines GROUP BY person_id
), listed AS (
    SELECT DISTINCT coalesce(b.same_as_id, b.id) AS person_id
    FROM payments_entitlement e JOIN payments_cycle c ON c.id = e.cycle_id AND c.month BETWEEN %(first_month)s AND %(to_on)s
    JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id
    JOIN live ON live.person_id = coalesce(b.same_as_id, b.id)
)
SELECT live.person_id, live.unit_id, account.account_id, account.holder, account.reason AS account_reason, listed.person_id IS NOT NULL AS listed,
       got.person_id IS NULL AS nothing_due,
       coalesce(got.due, 0) AS due, coalesce(got.by_account, false) AS by_account, coalesce(got.by_cash, false) AS by_cash,
       CASE WHEN got.by_account THEN CASE WHEN account.account_id IS NULL THEN 'NO_KNOWN_ACCOUNT' ELSE 'ACCOUNT' END
            WHEN got.by_cash THEN 'CASH' WHEN got.on_the_way THEN 'IN_FLIGHT' ELSE 'UNPAID' END AS answer
FROM live LEFT JOIN account USING (person_id) LEFT JOIN got USING (person_id) LEFT JOIN listed USING (person_id)
"""

ANALYSE = "ANALYZE report_lines; ANALYZE report_people"

UNIT_PEOPLE = """
SELECT u.code,
       count(*) AS beneficiaries, count(account_id) AS accounts,
       count(*) FILTER (WHERE holder = 'own') AS accounts_own, count(*) FILTER (WHERE holder = 'guardian') AS accounts_guardian,
       count(*) FILTER (WHERE holder = 'authorised') AS accounts_authorised,
       count(*) FILTER (WHERE answer = 'ACCOUNT') AS paid_cashless, count(*) FILTER (WHERE answer = 'CASH') AS paid_in_cash,
       count(*) FILTER (WHERE answer = 'IN_FLIGHT') AS in_flight, count(*) FILTER (WHERE answer = 'UNPAID') AS unpaid,
       count(*) FILTER (WHERE answer = 'NO_KNOWN_ACCOUNT') AS paid_without_known_account,
       count(*) FILTER (WHERE by_account AND by_cash) AS paid_both_ways, count(*) FILTER (WHERE nothing_due) AS nothing_due,
       count(*) FILTER (WHERE NOT listed) AS not_listed
FROM report_people p JOIN staff_administrativeunit u ON u.id = p.unit_id GROUP BY u.code
"""

_MONEY = """
       coalesce(sum(amount) FILTER (WHERE outcome = 'PAID' AND channel = 'ACCOUNT'), 0)::bigint AS account_money,
       coalesce(sum(amount) FILTER (WHERE outcome = 'PAID' AND channel = 'CASH'), 0)::bigint AS cash_money,
       coalesce(sum(amount) FILTER (WHERE outcome = 'IN_FLIGHT'), 0)::bigint AS in_flight_money,
       coalesce(sum(amount) FILTER (WHERE outcome = 'UNPAID'), 0)::bigint AS unpaid_money
"""
UNIT_MONEY = f"""
SELECT u.code, {_MONEY} FROM report_lines l JOIN staff_administrativeunit u ON u.id = l.unit_id GROUP BY u.code
"""  # our own fragment

# `category` is null in a programme's own row. A person counts once in each row they belong to.
GROUP_PEOPLE = """
WITH member AS (
    SELECT p.person_id, e.programme_id, e.category_id, true AS live, false AS paid
    FROM beneficiaries_enrolment e
    JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id JOIN report_people p ON p.person_id = coalesce(b.same_as_id, b.id)
    JOIN staff_administrativeunit u ON u.id = e.unit_id AND starts_with(u.path, %(scope)s)
    WHERE e.starts_month <= %(to_on)s AND (e.ended_month IS NULL OR e.ended_month > %(to_on)s)
      AND (e.suspended_month IS NULL OR e.suspended_month > %(to_on)s)
    UNION ALL
    SELECT person_id, programme_id, category_id, false, channel = 'ACCOUNT' AND outcome = 'PAID' FROM report_lines
), counted AS (
    SELECT programme_id, category_id, grouping(category_id) = 1 AS whole, person_id, bool_or(live) AS live, bool_or(paid) AS paid
    FROM member GROUP BY GROUPING SETS ((programme_id, person_id), (programme_id, category_id, person_id))
)
SELECT g.code AS programme, c.code AS category, count(*) AS beneficiaries, count(p.account_id) AS accounts,
       count(*) FILTER (WHERE counted.paid AND p.account_id IS NOT NULL) AS paid_cashless
FROM counted JOIN report_people p USING (person_id) JOIN beneficiaries_programme g ON g.id = counted.programme_id
LEFT JOIN beneficiaries_benefitcategory c ON c.id = counted.category_id
WHERE counted.live AND (counted.whole OR counted.category_id IS NOT NULL) GROUP BY g.code, c.code
"""
GROUP_MONEY = f"""
SELECT g.code AS programme, c.code AS category, {_MONEY}
FROM report_lines l JOIN beneficiaries_programme g ON g.id = l.programme_id LEFT JOIN beneficiaries_benefitcategory c ON c.id = l.category_id
GROUP BY GROUPING SETS ((g.code), (g.code, c.code)) HAVING grouping(c.code) = 1 OR c.code IS NOT NULL
"""  # our own fragment

# How far each cycle of the period has come: a carried month stands with the list that carries it.
CYCLES = """
SELECT to_char(month, 'YYYY-MM') AS month, channel, outcome, count(DISTINCT person_id) AS people, coalesce(sum(amount), 0)::bigint AS money
FROM report_lines GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""

# By sex and by age on the last day, each person once in each.
PERSONS = f"""
SELECT part.kind, part.code, part.name, count(*) AS beneficiaries, count(p.account_id) AS accounts,
       count(*) FILTER (WHERE p.answer = 'ACCOUNT') AS paid_cashless
FROM report_people p JOIN beneficiaries_beneficiary b ON b.id = p.person_id
CROSS JOIN LATERAL (
    SELECT 'sex' AS kind, CASE b.sex WHEN 'MALE' THEN '1' ELSE '2' END AS code, CASE b.sex WHEN 'MALE' THEN 'Nam' ELSE 'Nữ' END AS name
    UNION ALL SELECT 'age', band.key, band.label FROM ({AGE_BANDS}) band
) part GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2
"""  # our own fragment

# A case as it stood before a moment: the last step before it, else what the first step after it found. Steps of a time when no terms were kept
# say nothing about the term.
_STOOD = """
LEFT JOIN LATERAL (
    SELECT d.id, d.status_after AS status, d.made_at IS NOT NULL AS with_term, d.due_after, coalesce(d.made_at, d.decided_at, k.opened_at) AS made_at
    FROM beneficiaries_casedecision d WHERE d.case_id = k.id AND coalesce(d.made_at, d.decided_at, k.opened_at) < {moment} ORDER BY d.id DESC LIMIT 1
) before ON true
LEFT JOIN LATERAL (
    SELECT nullif(d.status_before, '') AS status FROM beneficiaries_casedecision d WHERE d.case_id = k.id AND d.id > coalesce(before.id, 0)
    ORDER BY d.id LIMIT 1
) following ON true
LEFT JOIN LATERAL (
    SELECT d.id, d.due_before FROM beneficiaries_casedecision d
    WHERE d.case_id = k.id AND d.id > coalesce(before.id, 0) AND d.made_at IS NOT NULL ORDER BY d.id LIMIT 1
) term ON true
CROSS JOIN LATERAL (
    SELECT coalesce(before.status, following.status, k.status) AS status, before.made_at,
           CASE WHEN before.with_term THEN before.due_after WHEN term.id IS NOT NULL THEN term.due_before ELSE k.due_on END AS due_on
) stood
"""

# Those with an account but not paid through it. The last cycle's entitlement decides, a payable one before one that is not. How far the work about
# them is (column E) is told as of the moment of counting: what a bank returns on the last day is dealt with after it.
MISSED = f"""
SELECT p.person_id, p.answer, p.by_cash, p.due, p.account_reason, coalesce(l.not_payable_reason, '') AS not_payable_reason,
       coalesce(l.channel, '') AS channel, coalesce(l.cash_reason, '') AS cash_reason, coalesce(l.status, '') AS status,
       l.person_id IS NOT NULL AS listed, coalesce(l.carrier_reason, '') AS carrier_reason, coalesce(l.taken_off, false) AS taken_off,
       coalesce(l.death, '') AS death, f.person_id IS NOT NULL AS not_collected,
       coalesce(w.doing, false) AS doing, w.person_id IS NOT NULL AND NOT w.doing AS done
FROM report_people p
LEFT JOIN (
    SELECT DISTINCT ON (coalesce(b.same_as_id, b.id)) coalesce(b.same_as_id, b.id) AS person_id, e.channel, e.cash_reason,
           CASE WHEN y.id IN (SELECT payment_id FROM payments_rownote WHERE ground <> '') THEN 'NEXT_MONTH' ELSE e.not_payable_reason END AS not_payable_reason,
           y.status, a.reason AS carrier_reason, y.status = 'CANCELLED' AND y.cause = 'STOP' AS taken_off,
           CASE WHEN v.deceased_on IS NOT NULL THEN 'DECEASED' WHEN v.notice_on IS NOT NULL THEN 'DEATH_NOTICE' ELSE '' END AS death
    FROM payments_entitlement e JOIN payments_cycle c ON c.id = e.cycle_id AND c.month BETWEEN %(first_month)s AND %(to_on)s
    JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id
    JOIN staff_administrativeunit u ON u.id = n.unit_id AND starts_with(u.path, %(scope)s)
    LEFT JOIN beneficiaries_life v ON v.beneficiary_id = b.id
    LEFT JOIN payments_payment y ON y.id = e.payment_id LEFT JOIN beneficiaries_bankaccount a ON a.id = y.bank_account_id
    ORDER BY coalesce(b.same_as_id, b.id), c.month DESC, (e.not_payable_reason = '') DESC, e.month DESC, e.id DESC
) l ON l.person_id = p.person_id
LEFT JOIN (
    SELECT DISTINCT coalesce(b.same_as_id, b.id) AS person_id
    FROM payments_payment y JOIN payments_paymentbatch t ON t.id = y.batch_id AND t.channel = 'CASH'
    JOIN payments_cycle c ON c.id = t.cycle_id AND c.month BETWEEN %(first_month)s AND %(to_on)s
    JOIN beneficiaries_beneficiary b ON b.id = y.beneficiary_id
    WHERE y.status = 'FAILED'
) f ON f.person_id = p.person_id
LEFT JOIN (
    SELECT coalesce(b.same_as_id, b.id) AS person_id, bool_or(stood.status IN ('OPEN', 'PROPOSED', 'ESCALATED')) AS doing
    FROM beneficiaries_case k JOIN beneficiaries_beneficiary b ON b.id = k.beneficiary_id
    {_STOOD.format(moment="%(known)s")}
    WHERE k.opened_at < %(known)s AND (stood.status IN ('OPEN', 'PROPOSED', 'ESCALATED') OR stood.made_at >= %(since)s) GROUP BY 1
) w ON w.person_id = p.person_id
WHERE p.account_id IS NOT NULL AND p.answer <> 'ACCOUNT'
ORDER BY p.person_id
"""  # our own fragment

REGISTERS = """
SELECT u.code, count(*) AS residents, count(*) FILTER (WHERE r.deceased_on <= %(to_on)s) AS deceased, count(*) FILTER (WHERE r.card_issued) AS cards_issued,
       count(*) FILTER (WHERE r.eid_eligible) AS eid_eligible, count(*) FILTER (WHERE r.eid_active) AS eid_active
FROM beneficiaries_identityrecord r JOIN staff_administrativeunit u ON u.id = r.unit_id AND starts_with(u.path, %(scope)s)
WHERE r.basis = 'EXTRACT' GROUP BY u.code ORDER BY u.code
"""

# What the bank's statements said, by the moment of counting, about the transfers counted as paid.
STATEMENT = """
SELECT count(DISTINCT p.person_id) AS people, count(*) AS payments, coalesce(sum(p.amount), 0)::bigint AS money,
       count(DISTINCT p.person_id) FILTER (WHERE m.id IS NOT NULL) AS matched_people, count(m.id) AS matched_payments,
       coalesce(sum(p.amount) FILTER (WHERE m.id IS NOT NULL), 0)::bigint AS matched_money
FROM (SELECT payment_id, min(person_id) AS person_id, sum(amount) AS amount
      FROM report_lines WHERE channel = 'ACCOUNT' AND outcome = 'PAID' GROUP BY payment_id) p
LEFT JOIN (
    SELECT n.payment_id, min(n.id) AS id FROM reconciliation_statementmatch n
    LEFT JOIN reconciliation_statementmatch r ON r.reverses_id = n.id AND r.reverses_id IS NOT NULL AND r.matched_at <= %(known)s
    WHERE n.kind = 'DEBIT' AND n.reverses_id IS NULL AND n.matched_at <= %(known)s AND r.id IS NULL GROUP BY n.payment_id
) m ON m.payment_id = p.payment_id
"""

# Cash is paid by the provider, whose signed list is the only other side there is.
CASH_RESULTS = """
SELECT count(DISTINCT l.person_id) AS people, count(DISTINCT l.payment_id) AS payments, coalesce(sum(l.amount), 0)::bigint AS money,
       count(DISTINCT l.person_id) FILTER (WHERE p.cause = 'COLLECTED') AS matched_people,
       count(DISTINCT l.payment_id) FILTER (WHERE p.cause = 'COLLECTED') AS matched_payments,
       coalesce(sum(l.amount) FILTER (WHERE p.cause = 'COLLECTED'), 0)::bigint AS matched_money
FROM report_lines l JOIN payments_payment p ON p.id = l.payment_id WHERE l.channel = 'CASH' AND l.outcome = 'PAID'
"""

# Money at the bank by the books, per funding account: every entry booked up to the last day. FUNDS and RESERVED lie in the account.
MONEY_AT_BANK = """
SELECT f.code, u.name,
       coalesce(sum(x.amount) FILTER (WHERE a.kind IN ('FUNDS', 'RESERVED') AND e.booked_on < %(from_on)s), 0)::bigint AS opening,
       coalesce(-sum(x.amount) FILTER (WHERE a.kind = 'ALLOTTED' AND e.booked_on >= %(from_on)s), 0)::bigint AS received,
       coalesce(sum(x.amount) FILTER (WHERE a.kind = 'PAID' AND e.booked_on >= %(from_on)s), 0)::bigint AS paid,
       coalesce(-sum(x.amount) FILTER (WHERE a.kind = 'RETURNED' AND e.booked_on >= %(from_on)s), 0)::bigint AS returned,
       coalesce(sum(x.amount) FILTER (WHERE a.kind = 'CHARGES' AND e.booked_on >= %(from_on)s), 0)::bigint AS charges,
       coalesce(sum(x.amount) FILTER (WHERE a.kind = 'PROVIDER' AND e.booked_on < %(from_on)s), 0)::bigint AS provider_opening,
       coalesce(sum(x.amount) FILTER (WHERE a.kind IN ('PROVIDER', 'PAID_CASH') AND e.booked_on >= %(from_on)s), 0)::bigint AS forwarded,
       coalesce(sum(x.amount) FILTER (WHERE a.kind = 'REFUNDED' AND e.booked_on >= %(from_on)s), 0)::bigint AS refunded,
       coalesce(sum(x.amount) FILTER (WHERE a.kind = 'FEES' AND e.booked_on >= %(from_on)s), 0)::bigint AS fees,
       coalesce(sum(x.amount) FILTER (WHERE a.kind = 'ADJUSTED' AND e.booked_on >= %(from_on)s), 0)::bigint AS adjusted,
       coalesce(sum(x.amount) FILTER (WHERE a.kind IN ('FUNDS', 'RESERVED')), 0)::bigint AS closing
FROM payments_fundingaccount f JOIN staff_administrativeunit u ON u.id = f.paying_unit_id AND starts_with(u.path, %(scope)s)
JOIN payments_ledgeraccount a ON a.funding_account_id = f.id JOIN payments_posting x ON x.account_id = a.id
JOIN payments_journalentry e ON e.id = x.entry_id AND e.booked_on <= %(to_on)s
GROUP BY f.code, u.name, u.path ORDER BY u.path
"""

# Money per programme and budget source, by the days it moved, beside what the year gave. The journal knows lists, and a list one source: the part
# of an allowance that another source pays is moved over to it. `estimate` is null where nothing was given. `spent_year`: since 1 January.
BUDGET = """
WITH given AS (SELECT %(from_on)s::date AS from_on, %(to_on)s::date AS to_on, date_trunc('year', %(to_on)s::date)::date AS new_year),
reach AS (SELECT id FROM staff_administrativeunit WHERE starts_with(path, %(scope)s)),
booked AS (
    SELECT b.programme_id, b.budget_source, a.kind, e.booked_on AS day, x.amount
    FROM payments_posting x JOIN payments_ledgeraccount a ON a.id = x.account_id AND a.kind IN ('PAID', 'RETURNED', 'REFUNDED')
    JOIN payments_journalentry e ON e.id = x.entry_id JOIN payments_paymentbatch b ON b.id = e.batch_id JOIN reach r ON r.id = b.paying_unit_id
    JOIN given g ON e.booked_on BETWEEN least(g.from_on, g.new_year) AND g.to_on
), credited AS (
    SELECT p.id, b.programme_id, b.budget_source, b.channel, p.amount, p.credited_on AS day
    FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id JOIN reach r ON r.id = b.paying_unit_id
    JOIN given g ON p.credited_on BETWEEN least(g.from_on, g.new_year) AND g.to_on
    WHERE p.status = 'POSTED' AND (b.channel = 'CASH' OR EXISTS (SELECT 1 FROM payments_entitlementpart))
), apart AS (
    SELECT c.programme_id, c.budget_source, q.budget_source AS other, c.channel, c.day, q.amount
    FROM credited c JOIN payments_entitlement e ON e.payment_id = c.id JOIN payments_entitlementpart q ON q.entitlement_id = e.id
), moved AS (
    SELECT programme_id, budget_source, kind, day, amount FROM booked
    UNION ALL SELECT programme_id, budget_source, 'CASH', day, amount FROM credited WHERE channel = 'CASH'
    UNION ALL SELECT programme_id, other, CASE channel WHEN 'CASH' THEN 'CASH' ELSE 'PAID' END, day, amount FROM apart
    UNION ALL SELECT programme_id, budget_source, CASE channel WHEN 'CASH' THEN 'CASH' ELSE 'PAID' END, day, -amount FROM apart
), summed AS (
    SELECT m.programme_id, m.budget_source, sum(m.amount) FILTER (WHERE m.kind = 'PAID' AND m.day >= g.from_on) AS paid,
           -sum(m.amount) FILTER (WHERE m.kind = 'RETURNED' AND m.day >= g.from_on) AS returned,
           sum(m.amount) FILTER (WHERE m.kind = 'CASH' AND m.day >= g.from_on) AS cash,
           sum(m.amount) FILTER (WHERE m.kind = 'REFUNDED' AND m.day >= g.from_on) AS refunded,
           sum(m.amount) FILTER (WHERE m.kind <> 'REFUNDED' AND m.day >= g.new_year) AS spent_year
    FROM moved m CROSS JOIN given g GROUP BY 1, 2
), estimated AS (
    SELECT e.programme_id, e.budget_source, sum(e.amount) AS estimate
    FROM payments_budgetestimate e JOIN reach r ON r.id = e.unit_id
    JOIN given g ON e.decided_on <= g.to_on AND e.year BETWEEN extract(year FROM g.from_on) AND extract(year FROM g.to_on)
    GROUP BY 1, 2
)
SELECT o.code AS programme, o.name, coalesce(s.budget_source, estimated.budget_source) AS budget_source,
       estimated.estimate::bigint AS estimate, coalesce(s.paid, 0)::bigint AS paid, coalesce(s.returned, 0)::bigint AS returned,
       coalesce(s.cash, 0)::bigint AS cash, coalesce(s.refunded, 0)::bigint AS refunded,
       coalesce(s.spent_year, 0)::bigint AS spent_year
FROM summed s FULL JOIN estimated USING (programme_id, budget_source) JOIN beneficiaries_programme o ON o.id = programme_id
ORDER BY 1, 3
"""

# The last day of the period on which the quality of data was counted, and who signed for it.
QUALITY = """
WITH day AS (
    SELECT max(q.taken_on) AS taken_on FROM beneficiaries_qualityscore q JOIN staff_administrativeunit u ON u.id = q.unit_id
    WHERE starts_with(u.path, %(scope)s) AND q.taken_on BETWEEN %(from_on)s AND %(to_on)s
)
SELECT u.code, q.taken_on, sum(q.files)::bigint AS files, sum(q.correct)::bigint AS correct, sum(q.complete)::bigint AS complete,
       sum(q.cleaned)::bigint AS cleaned, sum(q.live)::bigint AS live, sum(q.solved_mismatches)::bigint AS solved_mismatches,
       sum(q.open_mismatches)::bigint AS open_mismatches, sum(q.without_number)::bigint AS without_number,
       sum(q.not_found)::bigint AS not_found, sum(q.duplicates)::bigint AS duplicates, sum(q.deceased)::bigint AS deceased
FROM day JOIN beneficiaries_qualityscore q USING (taken_on)
JOIN staff_administrativeunit u ON u.id = q.unit_id AND starts_with(u.path, %(scope)s) GROUP BY 1, 2
"""
QUALITY_SIGNERS = """
SELECT u.code, s.full_name FROM beneficiaries_qualitysignoff q
JOIN staff_administrativeunit u ON u.id = q.unit_id AND starts_with(u.path, %(scope)s)
JOIN staff_user s ON s.id = q.signed_by_id WHERE q.taken_on = %(taken_on)s
"""

# Work not done at the end of the last day, by kind, and what was handed to somebody above; each case as it stood then.
CASES = f"""
SELECT k.kind, count(*) FILTER (WHERE stood.status IN ('OPEN', 'PROPOSED', 'ESCALATED')) AS open,
       count(*) FILTER (WHERE stood.status IN ('OPEN', 'PROPOSED', 'ESCALATED') AND stood.due_on < %(to_on)s) AS overdue,
       count(*) FILTER (WHERE stood.status = 'ESCALATED') AS escalated
FROM beneficiaries_case k JOIN staff_administrativeunit u ON u.id = k.unit_id AND starts_with(u.path, %(scope)s)
{_STOOD.format(moment="%(after)s")}
WHERE k.opened_at < %(after)s GROUP BY k.kind ORDER BY k.kind
"""  # our own fragment

DIFFERENCES = """
SELECT (SELECT count(*) FROM report_people WHERE answer = 'NO_KNOWN_ACCOUNT') AS paid_without_known_account,
       (SELECT count(DISTINCT payment_id) FROM report_lines WHERE unexplained) AS unexplained_payments,
       (SELECT coalesce(sum(amount), 0)::bigint FROM report_lines WHERE unexplained) AS unexplained_money,
       (SELECT count(DISTINCT l.payment_id) FROM report_lines l JOIN payments_payment p ON p.id = l.payment_id
        WHERE p.status = 'POSTED' AND p.credited_on IS NULL) AS credited_without_a_day,
       (SELECT count(*) FROM reconciliation_discrepancy d
        LEFT JOIN payments_payment p ON p.id = d.payment_id LEFT JOIN payments_paymentbatch b ON b.id = p.batch_id
        LEFT JOIN payments_cycle c ON c.id = b.cycle_id LEFT JOIN reconciliation_statementline n ON n.id = d.line_id
        LEFT JOIN reconciliation_statement s ON s.id = coalesce(d.statement_id, n.statement_id)
        LEFT JOIN payments_fundingaccount f ON f.id = coalesce(b.funding_account_id, s.funding_account_id)
        LEFT JOIN staff_administrativeunit u ON u.id = coalesce(b.paying_unit_id, f.paying_unit_id)
        LEFT JOIN LATERAL (
            SELECT t.kind FROM reconciliation_discrepancystep t
            WHERE t.discrepancy_id = d.id AND t.kind IN ('RESOLVED', 'REOPENED') AND t.made_at <= %(known)s ORDER BY t.id DESC LIMIT 1
        ) step ON true
        WHERE d.found_at <= %(known)s AND coalesce(step.kind, CASE WHEN d.resolved_at <= %(known)s THEN 'RESOLVED' END) IS DISTINCT FROM 'RESOLVED'
          AND (u.id IS NULL OR starts_with(u.path, %(scope)s) OR starts_with(%(scope)s, u.path))
          AND coalesce(c.month, s.to_on, %(to_on)s) BETWEEN %(first_month)s AND %(to_on)s) AS open_discrepancies
"""
