"""The drive for accounts: who of a place has none yet, how far each one is, what is to be done next, and the sheet to go from house to house with."""

import io
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import xlsxwriter
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from beneficiaries.linkage.names import sort_key
from beneficiaries.models import AccountOpening, BankAccount, Beneficiary, Enrolment, RegistrationSlip
from beneficiaries.models.accounts import Reason
from beneficiaries.services.banks import bank_name
from beneficiaries.states import AccountStatus, OpeningStatus
from staff.models import AdministrativeUnit

MOST_AT_ONCE = 2_000  # people of one sheet, or of one request by name


class Step(TextChoices):
    """How far somebody is on the way to a first payment into an account."""

    NONE = "NONE", "Chưa có tài khoản"
    CASH = "CASH", "Đã chọn nhận tiền mặt"
    NEEDED = "NEEDED", "Cần mở"
    REQUESTED = "REQUESTED", "Đã đề nghị mở"
    REFUSED = "REFUSED", "Ngân hàng từ chối mở"
    OPENED = "OPENED", "Đã mở, chờ xác nhận"
    VERIFIED = "VERIFIED", "Đã xác nhận, chờ kỳ chi đầu"
    PAID = "PAID", "Đã nhận qua tài khoản"


ON_THE_WAY = (Step.NONE, Step.NEEDED, Step.REQUESTED, Step.REFUSED, Step.OPENED, Step.VERIFIED)
TO_ASK_FOR = (Step.NONE, Step.NEEDED, Step.REFUSED)
_RANK = Case(
    *(
        When(status=status, then=rank)
        for rank, status in enumerate(("VERIFIED", "OPENED", "REQUESTED", "REFUSED", "NEEDED"))
    ),
    default=9,
    output_field=IntegerField(),
)
_TO_DO = {
    Step.CASH: "Không phải làm gì; muốn đổi thì nhận phiếu đăng ký mới.",
    Step.VERIFIED: "Kỳ chi tới vào tài khoản này.",
    Step.PAID: "Đã xong.",
}
_ASK = "Chọn rồi đề nghị ngân hàng mở; hoặc nhận phiếu đăng ký nếu đã có tài khoản, ví."
_FIND_OUT = "Đến nhà xem thẻ căn cước, sửa hồ sơ rồi đối khớp lại: ngân hàng chỉ mở cho người đã xác định."


def people_of_drive(
    *, unit: AdministrativeUnit, on: date, hamlet: str | None = None, steps: Collection[str] = tuple(Step)
) -> QuerySet[Beneficiary]:
    """Everybody below the unit (of one hamlet) with a right that runs on the day, once, who is at one of `steps`; by hamlet and name.

    Each has `step`, `bank_bin`, and of the newest request to a bank `way`, `request` and `refusal`.
    """
    # All records of one person, by the index of each: a condition on one or the other table would be looked up in all of both.
    records = Beneficiary.objects.filter(Q(pk=OuterRef(OuterRef("pk"))) | Q(same_as=OuterRef(OuterRef("pk"))))
    theirs = Q(beneficiary__in=records.values("pk"))
    running = Q(ended_month__isnull=True) | Q(ended_month__gt=on)
    live = Enrolment.objects.filter(theirs, running, starts_month__lte=on)
    account = BankAccount.objects.filter(theirs).exclude(status=AccountStatus.CLOSED).order_by(_RANK, "-pk")
    opening = AccountOpening.objects.filter(account=OuterRef("account_id")).order_by("-pk")
    slip = RegistrationSlip.objects.filter(theirs).order_by("-signed_on", "-pk")
    people = Beneficiary.objects.filter(Exists(live), unit__path__startswith=unit.path, same_as__isnull=True)
    if hamlet is not None:
        people = people.filter(hamlet=hamlet)
    return (
        people.select_related("unit")
        .annotate(
            account_id=Subquery(account.values("pk")[:1]),
            account_status=Subquery(account.values("status")[:1]),
            account_reason=Coalesce(Subquery(account.values("reason")[:1]), Value("")),
            bank_bin=Coalesce(Subquery(account.values("bank_bin")[:1]), Value("")),
            credited=Subquery(account.values("last_credited_month")[:1]),
            wish=Subquery(slip.values("method")[:1]),
        )
        .annotate(
            way=Coalesce(Subquery(opening.values("way")[:1]), Value("")),
            request=Coalesce(Subquery(opening.values("status")[:1]), Value("")),
            refusal=Coalesce(Subquery(opening.values("refusal")[:1]), Value("")),
            step=Case(
                When(account_status=AccountStatus.VERIFIED, credited__isnull=False, then=Value(Step.PAID.value)),
                When(account_status__isnull=False, then=F("account_status")),
                When(wish=RegistrationSlip.Method.CASH, then=Value(Step.CASH.value)),
                default=Value(Step.NONE.value),
                output_field=CharField(),
            ),
        )
        .filter(step__in=steps)
        .order_by("unit__path", "hamlet", "sort_key", "pk")
    )


def _said(person: Beneficiary, name: str) -> str:
    """What the question about people added to each of them."""
    return str(getattr(person, name))


def to_do(person: Beneficiary) -> str:
    """What is to be done next for one of `people_of_drive`, as a clerk reads it."""
    step, request, way = (_said(person, name) for name in ("step", "request", "way"))
    if step in _TO_DO:
        return _TO_DO[Step(step)]
    if step in (Step.NONE, Step.NEEDED, Step.REFUSED):
        known = person.identity_id is not None and person.identity_status == "MATCHED"
        refused = f"Ngân hàng từ chối: {_said(person, 'refusal')}. " if step == Step.REFUSED else ""
        return refused + (_ASK if known else _FIND_OUT)
    if step == Step.REQUESTED:
        return _of_request(request, by_file=way == AccountOpening.Way.FILE)
    reason = _said(person, "account_reason")
    return (
        f"{Reason(reason).label}: xem việc cần xử lý của người này."
        if reason
        else "Chờ ngân hàng xác nhận tên chủ tài khoản."
    )


def _of_request(request: str, *, by_file: bool) -> str:
    if by_file and request == OpeningStatus.READY:
        return "Tải tệp đề nghị và gửi ngân hàng."
    if by_file:
        return "Đã có trong tệp gửi ngân hàng; có kết quả thì nạp tệp trả lời."
    return (
        "Đang chờ gửi qua kết nối ngân hàng."
        if request == OpeningStatus.READY
        else "Ngân hàng đang xử lý, tự cập nhật khi có kết quả."
    )


@dataclass(frozen=True)
class HamletProgress:
    """How far one hamlet is: people by step; `without` have no account and none on its way."""

    unit: str
    unit_name: str
    hamlet: str
    people: int
    without: int
    requested: int
    opened: int
    verified: int
    cash: int


def progress_by_hamlet(*, unit: AdministrativeUnit, on: date) -> list[HamletProgress]:
    """One row per hamlet of the unit and below, in the order of the map."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for person in people_of_drive(unit=unit, on=on):
        found.setdefault((person.unit.code, person.unit.name, person.hamlet), []).append(step_of(person))
    return [
        HamletProgress(
            unit=code,
            unit_name=name,
            hamlet=hamlet,
            people=len(steps),
            without=sum(step in TO_ASK_FOR for step in steps),
            requested=steps.count(Step.REQUESTED),
            opened=steps.count(Step.OPENED),
            verified=steps.count(Step.VERIFIED) + steps.count(Step.PAID),
            cash=steps.count(Step.CASH),
        )
        for (code, name, hamlet), steps in found.items()
    ]


SHEET = (
    ("STT", 5), ("Thôn, tổ dân phố", 16), ("Họ và tên", 26), ("Năm sinh", 9), ("Tình trạng", 22), ("Việc cần làm", 46),
    ("Đồng ý mở tài khoản (x)", 14), ("Đã có tài khoản, ví: ngân hàng, số", 28), ("Điện thoại", 14), ("Chữ ký", 14), ("Ghi chú", 18),
)  # fmt: skip


def visiting_sheet(*, unit: AdministrativeUnit, hamlet: str | None, on: date) -> bytes:
    """Who has no account yet (.xlsx, A4 landscape), by hamlet and given name, with room for what is heard at the door. No number stands on it."""
    rows = list(people_of_drive(unit=unit, on=on, hamlet=hamlet, steps=TO_ASK_FOR)[:MOST_AT_ONCE])
    rows.sort(key=lambda one: (one.unit.path, one.hamlet, sort_key(one.full_name), one.pk))
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Đi từng nhà")
    bold, cell = book.add_format({"bold": True}), book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"})
    sheet.write_string(
        0, 0, f"DANH SÁCH NGƯỜI HƯỞNG CHƯA CÓ TÀI KHOẢN: {unit.name}{f', {hamlet}' if hamlet else ''}", bold
    )
    sheet.write_string(
        1,
        0,
        f"Ngày {on:%d/%m/%Y}, {len(rows)} người. Không ai phải mở tài khoản: ai muốn tiền mặt thì ký phiếu chọn tiền mặt.",
    )
    for column, (label, width) in enumerate(SHEET):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, label, head)
    for at, person in enumerate(rows, start=1):
        step = step_of(person).label
        said = ["", person.hamlet, person.full_name, str(person.birth_year or ""), str(step), to_do(person)]
        sheet.write_row(3 + at, 0, said + [""] * (len(SHEET) - len(said)), cell)
        sheet.write_number(3 + at, 0, at, cell)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    book.close()
    return stream.getvalue()


def step_of(person: Beneficiary) -> Step:
    """How far one of `people_of_drive` is."""
    return Step(_said(person, "step"))


def bank_of(person: Beneficiary) -> str:
    """The bank or wallet of one of `people_of_drive`; empty while there is none."""
    bank_bin = _said(person, "bank_bin")
    return bank_name(bank_bin) if bank_bin else ""
