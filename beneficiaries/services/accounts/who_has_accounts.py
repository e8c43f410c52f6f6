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

# Of the people in `live` alone: a statement that uses this names the people it is about so.
ACCOUNT_OF_PERSON = """
    SELECT DISTINCT ON (coalesce(b.same_as_id, b.id)) coalesce(b.same_as_id, b.id) AS person_id, a.id AS account_id, a.reason, a.bank_bin,
           CASE a.holder_kind WHEN 'OWN' THEN 'own' WHEN 'AUTHORISED' THEN 'authorised' ELSE 'guardian' END AS holder
    FROM beneficiaries_bankaccount a JOIN beneficiaries_beneficiary b ON b.id = a.beneficiary_id
    WHERE coalesce(b.same_as_id, b.id) IN (SELECT person_id FROM live)
      AND a.opened_on <= %(to_on)s AND (a.status IN ('OPENED', 'VERIFIED') OR (a.status = 'CLOSED' AND a.closed_on > %(to_on)s))
    ORDER BY coalesce(b.same_as_id, b.id), (a.status = 'VERIFIED') DESC, a.last_credited_month DESC NULLS LAST, a.opened_on DESC, a.id DESC
"""

# Full years on the day; of whom only the year is known, the years that pass on 1 January.
AGE_BANDS = """
    SELECT v.key, v.label FROM (VALUES ('00', 'Dưới 6 tuổi', 0, 5), ('06', 'Từ đủ 6 đến dưới 16', 6, 15), ('16', 'Từ đủ 16 đến dưới 60', 16, 59),
        ('60', 'Từ đủ 60 đến dưới 75', 60, 74), ('75', 'Từ đủ 75 đến dưới 80', 75, 79), ('80', 'Từ đủ 80 tuổi trở lên', 80, 999),
        ('99', 'Chưa rõ năm sinh', NULL, NULL)) v(key, label, youngest, oldest)
    WHERE CASE WHEN b.birth_year IS NULL THEN v.youngest IS NULL
               ELSE coalesce(date_part('year', age(%(to_on)s::date, b.birth_date)), date_part('year', %(to_on)s::date) - b.birth_year)
                    BETWEEN v.youngest AND v.oldest END
"""
