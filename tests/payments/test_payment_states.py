"""States move by cause, as one table says; the database holds the same table and refuses every other move."""

from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from payments.models import Payment
from payments.states import BATCH_TRANSITIONS, TRANSITIONS, BatchStatus, Cause, PaymentStatus, sources
from tests.payments.province import AUGUST, Province

# The shortest road to each state, as causes.
ROAD = {
    "DRAFT": [],
    "READY": ["RELEASE"],
    "SENT": ["RELEASE", "CLAIM"],
    "PROCESSING": ["RELEASE", "CLAIM", "ACCEPTED"],
    "POSTED": ["RELEASE", "CLAIM", "ACCEPTED", "BANK_POSTED"],
    "FAILED": ["RELEASE", "CLAIM", "ACCEPTED", "BANK_FAILED"],
    "RETURNED": ["RELEASE", "CLAIM", "ACCEPTED", "BANK_RETURNED"],
    "CANCELLED": ["STOP"],
}
BY_PROVIDER = {"HANDED_OVER", "COLLECTED", "NOT_COLLECTED"}
BY_BANK = {"CLAIM", "NOT_TAKEN", "ACCEPTED", "BANK_POSTED", "BANK_FAILED", "BANK_CANCELLED", "BANK_RETURNED"}
MOVES = [(source, cause, target) for (source, cause), target in TRANSITIONS.items()]
ALL = [(s, c, t) for s, c, t in product(PaymentStatus.values, Cause.values, PaymentStatus.values) if s != t]
# Nobody but an enquiry or a letter that two people ended may: test_end_of_enquiry.py, test_findings.py.
BY_PEOPLE = {"NEVER_HAD", "FOUND_ARRIVED", "FOUND_WRONG"}
# What a transfer that was released may never do: everything outside the table, and what only a provider of cash may.
FORBIDDEN = [move for move in ALL if move not in MOVES or move[1] in BY_PROVIDER | BY_PEOPLE]


@pytest.fixture
def payment(province: Province, bank) -> Payment:
    """A payment in READY on a released list."""
    return province.pay_through_accounts(1, bank=bank)[0]


@pytest.fixture
def draft(province: Province) -> Payment:
    """A payment on a list nobody signed."""
    province.open_account(province.enrol().beneficiary)
    province.build(AUGUST)
    return Payment.objects.get()


def move(payment: Payment, *, cause: str, to: str) -> None:
    """The move as plain SQL in the application's role, past every line of Python."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE payments_payment SET status = %s, cause = %s WHERE id = %s", [to, cause, payment.pk])


def walk(payment: Payment, causes: list[str]) -> str:
    for cause in causes:
        payment.refresh_from_db()
        move(payment, cause=cause, to=TRANSITIONS[payment.status, cause])
    payment.refresh_from_db()
    return payment.status


class TestTheTables:
    def test_the_database_holds_the_table_of_payments(self, db):
        with connection.cursor() as cursor:
            cursor.execute("SELECT source, cause, target FROM payments_transition")
            held = {(source, cause): target for source, cause, target in cursor.fetchall()}

        assert held == {(str(source), str(cause)): str(target) for (source, cause), target in TRANSITIONS.items()}

    def test_the_database_holds_the_table_of_lists(self, db):
        with connection.cursor() as cursor:
            cursor.execute("SELECT source, target FROM payments_batch_transition")
            held = set(cursor.fetchall())

        assert held == {(str(source), str(target)) for source, target in BATCH_TRANSITIONS}

    def test_nobody_cancels_what_the_bank_may_hold(self):
        stoppable = set(sources(Cause.STOP))

        assert stoppable == {"DRAFT", "READY"}

    def test_unknown_is_not_failed_by_any_cause_but_the_banks(self):
        ways = {cause for (source, cause), target in TRANSITIONS.items() if (source, target) == ("SENT", "FAILED")}

        assert ways == {Cause.BANK_FAILED}

    def test_only_the_word_of_two_people_leads_back_from_a_final_state(self):
        final = {"FAILED", "RETURNED", "CANCELLED"}

        assert {(cause, target) for (source, cause), target in TRANSITIONS.items() if source in final} == {
            (Cause.FOUND_ARRIVED, PaymentStatus.POSTED)
        }

    def test_every_state_of_a_list_can_be_reached(self):
        reached = {BatchStatus.DRAFT, *(target for _, target in BATCH_TRANSITIONS)}

        assert reached == set(BatchStatus)


class TestThePaymentAsSql:
    @pytest.mark.parametrize(
        "source, cause",
        [key for key in TRANSITIONS if key[0] != "DRAFT" and key[1] not in {"STOP", *BY_PROVIDER, *BY_PEOPLE}],
    )
    def test_an_allowed_move_succeeds(self, payment, source, cause):
        walk(payment, ROAD[source][1:])

        move(payment, cause=cause, to=TRANSITIONS[source, cause])

        payment.refresh_from_db()
        assert (payment.status, payment.cause) == (TRANSITIONS[source, cause], cause)

    @pytest.mark.parametrize("source", [state for state in PaymentStatus.values if state not in ("DRAFT", "CANCELLED")])
    def test_every_other_move_is_refused(self, payment, source):
        walk(payment, ROAD[source][1:])
        tried = [(cause, target) for before, cause, target in FORBIDDEN if before == source]

        refused = [pair for pair in tried if _is_refused(payment, *pair)]

        assert refused == tried
        assert len(tried) > 80

    @pytest.mark.parametrize("source", ["DRAFT", "CANCELLED"])
    def test_every_other_move_of_an_unreleased_list_is_refused(self, draft, source):
        walk(draft, ROAD[source])
        tried = [(cause, target) for before, cause, target in FORBIDDEN if before == source]

        refused = [pair for pair in tried if _is_refused(draft, *pair)]

        assert refused == tried


class TestCashAsSql:
    @pytest.fixture
    def cash(self, province: Province, bank) -> Payment:
        """A line of a released cash list."""
        province.enrol()
        province.build(AUGUST)
        province.release_lists(AUGUST, bank=bank)
        return Payment.objects.get()

    @pytest.mark.parametrize("end", ["COLLECTED", "NOT_COLLECTED"])
    def test_the_provider_pays_it_or_does_not(self, cash, end):
        assert walk(cash, ["HANDED_OVER", end]) == TRANSITIONS["PROCESSING", end]

    @pytest.mark.parametrize("road", [[], ["HANDED_OVER"], ["HANDED_OVER", "COLLECTED"]])
    def test_no_bank_moves_it(self, cash, road):
        walk(cash, road)
        tried = [(cause, target) for source, cause, target in MOVES if cause in BY_BANK and source == cash.status]

        assert all(_is_refused(cash, *pair) for pair in tried)
        assert tried


class TestApply:
    def test_old_news_moves_nothing(self, payment, clock):
        walk(payment, ROAD["POSTED"][1:])

        moved = Payment.objects.filter(pk=payment.pk).apply(Cause.ACCEPTED, now=clock())

        payment.refresh_from_db()
        assert (moved, payment.status) == (0, "POSTED")

    def test_keeps_the_cause_and_the_time(self, payment, clock):
        Payment.objects.filter(pk=payment.pk).apply(Cause.CLAIM, now=clock())

        payment.refresh_from_db()
        assert (payment.status, payment.cause, payment.status_at) == ("SENT", "CLAIM", clock())


def _is_refused(payment: Payment, cause: str, target: str) -> bool:
    try:
        with transaction.atomic():
            move(payment, cause=cause, to=target)
    except IntegrityError as error:
        rules = (
            "payment may not move", "a provider moves cash", "only an enquiry that was ended ends a payment",
            "only a letter two people read says that it arrived", "only another letter two people read takes back",
        )  # fmt: skip
        return any(rule in str(error) for rule in rules)
    return False
