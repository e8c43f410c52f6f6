"""Who is released and not sent leaves the list when whoever receives for them died: a guardian, a parent, a carer as well as an agent, however the
list spells the name, and whoever's account it goes into."""

from django.db import migrations

BEFORE = """
CREATE OR REPLACE FUNCTION payments_lost_its_way(the_payment bigint) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM payments_payment p JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id
        WHERE p.id = the_payment AND (
            a.status <> 'VERIFIED' AND (a.status <> 'OPENED' OR a.last_credited_month IS NULL
                OR a.reason IN ('ACCOUNT_CLOSED', 'ACCOUNT_BLOCKED', 'INVALID_ACCOUNT', 'RETURNED', 'DECLINED'))
            OR a.holder_kind <> 'OWN' AND a.name_verdict IN ('DIFFERENT', 'REVIEW') AND EXISTS (
                SELECT 1 FROM beneficiaries_payeerelation r WHERE r.beneficiary_id = a.beneficiary_id AND r.kind = a.holder_kind
                HAVING count(DISTINCT r.name_key) > CASE a.name_verdict WHEN 'DIFFERENT' THEN 0 ELSE 1 END)))
    OR EXISTS (
        SELECT 1 FROM payments_payment p
        JOIN beneficiaries_payeerelation r ON r.beneficiary_id = p.beneficiary_id AND r.full_name = p.payee_name
             AND r.kind = 'AUTHORISED' AND r.end_reason = 'DECEASED'
        WHERE p.id = the_payment
          AND NOT EXISTS (SELECT 1 FROM beneficiaries_payeerelation h
                          WHERE h.beneficiary_id = p.beneficiary_id AND h.full_name = p.payee_name AND h.ended_on IS NULL)
          AND NOT EXISTS (SELECT 1 FROM beneficiaries_beneficiary b WHERE b.id = p.beneficiary_id AND b.full_name = p.payee_name)
          AND NOT EXISTS (SELECT 1 FROM beneficiaries_decision d JOIN beneficiaries_enrolment n ON n.id = d.enrolment_id
                          WHERE n.beneficiary_id = p.beneficiary_id AND d.kind = 'PAY_OUT' AND d.payee_name = p.payee_name))
$$;
"""
LOST_ITS_WAY = """
CREATE OR REPLACE FUNCTION payments_lost_its_way(the_payment bigint) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM payments_payment p JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id
        WHERE p.id = the_payment AND (
            a.status <> 'VERIFIED' AND (a.status <> 'OPENED' OR a.last_credited_month IS NULL
                OR a.reason IN ('ACCOUNT_CLOSED', 'ACCOUNT_BLOCKED', 'INVALID_ACCOUNT', 'RETURNED', 'DECLINED'))
            OR a.holder_kind <> 'OWN' AND a.name_verdict IN ('DIFFERENT', 'REVIEW') AND EXISTS (
                SELECT 1 FROM beneficiaries_payeerelation r WHERE r.beneficiary_id = a.beneficiary_id AND r.kind = a.holder_kind
                HAVING count(DISTINCT r.name_key) > CASE a.name_verdict WHEN 'DIFFERENT' THEN 0 ELSE 1 END)))
    OR EXISTS (
        SELECT 1 FROM payments_payment p WHERE p.id = the_payment
          AND (EXISTS (
              SELECT 1 FROM beneficiaries_payeerelation r
              LEFT JOIN beneficiaries_bankaccount o ON o.id = p.bank_account_id AND o.holder_kind <> 'OWN'
              WHERE r.beneficiary_id = p.beneficiary_id AND r.end_reason = 'DECEASED'
                AND (r.full_name = p.payee_name OR r.name_key IN (
                     regexp_replace(lower(translate(normalize(p.payee_name, NFD), 'ĐđÐð', 'dddd')), '[^a-z]', '', 'g'),
                     regexp_replace(lower(translate(normalize(o.holder_name, NFD), 'ĐđÐð', 'dddd')), '[^a-z]', '', 'g')))
                AND (r.kind = 'AUTHORISED' OR r.ended_by_id IS NULL OR NOT EXISTS (
                     SELECT 1 FROM beneficiaries_life v WHERE v.beneficiary_id = r.beneficiary_id AND v.deceased_on IS NOT NULL))
                AND NOT EXISTS (SELECT 1 FROM beneficiaries_payeerelation h WHERE h.beneficiary_id = r.beneficiary_id
                                AND h.name_key = r.name_key AND h.ended_on IS NULL)
                AND NOT EXISTS (SELECT 1 FROM beneficiaries_beneficiary s WHERE s.id = r.beneficiary_id AND s.name_key = r.name_key))
          AND NOT EXISTS (SELECT 1 FROM beneficiaries_decision d JOIN beneficiaries_enrolment n ON n.id = d.enrolment_id  -- to the heir, by decision
                          WHERE n.beneficiary_id = p.beneficiary_id AND d.kind = 'PAY_OUT' AND d.payee_name = p.payee_name)))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("beneficiaries", "0021_one_level_by_one_person"),
        ("payments", "0028_nothing_goes_to_an_agent_who_died"),
    ]
    operations = [migrations.RunSQL(LOST_ITS_WAY, BEFORE)]
