"""Who may receive for somebody, for how long, and beside whom: what the law says before a payee is recorded (Civil Code 2015, art. 49, 138, 563, 569)."""

from datetime import date, datetime

from django.conf import settings
from django.db.models import Q

from beneficiaries.errors import PayeeInvalid
from beneficiaries.linkage.dates import age_on
from beneficiaries.linkage.names import HONOURS
from beneficiaries.models import Beneficiary, IdentityRecord, PayeeKind, PayeeRelation, not_ended
from beneficiaries.services.accounts.account_cases import open_account_cases
from beneficiaries.services.receiving.dead_agents import is_known_dead

AGENT_FROM, GUARDIAN_FROM = 15, 18
LEAST_AGE = {
    PayeeKind.AUTHORISED.value: (AGENT_FROM, "Bộ luật Dân sự 2015, điều 138"),
    PayeeKind.GUARDIAN.value: (GUARDIAN_FROM, "Bộ luật Dân sự 2015, điều 49"),
    PayeeKind.CARER.value: (GUARDIAN_FROM, "Nghị định 20/2021/NĐ-CP, điều 20"),
}
LONG = "giấy ủy quyền có thời hạn dài hơn {months} tháng; hỏi người hưởng còn ủy quyền không"


def require_old_enough(*, kind: str, number: str | None, number_id: int | None, on: date) -> None:
    """Raise `PayeeInvalid` for a payee whose number, or the resident who carries it, says that they are too young on that day.

    The number tells the year alone: whoever may have had the birthday is let through unless the population data name the day.
    """
    if kind not in LEAST_AGE or number is None:
        return
    least, law = LEAST_AGE[kind]
    born = IdentityRecord.objects.filter(number=number_id).values_list("birth_date", flat=True).first()
    age = age_on(on, born=born) if born else on.year - year_of(number)
    if age < least:
        raise PayeeInvalid(
            f"{PayeeKind(kind).label} phải từ đủ {least} tuổi ({law}); số định danh là của người chưa đủ tuổi ngày {on:%d/%m/%Y}. "
            "Mời so số định danh với thẻ căn cước, hoặc ghi người khác."
        )


def require_alive(*, beneficiary: Beneficiary, name_key: str, number_id: int | None, on: date) -> None:
    """Raise `PayeeInvalid` for a payee of whom a registered death or the population data say, by number and name, that they died."""
    if number_id is not None and is_known_dead(beneficiary=beneficiary, number_id=number_id, name_key=name_key, on=on):
        raise PayeeInvalid(
            "Theo đăng ký khai tử hoặc dữ liệu dân cư, người có số định danh và họ tên này đã mất. "
            "Mời ghi người khác nhận thay; nếu tin ấy sai, đề nghị cơ quan hộ tịch thu hồi trước."
        )


def year_of(number: str) -> int:
    """Of birth, by the fourth to sixth digit of a personal number (Decree 137/2015/NĐ-CP, art. 13)."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def require_no_other_agent(
    *, beneficiary: Beneficiary, name_key: str, number_id: int | None, paper_number: str, on: date
) -> int | None:
    """The number the same agent was recorded with by the same paper, which may be named again without it.

    Raises `PayeeInvalid` where somebody else holds a power of attorney that nobody said to replace: of another name, of another number, or perhaps,
    of the same name by another paper, where only one of the two has a number.
    """
    held = PayeeRelation.objects.filter(not_ended(on=on), beneficiary=beneficiary, kind=PayeeKind.AUTHORISED)
    # A relation keeps the key of its day, with a title of honour before it.
    another = ~Q(name_key__in=[name_key, *(honour + name_key for honour in HONOURS)])
    if number_id is not None:
        another |= Q(number__isnull=False) & ~Q(number=number_id)
    held = held.filter(valid_until__gte=on).order_by("-pk")
    other = held.filter(another).first()
    if other is not None and other.valid_until is not None:
        raise PayeeInvalid(
            f"Người hưởng đang ủy quyền cho người khác (giấy số {other.paper_number}, đến hết ngày {other.valid_until:%d/%m/%Y}). "
            "Một khoản tiền chỉ một người nhận thay: nếu người hưởng đã chấm dứt giấy ấy (Bộ luật Dân sự 2015, điều 569), "
            "chọn “Thay người đang được ủy quyền”."
        )
    same = held.first()
    if same is None or (same.number_id is None) == (number_id is None):
        return None
    if same.paper_number.casefold() != paper_number.casefold():
        which = "chưa ghi" if number_id is not None else "đã ghi"
        raise PayeeInvalid(
            f"Đang có giấy ủy quyền cho người cùng họ tên, {which} số định danh (giấy số {same.paper_number}), chưa rõ có phải một người. "
            "Xem hai giấy: đúng một người, hoặc người hưởng đã đổi sang người mới, thì chọn “Thay người đang được ủy quyền”; "
            "vẫn giấy cũ thì ghi đúng số giấy ấy."
        )
    return same.number_id


def ask_about_long_term(*, beneficiary_id: int, begins: date, until: date | None, now: datetime) -> None:
    """A power of attorney longer than usual is good, and asked about: the law names no longest term, one year where none is agreed (art. 563)."""
    if until is not None and is_long(begins=begins, until=until):
        months = settings.AUTHORISATION_USUAL_MONTHS
        open_account_cases(
            evidence_of={beneficiary_id: [LONG.format(months=months)]}, reason="AUTHORISATION_LONG", now=now
        )


def is_long(*, begins: date, until: date) -> bool:
    """Whether a term of these days is longer than `AUTHORISATION_USUAL_MONTHS`."""
    months = (until.year - begins.year) * 12 + until.month - begins.month - (until.day < begins.day)
    return months > settings.AUTHORISATION_USUAL_MONTHS or (
        months == settings.AUTHORISATION_USUAL_MONTHS and until.day > begins.day
    )
