"""What a person may ask (Law 91/2025, Decree 356/2025): what we hold about them, who looked at it, to whom it was given and what for."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet

from beneficiaries.models import (
    BankAccount,
    Beneficiary,
    Case,
    Correction,
    Decision,
    Enrolment,
    IdentityQuestion,
    PayeeRelation,
    Phone,
    RegistrationSlip,
)
from beneficiaries.services.accounts.banks import bank_name
from payments.models import Certificate, Notice, Payment
from payments.states import PaymentStatus
from reconciliation.models import IssuedPaper
from staff.models import PageReading, PaperReading, User
from staff.time_zone import VIETNAM

MOST = 200
LAW = "theo quy định về chế độ, không xóa theo yêu cầu; sai thì sửa"
BOOKS = f"chứng từ kế toán, {settings.BOOKS_KEPT}; không xóa theo yêu cầu"
WISH = "đến khi người dân đề nghị thôi, hoặc thôi hưởng đã lâu; khi ấy hai người duyệt xóa"
NEVER_LEFT = (PaymentStatus.DRAFT, PaymentStatus.READY, PaymentStatus.CANCELLED)
Kind = PaperReading.Kind


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of data: how many rows, and how long they stay."""

    what: str
    rows: int
    kept: str


@dataclass(frozen=True, slots=True)
class Look:
    """One member of staff opened something about the person; `purpose` as it was typed, or what their role opens it for."""

    at: datetime
    who: str
    role: str
    what: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Giving:
    """Data that left the house: to whom, what, what for, how often, and between which days."""

    to: str
    what: str
    purpose: str
    times: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class PersonData:
    """The whole answer. `looks`: the newest `MOST`, of `looks_in_all`."""

    held: list[Holding]
    looks: list[Look]
    looks_in_all: int
    given: list[Giving]


def data_about(people: list[int]) -> PersonData:
    """Of all records in `people`, which are one human being."""
    looks = sorted([*_papers(people), *_pages(people), *_printed(people)], key=lambda look: look.at, reverse=True)
    return PersonData(_held(people), looks[:MOST], len(looks), [*_to_banks(people), *_to_others(people)])


def _held(people: list[int]) -> list[Holding]:
    own = Q(beneficiary__in=people)
    rows: list[tuple[str, QuerySet[Any], str]] = [
        ("Họ tên, ngày sinh, giới tính, nơi ở, số định danh (mã hóa)", Beneficiary.objects.filter(pk__in=people), LAW),
        ("Hồ sơ hưởng", Enrolment.objects.filter(own), LAW),
        ("Quyết định", Decision.objects.filter(enrolment__beneficiary__in=people), LAW),
        ("Đề nghị sửa hồ sơ, giấy tờ kèm theo", Correction.objects.filter(own), LAW),
        ("Phiếu đăng ký hình thức nhận", RegistrationSlip.objects.filter(own), LAW),
        ("Người nhận thay, giấy tờ kèm theo", PayeeRelation.objects.filter(own), LAW),
        ("Tài khoản nhận tiền (số mã hóa)", BankAccount.objects.filter(own), BOOKS),
        ("Khoản chi", Payment.objects.filter(own), BOOKS),
        ("Việc đã xử lý về hồ sơ", Case.objects.filter(own), LAW),
        ("Điện thoại (mã hóa)", Phone.objects.filter(own).exclude(sealed=b""), WISH),
    ]
    counted = [Holding(what, found.count(), kept) for what, found, kept in rows]
    return [holding for holding in counted if holding.rows]


def _papers(people: list[int]) -> list[Look]:
    of = Q(kind__in=(Kind.PERSON, Kind.HELD), paper_id__in=people)
    for kind, papers in (
        (Kind.SLIP, RegistrationSlip.objects.filter(beneficiary__in=people)),
        (Kind.PAYEE, PayeeRelation.objects.filter(beneficiary__in=people)),
        (Kind.RECORD, Correction.objects.filter(beneficiary__in=people)),
        (Kind.DECISION, Decision.objects.filter(enrolment__beneficiary__in=people)),
    ):
        of |= Q(kind=kind, paper_id__in=papers.values("pk"))
    return [
        _look(row.read_at, row.read_by, row.get_kind_display())
        for row in PaperReading.objects.filter(of).select_related("read_by__unit").order_by("-pk")
    ]


def _pages(people: list[int]) -> list[Look]:
    """What inspectors opened; whoever else opens a page of a person leaves a `PaperReading`."""
    own = "|".join(map(str, people))
    found = PageReading.objects.filter(path__regex=f"/(nguoi-huong|people|beneficiaries)/({own})/", status=200)
    return [
        _look(row.read_at, row.reader, "Trang của một người (thanh tra)")
        for row in found.select_related("reader__unit").order_by("-pk")
    ]


def _printed(people: list[int]) -> list[Look]:
    histories = IssuedPaper.objects.filter(beneficiary__in=people).select_related("made_for__unit").order_by("-pk")
    certificates = Certificate.objects.filter(beneficiary__in=people).select_related("printed_by__unit").order_by("-pk")
    return [
        *(_look(row.made_at, row.made_for, row.get_kind_display(), row.purpose) for row in histories),
        *(_look(row.printed_at, row.printed_by, "Giấy xác nhận đang hưởng", row.purpose) for row in certificates),
    ]


def _look(at: datetime, who: User, what: str, purpose: str = "") -> Look:
    place = f", {who.unit.name}" if who.unit else ""
    return Look(
        at, who.full_name, f"{who.get_role_display()}{place}", what, purpose or "giải quyết chế độ theo nhiệm vụ"
    )


def _to_banks(people: list[int]) -> list[Giving]:
    left = (
        Payment.objects.filter(beneficiary__in=people)
        .exclude(status__in=NEVER_LEFT)
        .values("bank_account__bank_bin")
        .annotate(times=Count("pk"), first=Min("status_at"), last=Max("status_at"))
        .order_by("bank_account__bank_bin")
    )
    return [
        Giving(
            bank_name(row["bank_account__bank_bin"]) if row["bank_account__bank_bin"] else "Đơn vị chi trả tiền mặt",
            "họ tên người nhận, số tài khoản, số tiền"
            if row["bank_account__bank_bin"]
            else "họ tên người nhận, số tiền",
            "chi trợ cấp",
            row["times"],
            _day(row["first"]),
            _day(row["last"]),
        )
        for row in left
    ]


def _to_others(people: list[int]) -> list[Giving]:
    asked = IdentityQuestion.objects.filter(beneficiary__in=people).select_related("enquiry").order_by("pk")
    told = Notice.objects.filter(payment__beneficiary__in=people, status=Notice.Status.SENT).aggregate(
        times=Count("pk"), first=Min("sent_at"), last=Max("sent_at")
    )
    given = [
        Giving(
            one.enquiry.get_source_display(), "họ tên, ngày sinh, số định danh", one.enquiry.purpose, 1,
            _day(one.enquiry.asked_at), _day(one.enquiry.asked_at),
        )
        for one in asked
    ]  # fmt: skip
    if told["times"]:
        given.append(
            Giving("Nhà mạng nhắn tin", "số điện thoại, nội dung tin", "báo kết quả chi trả", told["times"], _day(told["first"]), _day(told["last"]))
        )  # fmt: skip
    return given


def _day(at: datetime) -> date:
    return at.astimezone(VIETNAM).date()
