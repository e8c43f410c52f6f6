"""The statements that say what lines are, from the strongest ground to the weakest. Parameters: statement, account (its funding account), now.

Amounts are always compared: a line whose reference is known but whose amount differs is explained by nothing.
"""

# A debit, or money of ours that comes back; said so that the planner's statistics know how many.
_OURS = "((l.amount < 0 AND NOT l.is_return) OR (l.amount > 0 AND l.is_return))"
_NOT_TAKEN = """NOT EXISTS (SELECT 1 FROM reconciliation_livematch taken
                  WHERE taken.payment_id = p.id AND taken.kind = CASE WHEN l.amount < 0 THEN 'DEBIT' ELSE 'RETURN' END)"""

# The first line with a payment's reference and amount is it; a second one stays unmatched and is named a double debit.
REFERRING = f"""
SELECT DISTINCT ON (p.id, l.is_return) l.id AS line_id, CASE WHEN l.amount < 0 THEN 'DEBIT' ELSE 'RETURN' END AS kind, l.amount, p.id AS payment_id, p.batch_id
FROM reconciliation_statementline l
JOIN payments_payment p ON p.end_to_end_id = l.reference AND p.amount = abs(l.amount)
JOIN payments_paymentbatch b ON b.id = p.batch_id AND b.funding_account_id = %(account)s
WHERE l.statement_id = %(statement)s AND {_OURS} AND {_NOT_TAKEN}
  AND NOT EXISTS (SELECT 1 FROM reconciliation_livematch said WHERE said.line_id = l.id)
ORDER BY p.id, l.is_return, l.ordinal
"""
# What a statement matches is kept until its guards have looked at it: 300,000 rows are 40 MB, and would be written to disk and read three times.
ROOM = "SET LOCAL work_mem = '128MB'"
# Found first and written then: PostgreSQL joins with several processes only where nothing is written.
FIND_BY_REFERENCE = f"""
DROP TABLE IF EXISTS found_line;
CREATE TEMP TABLE found_line ON COMMIT DROP AS {REFERRING}
"""
BY_REFERENCE = """
INSERT INTO reconciliation_statementmatch (line_id, kind, basis, amount, payment_id, reason, matched_at)
SELECT line_id, kind, 'REFERENCE', amount, payment_id, '', %(now)s FROM found_line
"""
# Rows of list, matches, paid and returned đồng: most of a statement is here, and is not read again to be added up.
TOTALS_BY_REFERENCE = """
SELECT batch_id, count(*), coalesce(-sum(amount) FILTER (WHERE amount < 0), 0), coalesce(sum(amount) FILTER (WHERE amount > 0), 0)
FROM found_line GROUP BY batch_id
"""
LINES = "SELECT count(*) FROM reconciliation_statementline WHERE statement_id = %(statement)s"
# Of a million lines few are left after that: the weaker grounds look at these alone.
OPEN_LINES = """
DROP TABLE IF EXISTS open_line;
CREATE TEMP TABLE open_line ON COMMIT DROP AS
SELECT l.id, l.statement_id, l.ordinal, l.amount, l.booked_on, l.reference, l.bank_reference, l.is_return
FROM reconciliation_statementline l
WHERE l.statement_id = %(statement)s AND NOT EXISTS (SELECT 1 FROM reconciliation_livematch m WHERE m.line_id = l.id);
ANALYZE open_line
"""
ANY_LEFT = "SELECT EXISTS (SELECT 1 FROM open_line)"
STILL_OPEN = "DELETE FROM open_line l USING reconciliation_livematch m WHERE m.line_id = l.id"

TOP_UPS = """
INSERT INTO reconciliation_statementmatch (line_id, kind, basis, amount, top_up_id, reason, matched_at)
SELECT DISTINCT ON (t.id) l.id, 'TOP_UP', 'REFERENCE', l.amount, t.id, '', %(now)s
FROM open_line l
JOIN reconciliation_statement s ON s.id = l.statement_id
JOIN payments_topup t ON t.reference = l.reference AND t.amount = l.amount AND t.funding_account_id = s.funding_account_id
LEFT JOIN reconciliation_livematch taken ON taken.top_up_id = t.id
WHERE l.statement_id = %(statement)s AND l.amount > 0 AND NOT l.is_return AND taken.id IS NULL
ORDER BY t.id, l.ordinal
"""
# Only a line whose own reference is nobody's: where the two references name two payments, a person has to look.
BY_BANK_REFERENCE = f"""
INSERT INTO reconciliation_statementmatch (line_id, kind, basis, amount, payment_id, reason, matched_at)
SELECT DISTINCT ON (p.id, kind) l.id, CASE WHEN l.amount < 0 THEN 'DEBIT' ELSE 'RETURN' END AS kind, 'BANK_REFERENCE', l.amount, p.id, '', %(now)s
FROM open_line l
JOIN reconciliation_statement s ON s.id = l.statement_id
JOIN payments_payment p ON p.bank_reference = l.bank_reference AND p.bank_reference <> '' AND p.amount = abs(l.amount)
JOIN payments_paymentbatch b ON b.id = p.batch_id AND b.funding_account_id = s.funding_account_id
LEFT JOIN payments_payment named ON named.end_to_end_id = l.reference
WHERE l.statement_id = %(statement)s AND {_OURS} AND named.id IS NULL AND {_NOT_TAKEN}
ORDER BY p.id, kind, l.ordinal
"""
# One payment booked in several entries: all of one reference and direction, together exactly its amount.
SPLIT = f"""
INSERT INTO reconciliation_statementmatch (line_id, kind, basis, amount, payment_id, reason, matched_at)
SELECT l.id, x.kind, 'SPLIT', l.amount, x.payment_id, '', %(now)s
FROM (
    SELECT p.id AS payment_id, l.reference, l.is_return, CASE WHEN l.is_return THEN 'RETURN' ELSE 'DEBIT' END AS kind
    FROM open_line l
    JOIN reconciliation_statement s ON s.id = l.statement_id
    JOIN payments_payment p ON p.end_to_end_id = l.reference
    JOIN payments_paymentbatch b ON b.id = p.batch_id AND b.funding_account_id = s.funding_account_id
    WHERE l.statement_id = %(statement)s AND {_OURS}
      AND NOT EXISTS (SELECT 1 FROM reconciliation_livematch taken WHERE taken.payment_id = p.id
                      AND taken.kind = CASE WHEN l.is_return THEN 'RETURN' ELSE 'DEBIT' END)
    GROUP BY p.id, l.reference, l.is_return HAVING count(*) > 1 AND abs(sum(l.amount)) = p.amount
) x
JOIN open_line l ON l.reference = x.reference AND l.is_return = x.is_return
WHERE l.statement_id = %(statement)s AND {_OURS}
"""
# One entry for a whole list (`token` begins the references of its payments): exactly what of that list was credited and is not explained yet.
# LATERAL with a bound: read for the few lines that name a list. A join would begin with all payments that nothing explains.
LUMPED = """
INSERT INTO reconciliation_statementmatch (line_id, kind, basis, amount, payment_id, reason, matched_at)
SELECT x.line_id, 'DEBIT', 'LUMPED', -credited.amount, credited.id, '', %(now)s
FROM (
    SELECT DISTINCT ON (b.id) l.id AS line_id, l.amount, b.id AS batch_id
    FROM open_line l
    JOIN reconciliation_statement s ON s.id = l.statement_id
    JOIN payments_paymentbatch b ON b.funding_account_id = s.funding_account_id AND b.token = l.reference
    WHERE l.statement_id = %(statement)s AND l.amount < 0
      AND -l.amount = (SELECT sum(p.amount) FROM payments_payment p WHERE p.batch_id = b.id AND p.status IN ('POSTED', 'RETURNED')
                       AND NOT EXISTS (SELECT 1 FROM reconciliation_livematch t WHERE t.payment_id = p.id AND t.kind = 'DEBIT'))
    ORDER BY b.id, l.ordinal
) x
CROSS JOIN LATERAL (
    SELECT p.id, p.amount FROM payments_payment p WHERE p.batch_id = x.batch_id AND p.status IN ('POSTED', 'RETURNED')
      AND NOT EXISTS (SELECT 1 FROM reconciliation_livematch t WHERE t.payment_id = p.id AND t.kind = 'DEBIT')
    OFFSET 0
) credited
"""
# A lump sum to the cash provider, what it gave back, its fee, money back to the budget.
TRANSFERS = """
INSERT INTO reconciliation_statementmatch (line_id, kind, basis, amount, fund_transfer_id, reason, matched_at)
SELECT DISTINCT ON (t.id) l.id, 'TRANSFER', 'REFERENCE', l.amount, t.id, '', %(now)s
FROM open_line l
JOIN reconciliation_statement s ON s.id = l.statement_id
JOIN payments_fundtransfer t ON t.reference = l.reference AND t.funding_account_id = s.funding_account_id
     AND l.amount = CASE WHEN t.kind = 'GIVEN_BACK' THEN t.amount ELSE -t.amount END
LEFT JOIN reconciliation_livematch taken ON taken.fund_transfer_id = t.id
WHERE l.statement_id = %(statement)s AND taken.id IS NULL
ORDER BY t.id, l.ordinal
"""
WEAKER_GROUNDS = (TOP_UPS, TRANSFERS, SPLIT, BY_BANK_REFERENCE, LUMPED)

# What another line explains already is no other amount of it: a further debit is one too many, whatever it comes to. The bank's own number says
# whose a line is where the whole statement tells none of ours, as that of the bank's API: in a file it may be a charge's, or a stranger's.
UNMATCHED = """
INSERT INTO reconciliation_discrepancy (kind, key, statement_id, line_id, payment_id, ours, theirs, sentence, status, found_at, resolution)
SELECT kind, 'line:' || line_id, %(statement)s, line_id, payment_id, ours, theirs,
       CASE kind WHEN 'AMOUNT_DIFFERS' THEN 'Số tiền trên sao kê khác số tiền đã duyệt chi.'
                 WHEN 'DUPLICATE_DEBIT' THEN 'Khoản chi này bị ghi Nợ hai lần.'
                 WHEN 'RETURN_UNEXPLAINED' THEN 'Tiền hoàn trả không rõ của khoản chi nào.'
                 ELSE 'Dòng sao kê không có khoản chi hoặc khoản cấp tiền tương ứng.' END, 'OPEN', %(now)s, ''
FROM (
    SELECT l.id AS line_id, p.id AS payment_id,
           CASE WHEN taken.known AND l.amount < 0 THEN 0 WHEN l.amount < 0 THEN -p.amount ELSE p.amount END AS ours, l.amount AS theirs,
           CASE WHEN l.amount < 0 AND taken.known THEN 'DUPLICATE_DEBIT'
                WHEN p.id IS NOT NULL AND p.amount <> abs(l.amount) AND NOT taken.known THEN 'AMOUNT_DIFFERS'
                WHEN l.is_return THEN 'RETURN_UNEXPLAINED' ELSE 'UNEXPECTED_LINE' END AS kind
    FROM reconciliation_statementline l
    LEFT JOIN reconciliation_livematch m ON m.line_id = l.id
    LEFT JOIN payments_payment named ON named.end_to_end_id = l.reference
    LEFT JOIN LATERAL (
        SELECT k.id, k.amount FROM payments_payment k JOIN payments_paymentbatch b ON b.id = k.batch_id
        JOIN reconciliation_statement s ON s.id = l.statement_id AND s.funding_account_id = b.funding_account_id
        WHERE named.id IS NULL AND k.bank_reference = l.bank_reference AND k.bank_reference <> ''
          AND NOT (SELECT EXISTS (SELECT 1 FROM reconciliation_statementline o
                                  WHERE o.statement_id = %(statement)s AND o.reference <> '' AND (o.amount < 0 OR o.is_return)))
        ORDER BY k.id LIMIT 1
    ) known ON true
    CROSS JOIN LATERAL (SELECT coalesce(named.id, known.id) AS id, coalesce(named.amount, known.amount) AS amount) p
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM reconciliation_livematch t WHERE t.payment_id = p.id
                                       AND t.kind = CASE WHEN l.amount < 0 THEN 'DEBIT' ELSE 'RETURN' END) AS known) taken
    WHERE l.statement_id = %(statement)s AND m.id IS NULL
) unmatched
ON CONFLICT (key) DO NOTHING
"""
# A payment the bank says it credited (or took back) in the statement's days must stand on the statement. Where a line of it stands there with
# another amount, that is the one thing to say. What a provider pays stands on its result list instead.
MISSING = """
INSERT INTO reconciliation_discrepancy (kind, key, statement_id, payment_id, ours, theirs, sentence, status, found_at, resolution)
SELECT 'MISSING_ON_STATEMENT', 'missing:' || w.kind || ':' || w.id, %(statement)s, w.id, w.amount, 0,
       CASE w.kind WHEN 'DEBIT' THEN 'Khoản đã ghi có không thấy trên sao kê.' ELSE 'Khoản hoàn trả không thấy trên sao kê.' END, 'OPEN', %(now)s, ''
FROM (
    SELECT p.id, -p.amount AS amount, 'DEBIT' AS kind, coalesce(p.credited_on, p.returned_on) AS on_day, b.funding_account_id
    FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
    WHERE p.status IN ('POSTED', 'RETURNED') AND NOT EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = b.id)
    UNION ALL
    SELECT p.id, p.amount, 'RETURN', p.returned_on, b.funding_account_id
    FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
    WHERE p.status = 'RETURNED' AND NOT EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = b.id)
) w
JOIN reconciliation_statement s ON s.id = %(statement)s AND s.funding_account_id = w.funding_account_id AND s.opening IS NOT NULL
     AND w.on_day BETWEEN s.from_on AND s.to_on
LEFT JOIN reconciliation_livematch m ON m.payment_id = w.id AND m.kind = w.kind
LEFT JOIN reconciliation_discrepancy d ON d.payment_id = w.id AND d.kind = 'AMOUNT_DIFFERS' AND sign(d.theirs) = sign(w.amount)
WHERE m.id IS NULL AND d.id IS NULL
ON CONFLICT (key) DO NOTHING
"""
# The same for money beside payments: a lump sum to a provider, what it gave back, its fee, money to the budget.
MISSING_TRANSFERS = """
INSERT INTO reconciliation_discrepancy (kind, key, statement_id, fund_transfer_id, ours, theirs, sentence, status, found_at, resolution)
SELECT 'MISSING_ON_STATEMENT', 'missing:TRANSFER:' || t.id, s.id, t.id, CASE WHEN t.kind = 'GIVEN_BACK' THEN t.amount ELSE -t.amount END, 0,
       CASE t.kind WHEN 'FORWARDED' THEN 'Khoản chuyển tổ chức dịch vụ chi trả không thấy trên sao kê.'
                   WHEN 'GIVEN_BACK' THEN 'Khoản tổ chức dịch vụ chi trả trả lại không thấy trên sao kê.'
                   WHEN 'TO_BUDGET' THEN 'Khoản nộp trả ngân sách không thấy trên sao kê.'
                   ELSE 'Phí dịch vụ chi trả không thấy trên sao kê.' END, 'OPEN', %(now)s, ''
FROM payments_fundtransfer t
JOIN reconciliation_statement s ON s.id = %(statement)s AND s.funding_account_id = t.funding_account_id AND s.opening IS NOT NULL
     AND t.booked_on BETWEEN s.from_on AND s.to_on
WHERE NOT EXISTS (SELECT 1 FROM reconciliation_livematch m WHERE m.fund_transfer_id = t.id)
ON CONFLICT (key) DO NOTHING
"""
# The statement is the bank's last word: money that left for a payment we hold to be failed, or came back for one we hold to be credited,
# is never explained away. Whoever sees to it asks the bank and corrects the state. What left for a failed payment and came back whole says
# what we say: nothing reached the person. Of a match `m` and its payment `p`.
_NET = """(SELECT sum(both_ways.amount) FROM reconciliation_livematch both_ways
          WHERE both_ways.payment_id = p.id AND both_ways.kind IN ('DEBIT', 'RETURN'))"""
STANDS_AGAINST = f"""((m.kind = 'DEBIT' AND p.status IN ('FAILED', 'CANCELLED', 'DRAFT', 'READY') AND {_NET} < 0)
       OR (m.kind = 'RETURN' AND p.status <> 'RETURNED' AND (p.status NOT IN ('FAILED', 'CANCELLED') OR {_NET} > 0)))"""
_CONTRADICTED = f"""
INSERT INTO reconciliation_discrepancy (kind, key, statement_id, line_id, payment_id, ours, theirs, sentence, status, found_at, resolution)
SELECT DISTINCT ON (l.id) 'BANK_CONTRADICTS', 'contradicts:' || l.id, l.statement_id, l.id, p.id, 0, l.amount,
       CASE m.kind WHEN 'DEBIT' THEN 'Sao kê ghi Nợ một khoản đã ghi nhận là không chuyển được hoặc đã hủy.'
                   ELSE 'Sao kê ghi hoàn trả một khoản chưa ghi nhận là hoàn trả.' END, 'OPEN', %(now)s, ''
FROM reconciliation_livematch m JOIN reconciliation_statementline l ON l.id = m.line_id JOIN payments_payment p ON p.id = m.payment_id
WHERE %s AND {STANDS_AGAINST}
ORDER BY l.id, p.id
ON CONFLICT (key) DO NOTHING
"""
CONTRADICTED = _CONTRADICTED.replace("%s AND", "l.statement_id = %(statement)s AND")
# A payment that ended only after its line was matched: parameters payments, now.
CONTRADICTED_SINCE = _CONTRADICTED.replace("%s AND", "m.payment_id = ANY(%(payments)s) AND")
# Money that moved days after the bank said it had: explained, but somebody has to ask whose the days were.
LATE = """
INSERT INTO reconciliation_discrepancy (kind, key, statement_id, line_id, payment_id, ours, theirs, sentence, status, found_at, resolution)
SELECT DISTINCT ON (l.id) 'LATE', 'late:' || l.id, %(statement)s, l.id, p.id, m.amount, l.amount,
       'Sao kê ghi sau ngày ngân hàng báo ' || (l.booked_on - x.said_on) || ' ngày.', 'OPEN', %(now)s, ''
FROM reconciliation_livematch m JOIN reconciliation_statementline l ON l.id = m.line_id JOIN payments_payment p ON p.id = m.payment_id,
     LATERAL (SELECT CASE m.kind WHEN 'DEBIT' THEN coalesce(p.credited_on, p.returned_on) ELSE p.returned_on END AS said_on) x
WHERE l.statement_id = %(statement)s AND l.booked_on - x.said_on > %(late_after)s
ORDER BY l.id, p.id
ON CONFLICT (key) DO NOTHING
"""
NAMED = (UNMATCHED, MISSING, MISSING_TRANSFERS, CONTRADICTED, LATE)

# What the weaker grounds said since a moment (the highest id of matches then), by list. Nobody has undone any of it yet.
TOTALS = """
SELECT p.batch_id, count(*), coalesce(-sum(m.amount) FILTER (WHERE m.kind = 'DEBIT'), 0), coalesce(sum(m.amount) FILTER (WHERE m.kind = 'RETURN'), 0)
FROM reconciliation_statementmatch m JOIN reconciliation_statementline l ON l.id = m.line_id JOIN payments_payment p ON p.id = m.payment_id
WHERE l.statement_id = %(statement)s AND m.id > %(since)s AND m.basis <> 'BY_HAND' AND m.reverses_id IS NULL GROUP BY 1 ORDER BY 1
"""
