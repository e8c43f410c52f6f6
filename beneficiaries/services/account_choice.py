"""Which account a person's money goes to, when several exist or none may be used: one definition, as SQL, for whoever makes a list.

Parameters: as_of (what was known that day), pay_on (the day of paying), month. Gives `chosen`: per person one account or none, `usable`, and
the reason when it is not. Among good accounts the one of the newest approved change goes first, then VERIFIED before a merely proven one,
then the source's rank (`SourcePrecedence`), then the newest. What is not usable leads to cash, never to nothing.
"""

# What a bank said against the account itself. Doubt about a person or a name leaves an account that was credited in use; this does not.
AGAINST_THE_ACCOUNT = ("ACCOUNT_CLOSED", "ACCOUNT_BLOCKED", "INVALID_ACCOUNT", "RETURNED", "DECLINED")


def proven(account: str) -> str:
    """Whether money may go into the account (`account`: its alias): confirmed, or credited before and nothing the bank said since stands against it."""
    against = ", ".join(f"'{reason}'" for reason in AGAINST_THE_ACCOUNT)
    return (
        f"({account}.status = 'VERIFIED' OR ({account}.status = 'OPENED' AND {account}.last_credited_month IS NOT NULL "
        f"AND {account}.reason NOT IN ({against})))"
    )


CHOSEN = f"""
without_paper AS (  -- every power of attorney of the person is past its last day
    SELECT coalesce(b.same_as_id, b.id) AS person_id
    FROM beneficiaries_enrolment e JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
    WHERE e.payee_kind = 'AUTHORISED' AND (e.ended_month IS NULL OR e.ended_month > %(month)s)
    GROUP BY 1 HAVING bool_and(coalesce(e.payee_paper_until < %(pay_on)s, false))
), wish AS (
    SELECT DISTINCT ON (coalesce(b.same_as_id, b.id)) coalesce(b.same_as_id, b.id) AS person_id, s.method
    FROM beneficiaries_registrationslip s JOIN beneficiaries_beneficiary b ON b.id = s.beneficiary_id
    WHERE s.signed_on <= %(as_of)s ORDER BY coalesce(b.same_as_id, b.id), s.signed_on DESC, s.id DESC
), waiting AS (
    SELECT DISTINCT new_account_id AS account_id FROM beneficiaries_accountchange
    WHERE status = 'PENDING'  -- a first account waits for the second person only: there is nothing it could take money from
       OR (status = 'APPROVED' AND old_account_id IS NOT NULL AND usable_from > %(as_of)s)
), changed AS (  -- an account's newest effective change: it came in by it, or it went out
    SELECT DISTINCT ON (account_id) account_id, went_out, decided_at
    FROM (SELECT new_account_id AS account_id, false AS went_out, decided_at, id FROM beneficiaries_accountchange
          WHERE status = 'APPROVED' AND usable_from <= %(as_of)s
          UNION ALL
          SELECT old_account_id, true, decided_at, id FROM beneficiaries_accountchange
          WHERE status = 'APPROVED' AND usable_from <= %(as_of)s AND old_account_id IS NOT NULL) sides
    ORDER BY account_id, decided_at DESC, id DESC
), candidate AS (
    SELECT coalesce(ab.same_as_id, ab.id) AS person_id, a.id, a.status, a.last_credited_month, a.opened_on, coalesce(p.rank, 99) AS rank,
           changed.decided_at, coalesce(changed.went_out, false) AS went_out,
           {proven("a")} AS proven,
           CASE WHEN wish.method = 'CASH' THEN 'CASH_CHOSEN'
                WHEN a.holder_kind = 'AUTHORISED' AND without_paper.person_id IS NOT NULL THEN 'AUTHORISATION_INVALID'
                WHEN waiting.account_id IS NOT NULL THEN 'ACCOUNT_CHANGE_WAITING' ELSE '' END AS barred,
           a.reason
    FROM beneficiaries_bankaccount a JOIN beneficiaries_beneficiary ab ON ab.id = a.beneficiary_id
    LEFT JOIN beneficiaries_sourceprecedence p ON p.source = a.source
    LEFT JOIN without_paper ON without_paper.person_id = coalesce(ab.same_as_id, ab.id)
    LEFT JOIN wish ON wish.person_id = coalesce(ab.same_as_id, ab.id)
    LEFT JOIN waiting ON waiting.account_id = a.id
    LEFT JOIN changed ON changed.account_id = a.id
    WHERE a.number_id IS NOT NULL AND a.status IN ('OPENED', 'VERIFIED', 'CLOSED') AND (a.opened_on IS NULL OR a.opened_on <= %(as_of)s)
), chosen AS (
    SELECT DISTINCT ON (person_id) person_id, id, proven AND barred = '' AND NOT went_out AS usable,
           CASE WHEN barred <> '' THEN barred ELSE reason END AS reason
    FROM candidate
    ORDER BY person_id, (proven AND barred = '' AND NOT went_out) DESC, (status <> 'CLOSED') DESC, went_out, decided_at DESC NULLS LAST,
             (status = 'VERIFIED') DESC, rank, (last_credited_month IS NOT NULL) DESC, opened_on DESC NULLS LAST, id DESC
)
"""
