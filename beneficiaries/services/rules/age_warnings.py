"""Ages at which an amount changes or a right ends: somebody is told 60 days before, and a person decides. Nothing changes by itself."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from beneficiaries.models import CaseKind
from beneficiaries.services.cases.raising import raise_cases

WARN_BEFORE = timedelta(days=60)
# The decision is to be there before the month in which the age is reached, however long the rule would leave.
_DUE = "greatest(%(on)s::date, least(r.due_on, (date_trunc('month', f.reached_on) - interval '1 day')::date))"

# Known by year alone, a person reaches an age in the month the setting says.
# Each age is asked about once per enrolment and day it is reached on: a birth put right asks anew.
# A decision to adjust leaves the enrolment under the ground it was granted on: the ages of the ground that follows are its ages too, else a child
# adjusted at four would be asked about at sixteen no more.
_WARN = """
WITH RECURSIVE ages (category_id, age, next_category_id) AS (
    SELECT a.category_id, a.age, a.next_category_id FROM beneficiaries_agechange a WHERE a.ended_on IS NULL OR a.ended_on > %(on)s
    UNION
    SELECT g.category_id, a.age, a.next_category_id
    FROM ages g JOIN beneficiaries_agechange a ON a.category_id = g.next_category_id AND a.age > g.age AND (a.ended_on IS NULL OR a.ended_on > %(on)s)
), found AS (
SELECT DISTINCT ON (w.beneficiary_id) w.reached_on, w.beneficiary_id, w.id AS enrolment_id, NULL::bigint AS against_id, w.unit_id, 'AGE_' || w.age AS reason,
       w.id || ':' || w.age AS subject,
       jsonb_build_array('đủ ' || w.age || ' tuổi ngày ' || to_char(w.reached_on, 'DD/MM/YYYY')
           || CASE WHEN w.birth_date IS NULL THEN ' (chỉ biết năm sinh, tính theo quy ước)' ELSE '' END,
           CASE WHEN w.next_code IS NULL THEN 'hết điều kiện hưởng nhóm này'
                WHEN w.next_until < w.reached_on THEN 'nhóm ' || w.next_code || ' không nhận người hưởng mới từ sau tháng ' || to_char(w.next_until, 'MM/YYYY')
                    || '; xét trợ cấp hưu trí xã hội hoặc chính sách thay thế'
                ELSE 'chuyển sang nhóm ' || w.next_code END) AS evidence
FROM (
    SELECT e.id, e.beneficiary_id, e.unit_id, a.age, n.neutral_code AS next_code,
           n.last_grant_month + interval '1 month' - interval '1 day' AS next_until, b.birth_date,
           (coalesce(b.birth_date, make_date(b.birth_year, %(month)s, 1)) + make_interval(years => a.age::int))::date AS reached_on
    FROM beneficiaries_enrolment e JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
    JOIN ages a ON a.category_id = e.category_id
    LEFT JOIN beneficiaries_benefitcategory n ON n.id = a.next_category_id
    WHERE b.birth_year IS NOT NULL AND (e.ended_month IS NULL OR e.ended_month > %(on)s)
) w
WHERE w.reached_on BETWEEN %(on)s AND %(until)s
  AND NOT EXISTS (SELECT 1 FROM beneficiaries_case k WHERE k.enrolment_id = w.id AND k.kind = 'AGE' AND k.reason = 'AGE_' || w.age
                    AND k.evidence ->> 0 LIKE '%%' || to_char(w.reached_on, 'DD/MM/YYYY') || '%%')
ORDER BY w.beneficiary_id, w.reached_on, w.id
)"""


@transaction.atomic
def warn_of_ages(*, now: datetime) -> int:
    """Open a case for everyone who reaches an age of their category within 60 days; returns how many are new."""
    today: date = timezone.localdate(now)
    given: dict[str, Any] = {
        "on": today,
        "until": today + WARN_BEFORE,
        "month": settings.BIRTH_YEAR_ONLY_MONTH,
    }
    return raise_cases(kind=CaseKind.AGE, found=_WARN, given=given, now=now, due=_DUE)
