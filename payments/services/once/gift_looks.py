"""Look at a commune's gift list in the background, and write just what was seen: whoever sent it may leave and come back."""

import hashlib
import hmac
import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from beneficiaries.errors.files import FileIsEmpty, FileTooLarge, FileUnreadable
from beneficiaries.parsers.gift_lists import read_gifts
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from payments.errors.seen import LookNotToWrite
from payments.models import GiftLook, OfficeFile
from payments.services.office_files import problem_of, receive_office_file
from payments.services.once.gift_list import GiftPreview, preview_gifts
from payments.services.once.gift_outcomes import GiftLine, GiftOutcome
from staff.encryption import seal, unseal
from staff.models import AdministrativeUnit, Order, User
from staff.rights import Right, require
from staff.services.orders import Clock, carry_out, one_that_waits
from staff.services.units import the_province

PURPOSE, RESULT = "gift-look", "gift-look-result"
MOST_SHOWN = 500
# What a person must look at stands first.
FIRST = [GiftOutcome.WRONG, GiftOutcome.DIFFERS, GiftOutcome.NEW, GiftOutcome.UNCHANGED]


def look_at_gifts(*, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime) -> GiftLook:
    """Keep the list sealed and let it wait; the same bytes still waiting are the same look. Raises `FileTooLarge`, `FileIsEmpty`, `NotAllowed`."""
    require(actor, Right.BUILD_LIST, unit=the_province())
    if len(content) > MAX_BYTES:
        raise FileTooLarge
    if not content:
        raise FileIsEmpty
    same = {"unit": unit, "file_digest": hmac.digest(settings.DATA_KEYS.digest, content, hashlib.sha256)}
    return one_that_waits(
        GiftLook.objects.filter(stage=Order.Stage.WAITING, **same),
        make=lambda: GiftLook.objects.create(
            sealed=seal(content, purpose=PURPOSE), ordered_by=actor, ordered_at=now, **same
        ),
    )


def work_on_gift_looks(*, clock: Clock) -> int:
    """Look at what was sent, oldest first; returns how many came to an end."""
    return carry_out(GiftLook, do=_look, prepare=_count, clock=clock)


def _count(look: GiftLook, now: datetime) -> None:
    """How long the list is, for who waits: committed before the looking, which is one transaction that is undone."""
    try:
        look.rows = sum(1 for _ in read_gifts(_content(look)))
    except FileUnreadable:
        return  # looking says so, as its answer
    look.save(update_fields=["rows"])


def _look(look: GiftLook, now: datetime) -> None:
    found = preview_gifts(content=_content(look), unit=look.unit, actor=look.ordered_by, now=now)
    look.rows = found.rows
    look.sealed_result = seal(json.dumps(_summed(found), ensure_ascii=False).encode(), purpose=RESULT)


def read_look(look: GiftLook) -> dict[str, Any] | None:
    """What was seen, as `_summed`; None while it waits, when it was refused, and once it was forgotten."""
    if look.sealed_result is None:
        return None
    found: dict[str, Any] = json.loads(unseal(bytes(look.sealed_result), purpose=RESULT))
    return found


def write_as_seen(*, look: GiftLook, actor: User, now: datetime) -> OfficeFile:
    """Let the background write just what was seen; a button pressed twice is one file. Raises `LookNotToWrite`, `NotAllowed`."""
    require(actor, Right.BUILD_LIST, unit=the_province())
    with transaction.atomic():
        look = GiftLook.objects.select_for_update(of=("self",)).select_related("unit", "written_as").get(pk=look.pk)
        if look.written_as is not None:
            return look.written_as
        seen = read_look(look)
        if look.sealed is None or seen is None or not seen["new"]:
            raise LookNotToWrite
        look.written_as = receive_office_file(
            kind=OfficeFile.Kind.GIFTS,
            content=_content(look),
            unit=look.unit,
            actor=actor,
            now=now,
            seen=seen["digest"],
        )
        look.save(update_fields=["written_as"])
    return look.written_as


def forget_looks(*, now: datetime) -> int:
    """Drop lists, and what was seen in them, that were kept long enough (`INTAKE_KEEP_DAYS`); returns how many."""
    before = now - timedelta(days=settings.INTAKE_KEEP_DAYS)
    return GiftLook.objects.filter(finished_at__lt=before, sealed__isnull=False).update(sealed=None, sealed_result=None)


def _content(look: GiftLook) -> bytes:
    return unseal(bytes(look.sealed or b""), purpose=PURPOSE)


def _summed(found: GiftPreview) -> dict[str, Any]:
    """Counts of all rows, and at most 500 lines, those to be looked at first."""
    counts = Counter(line.outcome for line in found.lines)
    new = [line for line in found.lines if line.outcome == GiftOutcome.NEW]
    return {
        "rows": found.rows,
        **{outcome.lower(): counts[outcome] for outcome in GiftOutcome},
        "amount": sum(line.amount for line in new),
        "households": len({(line.grant, line.household) for line in new if line.household}),
        "through_head": sum(bool(line.receiver) for line in new),
        "repeated": found.repeated,
        "digest": found.digest,
        "lines": [_said(line) for line in sorted(found.lines, key=_to_be_looked_at)[:MOST_SHOWN]],
    }


def _said(line: GiftLine) -> dict[str, Any]:
    return {
        "row": line.row,
        "name": line.name,
        "code": line.code,
        "grant": line.grant,
        "household": line.household,
        "receiver": line.receiver,
        "outcome": line.outcome.value,
        "outcome_label": str(line.outcome.label),
        "amount": line.amount,
        "remarks": [problem_of(sentence).said() | {"row": line.row} for sentence in line.remarks],
    }


def _to_be_looked_at(line: GiftLine) -> tuple[int, bool, int]:
    return FIRST.index(line.outcome), not line.remarks, line.row
