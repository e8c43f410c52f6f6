"""A provider's form out and its answer back: every word counts once, whoever is on no list is kept, and the money is booked from rows."""

import io
from datetime import date

import pytest
import xlsxwriter
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from banks.fake import FakeTransfers
from beneficiaries.models import BankAccount, Case, Decision
from payments.errors import WrongBatchState
from payments.errors.providers import ListWithProvider, PointOverlaps, TemplateUnusable
from payments.models import (
    Contradiction,
    FundingAccount,
    JournalEntry,
    LedgerAccount,
    Payment,
    PaymentBatch,
    Posting,
    Provider,
    ResultLine,
    ResultList,
)
from payments.services.learning.confirm import confirm_unpaid
from payments.services.learning.contradictions import note_contradictions
from payments.services.learning.learn import fetch_states
from payments.services.providers import Results, hand_over, take_results
from payments.services.providers.points import save_point
from payments.services.providers.take_results import SEALED_ROW
from payments.services.providers.templates import open_provider, save_template
from payments.services.sending.send import send_ready_payments
from payments.services.sending.sending_way import set_sending_way
from payments.states import Channel, SendsBy
from staff.encryption import unseal
from tests.corrected import put_on_record
from tests.payments.plain_sql import seal_under_a_lost_key
from tests.payments.province import AUGUST, SEPTEMBER, Province
from tests.payments.test_cash_lists import table_of
from tests.payments.test_findings import ARRIVED, Office

POST_COLUMNS = [("ordinal", "TT"), ("code", "Mã đối tượng"), ("name", "Họ tên"), ("point", "Nơi nhận"), ("amount", "Số tiền phát"),
                ("result", "Tình trạng"), ("paid", "Ngày phát"), ("", "Để trống"), ("signed_by", "Ai ký"), ("reason", "Diễn giải")]  # fmt: skip
WORDS = {"PAID": ["Đã phát"], "NOT_COLLECTED": ["Vắng"], "RETURNED": ["Chuyển hoàn"]}


@pytest.fixture
def post(province: Province) -> Provider:
    """The post, with a form of its own for cash and for transfers."""
    checker, now = province.staff["CHECKER"], province.clock()
    provider = open_provider(code="BUU-DIEN", name="Bưu điện tỉnh", actor=checker, now=now)
    for channel, more in ((Channel.CASH, []), (Channel.ACCOUNT, [("account", "Số TK"), ("bank", "NH")])):
        save_template(
            provider=provider, channel=channel, columns=[*POST_COLUMNS, *more], headings={}, words=WORDS, actor=checker, now=now
        )  # fmt: skip
    return provider


@pytest.fixture
def cash(province: Province, bank: FakeTransfers) -> PaymentBatch:
    """A released cash list of two people, 750,000 đ each."""
    for _ in range(2):
        province.enrol()
    province.build(AUGUST)
    province.release_lists(AUGUST, bank=bank)
    return PaymentBatch.objects.get()


@pytest.fixture
def transfers(province: Province, bank: FakeTransfers) -> PaymentBatch:
    """A released list of two transfers that a provider pays."""
    set_sending_way(
        account=FundingAccount.objects.get(code="TK-971"), way=SendsBy.LIST, actor=province.staff["RELEASER"]
    )
    province.pay_through_accounts(2, bank=bank)
    return PaymentBatch.objects.get()


def give(province: Province, batch: PaymentBatch, post: Provider, **options: object) -> list[list[object]]:
    content = hand_over(
        batch_id=batch.pk, actor=province.staff["CHECKER"], now=province.clock(), provider=post, **options
    )
    return table_of(content)[3:]


THEIR_HEADINGS = ["Mã đối tượng", "Họ tên", "Số tiền phát", "Tình trạng", "Ngày phát", "Ai ký", "Diễn giải"]
OUR_HEADINGS = ["Mã hồ sơ hưởng", "Họ và tên", "Số tiền", "Kết quả", "Ngày nhận", "Người ký nhận", "Lý do"]


def answer(
    province: Province, batch: PaymentBatch, *rows: list[object], headings: list[str] = THEIR_HEADINGS
) -> Results:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([headings, *rows]):
            sheet.write_row(number, 0, row)
    return take_results(
        content=stream.getvalue(), batch_id=batch.pk, actor=province.staff["CHECKER"], now=province.clock()
    )


def row_of(payment: Payment, said: str = "Đã phát", on: str = "20/08/2024", signed: str = "", why: str = "", **changes):
    entitlement = payment.entitlements.first()
    assert entitlement is not None
    values = {"name": payment.beneficiary.full_name, "amount": payment.amount, **changes}
    return [entitlement.enrolment.code, values["name"], values["amount"], said, on, signed, why]


def pair() -> tuple[Payment, Payment]:
    first, second = Payment.objects.order_by("ordinal")
    return first, second


def held(kind: str) -> int:
    return Posting.objects.filter(account__kind=kind).aggregate(total=Sum("amount"))["total"] or 0


class TestForms:
    def test_a_list_goes_out_in_the_provider_s_columns_and_words_come_back_as_ours(self, province, post, cash):
        rows = give(province, cash, post)
        first, second = pair()

        result = answer(province, cash, row_of(first), row_of(second, "Vắng", ""))

        assert rows[0] == [heading for _, heading in POST_COLUMNS]
        assert [(row[0], row[2], row[4]) for row in rows[1:3]] == [
            (1, first.beneficiary.full_name, 750_000), (2, second.beneficiary.full_name, 750_000),
        ]  # fmt: skip
        assert rows[3][4] == 1_500_000
        assert (result.collected, result.not_collected, result.problems) == (1, 1, [])

    def test_names_that_look_like_formulas_stay_text(self, province, post, cash):
        for payment in Payment.objects.select_related("beneficiary"):
            put_on_record(payment.beneficiary, full_name='=HYPERLINK("x")')

        assert give(province, cash, post)[1][2] == '=HYPERLINK("x")'

    @pytest.mark.parametrize(
        "columns",
        [
            [("name", "Họ tên"), ("amount", "Tiền")],
            [("code", "Mã"), ("amount", "Tiền")],
            [("code", "Mã"), ("name", "Tên"), ("amount", "Tên")],
            [("code", "Mã"), ("name", "Tên"), ("amount", "Tiền"), ("category", "Nhóm")],
        ],
    )
    def test_a_form_nobody_could_be_paid_by_is_refused(self, province, post, columns):
        with pytest.raises(TemplateUnusable):
            save_template(
                provider=post, channel=Channel.CASH, columns=columns, headings={}, words={}, actor=province.staff["CHECKER"], now=province.clock()
            )  # fmt: skip

    def test_what_was_said_and_handed_over_is_never_edited(self, province, post, cash):
        give(province, cash, post)
        answer(province, cash, row_of(pair()[0]))

        for table in ("payments_resultline", "payments_resultlist", "payments_handover", "payments_providertemplate"):
            with pytest.raises(Exception, match=r"permission denied|append-only"), transaction.atomic():
                connection.cursor().execute(f"DELETE FROM {table}")


class TestPoints:
    def test_everybody_stands_under_the_point_of_hamlet_or_commune_and_a_point_has_a_list_of_its_own(
        self, province, post, bank
    ):
        near, far = province.person(hamlet="Thôn 1"), province.person(hamlet="Thôn 9")
        for person in (near, far):
            province.enrol(person)
        commune, actor = province.units["97101"], province.staff["CHECKER"]
        save_point(provider=post, unit=commune, name="Bưu cục xã", actor=actor)
        save_point(provider=post, unit=commune, name="Nhà văn hóa thôn 9", hamlets=["thôn 9"], actor=actor)
        province.build(AUGUST)
        province.release_lists(AUGUST, bank=bank)
        batch = PaymentBatch.objects.get()

        assert {row[2]: row[3] for row in give(province, batch, post)[1:3]} == {
            near.full_name: "Bưu cục xã", far.full_name: "Nhà văn hóa thôn 9",
        }  # fmt: skip
        alone = give(province, batch, post, point="Nhà văn hóa thôn 9")
        assert [row[2] for row in alone[1:]] == [far.full_name, "Tổng cộng"]

    def test_a_hamlet_has_one_open_point(self, province, post):
        commune, actor = province.units["97101"], province.staff["CHECKER"]
        save_point(provider=post, unit=commune, name="A", hamlets=["Thôn 1"], actor=actor)

        with pytest.raises(PointOverlaps):
            save_point(provider=post, unit=commune, name="B", hamlets=["thôn 1"], actor=actor)
        save_point(provider=post, unit=commune, name="A", hamlets=["Thôn 1"], actor=actor, closed_on=date(2024, 8, 1))
        save_point(provider=post, unit=commune, name="B", hamlets=["Thôn 1"], actor=actor)


class TestAnswers:
    def test_the_same_words_in_other_files_add_nothing(self, province, post, cash):
        give(province, cash, post)
        first, second = pair()
        answer(province, cash, row_of(first))
        more = answer(province, cash, row_of(second, "Vắng", ""), row_of(first))
        again = answer(province, cash, row_of(first), row_of(second, "Vắng", ""))

        assert (more.known, again.known) == (1, 2)
        assert (ResultList.objects.count(), ResultLine.objects.count()) == (2, 2)
        assert JournalEntry.objects.filter(source__startswith="provider-paid").count() == 1

    def test_somebody_on_no_list_is_kept_sealed_and_named_every_time(self, province, post, cash):
        give(province, cash, post)
        stranger = ["HS-99999", "Trần Thị Lạ", 500_000, "Đã phát", "20/08/2024", "", ""]

        results = [answer(province, cash, stranger) for _ in range(2)]

        line = ResultLine.objects.get()
        assert (line.problem, line.payment) == ("NOT_ON_LIST", None)
        assert "Trần Thị Lạ" in unseal(bytes(line.sealed), purpose=SEALED_ROW).decode()
        assert [len(result.problems) for result in results] == [1, 1]

    def test_another_name_on_a_row_moves_nobody(self, province, post, cash):
        give(province, cash, post)
        first, _ = pair()

        result = answer(province, cash, row_of(first, name="Trần Thị Khác"))

        assert (result.collected, len(result.problems), ResultLine.objects.count()) == (0, 1, 0)

    def test_what_a_row_lacks_is_asked_for_by_the_form_s_own_headings_and_words(self, province, post, cash):
        give(province, cash, post)
        first, second = pair()

        result = answer(province, cash, row_of(first, "Chưa rõ", ""), row_of(second, on="32/08/2024"))

        assert result.problems == [
            "Dòng 2: cột “Tình trạng” phải là “Đã phát” (kèm ngày ở cột “Ngày phát”), “Vắng” hoặc “Chuyển hoàn”.",
            "Dòng 3: đã chi thì cột “Ngày phát” phải là một ngày có trong lịch, như 21/11/2026.",
        ]

    def test_another_amount_is_kept_and_the_right_one_pays_later(self, province, post, cash):
        give(province, cash, post)
        first, _ = pair()
        wrong = answer(province, cash, row_of(first, amount=700_000))
        right = answer(province, cash, row_of(first))

        assert (wrong.collected, right.collected) == (0, 1)
        assert list(ResultLine.objects.order_by("pk").values_list("problem", "amount")) == [
            ("AMOUNT_DIFFERS", 700_000), ("", 750_000),
        ]  # fmt: skip

    @pytest.mark.parametrize("written", ["bảy trăm", "", "1.5", "750.000.000.000.000.000.000.000"])
    def test_what_is_no_amount_is_named_with_row_and_column_and_stops_nobody_else(self, province, post, cash, written):
        give(province, cash, post)
        first, second = pair()

        said = answer(province, cash, row_of(first, amount=written), row_of(second))

        assert said.collected == 1 and [p.status for p in pair()] == ["PROCESSING", "POSTED"]
        (sentence,) = said.problems
        assert sentence.startswith("Dòng 2: cột “Số tiền phát” không phải số tiền")
        assert answer(province, cash, row_of(first)).collected == 1

    def test_a_signature_of_somebody_not_on_the_list_is_a_case(self, province, post, cash):
        give(province, cash, post)
        first, second = pair()

        answer(province, cash, row_of(first, signed="Trưởng thôn"), row_of(second, signed=second.beneficiary.full_name))

        assert list(ResultLine.objects.order_by("pk").values_list("signed_by", flat=True)) == ["ANOTHER", "BENEFICIARY"]
        assert Case.objects.get().subject == first.end_to_end_id

    def test_the_word_of_one_person_is_never_kept_twice_by_the_database(self, province, post, cash):
        give(province, cash, post)
        answer(province, cash, row_of(pair()[0]))
        line = ResultLine.objects.get()

        with pytest.raises(IntegrityError), transaction.atomic():
            ResultLine.objects.create(
                result_list=line.result_list, row_number=9, payment=line.payment, outcome="PAID", amount=1,
                happened_on=line.happened_on, digest=line.digest,
            )  # fmt: skip


class TestTransfersByList:
    def test_are_sent_by_no_other_way(self, province, post, transfers, bank, clock):
        give(province, transfers, post)
        FundingAccount.objects.update(sends_by="API")  # as somebody with SQL would

        send_ready_payments(bank=bank, clock=clock)
        fetch_states(bank=bank, now=clock())

        assert bank.taken == []
        assert set(Payment.objects.values_list("status", flat=True)) == {"PROCESSING"}

    def test_what_the_bank_has_is_not_handed_to_a_provider(self, province, post, bank, clock):
        payments = province.pay_through_accounts(2, bank=bank)
        send_ready_payments(bank=bank, clock=clock)
        FundingAccount.objects.update(sends_by="LIST")

        with pytest.raises(WrongBatchState):
            give(province, payments[0].batch, post)

    def test_an_account_number_nobody_can_open_is_held_and_the_others_are_handed_over(self, province, post, transfers):
        held, goes = pair()
        seal_under_a_lost_key(held)

        rows = give(province, transfers, post)

        assert [p.status for p in pair()] == ["READY", "PROCESSING"] and len(rows) == 3  # heading, one line, the sum
        assert Payment.objects.get(pk=held.pk).hold_code == "account_key_missing"
        assert Case.objects.get().subject == held.end_to_end_id
        assert goes.beneficiary.full_name in rows[1]

    def test_a_number_lost_since_is_said_in_words_on_the_list_given_again(self, province, post, transfers):
        rows = give(province, transfers, post)
        seal_under_a_lost_key(pair()[0])

        again = give(province, transfers, post)

        assert [row[-2] for row in again[1:3]] == ["không mở được số đã lưu", rows[2][-2]]

    def test_come_back_paid_or_returned_and_what_came_back_is_carried_on(self, province, post, transfers):
        rows = give(province, transfers, post)
        first, second = pair()

        result = answer(
            province, transfers, row_of(first), row_of(second, "Chuyển hoàn", "21/08/2024", why="Tài khoản đã đóng")
        )

        assert [str(row[-2]).startswith("5550") for row in rows[1:3]] == [True, True]
        assert (result.collected, result.returned, result.problems) == (1, 1, [])
        assert [p.status for p in pair()] == ["POSTED", "FAILED"]
        assert BankAccount.objects.get(pk=second.bank_account_id).status == "OPENED"
        province.build(SEPTEMBER)
        carried = Payment.objects.get(batch__cycle__month=SEPTEMBER, beneficiary=second.beneficiary)
        assert (carried.amount, carried.batch.channel) == (1_500_000, "CASH")

    def test_returned_after_they_were_paid_are_booked_back(self, province, post, transfers):
        give(province, transfers, post)
        first, _ = pair()
        answer(province, transfers, row_of(first))
        answer(province, transfers, row_of(first, "Chuyển hoàn", "25/08/2024"))

        first.refresh_from_db()
        assert (first.status, str(first.returned_on)) == ("RETURNED", "2024-08-25")
        assert (held(LedgerAccount.Kind.PAID), held(LedgerAccount.Kind.PROVIDER)) == (0, 0)

    def test_paid_on_another_day_than_it_came_back_from_is_a_contradiction_and_the_old_word_is_none(
        self, province, post, transfers
    ):
        """The list before, sent again, says nothing new; paid after it was given back is a second payment or a mistake: a person looks."""
        give(province, transfers, post)
        first, _ = pair()
        answer(province, transfers, row_of(first))
        answer(province, transfers, row_of(first, "Chuyển hoàn", "25/08/2024"))

        again = answer(province, transfers, row_of(first))
        assert (again.problems, Contradiction.objects.exists()) == ([], False)
        after = answer(province, transfers, row_of(first, on="26/08/2024"))

        first.refresh_from_db()
        assert (first.status, first.confirmed_at, Contradiction.objects.get().payment_id) == (
            "RETURNED",
            None,
            first.pk,
        )
        assert "kết quả khác lần trước" in after.problems[0]

    def test_paid_on_another_day_than_it_was_credited_is_a_second_payment_until_a_person_looked(
        self, province, post, transfers
    ):
        """One day of one payment: the same word again is none, another day is."""
        give(province, transfers, post)
        first, second = pair()
        answer(province, transfers, row_of(first), row_of(second))

        again = answer(province, transfers, row_of(first), row_of(second, on="26/08/2024"))

        assert [line for line in again.problems if "kết quả khác lần trước" in line] == again.problems
        assert [one.payment_id for one in Contradiction.objects.all()] == [second.pk]
        assert {p.status for p in pair()} == {"POSTED"}

    @pytest.mark.parametrize(
        ("letter", "said", "doubts"),
        [(date(2024, 8, 20), "20/08/2024", 0), (date(2024, 8, 20), "22/08/2024", 1), (None, "22/08/2024", 0)],
    )
    def test_a_letter_s_day_is_held_to_and_a_day_no_letter_named_is_not(
        self, province, post, transfers, letter, said, doubts
    ):
        """Given back by the list, found to have arrived by a letter, and told by the next list as paid."""
        give(province, transfers, post)
        first, _ = pair()
        answer(province, transfers, row_of(first, "Chuyển hoàn", "19/08/2024"))
        note_contradictions(payment_ids=[first.pk], reason="BANK_CONTRADICTS", now=province.clock())
        province.clock.advance(days=20)
        office = Office(province, province.clock, None, first)
        office.put(outcome=ARRIVED, on=letter)
        office.confirm()

        said_last = answer(province, transfers, row_of(first, on=said))

        first.refresh_from_db()
        assert (first.status, first.cause) == ("POSTED", "FOUND_ARRIVED")
        assert len(said_last.problems) == doubts

        again = answer(province, transfers, row_of(first, on=said))
        another = answer(province, transfers, row_of(first, on="27/08/2024"))
        assert (len(again.problems), len(another.problems)) == (
            doubts,
            1,
        )  # two days are two payments, whoever named the first

    def test_who_was_paid_after_all_is_not_confirmed_unpaid_from_our_bank_s_list(
        self, province, post, transfers, bank, clock
    ):
        give(province, transfers, post)
        first, _ = pair()
        answer(province, transfers, row_of(first, "Chuyển hoàn", "21/08/2024", why="Sai tên"))
        answer(province, transfers, row_of(first, "Đã phát", "22/08/2024"))
        first.refresh_from_db()
        before = first.confirmed_at

        confirm_unpaid(bank=bank, now=clock())

        first.refresh_from_db()
        assert (before, first.confirmed_at) == (None, None)

    def test_a_list_one_provider_has_is_given_to_no_other(self, province, post, transfers):
        give(province, transfers, post)
        other = open_provider(code="VIETTEL", name="Viettel", actor=province.staff["CHECKER"], now=province.clock())

        for provider in (other, None):
            with pytest.raises(WrongBatchState):
                give(province, transfers, provider)

    def test_an_account_is_not_switched_while_people_of_a_handed_over_list_wait(self, province, post, transfers):
        first, _ = pair()
        Payment.objects.filter(pk=first.pk).update(hold_code="removal_slip")
        give(province, transfers, post)

        with pytest.raises(ListWithProvider):
            set_sending_way(
                account=FundingAccount.objects.get(code="TK-971"), way=SendsBy.API, actor=province.staff["RELEASER"]
            )


class TestBooks:
    def test_cash_that_was_signed_for_is_booked_by_day_with_its_list(self, province, post, cash):
        give(province, cash, post)
        first, second = pair()
        answer(province, cash, row_of(first), row_of(second, on="22/08/2024"))

        entries = JournalEntry.objects.filter(source__startswith="provider-paid").order_by("booked_on")
        assert [(str(entry.booked_on), entry.batch) for entry in entries] == [
            ("2024-08-20", cash),
            ("2024-08-22", cash),
        ]
        assert (held(LedgerAccount.Kind.PAID_CASH), held(LedgerAccount.Kind.PROVIDER)) == (1_500_000, -1_500_000)

    def test_a_recovery_stands_on_the_list_and_in_the_books(self, province, post, bank):
        enrolment = province.enrol()
        Decision.objects.create(
            enrolment=enrolment, kind="RECOVER", number="15/QĐ", signed_on=date(2024, 7, 1), effective_month=AUGUST,
            amount=300_000, monthly_ceiling=100_000,
        )  # fmt: skip
        province.build(AUGUST)
        province.release_lists(AUGUST, bank=bank)
        batch = PaymentBatch.objects.get()
        listed = table_of(hand_over(batch_id=batch.pk, actor=province.staff["CHECKER"], now=province.clock()))
        taken = listed[3].index("Giảm trừ theo quyết định thu hồi")
        for _ in range(2):
            answer(province, batch, row_of(Payment.objects.get(), "Đã nhận"), headings=OUR_HEADINGS)

        assert (listed[4][taken], listed[4][taken + 1]) == (100_000, 650_000)
        assert (held(LedgerAccount.Kind.OWED_BACK), held(LedgerAccount.Kind.RECOVERED)) == (200_000, -200_000)
        assert held(LedgerAccount.Kind.PAID_CASH) == 650_000


class TestALetterAndAnOldAnswer:
    def test_an_answer_of_before_the_letter_undoes_nothing_and_asks_again(self, province, transfers):
        """Told as not paid, corrected, found to have arrived: the first answer once more was taken for money that came back, and was paid again."""
        hand_over(batch_id=transfers.pk, actor=province.staff["CHECKER"], now=province.clock())
        payment = Payment.objects.order_by("ordinal").first()
        first = row_of(payment, "Chưa nhận", on="")
        answer(province, transfers, first, headings=OUR_HEADINGS)
        answer(province, transfers, row_of(payment, "Đã nhận"), headings=OUR_HEADINGS)
        letters = Office(province, province.clock, None, payment)
        letters.put(outcome=ARRIVED)
        letters.confirm()

        told = answer(province, transfers, first, headings=OUR_HEADINGS)

        payment.refresh_from_db()
        assert (payment.status, payment.cause, payment.confirmed_at) == ("POSTED", "FOUND_ARRIVED", None)
        assert (told.returned, letters.waiting()) == (0, [payment.pk])
        back = answer(province, transfers, row_of(payment, "Trả lại", on="25/08/2024"), headings=OUR_HEADINGS)
        assert back.returned == 1  # what came back after the letter is news
