"""What is owed for a month, as pieces of SQL: one definition for this month, for months before and for months ahead.

`month` is an expression for the first day of the month; `e` is the enrolment, `p` its programme, `r` the life of its beneficiary.
Parameters: as_of; of `not_yet` also month, the list's own; of `in_its_month` also supplementary.
What few enrolments have is asked of a small set first, so that a million others cost no look-up each.
"""


def owed(month: str) -> str:
    """Whether the enrolment is due an answer for `month`: begun, not paid before us, not ended, suspended, nor given up by a decision to resume."""
    return f"""(e.starts_month <= {month} AND (e.ended_month IS NULL OR e.ended_month > {month})
      AND (e.suspended_month IS NULL OR e.suspended_month > {month}) AND (e.paid_through_month IS NULL OR e.paid_through_month < {month})
      AND (e.id NOT IN (SELECT enrolment_id FROM beneficiaries_decision WHERE kind = 'RESUME' AND NOT pay_between)
           OR NOT EXISTS (SELECT 1 FROM beneficiaries_decision gap WHERE gap.enrolment_id = e.id AND gap.kind = 'RESUME' AND NOT gap.pay_between
                          AND gap.from_month <= {month} AND gap.effective_month > {month})))"""


def not_yet(month: str) -> str:
    """Whether a decision to resume, signed ahead, gives `month` back only with the list of its own first month: nothing is paid before that."""
    return f"""(e.id IN (SELECT enrolment_id FROM beneficiaries_decision WHERE kind = 'RESUME' AND pay_between AND effective_month > %(month)s::date)
      AND EXISTS (SELECT 1 FROM beneficiaries_decision gap WHERE gap.enrolment_id = e.id AND gap.kind = 'RESUME' AND gap.pay_between
                  AND gap.effective_month > %(month)s::date AND gap.from_month <= {month} AND gap.effective_month > {month}))"""


def in_its_month(month: str) -> str:
    """Whether the month is one the programme pays: of a grant paid once its own alone, whatever was decided about it since.

    Decided after the day the month's own lists look at, it is left to a supplementary list, which looks at today.
    """
    return f"(p.kind = 'REGULAR' OR (e.starts_month = {month} AND (%(supplementary)s OR {granted(month)})))"


def moved(month: str) -> str:
    """Whether the papers went to another commune that has not decided yet: the answer for `month` is MOVED."""
    return f"""(e.moved_to_id IS NOT NULL AND e.ended_month <= {month}
      AND NOT EXISTS (SELECT 1 FROM beneficiaries_enrolment after WHERE after.continues_id = e.id))"""


def granted(month: str) -> str:
    """Whether a decision known on the list's day grants the month."""
    return f"""EXISTS (SELECT 1 FROM beneficiaries_decision d WHERE d.enrolment_id = e.id AND d.kind IN ('GRANT', 'TRANSFER_IN')
                   AND d.effective_month <= {month} AND d.signed_on <= %(as_of)s)"""


def alive(month: str) -> str:
    """Whether nothing says the person died before `month`: an allowance runs to the end of the month of death."""
    return f"(r.deceased_on IS NULL OR r.deceased_on >= {month})"


def coefficient(month: str) -> str:
    """The coefficient of the last adjustment that has taken effect by `month`, else the one granted."""
    return f"""CASE WHEN e.id NOT IN (SELECT enrolment_id FROM beneficiaries_decision WHERE kind = 'ADJUST') THEN e.coefficient ELSE
           coalesce((SELECT d.coefficient FROM beneficiaries_decision d WHERE d.enrolment_id = e.id AND d.kind = 'ADJUST'
                     AND d.effective_month <= {month} AND d.signed_on <= %(as_of)s
                     ORDER BY d.effective_month DESC, d.signed_on DESC, d.id DESC LIMIT 1), e.coefficient) END"""


def paid_out_by_decision() -> str:
    """Whether money still owed after the end may be paid: by decision; of a grant paid once, without one."""
    return """(p.kind <> 'REGULAR' OR EXISTS (SELECT 1 FROM beneficiaries_decision d
                WHERE d.enrolment_id = e.id AND d.kind = 'PAY_OUT' AND d.signed_on <= %(as_of)s))"""


# Nothing may be carried by a payment that may still reach the person.
CERTAINLY_UNPAID = "(p.id IS NULL OR (p.status IN ('FAILED', 'RETURNED', 'CANCELLED') AND p.confirmed_at IS NOT NULL))"

# Rates of every month somebody may be owed: standard amount per programme, top-up per category, as known on the list's day.
RATES = """
CREATE TEMP TABLE rates ON COMMIT DROP AS
WITH months AS (
    SELECT generate_series(least((SELECT min(starts_month) FROM beneficiaries_enrolment e WHERE e.id IN
        (SELECT enrolment_id FROM beneficiaries_decision WHERE recorded_by_id IS NOT NULL AND kind IN ('GRANT', 'TRANSFER_IN'))),
        (SELECT min(month) FROM payments_cycle), %(month)s), %(last)s::timestamp, '1 month')::date AS month
), standard AS (
    SELECT DISTINCT ON (m.month, s.programme_id) m.month, s.programme_id, s.amount
    FROM months m JOIN beneficiaries_standardamount s ON s.valid_from <= m.month AND s.known_on <= %(as_of)s
    ORDER BY m.month, s.programme_id, s.valid_from DESC
), added AS (
    SELECT DISTINCT ON (m.month, t.category_id) m.month, t.category_id, t.amount, t.budget_source
    FROM months m JOIN beneficiaries_topuprate t ON t.valid_from <= m.month AND t.known_on <= %(as_of)s
    ORDER BY m.month, t.category_id, t.valid_from DESC
)
SELECT s.month, c.id AS category_id, s.amount AS standard_amount, coalesce(a.amount, 0) AS top_up, coalesce(a.budget_source, '') AS top_up_source
FROM standard s JOIN beneficiaries_benefitcategory c ON c.programme_id = s.programme_id
LEFT JOIN added a ON a.category_id = c.id AND a.month = s.month
"""


def excluding(month: str) -> str:
    """Whether categories `a` (of programme `pa`) and `b` do not stand beside each other in `month`; the most specific row wins, then the youngest."""
    return f"coalesce({rule(month, 'NOT x.together')}, a.programme_id = b.programme_id AND (a.id = b.id OR NOT pa.several_grounds))"


def rule(month: str, what: str) -> str:
    """`what` of the row of the exclusion table that says it; NULL where none does."""
    return f"""(SELECT {what} FROM beneficiaries_exclusion x
    WHERE x.valid_from <= {month}
      AND ((x.programme_id = a.programme_id AND coalesce(x.category_id, a.id) = a.id
            AND x.other_programme_id = b.programme_id AND coalesce(x.other_category_id, b.id) = b.id)
        OR (x.programme_id = b.programme_id AND coalesce(x.category_id, b.id) = b.id
            AND x.other_programme_id = a.programme_id AND coalesce(x.other_category_id, a.id) = a.id))
      AND (a.id <> b.id OR x.category_id = x.other_category_id)
    ORDER BY num_nonnulls(x.category_id, x.other_category_id) DESC, x.valid_from DESC, x.id DESC LIMIT 1)"""


# `legal_source`: of the table's row; NULL where a programme excludes itself, so that somebody stands in it twice.
EXCLUDES = f"""
CREATE TEMP TABLE excludes ON COMMIT DROP AS
SELECT a.id AS category_id, b.id AS other_id, {rule("%(month)s", "x.legal_source")} AS legal_source
FROM beneficiaries_benefitcategory a JOIN beneficiaries_programme pa ON pa.id = a.programme_id CROSS JOIN beneficiaries_benefitcategory b
WHERE {excluding("%(month)s")}
"""

# What the month's own lists answered with no money shuts nobody out of a supplementary one.
UNPAID = """
UPDATE due d SET not_payable_reason = t.not_payable_reason FROM payments_entitlement t
WHERE %(supplementary)s AND d.answered AND d.not_payable_reason = '' AND t.enrolment_id = d.enrolment_id AND t.month = %(month)s
  AND t.corrects_id IS NULL AND t.not_payable_reason <> ''
"""
