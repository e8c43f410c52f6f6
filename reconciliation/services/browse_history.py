"""Browse the history of changes (nhật ký hệ thống): of one record, or of one member of staff; only of records that lie in the reader's subtree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet

from beneficiaries.models import (
    AccountChange,
    AgeChange,
    BankAccount,
    Beneficiary,
    BenefitCategory,
    Case,
    Coefficient,
    Correction,
    Enrolment,
    Exclusion,
    PayeeRelation,
    Phone,
    StandardAmount,
    SuppliedSigner,
    TopUpRate,
)
from payments.models import (
    Cycle,
    Enquiry,
    Entitlement,
    Finding,
    Freeze,
    FundingAccount,
    PayingPoint,
    Payment,
    PaymentBatch,
    RecoveryProposal,
    RemovalSlip,
    SettingChange,
    TopUp,
)
from reconciliation.models import Discrepancy, IssuedPaper, ReportRun, StatementMapping
from staff.models import (
    AdministrativeUnit,
    Assignment,
    CalendarDay,
    DataExport,
    DataKey,
    Delegation,
    ErasureOrder,
    HistoryRow,
    RoleAssignment,
    User,
)
from staff.time_zone import VIETNAM


@dataclass(frozen=True)
class Kept:
    """A table whose history is kept: what one row of it is called, and which rows lie below a unit's path."""

    label: str
    below: Callable[[str], QuerySet[Any]]


def _by(model: type[Model], *paths: str) -> Callable[[str], QuerySet[Any]]:
    """Rows of `model` whose unit, by any of the `paths`, lies below; without one, rows that are everybody's."""

    def below(path: str) -> QuerySet[Any]:
        reach = Q()
        for name in paths:
            reach |= Q(**{f"{name}__path__startswith": path})
        return model._default_manager.filter(reach)

    return below


KEPT: Mapping[str, Kept] = {
    "payments_payment": Kept("Khoản chi trả", _by(Payment, "beneficiary__unit", "batch__paying_unit")),
    "payments_paymentbatch": Kept("Danh sách chi trả", _by(PaymentBatch, "paying_unit")),
    "payments_finding": Kept(
        "Kết luận về khoản chi bị báo khác", _by(Finding, "payment__beneficiary__unit", "payment__batch__paying_unit")
    ),
    "payments_settingchange": Kept("Đề nghị thay đổi cài đặt", _by(SettingChange, "unit")),
    "payments_topup": Kept("Tiền cấp vào tài khoản chi trả", _by(TopUp, "funding_account__paying_unit")),
    "payments_removalslip": Kept(
        "Phiếu loại khỏi danh sách", _by(RemovalSlip, "payment__beneficiary__unit", "payment__batch__paying_unit")
    ),
    "payments_freeze": Kept("Tạm dừng chi trả", _by(Freeze, "unit")),
    "payments_recoveryproposal": Kept("Đề nghị thu hồi", _by(RecoveryProposal, "entitlement__enrolment__unit")),
    "staff_datakey": Kept("Khóa dữ liệu cá nhân", _by(DataKey)),
    "payments_cycle": Kept("Kỳ chi trả", _by(Cycle)),
    "payments_entitlement": Kept("Số tiền được hưởng", _by(Entitlement, "enrolment__unit")),
    "beneficiaries_beneficiary": Kept("Mã tra cứu của người hưởng", _by(Beneficiary, "unit")),
    "beneficiaries_enrolment": Kept("Hồ sơ hưởng", _by(Enrolment, "unit")),
    "beneficiaries_bankaccount": Kept("Tài khoản nhận trợ cấp", _by(BankAccount, "beneficiary__unit")),
    "beneficiaries_accountchange": Kept("Đề nghị đổi tài khoản", _by(AccountChange, "new_account__beneficiary__unit")),
    "beneficiaries_payeerelation": Kept("Người nhận thay", _by(PayeeRelation, "beneficiary__unit")),
    "beneficiaries_correction": Kept("Sửa hồ sơ", _by(Correction, "beneficiary__unit")),
    "beneficiaries_suppliedsigner": Kept(
        "Bổ sung người ký quyết định", _by(SuppliedSigner, "decision__enrolment__unit")
    ),
    "beneficiaries_phone": Kept("Điện thoại nhận tin", _by(Phone, "beneficiary__unit")),
    "beneficiaries_case": Kept("Việc cần xử lý", _by(Case, "unit")),
    "beneficiaries_standardamount": Kept("Mức chuẩn trợ giúp xã hội", _by(StandardAmount)),
    "beneficiaries_coefficient": Kept("Hệ số", _by(Coefficient)),
    "beneficiaries_topuprate": Kept("Mức hỗ trợ thêm của tỉnh", _by(TopUpRate)),
    "beneficiaries_exclusion": Kept("Quy định không hưởng đồng thời", _by(Exclusion)),
    "beneficiaries_agechange": Kept("Mốc tuổi đổi mức hưởng", _by(AgeChange)),
    "payments_fundingaccount": Kept("Tài khoản nguồn chi", _by(FundingAccount, "paying_unit")),
    "payments_payingpoint": Kept("Điểm chi trả", _by(PayingPoint, "unit")),
    "payments_enquiry": Kept("Tra soát", _by(Enquiry, "payment__batch__paying_unit")),
    "reconciliation_statementmapping": Kept("Cột của sao kê", _by(StatementMapping, "funding_account__paying_unit")),
    "reconciliation_discrepancy": Kept("Chênh lệch", _by(Discrepancy, "statement__funding_account__paying_unit")),
    "reconciliation_reportrun": Kept("Báo cáo định kỳ", _by(ReportRun, "unit")),
    "staff_calendarday": Kept("Ngày nghỉ, ngày làm bù", _by(CalendarDay)),
    "staff_erasureorder": Kept("Lệnh xóa dữ liệu quá thời hạn", _by(ErasureOrder, "ordered_by__unit")),
    "staff_dataexport": Kept("Xuất toàn bộ dữ liệu", _by(DataExport, "ordered_by__unit")),
    "staff_delegation": Kept("Ủy quyền", _by(Delegation, "unit")),
    "staff_roleassignment": Kept("Phân vai trò", _by(RoleAssignment, "unit")),
    "staff_assignment": Kept("Phân công cán bộ", _by(Assignment, "unit")),
    "staff_user": Kept("Cán bộ", _by(User, "unit")),
}


def history_of_record(*, relation: str, row_id: int, reader: User) -> QuerySet[HistoryRow] | None:
    """What happened to one record, the newest first; None when there is no such record below the reader's unit (nothing more is told)."""
    kept = KEPT.get(relation)
    if kept is None or reader.unit is None or not kept.below(reader.unit.path).filter(pk=row_id).exists():
        return None
    return HistoryRow.objects.filter(relation=relation, row_id=row_id).order_by("-pk")


def history_of_actor(*, actor: User, reader: User) -> QuerySet[HistoryRow]:
    """What `actor` did, the newest first. What they did to records outside the reader's subtree (assigned there for a while) stays out."""
    if reader.unit is None:
        return HistoryRow.objects.none()
    seen = Q()
    for relation, kept in KEPT.items():
        seen |= Q(relation=relation, row_id__in=kept.below(reader.unit.path).values("pk"))
    return HistoryRow.objects.filter(seen, actor_id=actor.pk).order_by("-pk")


def readings_in_reach(
    *, looking: User, person: int | None, reader: str | None, from_on: date | None, to_on: date | None
) -> QuerySet[IssuedPaper]:
    """Readings of people's histories below the unit of `looking`, the newest first: of one person, by one user name, of some days."""
    if looking.unit is None:
        return IssuedPaper.objects.none()
    wanted = {"beneficiary": person, "made_for__username": reader}
    papers = IssuedPaper.objects.filter(kind=IssuedPaper.Kind.HISTORY, unit__path__startswith=looking.unit.path)
    papers = papers.filter(**{name: value for name, value in wanted.items() if value is not None})
    if from_on is not None:
        papers = papers.filter(made_at__gte=_midnight(from_on))
    if to_on is not None and to_on < date.max:
        papers = papers.filter(made_at__lt=_midnight(to_on) + timedelta(days=1))
    return papers.select_related("unit", "made_for").order_by("-pk")


def between(rows: QuerySet[HistoryRow], *, from_on: date | None, to_on: date | None) -> QuerySet[HistoryRow]:
    """Rows written on the days from `from_on` to `to_on`, both included, in Vietnam."""
    if from_on is not None:
        rows = rows.filter(at__gte=_midnight(from_on))
    return rows.filter(at__lt=_midnight(to_on) + timedelta(days=1)) if to_on is not None and to_on < date.max else rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=VIETNAM)


@dataclass(frozen=True)
class Names:
    """What ids in a page of history stand for: staff, units, and categories by their neutral code (a category may reveal an illness)."""

    staff: Mapping[int, tuple[str, str]]
    units: Mapping[int, str]
    categories: Mapping[int, str]


def names_in(rows: list[HistoryRow]) -> Names:
    """The names for one page; three queries, however many rows."""
    ids: dict[str, set[int]] = {
        "user": {row.actor_id for row in rows if row.actor_id},
        "unit_id": set(),
        "category_id": set(),
    }
    for row in rows:
        for column, values in row.changes.items():
            kind = "user" if column in STAFF_COLUMNS else column
            if kind in ids:
                ids[kind].update(value for value in values if isinstance(value, int))
    users = User.objects.filter(pk__in=ids["user"]).values_list("pk", "username", "full_name")
    return Names(
        staff={pk: (username, full_name) for pk, username, full_name in users},
        units=dict(AdministrativeUnit.objects.filter(pk__in=ids["unit_id"]).values_list("pk", "code")),
        categories=dict(BenefitCategory.objects.filter(pk__in=ids["category_id"]).values_list("pk", "neutral_code")),
    )


STAFF_COLUMNS = frozenset(
    {"owner_id", "proposed_by_id", "decided_by_id", "resolved_by_id", "signed_by_id", "recorded_by_id", "ended_by_id"}
)


def shown_value(column: str, value: object, names: Names) -> object:
    """A value as it may be read: categories by neutral code alone, units by code, staff by user name; else as it was written."""
    if not isinstance(value, int) or isinstance(value, bool):
        return value
    if column == "category_id":
        return names.categories.get(value)
    if column == "unit_id":
        return names.units.get(value, value)
    if column in STAFF_COLUMNS:
        return names.staff.get(value, (str(value), ""))[0]
    return value
