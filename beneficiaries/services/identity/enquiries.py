"""Ask about people's identity row by row: who is due, the list that goes out, the questions a platform is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import localdate

from beneficiaries.errors import NobodyToAskAbout
from beneficiaries.models import EnquiryFile, IdentityEnquiry, IdentityQuestion, Sex, Verdict
from beneficiaries.reports.enquiry_list import EnquiryRow, write_enquiry_list
from beneficiaries.services.numbers import identity_number_of
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

MOST_PEOPLE = 50_000

# Due: entitled, counted once, not answered within N days, and no question on its way.
_ASK = """
INSERT INTO beneficiaries_identityquestion (enquiry_id, ordinal, beneficiary_id, number_id, name_key, birth_date, birth_year)
SELECT %(enquiry)s, row_number() OVER (ORDER BY u.path, beneficiaries_hamlet_order(b.hamlet) COLLATE "C", b.sort_key, b.id),
       b.id, b.number_id, b.name_key, b.birth_date, b.birth_year
FROM beneficiaries_beneficiary b JOIN staff_administrativeunit u ON u.id = b.unit_id
WHERE starts_with(u.path, %(path)s) AND b.same_as_id IS NULL
  AND (NOT %(only_doubtful)s OR b.identity_status <> 'MATCHED')
  AND EXISTS (SELECT 1 FROM beneficiaries_enrolment e WHERE e.beneficiary_id = b.id AND (e.ended_month IS NULL OR e.ended_month > %(today)s))
  AND (NOT %(only_again)s OR EXISTS (SELECT 1 FROM beneficiaries_identityquestion q WHERE q.beneficiary_id = b.id))
  AND NOT EXISTS (SELECT 1 FROM beneficiaries_verdict v WHERE v.beneficiary_id = b.id AND v.answered_on > %(answered_since)s)
  AND NOT EXISTS (SELECT 1 FROM beneficiaries_identityquestion q JOIN beneficiaries_identityenquiry i ON i.id = q.enquiry_id
                  WHERE q.beneficiary_id = b.id AND i.asked_at > %(asked_since)s
                    AND (%(only_again)s OR NOT EXISTS (SELECT 1 FROM beneficiaries_verdict v WHERE v.question_id = q.id)))
ORDER BY u.path, beneficiaries_hamlet_order(b.hamlet) COLLATE "C", b.sort_key, b.id
LIMIT %(most)s
"""


# The same rule of who is due, counted: never answered, answered too long ago, and asked about with the answer still to come.
_DUE = """
SELECT count(*) FILTER (WHERE NOT waiting AND NOT fresh AND NOT answered), count(*) FILTER (WHERE NOT waiting AND NOT fresh AND answered),
       count(*) FILTER (WHERE waiting AND NOT fresh)
FROM (
    SELECT EXISTS (SELECT 1 FROM beneficiaries_verdict v WHERE v.beneficiary_id = b.id) AS answered,
           EXISTS (SELECT 1 FROM beneficiaries_verdict v WHERE v.beneficiary_id = b.id AND v.answered_on > %(answered_since)s) AS fresh,
           EXISTS (SELECT 1 FROM beneficiaries_identityquestion q JOIN beneficiaries_identityenquiry i ON i.id = q.enquiry_id
                   WHERE q.beneficiary_id = b.id AND i.asked_at > %(asked_since)s
                     AND NOT EXISTS (SELECT 1 FROM beneficiaries_verdict v WHERE v.question_id = q.id)) AS waiting
    FROM beneficiaries_beneficiary b JOIN staff_administrativeunit u ON u.id = b.unit_id
    WHERE starts_with(u.path, %(path)s) AND b.same_as_id IS NULL
      AND EXISTS (SELECT 1 FROM beneficiaries_enrolment e WHERE e.beneficiary_id = b.id AND (e.ended_month IS NULL OR e.ended_month > %(today)s))
) people
"""


@dataclass(frozen=True, slots=True)
class Due:
    """People of a unit whom the next list asks about: never answered, or answered longer ago than `days`; and who waits for an answer."""

    never: int
    again: int
    waiting: int
    days: int


def count_due(*, unit: AdministrativeUnit, now: datetime) -> Due:
    """Who is due now, by the rule `ask` goes by."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"path": unit.path, **_since(now)})
        never, again, waiting = cursor.fetchone()
    return Due(never=never, again=again, waiting=waiting, days=settings.IDENTITY_REASK_DAYS)


def _since(now: datetime) -> dict[str, date | datetime]:
    return {
        "today": localdate(now),
        "answered_since": localdate(now) - timedelta(days=settings.IDENTITY_REASK_DAYS),
        "asked_since": now - timedelta(days=settings.IDENTITY_ANSWER_DAYS),
    }


@dataclass(frozen=True, slots=True)
class Asked:
    """An enquiry and how many people it asks about."""

    enquiry: IdentityEnquiry
    people: int


@transaction.atomic
def ask(
    *,
    unit: AdministrativeUnit,
    source: str,
    purpose: str,
    only_doubtful: bool,
    actor: User,
    now: datetime,
    only_again: bool = False,
) -> Asked:
    """Put everyone of `unit` and below who is due on one enquiry, at most 50,000; the purpose is kept.

    `only_again`: nobody who was never asked about, nor anybody just asked about, however old the date of the answer.
    Due again: `IDENTITY_REASK_DAYS` after the last verdict; a question without an answer holds for `IDENTITY_ANSWER_DAYS`.
    Raises `NotAllowed`, `NobodyToAskAbout`.
    """
    require(actor, Right.ASK_IDENTITY, unit=unit)
    # One asks at a time in one unit: else two lists would ask about the same people.
    AdministrativeUnit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    enquiry = IdentityEnquiry.objects.create(unit=unit, source=source, purpose=purpose, asked_by=actor, asked_at=now)
    with connection.cursor() as cursor:
        cursor.execute(
            _ASK,
            {
                "enquiry": enquiry.pk,
                "path": unit.path,
                "only_doubtful": only_doubtful,
                "only_again": only_again,
                **_since(now),
                "most": MOST_PEOPLE,
            },
        )
        people = int(cursor.rowcount)
    if not people:
        raise NobodyToAskAbout
    return Asked(enquiry=enquiry, people=people)


@transaction.atomic
def write_list(*, enquiry: IdentityEnquiry, actor: User, now: datetime) -> bytes:
    """The enquiry as a workbook, with numbers in clear; that it was written is kept. Raises `NotAllowed`."""
    require(actor, Right.ASK_IDENTITY, unit=enquiry.unit)
    EnquiryFile.objects.create(enquiry=enquiry, written_by=actor, written_at=now)
    rows = (
        EnquiryRow(
            reference=reference_of(question),
            full_name=question.beneficiary.full_name,
            birth=f"{question.birth_date:%d/%m/%Y}" if question.birth_date else str(question.birth_year or ""),
            sex=Sex(question.beneficiary.sex).label,
            number=number_of(question),
            residence=residence_of(question),
        )
        for question in questions_of(enquiry)
    )
    return write_enquiry_list(
        rows,
        unit_name=enquiry.unit.name,
        purpose=enquiry.purpose,
        asked_on=localdate(enquiry.asked_at),
        outcomes=[str(label) for label in Verdict.Outcome.labels],
    )


def questions_of(enquiry: IdentityEnquiry) -> Iterator[IdentityQuestion]:
    """The people of an enquiry in its order, each with number and unit."""
    return enquiry.questions.select_related("beneficiary__unit", "number").order_by("ordinal").iterator(chunk_size=2000)


def reference_of(question: IdentityQuestion) -> str:
    """What an answer is found by; says nothing of the person."""
    return f"XM{question.enquiry_id}-{question.ordinal}"


def residence_of(question: IdentityQuestion) -> str:
    """Hamlet and commune."""
    return ", ".join(part for part in (question.beneficiary.hamlet, question.beneficiary.unit.name) if part)


def number_of(question: IdentityQuestion) -> str:
    """The number that is asked about, in clear; "" when the file has none."""
    return identity_number_of(question.number) if question.number else ""
