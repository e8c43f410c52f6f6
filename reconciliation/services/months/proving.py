"""The statements of the proof. Parameters: cycle, month (first day), scope (path of a unit), not_listed (the words for it)."""

NOT_LISTED = "Chưa vào danh sách nào"

# What each entitlement's current payment says. Opening balances of months before the first list belong to no payment of their own cycle.
ANSWERS = """
SELECT CASE
         WHEN e.not_payable_reason <> '' THEN 'Chưa đủ điều kiện chi: ' || e.not_payable_reason
         WHEN e.withdrawn_in_id IS NOT NULL THEN 'Thay bằng khoản khác theo quyết định'
         WHEN p.id IS NULL THEN %(not_listed)s
         WHEN p.id IN (SELECT n.payment_id FROM payments_rownote n WHERE n.ground <> '') THEN 'Để kỳ sau'
         WHEN p.status = 'POSTED' AND b.channel = 'ACCOUNT' THEN 'Đã trả qua tài khoản'
         WHEN p.status = 'POSTED' THEN 'Đã trả tiền mặt'
         WHEN p.status = 'FAILED' AND b.channel = 'CASH' THEN 'Tổ chức chi trả còn giữ, chưa nhận'
         WHEN p.status = 'READY' AND p.hold_code <> '' THEN 'Ngân hàng không nhận lệnh, chờ người xử lý'
         WHEN p.status = 'SENT' AND p.lease_until < now() THEN 'Chờ tra soát'
         WHEN p.status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING') THEN 'Đang chuyển'
         ELSE 'Chưa trả được (không chuyển được, hoàn trả, dừng chi)' END AS answer,
       count(*) FILTER (WHERE e.corrects_id IS NULL AND e.month = %(month)s), sum(e.amount), bool_and(e.not_payable_reason = '')
FROM payments_entitlement e
LEFT JOIN payments_payment p ON p.id = e.payment_id LEFT JOIN payments_paymentbatch b ON b.id = p.batch_id
WHERE e.cycle_id = %(cycle)s AND e.enrolment_id IN (SELECT n.id FROM beneficiaries_enrolment n JOIN staff_administrativeunit u ON u.id = n.unit_id
                                                   WHERE starts_with(u.path, %(scope)s))
GROUP BY 1 ORDER BY 1
"""
# Enrolments counted from decisions, not from entitlements: who was due an answer for the month by what was known when the list was made.
# A decision to resume lifts every pause recorded before it, from its first month on, and gives the months between with the list of that month;
# who moved is answered until the new commune decides; what is paid once has one month, and counts whenever it was recorded: a supplementary list
# answers what came after the month's own were made. Such a record that was stopped before it stood on one is due no answer.
ENROLLED = """
SELECT count(*) FROM beneficiaries_enrolment e
JOIN beneficiaries_programme g ON g.id = e.programme_id
JOIN payments_cycle c ON c.id = %(cycle)s
JOIN staff_administrativeunit u ON u.id = e.unit_id AND starts_with(u.path, %(scope)s)
WHERE NOT c.opening AND (e.recorded_at <= c.built_at OR g.kind <> 'REGULAR') AND e.starts_month <= %(month)s
  AND (e.paid_through_month IS NULL OR e.paid_through_month < %(month)s)
  AND (g.kind = 'REGULAR' OR e.starts_month = %(month)s)
  AND NOT EXISTS (
      SELECT 1 FROM beneficiaries_decision d
      WHERE d.enrolment_id = e.id AND d.kind IN ('STOP', 'SUSPEND', 'TRANSFER_OUT') AND d.effective_month <= %(month)s
        AND (d.recorded_at <= c.built_at
             OR (e.recorded_at > c.built_at AND NOT EXISTS (SELECT 1 FROM payments_entitlement t WHERE t.enrolment_id = e.id)))
        AND (d.to_unit_id IS NULL OR EXISTS (SELECT 1 FROM beneficiaries_enrolment n WHERE n.continues_id = e.id AND n.recorded_at <= c.built_at))
        AND NOT EXISTS (SELECT 1 FROM beneficiaries_decision r WHERE r.enrolment_id = e.id AND r.kind = 'RESUME' AND r.id > d.id
                        AND r.recorded_at <= c.built_at AND (r.effective_month <= %(month)s OR r.from_month > %(month)s)))
"""
# One answer each, given with this list or ahead of it.
ANSWERED = """
SELECT count(*) FROM payments_entitlement e JOIN payments_cycle c ON c.id = e.cycle_id
JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN staff_administrativeunit u ON u.id = n.unit_id AND starts_with(u.path, %(scope)s)
WHERE e.month = %(month)s AND e.corrects_id IS NULL AND NOT c.opening AND c.month <= %(month)s
"""
# What other cycles carry is not summed up: years of it would be read for each month's proof.
PAYMENTS = """
WITH of_cycle AS (SELECT p.id FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id WHERE b.cycle_id = %(cycle)s)
SELECT coalesce(sum(p.amount), 0), coalesce(sum(x.entitled - coalesce(r.recovered, 0)), 0),
       count(*) FILTER (WHERE p.amount IS DISTINCT FROM x.entitled - coalesce(r.recovered, 0))
FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
LEFT JOIN (SELECT t.payment_id, sum(t.amount) AS entitled FROM payments_entitlement t JOIN of_cycle c ON c.id = t.payment_id GROUP BY 1) x
     ON x.payment_id = p.id
JOIN staff_administrativeunit u ON u.id = b.paying_unit_id AND starts_with(u.path, %(scope)s)
LEFT JOIN (SELECT d.payment_id, sum(d.amount) AS recovered FROM payments_deduction d JOIN of_cycle c ON c.id = d.payment_id GROUP BY 1) r
     ON r.payment_id = p.id
WHERE b.cycle_id = %(cycle)s AND p.status NOT IN ('FAILED', 'RETURNED', 'CANCELLED')
"""
# I11: a line is one payment's or one top-up's, or somebody has to look at it. Booked later, it belongs here if it names a payment of the cycle.
UNEXPLAINED = """
SELECT count(*) FROM (
    SELECT l.booked_on, l.reference FROM reconciliation_statementline l JOIN reconciliation_statement s ON s.id = l.statement_id
    WHERE s.funding_account_id IN (SELECT b.funding_account_id FROM payments_paymentbatch b JOIN staff_administrativeunit u ON u.id = b.paying_unit_id
                                   WHERE b.cycle_id = %(cycle)s AND starts_with(u.path, %(scope)s))
      AND NOT EXISTS (SELECT 1 FROM reconciliation_livematch m WHERE m.line_id = l.id)
      AND NOT EXISTS (SELECT 1 FROM reconciliation_discrepancy d WHERE d.line_id = l.id) OFFSET 0) x
WHERE x.booked_on < %(month)s::date + interval '1 month'
   OR EXISTS (SELECT 1 FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id WHERE p.end_to_end_id = x.reference AND b.cycle_id = %(cycle)s)
"""
# Payments = originals + reissues, in number and đồng: an original stands on the month's own list or a supplementary one, a reissue names the one
# payment of the month it stands in for, and that one left nothing. A reissue of a payment that lives is neither.
REISSUES = """
SELECT count(*), coalesce(sum(p.amount), 0), count(*) FILTER (WHERE k.original OR k.reissue),
       coalesce(sum(p.amount) FILTER (WHERE k.original OR k.reissue), 0), count(*) FILTER (WHERE k.reissue)
FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
JOIN staff_administrativeunit u ON u.id = b.paying_unit_id AND starts_with(u.path, %(scope)s)
LEFT JOIN payments_payment o ON o.id = p.reissues_id LEFT JOIN payments_paymentbatch ob ON ob.id = o.batch_id,
LATERAL (SELECT (b.sequence = 0 OR b.supplementary) AND p.reissues_id IS NULL AS original,
                b.sequence > 0 AND coalesce(ob.cycle_id = b.cycle_id AND o.status IN ('FAILED', 'RETURNED', 'CANCELLED'), false) AS reissue) k
WHERE b.cycle_id = %(cycle)s
"""
# Three sign, and whom a rule asks for besides. The digest of a list is taken once, not at each signature: OFFSET keeps the planner from moving it there.
SIGNED = """
SELECT count(*) FROM (
    SELECT b.id, b.revision, payments_list_digest(b.id) AS digest, payments_required_steps(b.id) AS steps
    FROM payments_paymentbatch b JOIN staff_administrativeunit u ON u.id = b.paying_unit_id AND starts_with(u.path, %(scope)s)
    WHERE b.cycle_id = %(cycle)s AND b.status IN ('RELEASED', 'CLOSED') OFFSET 0) l
WHERE (SELECT count(DISTINCT s.signer_id) = count(*) AND array_agg(s.step::text) @> l.steps FROM payments_signature s
       WHERE s.batch_id = l.id AND s.revision = l.revision AND s.digest = l.digest)
"""
BATCHES = """
SELECT count(*) FROM payments_paymentbatch b JOIN staff_administrativeunit u ON u.id = b.paying_unit_id AND starts_with(u.path, %(scope)s)
WHERE b.cycle_id = %(cycle)s AND b.status <> 'CANCELLED'
"""

# Every line that is no payment and no top-up (charges, the provider, written off) has a journal entry: `other`. What the journal holds at the bank,
# reserved or free, is the balance on its statement.
# The bank's side: lines of the statements up to the end of the month, against what we hold to be credited by then, and our journal. Debited for
# a failed payment this month and given back the next, money was away at the end of this one. Where the bank's word and its statement have the two
# sides of the month's end, the statement's day counts (`crossed`: what it moves); only a match says so, and each proof names the sum.
BANK = """
WITH upto AS (SELECT (%(month)s::date + interval '1 month' - interval '1 day')::date AS day),
accounts AS (SELECT DISTINCT f.id, f.code FROM payments_fundingaccount f JOIN payments_paymentbatch b ON b.funding_account_id = f.id
             JOIN staff_administrativeunit u ON u.id = b.paying_unit_id AND starts_with(u.path, %(scope)s)
             WHERE b.cycle_id = %(cycle)s),
statements AS (SELECT s.* FROM reconciliation_statement s, upto WHERE s.to_on <= upto.day),
lines AS (
    SELECT s.funding_account_id AS account_id, -sum(l.amount) AS net FROM reconciliation_statementline l JOIN statements s ON s.id = l.statement_id
    WHERE NOT EXISTS (SELECT 1 FROM payments_topup t WHERE t.reference = l.reference AND t.funding_account_id = s.funding_account_id) GROUP BY 1
),
failed AS (
    SELECT b.funding_account_id AS account_id, -coalesce(sum(m.amount) FILTER (WHERE s.to_on <= upto.day), 0) AS away
    FROM upto, payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id JOIN accounts a ON a.id = b.funding_account_id
    JOIN reconciliation_livematch m ON m.payment_id = p.id AND m.kind IN ('DEBIT', 'RETURN')
    JOIN reconciliation_statementline l ON l.id = m.line_id JOIN reconciliation_statement s ON s.id = l.statement_id
    WHERE p.status IN ('FAILED', 'CANCELLED') GROUP BY b.funding_account_id, p.id HAVING sum(m.amount) = 0
),
crossed AS (
    SELECT b.funding_account_id AS account_id,
           sum(CASE WHEN s.to_on > upto.day AND w.said_on <= upto.day THEN m.amount
                    WHEN s.to_on <= upto.day AND w.said_on > upto.day THEN -m.amount END) AS amount
    FROM upto, reconciliation_livematch m JOIN payments_payment p ON p.id = m.payment_id JOIN payments_paymentbatch b ON b.id = p.batch_id
    JOIN accounts a ON a.id = b.funding_account_id
    JOIN reconciliation_statementline l ON l.id = m.line_id JOIN reconciliation_statement s ON s.id = l.statement_id,
    LATERAL (SELECT CASE m.kind WHEN 'DEBIT' THEN coalesce(p.credited_on, p.returned_on) ELSE p.returned_on END AS said_on) w
    WHERE m.kind IN ('DEBIT', 'RETURN') AND p.status IN ('POSTED', 'RETURNED')
      AND (s.to_on > upto.day OR p.credited_on > upto.day OR p.returned_on > upto.day) GROUP BY 1
),
credited AS (
    SELECT c.account_id, sum(c.amount) AS posted
    FROM (SELECT b.funding_account_id AS account_id, p.amount
          FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id, upto
          WHERE p.credited_on <= upto.day AND (p.status = 'POSTED' OR (p.status = 'RETURNED' AND p.returned_on > upto.day))
          UNION ALL SELECT account_id, away FROM failed UNION ALL SELECT account_id, amount FROM crossed) c GROUP BY 1
),
top_ups AS (SELECT t.funding_account_id AS account_id, sum(t.amount) AS total FROM payments_topup t, upto WHERE t.booked_on <= upto.day GROUP BY 1),
latest AS (SELECT DISTINCT ON (funding_account_id) funding_account_id AS account_id, closing, to_on FROM statements WHERE closing IS NOT NULL
           ORDER BY funding_account_id, to_on DESC, sequence_number DESC NULLS LAST, id DESC),
journal AS (
    SELECT a.funding_account_id AS account_id, sum(x.amount) FILTER (WHERE a.kind IN ('PAID', 'RETURNED')) AS net,
           sum(x.amount) FILTER (WHERE a.kind IN ('CHARGES', 'ADJUSTED', 'PROVIDER', 'PAID_CASH', 'REFUNDED', 'FEES')) AS other,
           sum(x.amount) FILTER (WHERE a.kind IN ('FUNDS', 'RESERVED')) AS at_bank
    FROM payments_posting x JOIN payments_ledgeraccount a ON a.id = x.account_id JOIN payments_journalentry j ON j.id = x.entry_id, upto
    WHERE j.booked_on <= upto.day GROUP BY 1
)
SELECT a.code, coalesce(l.net, 0), coalesce(c.posted, 0), coalesce(t.total, 0), coalesce(s.closing, 0), s.to_on, upto.day, coalesce(j.net, 0),
       coalesce(j.other, 0), coalesce(j.at_bank, 0), coalesce(k.amount, 0)
FROM accounts a CROSS JOIN upto LEFT JOIN crossed k ON k.account_id = a.id
LEFT JOIN lines l ON l.account_id = a.id LEFT JOIN credited c ON c.account_id = a.id LEFT JOIN top_ups t ON t.account_id = a.id
LEFT JOIN latest s ON s.account_id = a.id LEFT JOIN journal j ON j.account_id = a.id
ORDER BY a.code
"""
# What a provider holds, where lump sums are recorded: by our journal, and counted from what went to it and what it paid and gave back. What it told
# when the month was closed stands in the books of a later one, and is counted there.
PROVIDER = """
WITH upto AS (SELECT (%(month)s::date + interval '1 month' - interval '1 day')::date AS day),
accounts AS (SELECT DISTINCT f.id, f.code, f.paying_unit_id FROM payments_fundingaccount f JOIN payments_paymentbatch b ON b.paying_unit_id = f.paying_unit_id
             JOIN staff_administrativeunit u ON u.id = b.paying_unit_id AND starts_with(u.path, %(scope)s), upto
             WHERE b.cycle_id = %(cycle)s AND EXISTS (SELECT 1 FROM payments_fundtransfer t
                                                      WHERE t.funding_account_id = f.id AND t.kind = 'FORWARDED' AND t.booked_on <= upto.day)),
went AS (SELECT t.funding_account_id AS account_id, sum(CASE t.kind WHEN 'FORWARDED' THEN t.amount ELSE -t.amount END) AS amount
         FROM payments_fundtransfer t, upto WHERE t.kind IN ('FORWARDED', 'GIVEN_BACK') AND t.booked_on <= upto.day
           AND EXISTS (SELECT 1 FROM payments_journalentry j JOIN payments_fundingaccount o ON o.id = t.funding_account_id
               WHERE j.source = 'transfer:' || o.code || ':' || t.reference) GROUP BY 1),
paid AS (SELECT b.paying_unit_id, sum(p.amount) AS amount FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id, upto
         WHERE (b.channel = 'CASH' OR EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = b.id))
           AND p.credited_on <= upto.day AND (p.status = 'POSTED' OR (p.status = 'RETURNED' AND p.returned_on > upto.day)) GROUP BY 1),
late AS (SELECT a.funding_account_id AS account_id, sum(x.amount) AS amount FROM payments_posting x
         JOIN payments_ledgeraccount a ON a.id = x.account_id AND a.kind = 'PROVIDER' JOIN payments_journalentry j ON j.id = x.entry_id, upto
         WHERE starts_with(j.source, 'provider-paid:') AND to_date(split_part(j.source, ':', 3), 'YYYYMMDD') <= upto.day AND j.booked_on > upto.day
         GROUP BY 1),
journal AS (SELECT a.funding_account_id AS account_id, sum(x.amount) AS amount FROM payments_posting x
            JOIN payments_ledgeraccount a ON a.id = x.account_id AND a.kind = 'PROVIDER' JOIN payments_journalentry j ON j.id = x.entry_id, upto
            WHERE j.booked_on <= upto.day GROUP BY 1)
SELECT a.code, coalesce(j.amount, 0), coalesce(w.amount, 0) - coalesce(d.amount, 0) - coalesce(t.amount, 0)
FROM accounts a LEFT JOIN went w ON w.account_id = a.id LEFT JOIN paid d ON d.paying_unit_id = a.paying_unit_id
LEFT JOIN late t ON t.account_id = a.id
LEFT JOIN journal j ON j.account_id = a.id ORDER BY a.code
"""
# Entries of a later day are a later month's, but for those of the cycle's own lists.
UNBALANCED = """
SELECT count(*) FROM (SELECT entry_id FROM payments_posting GROUP BY entry_id HAVING sum(amount) <> 0) x
JOIN payments_journalentry j ON j.id = x.entry_id LEFT JOIN payments_paymentbatch b ON b.id = j.batch_id
WHERE j.booked_on < %(month)s::date + interval '1 month' OR b.cycle_id = %(cycle)s
"""
