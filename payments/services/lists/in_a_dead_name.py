"""Payments of a list made before its agent's death was known: the power of attorney ended with the agent (Civil Code 2015, art. 140)."""


def in_a_dead_name(payment: str) -> str:
    """Whether the payment (`payment`: its alias) names an agent whose paper ended by a death, with no paper or right of that name beside it."""
    return f"""(EXISTS (
        SELECT 1 FROM beneficiaries_payeerelation r WHERE r.beneficiary_id = {payment}.beneficiary_id AND r.full_name = {payment}.payee_name
               AND r.kind = 'AUTHORISED' AND r.end_reason = 'DECEASED')
    AND NOT EXISTS (SELECT 1 FROM beneficiaries_payeerelation r WHERE r.beneficiary_id = {payment}.beneficiary_id
                    AND r.full_name = {payment}.payee_name AND r.ended_on IS NULL)
    AND NOT EXISTS (SELECT 1 FROM beneficiaries_beneficiary s WHERE s.id = {payment}.beneficiary_id AND s.full_name = {payment}.payee_name)
    AND NOT EXISTS (SELECT 1 FROM beneficiaries_decision d JOIN beneficiaries_enrolment n ON n.id = d.enrolment_id  -- to the heir, by decision
                    WHERE n.beneficiary_id = {payment}.beneficiary_id AND d.kind = 'PAY_OUT' AND d.payee_name = {payment}.payee_name))"""
