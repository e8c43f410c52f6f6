"""Cash lists: out as Excel to the provider, back with who collected. The provider's list is the last word on who was paid."""

import io
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter
from django.db import connection, transaction

from beneficiaries.parsers.values import read_date, text_of
from beneficiaries.parsers.workbook import read_table
from payments.errors import WrongBatchState
from payments.models import Payment, PaymentBatch
from payments.services.cases import open_payment_cases
from payments.services.cash_lines import cash_lines
from payments.services.freeze import require_not_frozen
from payments.services.succession import doubtful_on, hold_successors
from payments.states import BatchStatus, Cause, Channel, PaymentStatus, payment_label
from staff.models import User
from staff.rights import Right, require

HEADINGS = [
    "STT",
    "Mã khoản chi",
    "Mã hồ sơ hưởng",
    "Họ và tên người hưởng",
    "Năm sinh",
    "Xã, phường",
    "Thôn, tổ dân phố",
    "Tháng này",
    "Truy lĩnh",
    "Tháng trước chuyển sang",
    "Tổng số được nhận",
    "Người nhận thay",
    "Ký nhận",
    "Kết quả",
    "Ngày nhận",
    "Ghi chú",
]
FIRST_AMOUNT = HEADINGS.index("Tháng này")
RESULT_COLUMNS = {"payment": "Mã khoản chi", "amount": "Tổng số được nhận", "result": "Kết quả", "paid": "Ngày nhận"}
COLLECTED, NOT_COLLECTED = "Đã nhận", "Chưa nhận"


@dataclass(frozen=True)
class CashResult:
    """What a result list did; `problems` are sentences with their row."""

    collected: int
    not_collected: int
    problems: list[str]


@transaction.atomic
def export_cash_list(*, batch_id: int, actor: User, now: datetime) -> bytes:
    """The released cash list as a workbook for the provider; its payments are now with the provider. Repeating it gives the same list.

    Who is on a removal slip that waits is left out; for whom the provider was asked to stop, the line says so. Raises `WrongBatchState` for a list
    not released, `PaymentIsSuspended`, `NotAllowed`.
    """
    batch = PaymentBatch.objects.select_related("paying_unit", "programme", "cycle").get(pk=batch_id)
    require(actor, Right.HAND_OVER, unit=batch.paying_unit)
    if batch.status != BatchStatus.RELEASED or batch.channel != Channel.CASH:
        raise WrongBatchState(conflicts=[str(batch_id)])
    require_not_frozen(batch)
    in_doubt = doubtful_on(batch_id=batch.pk, now=now)
    Payment.objects.filter(batch=batch, hold_code="").exclude(pk__in=in_doubt).apply(Cause.HANDED_OVER, now=now)
    return _workbook(batch)


def _workbook(batch: PaymentBatch) -> bytes:
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = workbook.add_worksheet("Danh sách")
    bold, money = (
        workbook.add_format({"bold": True, "text_wrap": True, "valign": "vcenter"}),
        workbook.add_format({"num_format": "#,##0"}),
    )
    sheet.write(
        0,
        0,
        f"DANH SÁCH CHI TRẢ {batch.programme.name.upper()} - KỲ {batch.cycle.month:%m/%Y} - CHI TRỰC TIẾP BẰNG TIỀN MẶT",
        bold,
    )
    sheet.write(1, 0, f"{batch.paying_unit.name} · Nguồn kinh phí: {batch.budget_source}")
    sheet.write_row(3, 0, HEADINGS, bold)
    lines = cash_lines(batch)
    for position, line in enumerate(lines, start=1):
        row = 3 + position
        payment, beneficiary = line.payment, line.payment.beneficiary
        other = "" if payment.payee_name == beneficiary.full_name else payment.payee_name
        sheet.write_row(
            row,
            0,
            [
                position,
                payment.end_to_end_id,
                line.code,
                beneficiary.full_name,
                beneficiary.birth_year or "",
                beneficiary.unit.name,
                beneficiary.hamlet,
            ],
        )
        for column, amount in enumerate((line.month, line.arrears, line.carried, payment.amount), start=FIRST_AMOUNT):
            sheet.write_number(row, column, amount, money)
        sheet.write(row, FIRST_AMOUNT + 4, other)
        if line.stop_since:
            sheet.write(row, len(HEADINGS) - 1, f"DỪNG CHI theo thông báo ngày {line.stop_since:%d/%m/%Y}", bold)
    last = 4 + len(lines)
    sheet.write(last, 3, "Tổng cộng", bold)
    sheet.write_number(last, FIRST_AMOUNT + 3, sum(line.payment.amount for line in lines), money)
    sheet.freeze_panes(4, 0)
    sheet.set_column(1, FIRST_AMOUNT - 1, 18)
    sheet.set_column(FIRST_AMOUNT, len(HEADINGS) - 1, 14)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    workbook.close()
    return stream.getvalue()


@transaction.atomic
def import_cash_result(*, content: bytes, batch_id: int, actor: User, now: datetime) -> CashResult:
    """The provider's signed result list: who collected, when. Amounts must be ours; a wrong row is named and does not stop the rest.

    Raises `FileUnreadable`, `NotAllowed`, `WrongBatchState`.
    """
    batch = PaymentBatch.objects.select_related("paying_unit").get(pk=batch_id)
    require(actor, Right.RECONCILE, unit=batch.paying_unit)
    if batch.status != BatchStatus.RELEASED or batch.channel != Channel.CASH:
        raise WrongBatchState(conflicts=[str(batch_id)])
    amounts = dict(Payment.objects.filter(batch=batch).values_list("end_to_end_id", "amount"))
    collected: dict[str, date] = {}
    not_collected: list[str] = []
    problems: list[str] = []
    rows: dict[str, int] = {}
    for row in read_table(content, columns=RESULT_COLUMNS, optional=frozenset({"paid"})):
        key, result, paid_on = (
            text_of(row.cells["payment"]),
            text_of(row.cells["result"]),
            read_date(row.cells.get("paid")),
        )
        if not key:
            continue
        if key not in amounts:
            problems.append(f"Dòng {row.number}: khoản chi này không có trong danh sách đã giao.")
        elif text_of(row.cells["amount"]) != str(amounts[key]):
            problems.append(f"Dòng {row.number}: số tiền khác danh sách đã giao.")
        elif result == COLLECTED and paid_on:
            collected[key] = paid_on
            rows[key] = row.number
        elif result == NOT_COLLECTED:
            not_collected.append(key)
            rows[key] = row.number
        else:
            problems.append(f"Dòng {row.number}: cột “Kết quả” phải là “Đã nhận” (kèm ngày nhận) hoặc “Chưa nhận”.")
    counts = _collected(collected, now=now), _not_collected(not_collected, now=now)
    problems += _paid_in_spite(collected, rows=rows, now=now)
    problems += _contradictions(rows, collected=set(collected), now=now)
    return CashResult(collected=counts[0], not_collected=counts[1], problems=problems)


def _paid_in_spite(collected: dict[str, date], *, rows: dict[str, int], now: datetime) -> list[str]:
    """Paid though the provider was asked to stop: the signature stands, the money is gone, and a person must see to it."""
    paid = Payment.objects.filter(
        end_to_end_id__in=collected, stop_notice__withdrawn_at__isnull=True, stop_notice__isnull=False
    )
    found = [(payment.pk, rows[payment.end_to_end_id]) for payment in paid if payment.status == PaymentStatus.POSTED]
    open_payment_cases(
        payment_ids=[pk for pk, _ in found],
        reason="PAID_AFTER_STOP_NOTICE",
        now=now,
        evidence="Tổ chức chi trả đã chi sau khi có thông báo dừng chi.",
    )
    return [f"Dòng {number}: đã chi dù có thông báo dừng chi; mời làm việc với tổ chức chi trả." for _, number in found]


def _contradictions(rows: dict[str, int], *, collected: set[str], now: datetime) -> list[str]:
    """A list that says otherwise than one before it: named, a case for a person, and its money is not carried on meanwhile."""
    problems: list[str] = []
    contradicted: list[int] = []
    for payment in Payment.objects.filter(end_to_end_id__in=rows):
        said = PaymentStatus.POSTED if payment.end_to_end_id in collected else PaymentStatus.FAILED
        if payment.status == said:
            continue
        problems.append(
            f"Dòng {rows[payment.end_to_end_id]}: kết quả khác lần trước ({payment_label(payment.status, channel=Channel.CASH)}); mời đối chiếu chữ ký."
        )
        Payment.objects.filter(pk=payment.pk).update(confirmed_at=None)
        contradicted.append(payment.pk)
    open_payment_cases(payment_ids=contradicted, reason="CASH_RESULT_CONTRADICTS", now=now)
    if contradicted:
        hold_successors(now=now)
    return problems


def _collected(paid_on: dict[str, date], *, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_payment p SET status = 'POSTED', cause = 'COLLECTED', status_at = %s, credited_on = v.paid_on "
            "FROM (SELECT unnest(%s::text[]) AS key, unnest(%s::date[]) AS paid_on) v WHERE p.end_to_end_id = v.key AND p.status = 'PROCESSING'",
            [now, list(paid_on), list(paid_on.values())],
        )
        return int(cursor.rowcount)


def _not_collected(keys: list[str], *, now: datetime) -> int:
    """The provider's signed list is the confirmation: the money is still with the provider and goes with next month's."""
    return Payment.objects.filter(end_to_end_id__in=keys).apply(
        Cause.NOT_COLLECTED, now=now, confirmed_at=now, return_code="not_collected"
    )
