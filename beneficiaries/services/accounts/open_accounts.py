"""From "needs an account" to a request at the bank: whoever lives on a list and has none, asked for once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from beneficiaries.errors import NothingToRequest
from beneficiaries.models import AccountOpening
from beneficiaries.services.accounts.banks import require_a_bank
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

# Everybody with a live enrolment, once, without an account at a bank or on the way to one, who did not ask for cash.
_NEED = """
WITH live AS (
    SELECT DISTINCT coalesce(b.same_as_id, b.id) AS person_id
    FROM beneficiaries_enrolment e JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
    JOIN staff_administrativeunit u ON u.id = b.unit_id AND starts_with(u.path, %(path)s)
    WHERE e.starts_month <= %(on)s AND (e.ended_month IS NULL OR e.ended_month > %(on)s)
), provided AS (
    SELECT DISTINCT coalesce(b.same_as_id, b.id) AS person_id FROM beneficiaries_bankaccount a
    JOIN beneficiaries_beneficiary b ON b.id = a.beneficiary_id WHERE a.status <> 'CLOSED'
), wish AS (
    SELECT DISTINCT ON (coalesce(b.same_as_id, b.id)) coalesce(b.same_as_id, b.id) AS person_id, s.method
    FROM beneficiaries_registrationslip s JOIN beneficiaries_beneficiary b ON b.id = s.beneficiary_id
    ORDER BY coalesce(b.same_as_id, b.id), s.signed_on DESC, s.id DESC
)
INSERT INTO beneficiaries_bankaccount (beneficiary_id, bank_bin, holder_name, holder_kind, source, status, cause, reason, status_at, status_on, changed_by_id)
SELECT live.person_id, '', '', 'OWN', 'BANK', 'NEEDED', 'NEED', 'NO_ACCOUNT', %(now)s, %(on)s, %(actor)s
FROM live LEFT JOIN provided USING (person_id) LEFT JOIN wish USING (person_id)
WHERE provided.person_id IS NULL AND coalesce(wish.method, '') <> 'CASH'
  AND (%(people)s::bigint[] IS NULL OR live.person_id = ANY(%(people)s::bigint[]))
ON CONFLICT DO NOTHING
"""
# Who is too young to sign has no account opened in the own name: whoever stands for them signs a slip for theirs. Of a birth year alone the
# oldest age counts, and who was born nobody knows when is of age: as for slips (`may_sign`).
TOO_YOUNG = """coalesce(extract(year FROM age(%(on)s::date, b.birth_date)), extract(year FROM %(on)s::date) - b.birth_year, %(signs_from_age)s)
           < %(signs_from_age)s"""
# Whom a guardian or parent stands for receives through that person's account: none is opened in the own name, however old they are (ADR 69).
STOOD_FOR = """(EXISTS (SELECT 1 FROM beneficiaries_payeerelation g WHERE g.beneficiary_id IN (SELECT b.id UNION ALL
                       SELECT d.id FROM beneficiaries_beneficiary d WHERE d.same_as_id = b.id)
                   AND g.kind IN ('GUARDIAN', 'PARENT') AND g.valid_from <= %(on)s AND (g.valid_until IS NULL OR g.valid_until >= %(on)s)
                   AND (g.ended_on IS NULL OR g.ended_on > %(on)s))
           OR EXISTS (SELECT 1 FROM beneficiaries_enrolment g WHERE g.beneficiary_id IN (SELECT b.id UNION ALL
                          SELECT d.id FROM beneficiaries_beneficiary d WHERE d.same_as_id = b.id)
                      AND g.payee_kind IN ('GUARDIAN', 'PARENT') AND g.starts_month <= %(on)s AND (g.ended_month IS NULL OR g.ended_month > %(on)s)))"""
# Who said at the door that they want none, or was told to have moved or died, is asked for by name alone (`people`), never with everybody.
NOT_WISHED = """(%(people)s::bigint[] IS NULL AND coalesce((
    SELECT v.outcome FROM beneficiaries_homevisit v WHERE v.beneficiary_id IN (SELECT b.id UNION ALL
           SELECT d.id FROM beneficiaries_beneficiary d WHERE d.same_as_id = b.id)
    ORDER BY v.visited_on DESC, v.id DESC LIMIT 1), '') IN ('CASH', 'REFUSES', 'MOVED', 'DIED'))"""
# A bank opens an account only for somebody it can identify: twelve digits that the population data confirmed.
_REQUEST = f"""
WITH wanted AS (
    SELECT a.id FROM beneficiaries_bankaccount a JOIN beneficiaries_beneficiary b ON b.id = a.beneficiary_id
    JOIN staff_administrativeunit u ON u.id = b.unit_id AND starts_with(u.path, %(path)s)
    JOIN beneficiaries_identityrecord r ON r.id = b.identity_id AND r.deceased_on IS NULL
    WHERE a.status IN ('NEEDED', 'REFUSED') AND b.identity_status = 'MATCHED'
      AND (%(people)s::bigint[] IS NULL OR b.id = ANY(%(people)s::bigint[])) AND NOT {TOO_YOUNG} AND NOT {STOOD_FOR} AND NOT {NOT_WISHED}
    ORDER BY a.id FOR UPDATE OF a
), moved AS (
    UPDATE beneficiaries_bankaccount a SET status = 'REQUESTED', cause = 'REQUEST', reason = '', bank_bin = %(bank)s, status_at = %(now)s,
           status_on = %(on)s, changed_by_id = %(actor)s, note = ''
    FROM wanted w WHERE w.id = a.id RETURNING a.id
)
INSERT INTO beneficiaries_accountopening
    (account_id, bank_bin, way, request_id, attempt, status, requested_by_id, requested_at, bank_reference, refusal)
SELECT id, %(bank)s, %(way)s, 'mtk' || replace(gen_random_uuid()::text, '-', '')::varchar(24), 1, 'READY', %(actor)s, %(now)s, '', '' FROM moved
"""


_ONLY_CHILDREN = "Người còn lại đều dưới {age} tuổi, không đề nghị mở đứng tên các cháu; mời cha, mẹ hoặc người giám hộ ký phiếu đăng ký tài khoản của mình."
_BY_GUARDIANS = "Người còn lại đều có người giám hộ: không mở tài khoản đứng tên riêng; mời người giám hộ ký phiếu đăng ký tài khoản của mình."
_NOT_WISHED_BY = "Theo kết quả đến nhà, người còn lại không muốn mở, đã chuyển đi hoặc đã mất; cần đề nghị cho ai thì chọn đích danh."
_LEFT = f"""
SELECT count(*) FILTER (WHERE NOT {TOO_YOUNG} AND NOT {STOOD_FOR} AND NOT {NOT_WISHED}), count(*) FILTER (WHERE {TOO_YOUNG}),
       count(*) FILTER (WHERE NOT {TOO_YOUNG} AND {STOOD_FOR}), count(*) FILTER (WHERE NOT {TOO_YOUNG} AND NOT {STOOD_FOR} AND {NOT_WISHED})
FROM beneficiaries_bankaccount a JOIN beneficiaries_beneficiary b ON b.id = a.beneficiary_id JOIN staff_administrativeunit u ON u.id = b.unit_id
WHERE a.status IN ('NEEDED', 'REFUSED') AND starts_with(u.path, %(path)s) AND (%(people)s::bigint[] IS NULL OR b.id = ANY(%(people)s::bigint[]))
"""


@dataclass(frozen=True)
class Asked:
    """How many requests were written down; how many people can't be asked for until their identity is clear, how many because they are too young
    to sign, and how many because a guardian stands for them: who stands for them signs a slip. `not_wished`: left out by what was told at their door."""

    requested: int
    identity_unclear: int
    too_young: int
    by_guardian: int = 0
    not_wished: int = 0


@transaction.atomic
def note_needed(*, unit: AdministrativeUnit, actor: User, now: datetime, on: date | None = None) -> int:
    """Put everybody below the unit who has no account on the list of accounts to open. Repeating it adds nobody twice. Raises `NotAllowed`."""
    require(actor, Right.REQUEST_ACCOUNTS, unit=unit)
    return _need(unit=unit, actor=actor, now=now, on=on or timezone.localdate(now), people=None)


def _need(*, unit: AdministrativeUnit, actor: User, now: datetime, on: date, people: Sequence[int] | None) -> int:
    given: dict[str, Any] = {
        "path": unit.path,
        "on": on,
        "now": now,
        "actor": actor.pk,
        "people": None if people is None else list(people),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEED, given)
        return int(cursor.rowcount)


@transaction.atomic
def request_accounts(
    *,
    unit: AdministrativeUnit,
    bank_bin: str,
    way: str,
    actor: User,
    now: datetime,
    people: Sequence[int] | None = None,
) -> Asked:
    """Write down one request for each account needed below the unit; workers send them, or a file does.

    With `people` only for these, who are put on the list of accounts to open first. For nobody too young to sign (`SIGNS_FROM_AGE`), nor whom a
    guardian stands for; without `people` for nobody who wants none or is gone by what was told at their door.

    Raises `UnknownBank`, `NothingToRequest`, `NotAllowed`.
    """
    require(actor, Right.REQUEST_ACCOUNTS, unit=unit)
    require_a_bank(bank_bin)
    if people is not None:
        _need(unit=unit, actor=actor, now=now, on=timezone.localdate(now), people=people)
    given: dict[str, Any] = {
        "people": None if people is None else list(people),
        "path": unit.path,
        "bank": bank_bin,
        "way": AccountOpening.Way(way).value,
        "on": timezone.localdate(now),
        "now": now,
        "actor": actor.pk,
        "signs_from_age": settings.SIGNS_FROM_AGE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_REQUEST, given)
        requested = int(cursor.rowcount)
        cursor.execute(_LEFT, given)
        unclear, too_young, by_guardian, not_wished = cursor.fetchone()
    if not requested:
        raise NothingToRequest(None if unclear else _why_nobody(too_young, by_guardian, not_wished))
    return Asked(
        requested=requested,
        identity_unclear=int(unclear),
        too_young=int(too_young),
        by_guardian=int(by_guardian),
        not_wished=int(not_wished),
    )


def _why_nobody(too_young: int, by_guardian: int, not_wished: int) -> str | None:
    if too_young:
        return _ONLY_CHILDREN.format(age=settings.SIGNS_FROM_AGE)
    if by_guardian:
        return _BY_GUARDIANS
    return _NOT_WISHED_BY if not_wished else None
