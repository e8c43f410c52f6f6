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


def in_another_name(account: str) -> str:
    """Whether a paper names another as who receives for the person than the holder (`look_at_payees_accounts`); the beneficiary's own never is.

    A bank's nearly equal spelling of the one payee there ever was bars nothing that was credited: it is asked about.
    """
    return f"""({account}.holder_kind <> 'OWN' AND {account}.name_verdict IN ('DIFFERENT', 'REVIEW') AND EXISTS (
        SELECT 1 FROM beneficiaries_payeerelation r WHERE r.beneficiary_id = {account}.beneficiary_id AND r.kind = {account}.holder_kind
        HAVING count(DISTINCT r.name_key) > CASE {account}.name_verdict WHEN 'DIFFERENT' THEN 0 ELSE 1 END))"""


def payable(account: str) -> str:
    """Whether money may be on its way into the account: proven, and not of somebody who was replaced meanwhile."""
    return f"({proven(account)} AND NOT {in_another_name(account)})"


# Parents, guardians and carers as papers recorded ahead turn them between as_of and the day of paying, as `begin_payees` will. A power of attorney
# carries its own last day (`payee_paper_until`).
_TURNS = """
turns AS MATERIALIZED (
    SELECT e.id AS enrolment_id, e.beneficiary_id, e.payee_kind AS kind_before, e.payee_name AS name_before,
           coalesce(n.kind, 'OWN') AS kind, coalesce(n.full_name, '') AS name, n.number_id
    FROM (SELECT DISTINCT beneficiary_id FROM beneficiaries_payeerelation
          WHERE (valid_from > %(as_of)s AND valid_from <= %(pay_on)s) OR (ended_on > %(as_of)s AND ended_on <= %(pay_on)s)) p
    JOIN beneficiaries_enrolment e ON e.beneficiary_id = p.beneficiary_id AND e.ended_month IS NULL AND e.payee_kind <> 'AUTHORISED'
    LEFT JOIN LATERAL (SELECT * FROM beneficiaries_payeerelation r
                       WHERE r.beneficiary_id = p.beneficiary_id AND r.valid_from <= %(pay_on)s AND (r.ended_on IS NULL OR r.ended_on > %(pay_on)s)
                       ORDER BY r.recorded_at DESC, r.id DESC LIMIT 1) n
        ON n.kind <> 'AUTHORISED' AND n.valid_from > %(as_of)s AND n.valid_from > (n.recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
           AND (e.recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= n.valid_from
    WHERE n.id IS NOT NULL OR (
        EXISTS (SELECT 1 FROM beneficiaries_payeerelation r
                WHERE r.beneficiary_id = e.beneficiary_id AND r.kind = e.payee_kind AND r.full_name = e.payee_name
                  AND r.ended_on > %(as_of)s AND r.ended_on <= %(pay_on)s AND (e.recorded_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= r.ended_on)
        AND NOT EXISTS (SELECT 1 FROM beneficiaries_payeerelation r
                        WHERE r.beneficiary_id = e.beneficiary_id AND r.kind = e.payee_kind AND r.full_name = e.payee_name
                          AND (r.ended_on IS NULL OR r.ended_on > %(pay_on)s)))
), replaced AS (  -- kinds received by another person on the day of paying; under a corrected name it is the same person
    SELECT DISTINCT t.beneficiary_id, t.kind_before AS kind FROM turns t
    WHERE t.kind_before <> 'OWN' AND (t.kind, t.name) <> (t.kind_before, t.name_before)
      AND NOT EXISTS (SELECT 1 FROM beneficiaries_payeerelation r WHERE r.beneficiary_id = t.beneficiary_id AND r.kind = t.kind
                      AND r.full_name = t.name_before AND r.number_id = t.number_id)
)"""

CHOSEN = f"""
{_TURNS.strip()}, without_paper AS (  -- every power of attorney of the person is past its last day
    SELECT coalesce(b.same_as_id, b.id) AS person_id
    FROM beneficiaries_enrolment e JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
    WHERE e.payee_kind = 'AUTHORISED' AND (e.ended_month IS NULL OR e.ended_month > %(month)s)
    GROUP BY 1 HAVING bool_and(coalesce(e.payee_paper_until < %(pay_on)s, false))
), let_go AS (  -- kinds of payees a person had by a paper and has no more on the day of paying, neither by another paper nor by a list
    SELECT p.beneficiary_id, p.kind FROM beneficiaries_payeerelation p
    WHERE NOT EXISTS (SELECT 1 FROM beneficiaries_enrolment e WHERE e.beneficiary_id = p.beneficiary_id AND e.payee_kind = p.kind
                      AND (e.ended_month IS NULL OR e.ended_month > %(month)s))
    GROUP BY 1, 2 HAVING bool_and(coalesce(p.ended_on <= %(pay_on)s, false))
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
    SELECT coalesce(ab.same_as_id, ab.id) AS person_id, a.id, a.holder_kind, a.status, a.last_credited_month, a.opened_on, coalesce(p.rank, 99) AS rank,
           changed.decided_at, coalesce(changed.went_out, false) AS went_out,
           {proven("a")} AS proven,
           CASE WHEN wish.method = 'CASH' THEN 'CASH_CHOSEN'
                WHEN a.holder_kind = 'AUTHORISED' AND without_paper.person_id IS NOT NULL THEN 'AUTHORISATION_INVALID'
                WHEN let_go.kind IS NOT NULL OR replaced.kind IS NOT NULL OR {in_another_name("a")} THEN 'NAME_MISMATCH'
                WHEN waiting.account_id IS NOT NULL THEN 'ACCOUNT_CHANGE_WAITING' ELSE '' END AS barred,
           a.reason
    FROM beneficiaries_bankaccount a JOIN beneficiaries_beneficiary ab ON ab.id = a.beneficiary_id
    LEFT JOIN beneficiaries_sourceprecedence p ON p.source = a.source
    LEFT JOIN without_paper ON without_paper.person_id = coalesce(ab.same_as_id, ab.id)
    LEFT JOIN let_go ON let_go.beneficiary_id = a.beneficiary_id AND let_go.kind = a.holder_kind
    LEFT JOIN replaced ON replaced.beneficiary_id = a.beneficiary_id AND replaced.kind = a.holder_kind
    LEFT JOIN wish ON wish.person_id = coalesce(ab.same_as_id, ab.id)
    LEFT JOIN waiting ON waiting.account_id = a.id
    LEFT JOIN changed ON changed.account_id = a.id
    WHERE a.number_id IS NOT NULL AND a.status IN ('OPENED', 'VERIFIED', 'CLOSED') AND (a.opened_on IS NULL OR a.opened_on <= %(as_of)s)
), chosen AS (
    SELECT DISTINCT ON (person_id) person_id, id, holder_kind, proven AND barred = '' AND NOT went_out AS usable,
           CASE WHEN barred <> '' THEN barred ELSE reason END AS reason
    FROM candidate
    ORDER BY person_id, (proven AND barred = '' AND NOT went_out) DESC, (status <> 'CLOSED') DESC, went_out, decided_at DESC NULLS LAST,
             (status = 'VERIFIED') DESC, rank, (last_credited_month IS NOT NULL) DESC, opened_on DESC NULLS LAST, id DESC
)
"""
