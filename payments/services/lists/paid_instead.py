"""Which right is paid instead of one that another shuts out, and by which rule. By its printed code: a sensitive category is never named."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from payments.services.lists.owing import excluding, rule

_INSTEAD = f"""
SELECT DISTINCT ON (e.code) e.code, b.neutral_code, coalesce({rule("%(month)s", "x.legal_source")}, '')
FROM beneficiaries_enrolment e JOIN beneficiaries_beneficiary p ON p.id = e.beneficiary_id
JOIN beneficiaries_benefitcategory a ON a.id = e.category_id JOIN beneficiaries_programme pa ON pa.id = a.programme_id
JOIN beneficiaries_beneficiary q ON coalesce(q.same_as_id, q.id) = coalesce(p.same_as_id, p.id)
JOIN beneficiaries_enrolment o ON o.beneficiary_id = q.id AND o.id <> e.id JOIN beneficiaries_benefitcategory b ON b.id = o.category_id
JOIN payments_entitlement t ON t.enrolment_id = o.id AND t.month = %(month)s AND t.not_payable_reason = '' AND t.withdrawn_in_id IS NULL
WHERE e.code = ANY(%(codes)s) AND {excluding("%(month)s")} ORDER BY e.code, t.amount DESC, o.id
"""


def paid_instead(*, codes: Sequence[str], month: date) -> dict[str, str]:
    """For the records `codes`, which nothing is paid for in `month`: the printed code of the right that is, and the rule, in one clause."""
    with connection.cursor() as cursor:
        cursor.execute(_INSTEAD, {"codes": list(codes), "month": month})
        return {
            code: f"đã chi theo nhóm {neutral}" + (f", căn cứ {source}" if source else "")
            for code, neutral, source in cursor.fetchall()
        }
