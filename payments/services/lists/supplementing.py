"""The statements of supplementary lists: those of the month's own, for whoever no list has answered, and without what earlier months owe.

Arrears, what came back and what is withdrawn stay with the month's own lists and with reissues: here nobody's other money moves.
"""

from beneficiaries.models import CaseKind
from payments.services.lists import building, earlier_months

LATE = "DELETE FROM due WHERE kind = 'REGULAR' OR NOT answers"
NO_ARREARS = """
CREATE TEMP TABLE arrears (enrolment_id bigint, month date, corrects_id bigint, coefficient numeric, standard_amount bigint, amount bigint,
                           top_up bigint, top_up_source text, decision_id bigint) ON COMMIT DROP
"""
_OF_EARLIER_MONTHS = (earlier_months.WITHDRAW, earlier_months.CLAIMED, "ANALYZE claimed", earlier_months.ARREARS)
STAGES = [LATE, NO_ARREARS, *(statement for statement in building.STAGES if statement not in _OF_EARLIER_MONTHS)]
RAISED = [
    (CaseKind.DECEASED, building.DECEASED),
    (CaseKind.ACCOUNT, building.PAPERS),
    (CaseKind.ACCOUNT, building.ACCOUNTS),
]

LINES_MADE = """
SELECT e.code, b.full_name, u.name, g.code, t.amount, t.not_payable_reason, t.channel, t.cash_reason, coalesce(p.payee_name, '')
FROM payments_entitlement t JOIN beneficiaries_enrolment e ON e.id = t.enrolment_id JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
JOIN beneficiaries_programme g ON g.id = e.programme_id JOIN staff_administrativeunit u ON u.id = e.unit_id
LEFT JOIN payments_payment p ON p.id = t.payment_id
WHERE t.enrolment_id = ANY(%(enrolments)s) ORDER BY u.code, g.code, coalesce(p.payee_name, ''), e.paid_to_id IS NOT NULL, b.sort_key COLLATE "C", e.id
"""
