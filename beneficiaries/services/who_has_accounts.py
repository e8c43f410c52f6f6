"""Who counts as enrolled and as having an account on a day: the definition, stated once, that report and break-downs share.

Parameters: scope (path of the unit), to_on (the day). An account counts from its `opened_on` to the day before its `closed_on`, both business
days, whatever became of it later; of several the confirmed one, then the one credited last, then the one opened last.
"""

LIVE = """e.starts_month <= %(to_on)s AND (e.ended_month IS NULL OR e.ended_month > %(to_on)s)
      AND (e.suspended_month IS NULL OR e.suspended_month > %(to_on)s)"""

# Everybody with a live enrolment, once, in the commune of their oldest one.
LIVE_PEOPLE = f"""
    SELECT DISTINCT ON (coalesce(b.same_as_id, b.id)) coalesce(b.same_as_id, b.id) AS person_id, e.unit_id
    FROM beneficiaries_enrolment e
    JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
    JOIN staff_administrativeunit u ON u.id = e.unit_id AND starts_with(u.path, %(scope)s)
    WHERE {LIVE}
    ORDER BY coalesce(b.same_as_id, b.id), e.id
"""  # our own fragment

ACCOUNT_OF_PERSON = """
    SELECT DISTINCT ON (coalesce(b.same_as_id, b.id)) coalesce(b.same_as_id, b.id) AS person_id, a.id AS account_id, a.reason, a.bank_bin,
           CASE a.holder_kind WHEN 'OWN' THEN 'own' WHEN 'AUTHORISED' THEN 'authorised' ELSE 'guardian' END AS holder
    FROM beneficiaries_bankaccount a JOIN beneficiaries_beneficiary b ON b.id = a.beneficiary_id
    WHERE a.opened_on <= %(to_on)s AND (a.status IN ('OPENED', 'VERIFIED') OR (a.status = 'CLOSED' AND a.closed_on > %(to_on)s))
    ORDER BY coalesce(b.same_as_id, b.id), (a.status = 'VERIFIED') DESC, a.last_credited_month DESC NULLS LAST, a.opened_on DESC, a.id DESC
"""
