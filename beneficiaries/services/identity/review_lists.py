"""Take in the answers of people who looked at identity cases; idempotent by content, and a bad row never stops the rest."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from beneficiaries.models import IdentityRecord
from beneficiaries.parsers.faults import about as about_column
from beneficiaries.parsers.faults import of_row
from beneficiaries.parsers.office_lists import REVIEW_COLUMNS, read_reviews
from beneficiaries.services.cases.identities import is_plausible, waits_for_identity
from beneficiaries.services.cases.reviews import beyond_authority, confirm_reviews, propose_reviews, record_reviews
from beneficiaries.services.identity.match import link_same_people
from beneficiaries.services.intake.lists import ListIntake, begin_list, verify_accounts
from beneficiaries.services.numbers import keep_identity_numbers
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require


@transaction.atomic
def import_reviews(*, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime) -> ListIntake:
    """Answers of people who looked at identity cases. A matched person is not touched: evidence stands above an older opinion.

    Where an account waits for the identity, the answer is a proposal that a second person confirms (`confirm_reviews`).
    Raises `FileUnreadable`, `NotAllowed`.
    """
    require(actor, Right.DECIDE_CASE, unit=unit)
    rows = list(read_reviews(content))
    repeated, known, problems = begin_list(rows, kind="REVIEWS", unit=unit, actor=actor, now=now)
    if repeated:
        return ListIntake(rows=len(rows), applied=0, repeated=True)
    usable = [row for row in rows if not row.problems and row.code in known]
    records = _records({row.number for row in usable if row.number})
    higher = beyond_authority([known[row.code].beneficiary_id for row in usable], actor=actor)
    matched: dict[int, tuple[int, str]] = {}
    other: dict[int, str] = {}
    unknown: list[str] = []
    for row in usable:
        person = known[row.code].beneficiary
        if person.identity_status == "MATCHED":
            continue
        if person.pk in higher:
            unknown.append(of_row(row.row_number, "việc này đã báo cáo cấp trên, chờ cấp đó trả lời."))
            continue
        if row.answer in ("NOT_FOUND", "CONFLICT"):
            other[person.pk] = row.answer
        elif (record := records.get(row.number or "")) is None:
            unknown.append(
                of_row(row.row_number, _number("dữ liệu dân cư không có số này; mời đối chiếu lại với thẻ."))
            )
        elif not is_plausible(person, record):
            other_person = "số này là của người có họ tên, năm sinh khác; mời báo cáo cấp có thẩm quyền."
            unknown.append(of_row(row.row_number, _number(other_person)))
        else:
            matched[person.pk] = (record.pk, row.basis)
    # One person may stand in two rows: who was found is found, whatever the other row says.
    other = {pk: answer for pk, answer in other.items() if pk not in matched}
    waiting = waits_for_identity(list(matched))
    propose_reviews({pk: found for pk, found in matched.items() if pk in waiting}, actor=actor, now=now)
    record_reviews({pk: found for pk, found in matched.items() if pk not in waiting}, other, actor=actor, now=now)
    link_same_people(now=now)
    return ListIntake(rows=len(rows), applied=len(usable) - len(unknown), problems=problems + unknown)


def _number(sentence: str) -> str:
    return about_column(REVIEW_COLUMNS["number"], sentence)


@transaction.atomic
def accept_reviews(*, unit: AdministrativeUnit, actor: User, now: datetime) -> int:
    """The second person's yes to all answers proposed below `unit`; accounts that waited for them may be paid into. Returns how many people.

    Raises `NotAllowed`.
    """
    confirmed = confirm_reviews(unit=unit, actor=actor, now=now)
    verify_accounts(on=timezone.localdate(now))
    return confirmed


def _records(numbers: set[str]) -> dict[str, IdentityRecord]:
    ids = keep_identity_numbers(numbers)
    by_number = {record.number_id: record for record in IdentityRecord.objects.filter(number__in=ids.values())}
    return {number: by_number[pk] for number, pk in ids.items() if pk in by_number}
