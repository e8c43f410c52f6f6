"""The person has not seen money we hold to have arrived: asked once, answered by a day, and no money moves by it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from beneficiaries.models import Case
from beneficiaries.services.cases.deciding import reject_case, settle_case
from payments.errors.outcomes import AskedAlready, NotSaidToHaveArrived
from payments.models import Payment
from payments.services.answers import Answer, own_answers
from payments.services.learning.cases import open_payment_cases
from payments.services.learning.not_seen import report_not_seen
from payments.states import Cause
from staff.errors import NotAllowed
from tests.payments.province import Province


@pytest.fixture
def arrived(province: Province, released: object) -> Payment:
    payment = Payment.objects.get(ordinal=1)
    Payment.objects.filter(pk=payment.pk).apply(Cause.CLAIM, now=province.clock())
    Payment.objects.filter(pk=payment.pk).apply(Cause.BANK_POSTED, now=province.clock(), credited_on=date(2024, 8, 5))
    payment.refresh_from_db()
    return payment


def ask(province: Province, payment: Payment, *, role: str = "MAKER") -> Case:
    return report_not_seen(
        payment_id=payment.pk, note="Ra ngân hàng hai lần", actor=province.staff[role], now=province.clock()
    )


def told(province: Province, payment: Payment) -> Answer:
    return own_answers(beneficiary=payment.beneficiary, now=province.clock())[0]


class TestAsking:
    def test_names_a_day_and_the_person_is_told_it(self, province, arrived):
        case = ask(province, arrived)

        assert case.due_on == date(2024, 8, 12)
        assert told(province, arrived).next_step == (
            "Ông/Bà đã báo chưa thấy tiền ngày 05/08/2024; cán bộ đang tra soát với Agribank, trả lời trước ngày 12/08/2024. Ông/Bà chưa phải làm gì."
        )

    def test_is_of_the_day_people_here_count(self, province, arrived):
        province.clock.now = datetime(2024, 8, 5, 18, 30, tzinfo=UTC)  # half past one in the night of the 6th

        assert ask(province, arrived).evidence == ["06/08/2024: Ra ngân hàng hai lần"]

    def test_promises_no_day_that_has_passed(self, province, arrived):
        ask(province, arrived)
        province.clock.now += timedelta(days=8)

        said = told(province, arrived).next_step

        assert "chưa có trả lời đúng hẹn (12/08/2024)" in said and "trả lời trước ngày" not in said

    def test_moves_no_money(self, province, arrived):
        before = Payment.objects.order_by("pk").values_list("status", "confirmed_at", "cause")
        kept = list(before)

        ask(province, arrived)

        assert list(before.all()) == kept

    def test_is_done_once_until_it_is_answered(self, province, arrived):
        ask(province, arrived)

        with pytest.raises(AskedAlready):
            ask(province, arrived)

    def test_is_about_what_is_said_to_have_arrived(self, province, released):
        with pytest.raises(NotSaidToHaveArrived):
            ask(province, Payment.objects.get(ordinal=2))

    @pytest.mark.parametrize("role", ["CHECKER", "AUDITOR", "LEADER", "REVIEWER"])
    def test_is_for_whoever_looks_after_people(self, province, arrived, role):
        with pytest.raises(NotAllowed):
            ask(province, arrived, role=role)

    def test_hides_no_word_of_the_bank_about_the_same_payment(self, province, arrived):
        ask(province, arrived)

        open_payment_cases(payment_ids=[arrived.pk], reason="BANK_CONTRADICTS", now=province.clock())

        assert set(Case.objects.values_list("kind", flat=True)) == {"NOT_SEEN", "PAYMENT"}


class TestTheAnswer:
    def test_is_told_to_have_come_and_not_guessed_at(self, province, arrived):
        case = ask(province, arrived)
        province.clock.advance(days=2)
        settle_case(
            case_id=case.pk,
            actor=province.staff["MAKER"],
            note="Đã vào ngày 5/8.",
            document="7/NH",
            now=province.clock(),
        )

        answer = told(province, arrived).next_step

        assert answer.startswith(
            "Đã tra soát với Agribank, trả lời ngày 07/08/2024; đến nay chưa ghi nhận khoản này được hoàn trả."
        )
        assert "Đã vào" not in answer and "7/NH" not in answer
        assert "tiền đã đến" not in answer  # what the bank said stands with the case: it may have been that it did not

    def test_is_the_return_itself_when_the_bank_gives_the_money_back(self, province, arrived):
        ask(province, arrived)
        Payment.objects.filter(pk=arrived.pk).apply(
            Cause.BANK_RETURNED, now=province.clock(), returned_on=date(2024, 8, 7), return_code="account_closed"
        )

        assert told(province, arrived).reason == "RETURNED"

    def test_of_a_groundless_word_is_the_payment_alone_and_it_may_be_asked_again(self, province, arrived):
        case = ask(province, arrived)
        reject_case(
            case_id=case.pk, actor=province.staff["MAKER"], note="Nhầm người.", document="", now=province.clock()
        )
        assert "tra soát" in told(province, arrived).next_step and "đã báo" not in told(province, arrived).next_step
        province.clock.now += timedelta(days=3)

        assert ask(province, arrived).status == "OPEN"
