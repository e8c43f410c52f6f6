"""One person on one ground is one enrolment. Who has one here gets no other; of two rows that come together nobody but a person can say which stands."""

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils import timezone

from beneficiaries.linkage.names import name_key
from beneficiaries.models import IDENTITY_NUMBER, BenefitCategory, Enrolment
from beneficiaries.parsers.registry import RegistryEntry
from beneficiaries.services.corrections.former import former_states
from staff.encryption import search_digest
from staff.models import AdministrativeUnit

Key = tuple[str, bytes, str, int | None, str]  # ground, number's digest, name key, birth year, sex
REPEATED = (
    "Cùng số định danh, họ tên, năm sinh, giới tính và cùng nhóm đối tượng với dòng {row} nhưng khác mã hồ sơ. Cả hai được nạp, chỉ một được chi; "
    "khi đối khớp có việc để chọn hồ sơ giữ lại. Nếu là hai người, mời ghi đúng số định danh."
)
HELD = (
    "Người này (số định danh, họ tên, năm sinh, giới tính) đang hưởng theo nhóm đối tượng này trong xã theo mã hồ sơ khác; không nạp thêm hồ sơ thứ hai. "
    "Mời ghi đúng mã hồ sơ cũ, hoặc ra quyết định thôi hưởng hồ sơ cũ trước."
)


def keep_from_repeating(fresh: Sequence[RegistryEntry], *, unit: AdministrativeUnit) -> None:
    """Reject rows, not taken in before, of somebody whom `unit` already has on that ground; remark on a second row of one list.

    Whoever is held here goes on under the code that decisions and accounts name. Of two new rows, offices may know either code: both are
    taken in, one is paid, and matching opens the case in which a person chooses (DUPLICATE), as it does where two communes list somebody.
    """
    keyed = [(entry, key) for entry in fresh if (key := _key(entry)) is not None]
    held = _held((key[1] for _, key in keyed), unit=unit)
    seen: dict[Key, int] = {}
    for entry, key in keyed:
        if key in held:
            entry.wrong("code", "PERSON_HAS_ANOTHER_CODE", HELD, fatal=True)
        elif key in seen:
            entry.wrong("code", "PERSON_REPEATED", REPEATED.format(row=seen[key]))
        elif not entry.rejected:
            seen[key] = entry.row_number


def _key(entry: RegistryEntry) -> Key | None:
    """None without a number: a name and a year are those of several people."""
    if not entry.number:
        return None
    digest = search_digest(entry.number, purpose=IDENTITY_NUMBER)
    year = entry.birth.year if entry.birth else None
    return _ground(entry.programme, entry.category), digest, name_key(entry.name), year, entry.sex


def _held(digests: Iterable[bytes], *, unit: AdministrativeUnit) -> set[Key]:
    """Of `unit`, who receives: as they are known now, and as they were before their record was put right."""
    live = Q(ended_month__isnull=True) | Q(ended_month__gt=timezone.localdate())
    receiving, wanted = Enrolment.objects.filter(live, unit=unit), set(digests)
    rows = receiving.filter(beneficiary__number__digest__in=wanted).values_list(
        "programme__code", "category_id", "beneficiary__number__digest", "beneficiary__name_key", "beneficiary__birth_year", "beneficiary__sex"
    )  # fmt: skip
    codes = dict(BenefitCategory.objects.values_list("pk", "neutral_code"))
    held = {
        (_ground(programme, codes[category]), bytes(digest), key, year, sex)
        for programme, category, digest, key, year, sex in rows
    }
    for one in former_states(receiving):
        if one.digest in wanted and one.digest is not None:
            ground = _ground(one.programme, codes[one.category_id])
            held.add((ground, one.digest, one.name_key, one.birth_year, one.sex))
    return held


def _ground(programme: str, category: str) -> str:
    """Several grounds of one programme are several enrolments: the rule of what is owed pays the higher, or each, as the law has it."""
    return f"{programme}/{category}"
