"""Payments of a list made before the death of whoever receives was known: an agent's power ended with the agent (Civil Code 2015, art. 140), a
guardian's place is somebody else's to take (art. 60), a parent's or carer's too."""


def _letters(name: str) -> str:
    """A name as its key is kept: letters alone, however it is spelt."""
    return f"regexp_replace(lower(translate(normalize({name}, NFD), 'ĐđÐð', 'dddd')), '[^a-z]', '', 'g')"


def in_a_dead_name(payment: str) -> str:
    """Whether the payment (`payment`: its alias) names a payee whose right ended by their death, or goes into such a one's account, with no paper
    or right of that name beside it. A guardian somebody let go when the person died is alive: what is left of the person's months is theirs to take."""
    return f"""(EXISTS (
        SELECT 1 FROM beneficiaries_payeerelation r
        LEFT JOIN beneficiaries_bankaccount o ON o.id = {payment}.bank_account_id AND o.holder_kind <> 'OWN'
        WHERE r.beneficiary_id = {payment}.beneficiary_id AND r.end_reason = 'DECEASED'
          AND (r.full_name = {payment}.payee_name OR r.name_key IN ({_letters(payment + ".payee_name")}, {_letters("o.holder_name")}))
          AND (r.kind = 'AUTHORISED' OR r.ended_by_id IS NULL OR NOT EXISTS (
               SELECT 1 FROM beneficiaries_life v WHERE v.beneficiary_id = r.beneficiary_id AND v.deceased_on IS NOT NULL))
          AND NOT EXISTS (SELECT 1 FROM beneficiaries_payeerelation h WHERE h.beneficiary_id = r.beneficiary_id
                          AND h.name_key = r.name_key AND h.ended_on IS NULL)
          AND NOT EXISTS (SELECT 1 FROM beneficiaries_beneficiary s WHERE s.id = r.beneficiary_id AND s.name_key = r.name_key))
    AND NOT EXISTS (SELECT 1 FROM beneficiaries_decision d JOIN beneficiaries_enrolment n ON n.id = d.enrolment_id  -- to the heir, by decision
                    WHERE n.beneficiary_id = {payment}.beneficiary_id AND d.kind = 'PAY_OUT' AND d.payee_name = {payment}.payee_name))"""
