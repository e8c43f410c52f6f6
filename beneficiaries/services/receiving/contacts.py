"""Record whose telephone notices go to, or that somebody wants none."""

import re
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from beneficiaries.errors import PhoneUnreadable
from beneficiaries.models import PHONE_NUMBER, Beneficiary, Phone
from staff.encryption import seal, unseal
from staff.models import User
from staff.rights import Right, may, require

_PHONE = re.compile(r"0\d{9}")


@transaction.atomic
def record_phone(*, beneficiary_id: int, number: str, owner: str, owner_name: str, actor: User, now: datetime) -> Phone:
    """The telephone of one beneficiary; a new number replaces the old one and does not undo an opt-out. Raises `PhoneUnreadable`, `NotAllowed`."""
    person = Beneficiary.objects.select_related("unit").get(pk=beneficiary_id)
    require(actor, Right.DECIDE_CASE, unit=person.unit)
    digits = re.sub(r"[\s.\-()]", "", number)
    digits = "0" + digits.removeprefix("+84") if digits.startswith("+84") else digits
    if not _PHONE.fullmatch(digits):
        raise PhoneUnreadable
    if owner != Phone.Owner.OWN and not owner_name.strip():
        raise PhoneUnreadable("Mời ghi điện thoại này của ai.")
    values = {
        "sealed": seal(digits.encode(), purpose=PHONE_NUMBER),
        "owner": owner,
        "owner_name": owner_name.strip(),
        "recorded_by": actor,
        "recorded_at": now,
    }
    return Phone.objects.update_or_create(beneficiary=person, defaults=values)[0]


@transaction.atomic
def set_opt_out(*, beneficiary_id: int, wants_none: bool, actor: User, now: datetime) -> None:
    """Whether this person wants no notices. Raises `NotAllowed`, and `PhoneUnreadable` when the number was erased: then there is none to tell by."""
    phone = (
        Phone.objects.select_for_update(of=("self",))
        .select_related("beneficiary__unit")
        .get(beneficiary=beneficiary_id)
    )
    require(actor, Right.DECIDE_CASE, unit=phone.beneficiary.unit)
    if not (wants_none or phone.sealed):
        raise PhoneUnreadable("Số điện thoại này đã xóa vì quá thời hạn giữ; mời ghi lại số trước khi nhận tin.")
    phone.opted_out_at = now if wants_none else None
    phone.save(update_fields=["opted_out_at"])


def reveal_phone(phone: Phone) -> str:
    """The number in clear: for the channel that sends, never for a log; "" of one that was erased."""
    if not phone.sealed:
        return ""
    return unseal(bytes(phone.sealed), purpose=PHONE_NUMBER).decode()


def phones_to_call(people: Collection[int], *, actor: User) -> dict[int, str]:
    """`0912 345 678 (Trần Thị Lan, con)` by the person's id, of those who live in the actor's reach, for whoever decides their cases; to others none."""
    if actor.unit is None or not may(actor, Right.DECIDE_CASE):
        return {}
    phones = Phone.objects.filter(beneficiary__in=people, beneficiary__unit__path__startswith=actor.unit.path)
    phones = phones.exclude(sealed=b"")
    return {phone.beneficiary_id: f"{in_groups(reveal_phone(phone))}{_whose(phone)}" for phone in phones}


def _whose(phone: Phone) -> str:
    if phone.owner == Phone.Owner.OWN:
        return ""
    return f" ({phone.owner_name}, {phone.get_owner_display().lower()})"


def in_groups(number: str) -> str:
    """`0912 345 678`, as one reads it aloud."""
    return f"{number[:4]} {number[4:7]} {number[7:]}"
