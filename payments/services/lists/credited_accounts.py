"""Which accounts were credited last, as SQL; parameter: only (ids of people, NULL: everybody)."""

# What the last cycles credited proves an account: it goes on being paid while an identity is in doubt. An account with anything against
# it (a later return, a wrong name) is not proven by an earlier month.
CREDITED_ACCOUNTS = """
UPDATE beneficiaries_bankaccount a SET last_credited_month = credited.month
FROM (SELECT p.bank_account_id, max(c.month) AS month FROM payments_payment p
      JOIN payments_paymentbatch b ON b.id = p.batch_id JOIN payments_cycle c ON c.id = b.cycle_id
      WHERE p.status = 'POSTED' AND p.bank_account_id IS NOT NULL AND (%(only)s::bigint[] IS NULL OR p.bank_account_id IN (
          SELECT id FROM beneficiaries_bankaccount WHERE beneficiary_id = ANY(%(only)s))) GROUP BY p.bank_account_id) credited
WHERE a.id = credited.bank_account_id AND a.reason = ''
  AND a.last_credited_month IS DISTINCT FROM credited.month
"""
