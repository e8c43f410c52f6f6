"""Take in the list of who served a prison sentence: ours among them are kept, of everybody else nothing. Nothing is withheld by it.

A later list adds to what is known. Of one person's stay the list with the latest last day holds, so that a corrected end is said by sending it again.
"""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from beneficiaries.errors.files import FileIsEmpty, FileTooLarge
from beneficiaries.linkage.names import name_key
from beneficiaries.models import IDENTITY_NUMBER, Beneficiary
from beneficiaries.parsers.faults import about, of_row
from beneficiaries.parsers.prison_lists import COLUMNS, PrisonRow, read_prison_list
from beneficiaries.parsers.workbook import MAX_BYTES
from reconciliation.errors import PrisonListDaysImpossible
from reconciliation.models import PrisonList, PrisonStay
from staff.encryption import seal, search_digest, unseal
from staff.models import AdministrativeUnit, Order, User
from staff.rights import Right, require
from staff.services.assignments import at_work_in
from staff.services.orders import Clock, carry_out, one_that_waits

PURPOSE = "prison-list"
PROBLEMS_KEPT = 500
EARLIEST_DAY = date(2000, 1, 1)
BATCH = 2_000
LATER_THAN_THE_LIST = about(
    COLUMNS["from_on"], "sau ngày cuối của danh sách; mời xem lại ngày này, hoặc thời gian danh sách nói tới."
)
Key = tuple[str, date]


def receive_prison_list(
    *,
    content: bytes,
    unit: AdministrativeUnit,
    issuer: str,
    paper: str,
    from_on: date,
    until_on: date,
    actor: User,
    now: datetime,
) -> PrisonList:
    """Keep the list sealed and let it wait; the same bytes for the same days are the same list.

    Raises `NotAllowed`, `FileTooLarge`, `FileIsEmpty`, `PrisonListDaysImpossible`; what else is wrong stands on the list afterwards.
    """
    require(actor, Right.IMPORT_REGISTRY, unit=unit)
    if len(content) > MAX_BYTES:
        raise FileTooLarge
    if not content:
        raise FileIsEmpty
    if not EARLIEST_DAY <= from_on <= until_on <= timezone.localdate(now):
        raise PrisonListDaysImpossible
    same: dict[str, Any] = {
        "unit": unit,
        "from_on": from_on,
        "until_on": until_on,
        "file_digest": hmac.digest(settings.DATA_KEYS.digest, content, hashlib.sha256),
    }
    return one_that_waits(
        PrisonList.objects.filter(**same).exclude(stage=Order.Stage.REFUSED),
        make=lambda: PrisonList.objects.create(
            **same, issuer=issuer, paper=paper, sealed=seal(content, purpose=PURPOSE), ordered_by=actor, ordered_at=now
        ),
    )


def work_on_prison_lists(*, clock: Clock, order_id: int | None = None) -> int:
    """Take in what was received, oldest first; returns how many lists came to an end."""
    return carry_out(PrisonList, do=_take_in, clock=clock, order_id=order_id)


def _take_in(order: PrisonList, now: datetime) -> None:
    actor = at_work_in(order.ordered_by, order.unit, on=timezone.localdate(order.ordered_at))
    require(actor, Right.IMPORT_REGISTRY, unit=order.unit)
    rows = list(read_prison_list(unseal(bytes(order.sealed or b""), purpose=PURPOSE)))
    if not rows:
        raise FileIsEmpty
    problems = [of_row(row.row_number, problem) for row in rows for problem in row.problems]
    read = [row for row in rows if not row.problems]
    problems += [of_row(row.row_number, LATER_THAN_THE_LIST) for row in read if _begins_after(row, order.until_on)]
    fine = [row for row in read if not _begins_after(row, order.until_on)]
    order.rows, order.rejected, order.problems = len(rows), len(rows) - len(fine), problems[:PROBLEMS_KEPT]
    order.ours = _keep(order, fine)


def _begins_after(row: PrisonRow, last_day: date) -> bool:
    return row.from_on is not None and row.from_on > last_day


def _keep(order: PrisonList, rows: Sequence[PrisonRow]) -> int:
    """The stays of people of ours; how many rows were about such people."""
    by_number, by_name = _numbered(rows, unit=order.unit), _named(rows, unit=order.unit)
    stays: dict[tuple[int, date], PrisonStay] = {}
    ours = 0
    for row in rows:
        assert row.from_on is not None
        numbered = by_number.get(row.identity_number, set())
        key = _key(row)
        people = numbered or (by_name.get(key, set()) if key else set())
        ours += bool(people)
        for person in people:
            stays[person, row.from_on] = PrisonStay(
                prison_list=order, beneficiary_id=person, from_on=row.from_on, until_on=row.until_on, paper=row.paper, by_name=not numbered
            )  # fmt: skip
    PrisonStay.objects.bulk_create(stays.values(), batch_size=BATCH)
    return ours


def _numbered(rows: Iterable[PrisonRow], *, unit: AdministrativeUnit) -> dict[str, set[int]]:
    """By the number, as typed in our registries or as the population data have it."""
    numbers = {search_digest(row.identity_number, purpose=IDENTITY_NUMBER): row.identity_number for row in rows if row.identity_number}  # fmt: skip
    found: dict[str, set[int]] = defaultdict(set)
    people = Beneficiary.objects.filter(unit__path__startswith=unit.path)
    for path in ("number__digest", "identity__number__digest"):
        for pk, digest in people.filter(**{f"{path}__in": list(numbers)}).values_list("pk", path):
            found[numbers[bytes(digest)]].add(pk)
    return found


def _named(rows: Iterable[PrisonRow], *, unit: AdministrativeUnit) -> dict[Key, set[int]]:
    """By name and full birth date; who has a number in our registries is found by name only where the list has none to compare with."""
    asked = {key for row in rows if (key := _key(row))}
    without = {key for row in rows if (key := _key(row)) and not row.identity_number}
    found: dict[Key, set[int]] = defaultdict(set)
    people = Beneficiary.objects.filter(unit__path__startswith=unit.path, birth_date__in={born for _, born in asked})
    people = people.filter(name_key__in={name for name, _ in asked})
    for pk, name, born, number in people.filter(Q(birth_date__isnull=False)).values_list(
        "pk", "name_key", "birth_date", "number_id"
    ):
        if born is not None and (name, born) in asked and (number is None or (name, born) in without):
            found[name, born].add(pk)
    return found


def _key(row: PrisonRow) -> Key | None:
    return (name_key(row.full_name), row.born) if row.born else None
