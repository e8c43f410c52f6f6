"""What is known of a person, read in a handful of statements whatever there is of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from beneficiaries.models import Beneficiary
from beneficiaries.services.accounts.banks import bank_name
from beneficiaries.services.numbers import NOT_OPENED, last_four, listed_identity_number
from reconciliation.reports.person.changes import Change, changes_of
from reconciliation.reports.rolls.rows import rows_of

Row = dict[str, Any]
_ENROLMENTS = """
SELECT n.code, g.name AS programme, k.neutral_code, trim_scale(n.coefficient)::text AS coefficient, u.name AS unit_name, n.starts_month, n.ended_month,
       n.suspended_month
FROM beneficiaries_enrolment n JOIN beneficiaries_programme g ON g.id = n.programme_id JOIN beneficiaries_benefitcategory k ON k.id = n.category_id
JOIN staff_administrativeunit u ON u.id = n.unit_id WHERE n.beneficiary_id = ANY(%(people)s) ORDER BY n.starts_month, n.id
"""
_DECISIONS = """
SELECT d.kind, d.number, d.signed_on, beneficiaries_signer_of(d.id, d.signer) AS signer, d.effective_month, d.amount, n.code, w.full_name AS recorded_by
FROM beneficiaries_decision d JOIN beneficiaries_enrolment n ON n.id = d.enrolment_id LEFT JOIN staff_user w ON w.id = d.recorded_by_id
WHERE n.beneficiary_id = ANY(%(people)s) ORDER BY d.signed_on DESC, d.id DESC
"""
# One line per month and file; what was withdrawn by decision is owed no more.
_MONTHS = """
SELECT e.month, n.code, sum(e.amount)::bigint AS owed, coalesce(sum(e.amount) FILTER (WHERE p.status = 'POSTED'), 0)::bigint AS paid,
       coalesce(max(e.channel), '') AS channel, max(p.credited_on) AS credited_on, max(p.returned_on) AS returned_on, max(e.not_payable_reason) AS reason,
       max(e.cash_reason) AS cash_reason, max(p.status) AS status, max(a.reason) AS account_reason
FROM payments_entitlement e JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id LEFT JOIN payments_payment p ON p.id = e.payment_id
LEFT JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id
WHERE n.beneficiary_id = ANY(%(people)s) AND e.withdrawn_in_id IS NULL GROUP BY e.month, n.id, n.code ORDER BY e.month DESC, n.code
"""
_ACCOUNTS = """
SELECT a.bank_bin, m.sealed, m.digest, a.status, a.reason, a.source, a.holder_kind, a.opened_on, a.closed_on
FROM beneficiaries_bankaccount a LEFT JOIN beneficiaries_accountnumber m ON m.id = a.number_id WHERE a.beneficiary_id = ANY(%(people)s) ORDER BY a.id DESC
"""
_PAYEES = """
SELECT r.kind, r.full_name, r.paper_number, r.certified_by, r.valid_from, r.valid_until, r.ended_on, r.end_reason
FROM beneficiaries_payeerelation r WHERE r.beneficiary_id = ANY(%(people)s) ORDER BY r.ended_on IS NOT NULL, r.valid_from DESC, r.id DESC
"""
_PHONES = """
SELECT f.owner, f.opted_out_at, f.recorded_at, w.full_name AS recorded_by
FROM beneficiaries_phone f JOIN staff_user w ON w.id = f.recorded_by_id WHERE f.beneficiary_id = ANY(%(people)s) ORDER BY f.recorded_at DESC
"""


@dataclass(frozen=True)
class PersonFacts:
    """Rows newest first. `number` is masked unless asked for in clear; `elsewhere`: the person has files outside what the reader may see."""

    person: Beneficiary
    number: str
    enrolments: list[Row]
    decisions: list[Row]
    months: list[Row]
    accounts: list[Row]
    payees: list[Row]
    phones: list[Row]
    changes: list[Change]
    elsewhere: bool


def read_person(*, person: Beneficiary, people: Sequence[int], elsewhere: bool, in_clear: bool) -> PersonFacts:
    """Facts of the records `people`, all of them the same human being; `person` is the one that is kept (number and unit loaded)."""
    given = {"people": list(people)}
    return PersonFacts(
        person=person, number=_number(person, in_clear=in_clear), enrolments=list(rows_of(_ENROLMENTS, given)),
        decisions=list(rows_of(_DECISIONS, given)), months=list(rows_of(_MONTHS, given)),
        accounts=[_account(row) for row in rows_of(_ACCOUNTS, given)],
        payees=list(rows_of(_PAYEES, given)), phones=list(rows_of(_PHONES, given)), changes=changes_of(people), elsewhere=elsewhere,
    )  # fmt: skip


def _number(person: Beneficiary, *, in_clear: bool) -> str:
    if person.number is None:
        return "chưa có"
    number = listed_identity_number(person.number.sealed, digest=person.number.digest)
    return number if in_clear or number == NOT_OPENED else "•" * (len(number) - 3) + number[-3:]


def _account(row: Row) -> Row:
    """The last four digits and no more, whoever asks."""
    last = ""
    if row["sealed"] is not None:
        last = last_four(row["sealed"], bank_bin=row["bank_bin"], digest=row["digest"])
    rest = {key: value for key, value in row.items() if key not in ("sealed", "digest")}
    return rest | {"last_four": last, "bank": bank_name(row["bank_bin"]) if row["bank_bin"] else ""}
