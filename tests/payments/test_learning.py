"""What the bank says, in any order, repeated or late: the same end comes out (I5); what contradicts goes to a person."""

from contextlib import contextmanager
from dataclasses import replace
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banks.errors import BankRefused, BankUnavailable
from banks.fake import FakeTransfers
from banks.transfers import Status, TransferState
from beneficiaries.models import BankAccount, Case
from payments.errors.outcomes import RingIsFollowed
from payments.models import Alarm, BankEvent, Entitlement, FundingAccount, Payment
from payments.services.alarms import watch
from payments.services.learning.confirm import confirm_unpaid
from payments.services.learning.late_returns import RETURNED_WITHIN, fetch_late_returns
from payments.services.learning.learn import GIVE_UP_AFTER, Learned, apply_states, fetch_states
from payments.services.learning.rings import close_ring
from payments.services.sending.open_work import look_for_work
from payments.services.sending.send import send_ready_payments
from staff.errors import NotAllowed
from tests.payments.province import AUGUST, BALANCES, JULY, SEPTEMBER, Province, another_reads, rolled_back

S = Status
# What a bank can tell of one transfer in the course of time.
LIVES = [
    [S.PROCESSING, S.POSTED],
    [S.PROCESSING, S.FAILED],
    [S.PROCESSING, S.CANCELED],
    [S.PROCESSING, S.RETURNED],
    [S.PROCESSING, S.POSTED, S.RETURNED],
]
END = {
    S.PROCESSING: "PROCESSING",
    S.POSTED: "POSTED",
    S.FAILED: "FAILED",
    S.CANCELED: "CANCELLED",
    S.RETURNED: "RETURNED",
}
TOLD = [(life, order) for life in LIVES for order in permutations(life)]


@pytest.fixture
def payment(province: Province, bank: FakeTransfers) -> Payment:
    """One payment the bank accepted."""
    payment = province.pay_through_accounts(1, bank=bank)[0]
    send_ready_payments(bank=bank, clock=province.clock)
    payment.refresh_from_db()
    return payment


def told(bank: FakeTransfers, status: Status, **changes: object) -> TransferState:
    return replace(bank.taken[0], status=status, **changes)


def apply_pages(states: list[TransferState], *, province: Province) -> Learned:
    """Each state as a page of its own."""
    learned = Learned()
    for state in states:
        apply_states(states=[state], now=province.clock(), learned=learned)
    return learned


class TestAnyOrder:
    def test_a_page_that_says_nothing_new_asks_no_guard(self, province, payment, bank):
        """The list is read every few seconds, and mostly says what is known: an update of nothing would run every trigger of the table."""
        with CaptureQueriesContext(connection) as known:
            apply_pages([told(bank, S.PROCESSING)], province=province)
        with CaptureQueriesContext(connection) as news:
            apply_pages([told(bank, S.POSTED)], province=province)

        updates = [sum("UPDATE payments_payment" in one["sql"] for one in asked) for asked in (known, news)]
        assert updates == [0, 1]

    @pytest.mark.parametrize("life, order", TOLD)
    def test_the_last_of_a_life_is_the_end_in_whatever_order_it_is_told(self, province, payment, bank, life, order):
        pages = [told(bank, status) for status in order]

        learned = apply_pages([*pages, *pages], province=province)

        payment.refresh_from_db()
        assert (payment.status, learned.contradictions) == (END[life[-1]], 0)
        assert not Case.objects.filter(kind="PAYMENT").exists()
        assert Case.objects.count() == (life[-1] in (S.FAILED, S.RETURNED))  # that its account took nothing

    @pytest.mark.parametrize("life", LIVES)
    def test_a_payment_whose_answer_was_lost_ends_the_same(self, province, bank, life):
        payment = province.pay_through_accounts(1, bank=bank)[0]
        send_ready_payments(bank=bank, clock=province.clock)
        state = bank.taken[0]
        Payment.objects.all().update(bank_reference="", bank_created_at=None)

        apply_pages([replace(state, status=status) for status in life], province=province)

        payment.refresh_from_db()
        assert (payment.status, payment.bank_reference) == (END[life[-1]], state.bank_reference)

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_pages_of_many_payments_mixed_and_repeated_end_the_same(self, province, data):
        bank = FakeTransfers(balances=BALANCES, now=province.clock)
        with rolled_back():
            _send_many(province, bank, people=4)
            lives = {state.end_to_end_id: data.draw(st.sampled_from(LIVES)) for state in bank.taken}
            pages = [replace(state, status=status) for state in bank.taken for status in lives[state.end_to_end_id]]

            apply_pages(data.draw(st.permutations(pages + pages)), province=province)

            ends = dict(Payment.objects.values_list("end_to_end_id", "status"))
        assert ends == {key: END[life[-1]] for key, life in lives.items()}


class TestFetchStates:
    def test_reads_what_became_of_what_was_sent(self, province, payment, bank, clock):
        bank.post_all()

        learned = fetch_states(bank=bank, now=clock())

        payment.refresh_from_db()
        assert (learned.moved, payment.status, str(payment.credited_on)) == (1, "POSTED", "2024-08-05")

    def test_reads_all_pages(self, province, bank, clock, monkeypatch):
        monkeypatch.setattr("banks.fake.PAGE_SIZE", 2)
        _send_many(province, bank, people=5)
        bank.post_all()

        fetch_states(bank=bank, now=clock())

        assert set(Payment.objects.values_list("status", flat=True)) == {"POSTED"}

    def test_asks_nothing_when_nothing_can_have_changed(self, province, payment, bank, clock, monkeypatch):
        bank.post_all()
        fetch_states(bank=bank, now=clock())
        monkeypatch.setattr(bank, "list_since", None)

        learned = fetch_states(bank=bank, now=clock())

        assert learned.moved == 0

    def test_posted_and_returned_learned_in_one_step_keeps_both_days(self, province, payment, bank, clock):
        bank.post_all()
        posted_on = clock().date()
        clock.advance(days=3)
        bank.move(bank.taken[0].bank_reference, to=Status.RETURNED, return_code="account_closed")

        fetch_states(bank=bank, now=clock())

        payment.refresh_from_db()
        assert (payment.status, payment.credited_on, payment.returned_on) == ("RETURNED", posted_on, clock().date())

    def test_a_return_days_later_is_learned_from_a_ring(self, province, payment, bank, clock, ring):
        bank.post_all()
        fetch_states(bank=bank, now=clock())
        clock.advance(days=5)
        bank.move(bank.taken[0].bank_reference, to=S.RETURNED, return_code="account_closed")

        ring(bank.taken[0].bank_reference)
        fetch_states(bank=bank, now=clock())

        payment.refresh_from_db()
        assert (payment.status, payment.return_code, str(payment.returned_on)) == (
            "RETURNED",
            "account_closed",
            "2024-08-10",
        )

    def test_a_return_nobody_rang_for_is_learned_at_night(self, province, payment, bank, clock):
        bank.post_all()
        fetch_states(bank=bank, now=clock())
        clock.advance(days=5)
        bank.move(bank.taken[0].bank_reference, to=S.RETURNED, return_code="account_closed")
        by_day = fetch_states(bank=bank, now=clock())

        at_night = fetch_late_returns(bank=bank, now=clock())

        payment.refresh_from_db()
        assert (by_day.moved, at_night.moved, payment.status) == (0, 1, "RETURNED")

    def test_what_was_credited_long_ago_is_not_read_again(self, province, payment, bank, clock, monkeypatch):
        bank.post_all()
        fetch_states(bank=bank, now=clock())
        clock.advance(days=RETURNED_WITHIN.days + 1)
        monkeypatch.setattr(bank, "list_since", None)

        assert fetch_late_returns(bank=bank, now=clock()).complete

    def test_a_vietnamese_day_is_kept_not_a_utc_one(self, province, payment, bank, clock):
        clock.now = clock.now.replace(hour=17, minute=30)  # half past midnight of the 6th in Vietnam
        bank.post_all()

        fetch_states(bank=bank, now=clock())

        payment.refresh_from_db()
        assert str(payment.credited_on) == "2024-08-06"

    def test_an_event_stays_unhandled_while_another_worker_reads(
        self, province, payment, bank, clock, ring, monkeypatch
    ):
        event = ring(bank.taken[0].bank_reference)
        monkeypatch.setattr("payments.services.learning.learn.only_reader", another_reads)

        fetch_states(bank=bank, now=clock())

        event.refresh_from_db()
        assert event.handled_at is None

    def test_one_account_being_read_keeps_no_other_from_being_read(self, province, bank, clock, monkeypatch):
        for commune in ("97101", "97201"):
            province.open_account(province.enrol(province.person(commune=commune)).beneficiary)
        province.build(AUGUST)
        province.release_lists(AUGUST, bank=bank)
        send_ready_payments(bank=bank, clock=clock)
        bank.post_all()
        busy, free = FundingAccount.objects.order_by("bank_account_id").filter(bank_account_id__in=BALANCES)

        @contextmanager
        def only_reader(account):
            yield account != busy

        monkeypatch.setattr("payments.services.learning.learn.only_reader", only_reader)
        learned = fetch_states(bank=bank, now=clock())

        read = dict(Payment.objects.values_list("batch__funding_account", "status"))
        assert read == {busy.pk: "PROCESSING", free.pk: "POSTED"}
        assert (learned.read, learned.complete) == ({free.pk}, False)


class TestStrangers:
    """Rings for orders whose reference we don't hold: asked about one by one."""

    @pytest.fixture
    def two(self, province, bank, clock):
        """One payment sent from each of two accounts; the answers to both were lost."""
        for commune in ("97101", "97201"):
            province.open_account(province.enrol(province.person(commune=commune)).beneficiary)
        province.build(AUGUST)
        province.release_lists(AUGUST, bank=bank)
        send_ready_payments(bank=bank, clock=clock)
        Payment.objects.all().update(bank_reference="", bank_created_at=None)
        bank.post_all()
        return {state.financial_account: state for state in bank.taken}

    def test_a_ring_waits_for_no_account_that_is_silent(self, two, bank, clock, ring, monkeypatch):
        """Not even for its own: the order is asked about by itself."""
        events = [ring(state.bank_reference) for state in two.values()]
        silent(bank, "fa_971", monkeypatch)

        learned = fetch_states(bank=bank, now=clock())

        assert set(Payment.objects.values_list("status", flat=True)) == {"POSTED"}
        assert not BankEvent.objects.filter(pk__in=[event.pk for event in events], handled_at=None).exists()
        assert not learned.complete

    def test_one_the_bank_does_not_know_is_done_with_and_one_it_keeps_to_itself_is_asked_again(
        self, two, bank, clock, ring, monkeypatch
    ):
        nobodys, kept = ring("obp_nobodys"), ring("obp_kept")
        enquire = bank.enquire
        refusal = BankRefused(code="api_key_expired", message="", status=401)
        monkeypatch.setattr(bank, "enquire", lambda ref: raised(refusal) if ref == "obp_kept" else enquire(ref))

        fetch_states(bank=bank, now=clock())

        nobodys.refresh_from_db()
        kept.refresh_from_db()
        assert (nobodys.handled_at, kept.handled_at, kept.looked_at) == (clock(), None, clock())

    def test_orders_the_bank_always_fails_on_keep_no_other_from_being_asked(self, two, bank, clock, ring, monkeypatch):
        poison = [ring(f"obp_poison{number}") for number in range(GIVE_UP_AFTER)]
        good = ring(two["fa_972"].bank_reference)
        for account in two:
            silent(bank, account, monkeypatch)
        enquire = bank.enquire
        monkeypatch.setattr(
            bank, "enquire", lambda ref: raised(BankUnavailable()) if ref.startswith("obp_poison") else enquire(ref)
        )

        fetch_states(bank=bank, now=clock())
        good.refresh_from_db()
        waited = good.handled_at
        fetch_states(bank=bank, now=clock())

        good.refresh_from_db()
        assert (waited, good.handled_at) == (None, clock())
        assert BankEvent.objects.filter(pk__in=[event.pk for event in poison], handled_at=None).count() == len(poison)

    def test_one_the_bank_keeps_to_itself_is_asked_ever_more_rarely_and_is_an_alarm(
        self, province, bank, clock, ring, monkeypatch
    ):
        kept, asked = ring("obp_kept"), []
        refusal = BankRefused(code="forbidden", message="", status=403)
        monkeypatch.setattr(bank, "enquire", lambda ref: asked.append(clock()) or raised(refusal))
        for _ in range(2 * 720):  # a sweep every five seconds, for two hours
            if look_for_work(now=clock()).in_flight:
                fetch_states(bank=bank, now=clock())
            clock.advance(seconds=5)
        watch(now=clock())

        kept.refresh_from_db()
        assert (len(asked), kept.tries, kept.handled_at) == (11, 11, None)
        assert list(Alarm.objects.values_list("kind", "subject", "count")) == [
            ("RING_UNFOLLOWED", f"ring:{kept.pk}", 11)
        ]
        with pytest.raises(NotAllowed):
            close_ring(event_id=kept.pk, note="Đã hỏi.", actor=province.staff["MAKER"], now=clock())
        closed = {"event_id": kept.pk, "actor": province.staff["CHECKER"], "now": clock()}
        close_ring(note="Văn bản 3/NH: lệnh của đơn vị khác.", **closed)
        watch(now=clock())
        clock.advance(days=2)

        assert (look_for_work(now=clock()).in_flight, Alarm.objects.filter(cleared_at=None).count()) == (False, 0)
        with pytest.raises(RingIsFollowed):
            close_ring(note="Lần nữa.", **closed)

    def test_one_the_bank_tells_of_after_all_is_followed(self, two, bank, clock, ring, monkeypatch):
        state = two["fa_971"]
        event = ring(state.bank_reference)
        silent(bank, "fa_971", monkeypatch)
        with monkeypatch.context() as out:
            out.setattr(bank, "enquire", lambda ref: raised(BankUnavailable()))
            fetch_states(bank=bank, now=clock())
        fetch_states(bank=bank, now=clock())
        event.refresh_from_db()
        early = event.handled_at
        clock.advance(seconds=6)
        fetch_states(bank=bank, now=clock())

        event.refresh_from_db()
        assert (early, event.handled_at) == (None, clock())
        assert "POSTED" in Payment.objects.values_list("status", flat=True)

    def test_rings_of_a_silent_account_fill_no_reading(self, two, bank, clock, ring, monkeypatch):
        monkeypatch.setattr("payments.services.learning.learn.HANDLE_AT_ONCE", 1)
        fetch_states(bank=bank, now=clock())  # both references are known from now on
        bank.move(two["fa_972"].bank_reference, to=S.RETURNED, return_code="account_closed")
        first, second = ring(two["fa_971"].bank_reference), ring(two["fa_972"].bank_reference)
        silent(bank, "fa_971", monkeypatch)

        fetch_states(bank=bank, now=clock())
        fetch_states(bank=bank, now=clock())

        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.handled_at, second.handled_at) == (None, clock())
        assert Payment.objects.get(status="RETURNED").batch.funding_account.bank_account_id == "fa_972"


def silent(bank: FakeTransfers, account: str, monkeypatch) -> None:
    """The list of one account can't be read from now on."""
    reads = bank.list_since
    monkeypatch.setattr(
        bank,
        "list_since",
        lambda **asked: raised(BankUnavailable()) if asked["financial_account"] == account else reads(**asked),
    )


def raised(error: Exception) -> None:
    raise error


class TestContradictions:
    def test_another_amount_moves_nothing_and_goes_to_a_person(self, province, payment, bank):
        learned = apply_pages([told(bank, S.POSTED, amount=payment.amount + 1_000)], province=province)

        payment.refresh_from_db()
        assert (payment.status, learned.contradictions) == ("PROCESSING", 1)
        assert Case.objects.get().reason == "BANK_CONTRADICTS"

    def test_the_same_amount_in_another_currency_moves_nothing_and_goes_to_a_person(self, province, payment, bank):
        learned = apply_pages([told(bank, S.POSTED, currency="USD")], province=province)

        payment.refresh_from_db()
        assert (payment.status, learned.contradictions) == ("PROCESSING", 1)

    def test_an_order_the_bank_executed_twice_goes_to_a_person_though_both_arrived(
        self, province, payment, bank, clock
    ):
        again = bank.execute_again(payment.bank_reference)
        bank.move(payment.bank_reference, to=S.POSTED)
        bank.move(again.bank_reference, to=S.POSTED)

        fetch_states(bank=bank, now=clock())

        payment.refresh_from_db()
        assert (payment.status, payment.bank_reference) == ("POSTED", bank.taken[0].bank_reference)
        assert Case.objects.get(kind="PAYMENT").reason == "BANK_CONTRADICTS"

    def test_an_order_the_bank_executed_twice_and_took_back_once_is_not_paid_a_third_time(
        self, province, payment, bank, clock
    ):
        """Both carry our id. The one that came back says nothing of the one that arrived."""
        again = bank.execute_again(payment.bank_reference)
        bank.move(payment.bank_reference, to=S.POSTED)
        bank.move(again.bank_reference, to=S.RETURNED)

        fetch_states(bank=bank, now=clock())
        confirm_unpaid(bank=bank, now=clock())

        first = bank.taken[0]
        payment.refresh_from_db()
        assert (payment.status, payment.bank_reference, payment.confirmed_at) == ("POSTED", first.bank_reference, None)
        assert Case.objects.get(kind="PAYMENT").reason == "BANK_CONTRADICTS"

    def test_a_transfer_that_is_not_ours_is_passed_over(self, province, payment, bank):
        learned = apply_pages([told(bank, S.POSTED, end_to_end_id="", attempt=0)], province=province)

        assert (learned.moved, learned.contradictions) == (0, 0)

    def test_posted_after_failed_blocks_the_reissue(self, province, payment, bank, clock):
        apply_pages([told(bank, S.FAILED)], province=province)
        bank.move(payment.bank_reference, to=S.FAILED)
        confirm_unpaid(bank=bank, now=clock())
        bank.move(payment.bank_reference, to=S.POSTED)

        apply_pages([bank.taken[0]], province=province)

        payment.refresh_from_db()
        assert (payment.status, payment.confirmed_at) == ("FAILED", None)
        province.build(SEPTEMBER)
        assert Payment.objects.get(batch__cycle__month=SEPTEMBER).amount == 750_000

    def test_an_earlier_attempt_that_was_paid_after_all_is_seen(self, province, payment, bank):
        apply_pages([told(bank, S.POSTED)], province=province)

        learned = apply_pages([told(bank, S.POSTED, attempt=payment.attempt + 1)], province=province)

        assert learned.contradictions == 1

    def test_an_earlier_attempt_that_turns_up_late_keeps_the_new_one_from_being_sent(
        self, province, payment, bank, clock
    ):
        late = bank.taken[0]
        with connection.cursor() as cursor:  # as if its absence had been concluded: the second attempt waits to be sent
            cursor.execute("UPDATE payments_payment SET status = 'POSTED', cause = 'BANK_POSTED'")
        another = province.pay_through_accounts(1, bank=bank, month=SEPTEMBER)[0]
        Payment.objects.filter(pk=another.pk).update(attempt=2)

        apply_pages([replace(late, end_to_end_id=another.end_to_end_id, amount=another.amount)], province=province)
        send_ready_payments(bank=bank, clock=clock)

        another.refresh_from_db()
        assert (another.status, another.hold_code) == ("READY", "bank_contradicts")

    def test_a_contradiction_is_one_case_however_often_it_is_read(self, province, payment, bank):
        page = told(bank, S.POSTED, amount=1)

        apply_pages([page, page, page], province=province)

        assert Case.objects.count() == 1


class TestConfirmUnpaid:
    def test_what_the_bank_once_told_otherwise_is_not_confirmed_by_itself_while_the_case_is_open(
        self, province, payment, bank, clock
    ):
        bank.move(payment.bank_reference, to=S.FAILED)
        fetch_states(bank=bank, now=clock())
        apply_pages([told(bank, S.POSTED, attempt=payment.attempt + 1)], province=province)

        confirmed = confirm_unpaid(bank=bank, now=clock())

        payment.refresh_from_db()
        assert (confirmed, payment.status, payment.confirmed_at) == (0, "FAILED", None)
        Case.objects.update(
            status="REJECTED", decided_by=province.staff["CHECKER"], decided_at=clock(), note="Nhầm mã."
        )
        assert confirm_unpaid(bank=bank, now=clock()) == 1

    def test_a_fresh_enquiry_lets_the_money_go_another_way(self, province, payment, bank, clock):
        bank.move(payment.bank_reference, to=S.FAILED)
        fetch_states(bank=bank, now=clock())

        confirmed = confirm_unpaid(bank=bank, now=clock())

        payment.refresh_from_db()
        assert (confirmed, payment.confirmed_at) == (1, clock())

    def test_an_answer_about_another_order_confirms_nothing(self, province, payment, bank, clock, monkeypatch):
        bank.move(payment.bank_reference, to=S.FAILED)
        fetch_states(bank=bank, now=clock())
        monkeypatch.setattr(bank, "enquire", lambda _: replace(bank.taken[0], bank_reference="obp_anothers"))

        assert confirm_unpaid(bank=bank, now=clock()) == 0

    def test_a_silent_bank_is_not_asked_about_everybody_and_some_it_never_answers_for_are_in_nobodys_way(
        self, province, bank, clock, monkeypatch
    ):
        """Whoever asks also learns and sweeps: a thousand silent calls would hold up the money of all others for hours."""
        _send_many(province, bank, people=GIVE_UP_AFTER + 2)
        for state in bank.taken:
            bank.move(state.bank_reference, to=S.FAILED)
        fetch_states(bank=bank, now=clock())
        answers, asked = bank.enquire, []
        silent = {state.bank_reference for state in bank.taken}

        def enquire(reference):
            asked.append(reference)
            return raised(BankUnavailable("HTTP 503")) if reference in silent else answers(reference)

        monkeypatch.setattr(bank, "enquire", enquire)

        assert (confirm_unpaid(bank=bank, now=clock()), len(asked)) == (0, GIVE_UP_AFTER)

        silent = {state.bank_reference for state in bank.taken[:GIVE_UP_AFTER]}
        rounds = []
        for _ in range(60):  # as often as the clock has it, and as many rounds as leave nothing to luck
            clock.advance(seconds=600)
            rounds.append(confirm_unpaid(bank=bank, now=clock()))
        assert sum(rounds) == 2

    def test_money_that_may_still_be_out_is_not_paid_another_way(self, province, payment, bank, clock):
        bank.move(payment.bank_reference, to=S.RETURNED)
        fetch_states(bank=bank, now=clock())

        province.build(SEPTEMBER)

        assert Payment.objects.get(batch__cycle__month=SEPTEMBER).amount == 750_000
        assert Entitlement.objects.get(month=payment.batch.cycle.month).payment == payment

    def test_the_entitlement_goes_with_next_months_money(self, province, payment, bank, clock):
        bank.move(payment.bank_reference, to=S.RETURNED, return_code="account_closed")
        fetch_states(bank=bank, now=clock())
        confirm_unpaid(bank=bank, now=clock())

        province.build(SEPTEMBER)

        carrier = Payment.objects.get(batch__cycle__month=SEPTEMBER)
        assert (carrier.amount, carrier.bank_account_id) == (1_500_000, None)
        assert set(Entitlement.objects.values_list("payment", flat=True)) == {carrier.pk}


class TestTheAccount:
    @pytest.mark.parametrize(
        "code, reason",
        [
            ("account_closed", "ACCOUNT_CLOSED"),
            ("account_frozen", "ACCOUNT_BLOCKED"),
            ("incorrect_account_holder_name", "NAME_MISMATCH"),
            ("no_account", "INVALID_ACCOUNT"),
            ("invalid_currency", "RETURNED"),
        ],
    )
    def test_is_no_longer_verified_when_money_comes_back(self, province, payment, bank, code, reason):
        apply_pages([told(bank, S.POSTED), told(bank, S.RETURNED, return_code=code)], province=province)

        account = BankAccount.objects.get()
        assert (account.status, account.reason, account.last_credited_month) == ("OPENED", reason, None)
        assert list(Case.objects.values_list("kind", "reason", "beneficiary")) == [
            ("ACCOUNT", reason, account.beneficiary_id)
        ]

    def test_is_asked_about_at_once_and_by_the_next_list_no_second_time(self, province, payment, bank):
        """Whoever comes second finds the case of whoever came first."""
        apply_pages([told(bank, S.POSTED), told(bank, S.RETURNED, return_code="account_closed")], province=province)
        asked = Case.objects.get()
        confirm_unpaid(bank=bank, now=province.clock())
        province.build(SEPTEMBER)

        assert Entitlement.objects.filter(cycle__month=SEPTEMBER, payment__batch__channel="CASH").exists()
        assert Case.objects.get() == asked

    def test_stays_verified_when_the_bank_cancelled(self, province, payment, bank):
        apply_pages([told(bank, S.CANCELED)], province=province)

        assert BankAccount.objects.get().status == "VERIFIED"


def _send_many(province: Province, bank: FakeTransfers, *, people: int) -> None:
    province.pay_through_accounts(people, bank=bank, month=JULY)
    send_ready_payments(bank=bank, clock=province.clock)


@pytest.fixture
def ring(clock):
    """Store a bank event about a transfer, as the webhook does."""
    from_now = iter(range(1, 100))

    def store(reference: str):
        return BankEvent.objects.create(
            event_id=f"evt_{next(from_now)}", kind="posted", bank_reference=reference, sealed=b"", received_at=clock()
        )

    return store
