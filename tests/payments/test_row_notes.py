"""Beside a row of a list: a note changes nothing, and whoever is left for the next month is paid with it, once, and is told why."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from payments.errors import CannotStop
from payments.errors.outcomes import SignedListLeavesNobody
from payments.models import Entitlement, ListMaker, Payment, PaymentBatch, RowNote
from payments.services.answers import own_answers
from payments.services.lists.build_lists import build_lists
from payments.services.lists.reissue import find_came_back
from payments.services.lists.row_notes import leave_for_next_month, write_note
from payments.services.once.one_off import Order, grant_once, open_one_off
from payments.services.signing.removal import take_off
from payments.services.signing.sign import list_digest, submit
from reconciliation.reports.rolls.unpaid import unpaid_roll
from reconciliation.services.months.prove import prove_cycle
from staff.errors import NotAllowed
from tests.payments.plain_sql import constraint_of, run
from tests.payments.province import AUGUST, SEPTEMBER, Clock, Province, make_province
from tests.waiting import beside

OCTOBER = date(2024, 10, 1)
WHY = "Giấy ủy quyền chưa chứng thực."
NOTE = """
INSERT INTO payments_rownote (payment_id, ground, text, written_by_id, written_at)
SELECT id, 'PAPERS', 'x', (SELECT min(id) FROM staff_user), now() FROM payments_payment WHERE ordinal = 1
"""


def leave(province: Province, *, role: str = "MAKER", ordinal: int = 1) -> RowNote:
    payment = Payment.objects.get(ordinal=ordinal, batch__cycle__month=AUGUST)
    ground = RowNote.Ground.PAPERS
    return leave_for_next_month(
        payment_id=payment.pk, ground=ground, text=WHY, actor=province.staff[role], now=province.clock()
    )


def leave_by_sql() -> None:
    with transaction.atomic():
        run(NOTE)
        run("UPDATE payments_payment SET status = 'CANCELLED', cause = 'STOP', confirmed_at = status_at")


@pytest.mark.usefixtures("batch")
class TestLeavingForTheNextMonth:
    def test_pays_the_person_with_the_next_month_once(self, province, bank):
        note = leave(province)
        province.release_lists(AUGUST, bank=bank)
        province.build(SEPTEMBER)

        months = Entitlement.objects.filter(payment__beneficiary=note.payment.beneficiary)
        assert list(months.order_by("month").values_list("month", "payment__batch__cycle__month")) == [
            (AUGUST, SEPTEMBER),
            (SEPTEMBER, SEPTEMBER),
        ]
        paid = Payment.objects.filter(beneficiary=note.payment.beneficiary).exclude(status="CANCELLED")
        assert [payment.amount for payment in paid] == [1_500_000]

    def test_no_reissue_of_the_month_puts_them_back(self, province, bank):
        leave(province)
        province.release_lists(AUGUST, bank=bank)

        assert find_came_back(month=AUGUST, unit=province.units["97"], now=province.clock()) == []

    def test_tells_the_person_the_ground_and_the_next_day_never_the_offices_words(self, province):
        note = leave(province)

        (answer,) = own_answers(beneficiary=note.payment.beneficiary, now=province.clock())

        assert (answer.outcome, answer.reason) == ("NOT_PAID", "NEXT_MONTH")
        assert answer.sentence == "Tiền tháng 8/2024 (750.000 đồng) để trả cùng kỳ sau, vì hồ sơ còn thiếu giấy tờ."
        assert "Kỳ sau (tháng 9/2024) trả khoảng từ ngày 05/09/2024." in answer.next_step
        assert "ủy quyền" not in answer.sentence + answer.next_step

    def test_names_the_month_after_the_newest_where_the_next_is_built_already(self, province):
        """September's list was made with nothing of August on it: "the next month" is October."""
        province.build(SEPTEMBER)
        note = leave(province)

        answers = own_answers(beneficiary=note.payment.beneficiary, now=province.clock())

        (left,) = [answer for answer in answers if answer.reason == "NEXT_MONTH"]
        assert "Kỳ sau (tháng 10/2024) trả khoảng từ ngày" in left.next_step

    def test_goes_with_the_list_of_a_month_paid_ahead_and_says_so(self, province, bank):
        """Two months drawn together and left: the second month's own list carries both, and no third month is waited for."""
        person = province.enrol(starts_month=SEPTEMBER).beneficiary
        build_lists(
            month=SEPTEMBER, listed_on=date(2024, 8, 18), pay_on=date(2024, 9, 5), actor=province.staff["MAKER"],
            now=province.clock(), months_together=2,
        )  # fmt: skip
        ahead = Payment.objects.get(beneficiary=person, batch__cycle__month=SEPTEMBER)
        leave_for_next_month(
            payment_id=ahead.pk, ground="CHECK", text=WHY, actor=province.staff["MAKER"], now=province.clock()
        )
        (answer,) = own_answers(beneficiary=person, now=province.clock())
        province.build(OCTOBER)

        (carried,) = Payment.objects.filter(beneficiary=person, batch__cycle__month=OCTOBER)
        assert (ahead.amount, carried.amount) == (1_500_000, 1_500_000)
        assert "Kỳ sau (tháng 10/2024) trả khoảng từ ngày" in answer.next_step

    def test_tells_who_was_granted_something_once_when_it_comes(self, province):
        order = Order(signer="Nguyễn Văn Chủ", number="9/QĐ", signed_on=date(2024, 8, 1), month=SEPTEMBER)
        maker, person = province.staff["MAKER"], province.person()
        grant = open_one_off(code="Q", name="Quà", amount=300_000, budget_source="Tỉnh", order=order, actor=maker)
        grant_once(programme=grant, people=[person], order=order, actor=maker, now=province.clock())
        province.build(SEPTEMBER)
        (gift,) = Payment.objects.filter(beneficiary=person)
        leave_for_next_month(payment_id=gift.pk, ground="PAPERS", text=WHY, actor=maker, now=province.clock())
        (answer,) = own_answers(beneficiary=person, now=province.clock())
        province.build(OCTOBER)

        assert "Kỳ sau (tháng 10/2024) trả khoảng từ ngày" in answer.next_step
        assert Payment.objects.get(beneficiary=person, batch__cycle__month=OCTOBER).amount == 300_000

    def test_stands_in_proof_and_in_the_roll_of_who_was_not_paid(self, province):
        leave(province)

        proof = prove_cycle(month=AUGUST)
        assert [(row.people, row.amount) for row in proof.lines if row.name == "Để kỳ sau"] == [(1, 750_000)]
        roll = unpaid_roll(unit=province.units["97101"], month=AUGUST, now=province.clock())
        assert sorted(row[6] for row in roll.cells) == ["Đang chuyển", "Để kỳ sau"]

    def test_is_told_from_being_taken_off_which_no_bank_did(self, province):
        payment = Payment.objects.get(ordinal=1)
        take_off(
            payment_id=payment.pk, reason="Chưa rõ người nhận", actor=province.staff["MAKER"], now=province.clock()
        )

        roll = unpaid_roll(unit=province.units["97101"], month=AUGUST, now=province.clock())

        taken_off = next(row for row in roll.cells if row[6] != "Đang chuyển")
        assert (taken_off[6], taken_off[8]) == ("Rút tên khỏi danh sách", "Người lập, UBND cấp xã")
        assert "khi rút tên" in taken_off[7] and "ngân hàng" not in " ".join(map(str, taken_off)).lower()

    def test_makes_whoever_does_it_a_maker_of_the_list(self, province):
        note = leave(province, role="CHECKER")

        assert ListMaker.objects.filter(batch=note.payment.batch, maker=province.staff["CHECKER"]).exists()

    @pytest.mark.parametrize("role", ["COMMUNE_OFFICER", "REVIEWER", "AUDITOR", "LEADER"])
    def test_is_not_for_others(self, province, role):
        with pytest.raises(NotAllowed):
            leave(province, role=role)

    def test_is_done_once(self, province):
        leave(province)

        with pytest.raises(CannotStop):
            leave(province)


class TestASignedList:
    def test_leaves_nobody(self, province, approved):
        digest = list_digest(approved.pk)

        with pytest.raises(SignedListLeavesNobody):
            leave(province)

        assert (list_digest(approved.pk), RowNote.objects.count()) == (digest, 0)

    def test_leaves_nobody_by_plain_sql(self, approved):
        with pytest.raises(IntegrityError) as refusal:
            run(NOTE)

        assert constraint_of(refusal) == "left_for_the_next_month_from_a_draft"

    def test_takes_notes_and_stays_as_it_was_signed(self, province, approved):
        digest, payment = list_digest(approved.pk), Payment.objects.get(ordinal=1)

        write_note(payment_id=payment.pk, text="Đang nằm viện.", actor=province.staff["CHECKER"], now=province.clock())

        assert list_digest(approved.pk) == digest
        assert RowNote.objects.get().ground == ""

    @pytest.mark.usefixtures("committed_db")
    def test_that_is_being_signed_is_waited_for_and_leaves_nobody(self):
        province = make_province(clock=Clock())
        province.open_account(province.enrol().beneficiary)
        province.build(AUGUST)
        batch = PaymentBatch.objects.get()

        with beside() as begin:
            with transaction.atomic():
                submit(batch_ids=[batch.pk], actor=province.staff["MAKER"], now=province.clock())
                leaving = begin(leave_by_sql)
            with pytest.raises(IntegrityError) as refusal:
                leaving.result(timeout=60)

        assert constraint_of(refusal) == "left_for_the_next_month_from_a_draft"
        assert Payment.objects.get().status == "DRAFT"


class TestTheDatabase:
    def test_keeps_nobody_on_the_list_who_is_left_for_the_next_month(self, batch):
        with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(NOTE)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

        assert constraint_of(refusal) == "left_for_the_next_month_is_off"

    @pytest.mark.parametrize("change", ["UPDATE payments_rownote SET text = 'khác'", "DELETE FROM payments_rownote"])
    def test_never_rewrites_a_note(self, province, batch, change):
        leave(province)

        with pytest.raises((IntegrityError, ProgrammingError)):
            run(change)

    def test_keeps_no_note_that_says_nothing(self, province, batch):
        payment = Payment.objects.get(ordinal=1)
        with pytest.raises(IntegrityError) as refusal:
            write_note(payment_id=payment.pk, text="", actor=province.staff["MAKER"], now=province.clock())

        assert constraint_of(refusal) == "row_note_says_something"


class TestWhoWritesNotes:
    def test_the_communes_officer_does_of_people_there_only(self, province, batch):
        officer, payment = province.staff["COMMUNE_OFFICER"], Payment.objects.get(ordinal=1)
        officer.unit = province.units["97101"]
        officer.save()
        write_note(payment_id=payment.pk, text="Đã gặp.", actor=officer, now=province.clock())
        officer.unit = province.units["97201"]
        officer.save()

        with pytest.raises(NotAllowed):
            write_note(payment_id=payment.pk, text="x", actor=officer, now=province.clock())

    @pytest.mark.parametrize("role", ["AUDITOR", "LEADER", "REVIEWER"])
    def test_who_only_reads_writes_none(self, province, batch, role):
        with pytest.raises(NotAllowed):
            write_note(
                payment_id=Payment.objects.get(ordinal=1).pk, text="x", actor=province.staff[role], now=province.clock()
            )
