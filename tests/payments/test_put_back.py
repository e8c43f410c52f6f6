"""Whoever was left for the next month comes back while the list is in draft: paid this month, once, and not with the next."""

import pytest
from django.db import transaction

from payments.errors.outcomes import NotLeftForNextMonth, SignedListTakesNobodyBack
from payments.models import Entitlement, ListMaker, Payment, PaymentBatch, RowNote
from payments.services.answers import own_answers
from payments.services.lists.put_back import put_back
from payments.services.signing.removal import take_off
from payments.services.signing.sign import return_for_revision
from reconciliation.services.months.prove import prove_cycle
from staff.errors import NotAllowed
from tests.payments.province import AUGUST, SEPTEMBER, Clock, Province, make_province
from tests.payments.test_row_notes import leave
from tests.waiting import beside


def back(province: Province, *, role: str = "MAKER") -> Payment:
    left = Payment.objects.get(ordinal=1, batch__cycle__month=AUGUST)
    return put_back(payment_id=left.pk, text="Đã chứng thực.", actor=province.staff[role], now=province.clock())


@pytest.mark.usefixtures("batch")
class TestPuttingBack:
    def test_pays_the_person_this_month_once_and_not_with_the_next(self, province, bank):
        leave(province)
        again = back(province)
        province.release_lists(AUGUST, bank=bank)
        province.build(SEPTEMBER)

        months = Entitlement.objects.filter(payment__beneficiary=again.beneficiary).order_by("month")
        assert list(months.values_list("month", "payment__batch__cycle__month", "payment__amount")) == [
            (AUGUST, AUGUST, 750_000),
            (SEPTEMBER, SEPTEMBER, 750_000),
        ]

    def test_is_a_line_of_its_own_at_the_end_with_the_note_beside_it(self, province):
        left = leave(province).payment

        again = back(province)

        assert (again.ordinal, again.bank_account_id, again.payee_name) == (3, left.bank_account_id, left.payee_name)
        assert again.end_to_end_id == f"{left.batch.token}000003"
        assert list(again.notes.values_list("ground", "text")) == [("", "Đã chứng thực.")]

    def test_leaves_nothing_of_it_in_proof_and_answer(self, province):
        leave(province)
        again = back(province)

        assert [line for line in prove_cycle(month=AUGUST).lines if line.name == "Để kỳ sau"] == []
        assert [one.reason for one in own_answers(beneficiary=again.beneficiary, now=province.clock())] == [""]

    def test_is_done_once_and_may_be_left_again(self, province):
        leave(province)
        again = back(province)
        with pytest.raises(NotLeftForNextMonth):
            back(province)

        leave(province, ordinal=again.ordinal)
        assert RowNote.objects.exclude(ground="").count() == 2

    def test_makes_whoever_does_it_a_maker_of_the_list(self, province):
        leave(province)
        again = back(province, role="CHECKER")

        assert ListMaker.objects.filter(batch=again.batch, maker=province.staff["CHECKER"]).exists()

    @pytest.mark.parametrize("role", ["COMMUNE_OFFICER", "REVIEWER", "AUDITOR", "LEADER"])
    def test_is_not_for_others(self, province, role):
        leave(province)
        with pytest.raises(NotAllowed):
            back(province, role=role)

    def test_is_refused_once_somebody_signed_until_the_list_is_returned(self, province):
        left = leave(province).payment
        province.approve_lists(AUGUST)
        with pytest.raises(SignedListTakesNobodyBack):
            back(province)

        return_for_revision(
            batch_ids=[left.batch_id], actor=province.staff["RELEASER"], note="Đưa lại", now=province.clock()
        )
        assert back(province).batch_id == left.batch_id

    def test_is_not_for_who_was_taken_off(self, province):
        payment = Payment.objects.get(ordinal=1)
        take_off(payment_id=payment.pk, reason="x", actor=province.staff["MAKER"], now=province.clock())

        with pytest.raises(NotLeftForNextMonth):
            back(province)

    def test_is_not_for_whom_the_next_month_pays_already(self, province):
        leave(province)
        province.build(SEPTEMBER)

        with pytest.raises(NotLeftForNextMonth):
            back(province)

    def test_is_too_late_when_the_list_was_cancelled_because_nobody_was_left(self, province):
        leave(province, ordinal=2)
        leave(province)

        with pytest.raises(SignedListTakesNobodyBack):
            back(province)
        assert PaymentBatch.objects.get().status == "CANCELLED"


@pytest.mark.usefixtures("committed_db")
def test_a_button_pressed_twice_puts_back_once() -> None:
    province = make_province(clock=Clock())
    for _ in range(2):
        province.open_account(province.enrol().beneficiary)
    province.build(AUGUST)
    leave(province)
    with beside() as begin:
        with transaction.atomic():
            back(province)
            second = begin(lambda: back(province))
            assert not second.done()
        with pytest.raises(NotLeftForNextMonth):
            second.result(timeout=60)

    assert Payment.objects.exclude(status="CANCELLED").count() == 2
