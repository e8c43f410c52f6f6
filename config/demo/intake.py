"""What arrives at the offices in the demo, read from the sample's files: registries, reviews, decisions, accounts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from beneficiaries.models import LIVE, AccountChange, Case
from beneficiaries.models.case_kinds import rule_of
from beneficiaries.services.accounts.change_account import approve_changes
from beneficiaries.services.cases.reviews import confirm_reviews
from beneficiaries.services.identity.load_population import load_population
from beneficiaries.services.identity.order_matching import order_matching, work_on_match_orders
from beneficiaries.services.identity.review_lists import import_reviews
from beneficiaries.services.intake.import_registry import import_registry
from beneficiaries.services.intake.lists import import_accounts, import_decisions, verify_accounts
from beneficiaries.services.rules.reference import load_reference
from beneficiaries.states import ChangeStatus
from payments.models import FundingAccount
from payments.services.lists.opening import import_unclaimed
from staff.models import AdministrativeUnit, Role, User
from staff.services.units import load_units
from staff.services.working_days import working_days_after

Progress = Callable[[int, int], None]
OFFICERS = {
    Role.MAKER: ("nguoilap", "Nguyễn Thị Lập"),
    Role.CHECKER: ("ketoantruong", "Trần Văn Kiểm"),
    Role.RELEASER: ("chutaikhoan", "Lê Thị Duyệt"),
    Role.LEADER: ("lanhdao", "Phạm Văn Đạo"),
    Role.AUDITOR: ("thanhtra", "Võ Thị Tra"),
    Role.COMMUNE_OFFICER: ("canboxa", "Hoàng Thị Xã"),
}


@dataclass(frozen=True)
class Office:
    """The province and the scripted people who act in the demo."""

    province: AdministrativeUnit
    maker: User
    checker: User
    releaser: User


def open_office(*, sample: Path, password: str) -> Office:
    """Units, reference data, users, funding accounts."""
    load_reference()
    load_units(path=sample / "units.csv")
    province = AdministrativeUnit.objects.get(kind="PROVINCE")
    commune = AdministrativeUnit.objects.filter(kind="COMMUNE").earliest("code")
    users = {}
    for role, (username, full_name) in OFFICERS.items():
        users[role] = User.objects.create_user(
            username=username, password=password, full_name=full_name, role=role,
            unit=commune if role == Role.COMMUNE_OFFICER else province,
        )  # fmt: skip
    for district in AdministrativeUnit.objects.filter(kind="DISTRICT"):
        FundingAccount.objects.create(
            code=f"TKCT-{district.code}", bank_account_id=f"fa_{district.code}", paying_unit=district
        )
    return Office(
        province=province, maker=users[Role.MAKER], checker=users[Role.CHECKER], releaser=users[Role.RELEASER]
    )


def read_population(*, sample: Path, rows: int, progress: Progress) -> int:
    """The population extract."""
    return load_population(path=sample / "population" / "dan_cu.csv", progress=lambda count: progress(count, rows))


def take_in_month(
    *, sample: Path, folder: str, office: Office, now: datetime, business_day: date, progress: Progress
) -> None:
    """Everything that arrived up to the 15th of the month `folder` ("2024-06"): registries, matching, reviews, decisions, accounts."""
    registries = sorted((sample / "registries" / folder).glob("*.xlsx"))
    for done, path in enumerate(registries, start=1):
        unit = AdministrativeUnit.objects.get(code=path.stem)
        import_registry(content=path.read_bytes(), unit=unit, actor=office.maker, now=now)
        progress(done, len(registries))
    ordered = order_matching(actor=office.maker, now=now)
    work_on_match_orders(clock=lambda: now, order_id=ordered.pk)
    _each(sample, f"reviews/ra_soat_{folder}.xlsx", import_reviews, office=office, now=now)
    confirm_reviews(unit=office.province, actor=office.checker, now=now)
    _each(sample, f"decisions/{folder}.xlsx", import_decisions, office=office, now=now)
    take_in_accounts(sample=sample, folder=folder, office=office, now=now, business_day=business_day)
    _each(sample, f"unclaimed/{folder}.xlsx", import_unclaimed, office=office, now=now)


def take_in_accounts(*, sample: Path, folder: str, office: Office, now: datetime, business_day: date) -> None:
    """The banks' lists of a month, then who is verified."""
    for path in sorted((sample / "accounts").glob(f"{folder}_*.xlsx")):
        _, bank_bin, _ = path.stem.split("_")
        import_accounts(
            content=path.read_bytes(),
            bank_bin=bank_bin,
            unit=office.province,
            actor=office.maker,
            now=now,
            on=business_day,
        )
    waiting = AccountChange.objects.filter(status=ChangeStatus.PENDING).values_list("pk", flat=True)
    approve_changes(change_ids=list(waiting), actor=office.checker, now=now)
    verify_accounts(on=business_day)


def give_new_terms(*, today: date) -> int:
    """What the sample's quarter leaves open is due from today on, as if the office went on; opened stays the day it was found. Returns how many."""
    live = Case.objects.filter(status__in=LIVE, due_on__lt=today)
    found = list(live.only("kind", "reason", "due_on"))
    for case in found:
        case.due_on = working_days_after(today, rule_of(case.kind, case.reason).days)
    Case.objects.bulk_update(found, ["due_on"])
    return len(found)


def _each(sample: Path, name: str, use: Callable[..., object], *, office: Office, now: datetime) -> None:
    path = sample / name
    if path.exists():
        use(content=path.read_bytes(), unit=office.province, actor=office.maker, now=now)
