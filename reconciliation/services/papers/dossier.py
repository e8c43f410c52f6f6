"""Collect the dossier of a unit's month: every paper there is, and by name what is missing."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from payments.models import FundingAccount, SignedPaper
from payments.services.signing.papers import PAPER
from payments.states import BatchStatus, Channel
from reconciliation.models import SignedMinutes
from reconciliation.reports.dossier import tables
from reconciliation.reports.dossier.lists import LISTED
from reconciliation.reports.dossier.piece import Dossier, Piece
from reconciliation.reports.rolls.changes import changes_roll
from reconciliation.reports.rolls.monthly import monthly_rolls
from reconciliation.reports.rolls.rows import rows_of
from reconciliation.reports.rolls.unpaid import unpaid_roll
from reconciliation.services.months.minutes import write_minutes
from reconciliation.services.months.minutes_roll import minutes_roll
from reconciliation.services.papers.keep_signed_minutes import content_of_minutes
from staff.encryption import unseal
from staff.models import AdministrativeUnit
from staff.printing import Embedded

STEPS = 11
_SUFFIX = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
Row = dict[str, Any]


def collect_dossier(
    *, unit: AdministrativeUnit, month: date, now: datetime, tell: Callable[[int, int], None] = lambda done, total: None
) -> Dossier | None:
    """The dossier of the unit and month (first day), counted now; None when there is no list. `tell` hears how many of `STEPS` are done."""
    lists = list(rows_of(LISTED, {"scope": unit.path, "month": month}))
    if not lists:
        return None
    given: Row = {"unit": unit, "month": month, "now": now}
    makers: list[Callable[[], Piece]] = [
        lambda: _monthly(Channel.ACCOUNT, lists, **given),
        lambda: _monthly(Channel.CASH, lists, **given),
        lambda: Piece("Tổng hợp biến động", (changes_roll(**given),)),
        lambda: Piece("Quyết định có hiệu lực từ tháng này", (tables.table_roll(tables.DECISIONS, **given),)),
        lambda: _signing(lists, **given),
        lambda: _orders(lists, **given),
        lambda: _statements(lists, **given),
        lambda: _results(**given),
        lambda: Piece("Danh sách người chưa nhận tiền", (unpaid_roll(**given),), empty="Mọi người trong danh sách đã nhận tiền."),
        lambda: _came_back(**given),
        lambda: _minutes(lists, **given),
    ]  # fmt: skip
    pieces = []
    for make in makers:
        pieces.append(make())
        tell(len(pieces), STEPS)
    return Dossier(unit=unit, month=month, pieces=tuple(pieces), made_at=now, files=_files(lists, month))


def _monthly(channel: Channel, lists: list[Row], **given: Any) -> Piece:
    title = "Danh sách chi trả qua tài khoản" if channel == Channel.ACCOUNT else "Danh sách chi trả bằng tiền mặt"
    waiting = [row["label"] for row in lists if row["channel"] == channel and row["status"] not in (BatchStatus.RELEASED, BatchStatus.CLOSED)]  # fmt: skip
    return Piece(
        title, tuple(monthly_rolls(channel=channel, **given)), tuple(f"{label}: chưa duyệt chi." for label in waiting)
    )


def _signing(lists: list[Row], **given: Any) -> Piece:
    papers = set(SignedPaper.objects.filter(batch__in=[row["id"] for row in lists]).values_list("batch_id", flat=True))
    missing = tuple(f"{row['label']}: chưa có bản đã ký (bản quét hoặc ký số)." for row in lists if row["id"] not in papers)  # fmt: skip
    rolls = (tables.table_roll(tables.SIGNATURES, **given), tables.table_roll(tables.PAPERS, **given))
    return Piece("Trình tự ký, bản đã ký", rolls, missing)


def _orders(lists: list[Row], **given: Any) -> Piece:
    roll = tables.table_roll(tables.ORDERS, **given)
    with_voucher = {row[4] for row in roll.cells if row[1] == "Chứng từ Kho bạc"}
    missing = tuple(f"{row['label']}: chưa ghi số chứng từ Kho bạc." for row in lists if row["label"] not in with_voucher)  # fmt: skip
    return Piece("Lệnh chi, chứng từ Kho bạc, chuyển tiền", (roll,), missing)


def _statements(lists: list[Row], **given: Any) -> Piece:
    roll = tables.table_roll(tables.STATEMENTS, **given)
    told = {row[1] for row in roll.cells}
    missing = tuple(f"Chưa có sao kê của tài khoản {account.code}." for account in _accounts(lists) if account.code not in told)  # fmt: skip
    return Piece("Sao kê", (roll,), missing)


def _results(**given: Any) -> Piece:
    roll = tables.table_roll(tables.RESULTS, **given)
    waiting = [(row[1], row[6]) for row in roll.cells if row[6]]
    return Piece(
        "Kết quả chi trả", (roll,), tuple(f"{label}: {count} khoản chưa có kết quả." for label, count in waiting)
    )


def _came_back(**given: Any) -> Piece:
    rolls = (tables.table_roll(tables.RETURNS, **given), tables.table_roll(tables.SLIPS, **given))
    return Piece("Khoản hoàn trả, phiếu rút tên", rolls)


def _minutes(lists: list[Row], **given: Any) -> Piece:
    written = [write_minutes(account=account, month=given["month"]) for account in _accounts(lists)]
    missing = tuple(f"Tài khoản {each.account.code}: hai bên chưa thống nhất số liệu." for each in written if not each.agreed)  # fmt: skip
    signed = {paper.account_id for paper in _signed_minutes(lists, given["month"])}
    missing += tuple(f"Tài khoản {each.account.code}: chưa có biên bản hai bên đã ký." for each in written if each.account.pk not in signed)  # fmt: skip
    rolls = tuple(minutes_roll(each, now=given["now"]) for each in written)
    return Piece("Biên bản đối chiếu với tổ chức dịch vụ chi trả", rolls, missing)


def _signed_minutes(lists: list[Row], month: date) -> list[SignedMinutes]:
    papers = SignedMinutes.objects.filter(account__in=_accounts(lists), month=month).select_related("account")
    return list(papers.order_by("account__code", "pk"))


def _accounts(lists: list[Row]) -> list[FundingAccount]:
    ids = {row["funding_account_id"] for row in lists if row["funding_account_id"]}
    return list(FundingAccount.objects.filter(pk__in=ids).select_related("paying_unit").order_by("code"))


def _files(lists: list[Row], month: date) -> tuple[Embedded, ...]:
    """Signed papers as they came, of the revision that stands."""
    revisions = {row["id"]: row for row in lists}
    found = [
        paper
        for paper in SignedPaper.objects.filter(batch__in=list(revisions)).order_by("batch_id", "pk")
        if paper.revision == revisions[paper.batch_id]["revision"]
    ]
    minutes = tuple(
        Embedded(
            f"bien-ban-da-ky-{nth:02}.{_SUFFIX[each.media_type]}", f"Biên bản đối chiếu đã ký, tài khoản {each.account.code}",
            content_of_minutes(each), each.received_at,
        )
        for nth, each in enumerate(_signed_minutes(lists, month), start=1)
    )  # fmt: skip
    lists_signed = tuple(
        Embedded(
            f"ban-da-ky-{nth:02}.{_SUFFIX[paper.media_type]}", revisions[paper.batch_id]["label"], unseal(bytes(paper.sealed), purpose=PAPER), paper.received_at
        )
        for nth, paper in enumerate(found, start=1)
    )  # fmt: skip
    return lists_signed + minutes
