"""Cash lists out to the provider and back: whoever collected is paid once, a wrong row is named and stops nobody else."""

import io
from collections.abc import Callable

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from banks.fake import FakeTransfers
from beneficiaries.models import Case
from payments.errors import (
    WrongBatchState,
)
from payments.models import Payment, PaymentBatch
from payments.services.providers import Results, hand_over, take_results
from payments.services.providers.columns import OURS
from payments.services.sending.send import send_ready_payments
from staff.errors import NotAllowed
from tests.payments.province import AUGUST, JULY, SEPTEMBER, Province

HEADINGS = ["Mã khoản chi", "Tổng số được nhận", "Kết quả", "Ngày nhận"]
OURS_IN_CASH = OURS["CASH"]
FIRST_AMOUNT, TOTAL = OURS_IN_CASH.index("month"), OURS_IN_CASH.index("amount")
Row = list[object]


@pytest.fixture
def batch(province: Province, bank: FakeTransfers) -> PaymentBatch:
    """A released cash list of two people, 750,000 đ each, not handed over yet."""
    for _ in range(2):
        province.enrol()
    province.build(AUGUST)
    province.release_lists(AUGUST, bank=bank)
    return PaymentBatch.objects.get()


@pytest.fixture
def handed_over(province: Province, batch: PaymentBatch) -> PaymentBatch:
    hand_over(batch_id=batch.pk, actor=province.staff["CHECKER"], now=province.clock())
    return batch


@pytest.fixture
def take_back(province: Province, handed_over: PaymentBatch) -> Callable[..., Results]:
    """Import a result list of these rows."""

    def take(*rows: Row) -> Results:
        return take_results(
            content=workbook(*rows), batch_id=handed_over.pk, actor=province.staff["CHECKER"], now=province.clock()
        )

    return take


def workbook(*rows: Row) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADINGS, *rows]):
            sheet.write_row(number, 0, row)
    return stream.getvalue()


def table_of(content: bytes) -> list[list[object]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return sheet.to_python(skip_empty_area=False)


def collected(payment: Payment, *, on: str = "20/08/2024", amount: object = None) -> Row:
    return [payment.end_to_end_id, payment.amount if amount is None else amount, "Đã nhận", on]


def not_collected(payment: Payment) -> Row:
    return [payment.end_to_end_id, payment.amount, "Chưa nhận", ""]


def payments() -> tuple[Payment, Payment]:
    first, second = Payment.objects.order_by("ordinal")
    return first, second


def statuses() -> list[str]:
    return list(Payment.objects.order_by("ordinal").values_list("status", flat=True))


class TestExport:
    def test_names_everybody_with_the_amount_and_the_sum(self, province, batch):
        rows = table_of(hand_over(batch_id=batch.pk, actor=province.staff["CHECKER"], now=province.clock()))

        listed = [(row[1], row[TOTAL]) for row in rows[4:6]]
        assert listed == [(payment.end_to_end_id, 750_000) for payment in payments()]
        assert (rows[6][3], rows[6][TOTAL]) == ("Tổng cộng", 1_500_000)
        assert statuses() == ["PROCESSING", "PROCESSING"]

    def test_shows_month_arrears_and_months_carried_over_apart(self, province, bank):
        province.enrol(coefficient="1.0")
        for month in (JULY, AUGUST):
            province.build(month)
        province.take_off(Payment.objects.get(batch__cycle__month=AUGUST))
        province.build(SEPTEMBER)
        province.release_lists(SEPTEMBER, bank=bank)
        september = PaymentBatch.objects.get(cycle__month=SEPTEMBER)

        rows = table_of(hand_over(batch_id=september.pk, actor=province.staff["CHECKER"], now=province.clock()))

        month, arrears, carried, recovered, total = rows[4][FIRST_AMOUNT : TOTAL + 1]
        assert (month, arrears, carried, recovered, total) == (500_000, 0, 640_000, 0, 1_140_000)

    def test_repeating_it_gives_the_same_list(self, province, handed_over):
        again = hand_over(batch_id=handed_over.pk, actor=province.staff["CHECKER"], now=province.clock())

        assert [row[1] for row in table_of(again)[4:6]] == [payment.end_to_end_id for payment in payments()]

    def test_a_list_not_released_is_not_handed_over(self, province):
        province.enrol()
        province.build(AUGUST)

        with pytest.raises(WrongBatchState):
            hand_over(batch_id=PaymentBatch.objects.get().pk, actor=province.staff["CHECKER"], now=province.clock())

    def test_cash_is_never_sent_to_the_bank(self, batch, bank, clock):
        send_ready_payments(bank=bank, clock=clock)

        assert (bank.taken, statuses()) == ([], ["READY", "READY"])


class TestResult:
    def test_whoever_collected_is_paid_on_that_day_and_the_rest_goes_with_next_month(self, province, take_back):
        first, second = payments()

        result = take_back(collected(first), not_collected(second))

        first.refresh_from_db()
        assert (result.collected, result.not_collected, result.problems) == (1, 1, [])
        assert (first.status, str(first.credited_on)) == ("POSTED", "2024-08-20")
        province.build(SEPTEMBER)
        september = Payment.objects.filter(batch__cycle__month=SEPTEMBER)
        assert dict(september.values_list("beneficiary", "amount")) == {
            first.beneficiary_id: 750_000,
            second.beneficiary_id: 1_500_000,
        }

    @pytest.mark.parametrize("amount", [749_999, 750_001])
    def test_another_amount_is_named_and_pays_nobody(self, take_back, amount):
        first, second = payments()

        result = take_back(collected(first, amount=amount), collected(second))

        assert statuses() == ["PROCESSING", "POSTED"]
        assert result.problems == ["Dòng 2: số tiền khác danh sách đã giao."]

    @pytest.mark.parametrize("amount", ["", "bảy trăm", 0, -750_000])
    def test_what_is_no_amount_is_named_and_pays_nobody(self, take_back, amount):
        first, second = payments()

        result = take_back(collected(first, amount=amount), collected(second))

        assert statuses() == ["PROCESSING", "POSTED"]
        assert result.problems == [
            "Dòng 2: cột “Tổng số được nhận” không phải số tiền; ghi bằng chữ số, như 750.000, hoặc để nguyên số của danh sách đã giao."
        ]

    def test_an_unknown_row_is_named(self, take_back):
        result = take_back(["zzzzzzzz000001", 750_000, "Đã nhận", "20/08/2024"])

        assert result.problems == ["Dòng 2: khoản chi này không có trong danh sách đã giao."]

    @pytest.mark.parametrize("answer, on", [("Đã nhận", ""), ("Đã nhận", "31/02/2024"), ("Có", "20/08/2024"), ("", "")])
    def test_an_unclear_answer_moves_nobody(self, take_back, answer, on):
        first, _ = payments()

        result = take_back([first.end_to_end_id, first.amount, answer, on])

        assert (statuses(), len(result.problems)) == (["PROCESSING", "PROCESSING"], 1)

    def test_the_same_list_twice_counts_once(self, take_back):
        first, second = payments()
        rows = [collected(first), not_collected(second)]
        take_back(*rows)

        again = take_back(*reversed(rows))

        assert (again.collected, again.not_collected, statuses()) == (0, 0, ["POSTED", "FAILED"])

    def test_what_was_collected_is_not_taken_back_by_a_later_list(self, take_back):
        first, _ = payments()
        take_back(collected(first))

        result = take_back(not_collected(first))

        assert statuses()[0] == "POSTED"
        assert "kết quả khác lần trước" in result.problems[0]

    def test_whoever_is_said_to_have_collected_after_all_waits_for_a_person(self, province, take_back):
        first, _ = payments()
        take_back(not_collected(first))

        result = take_back(collected(first))

        province.build(SEPTEMBER)
        september = Payment.objects.get(batch__cycle__month=SEPTEMBER, beneficiary=first.beneficiary)
        assert (len(result.problems), september.amount) == (1, 750_000)
        assert Case.objects.get().reason == "CASH_RESULT_CONTRADICTS"

    def test_a_line_of_another_list_moves_nothing(self, province, take_back, bank):
        first, _ = payments()
        province.build(SEPTEMBER)
        province.release_lists(SEPTEMBER, bank=bank)
        other = PaymentBatch.objects.get(cycle__month=SEPTEMBER)

        result = take_results(
            content=workbook(collected(first)), batch_id=other.pk, actor=province.staff["CHECKER"], now=province.clock()
        )

        first.refresh_from_db()
        assert (first.status, len(result.problems)) == ("PROCESSING", 1)

    def test_a_list_not_released_takes_no_result(self, province, take_back):
        province.build(SEPTEMBER)
        other = PaymentBatch.objects.get(cycle__month=SEPTEMBER)

        with pytest.raises(WrongBatchState):
            take_results(content=workbook(), batch_id=other.pk, actor=province.staff["CHECKER"], now=province.clock())

    def test_only_whoever_reconciles_takes_it_back(self, province, handed_over):
        with pytest.raises(NotAllowed):
            take_results(
                content=workbook(), batch_id=handed_over.pk, actor=province.staff["MAKER"], now=province.clock()
            )
