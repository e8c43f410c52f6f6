"""Months of paying, played from one seed: workers that die, a bank that loses answers and accepts late, news in any order.

After every step the bank's own ledger is the judge. A broken promise raises `PromiseBroken` with the seed and the steps taken.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from banks.fake import FakeTransfers, Fault
from banks.transfers import Outcome, Status, Transfer, TransferState, Unknown
from payments.models import Entitlement, Payment
from payments.services.learn import Learned, apply_states, confirm_unpaid, fetch_states
from payments.services.send import send_ready_payments
from payments.services.unknowns import resolve_unknowns
from tests.payments.province import AUGUST, BALANCES, SEPTEMBER, Clock, Province

LIVE = (Status.PROCESSING, Status.POSTED)
OURS = {"POSTED": "POSTED", "FAILED": "FAILED", "RETURNED": "RETURNED", "CANCELED": "CANCELLED"}
LONGEST_LATENESS = timedelta(seconds=55)  # below the bank's promised longest processing time of 60 s
QUIET_ROUNDS = 12


class PromiseBroken(AssertionError):
    """One of the invariants does not hold."""


class WorkerDied(Exception):
    """The worker process is gone in the middle of its work."""


class UnreliableBank(FakeTransfers):
    """The fake, with acceptance after our time-out, and a caller that may die between two calls."""

    def __init__(self, *, chance: random.Random, clock: Clock) -> None:
        super().__init__(balances=BALANCES, now=clock)
        self.chance, self.clock = chance, clock
        self.trouble = 0.5
        self._late: dict[str, tuple[Transfer, object]] = {}

    def send(self, transfer: Transfer, *, first_use: bool) -> Outcome:
        """Answer, lose the answer, or take the order later; a key in progress is answered with 409."""
        if transfer.idempotency_key in self._late:
            return Unknown(code="http_409")
        if self.chance.random() < self.trouble:
            if self.chance.random() < 0.3:
                due = self.clock() + self.chance.random() * LONGEST_LATENESS
                self._late[transfer.idempotency_key] = (transfer, due)
                return Unknown(code="timeout")
            self.fail_next(transfer.end_to_end_id, self.chance.choice(list(Fault)))
        return super().send(transfer, first_use=first_use)

    def send_many(
        self, transfers: Iterable[tuple[Transfer, bool]], *, may_send: Callable[[Transfer], bool] | None = None
    ) -> Iterator[tuple[Transfer, Outcome]]:
        """As the fake's; now and then the worker dies instead of going on."""
        for answered in super().send_many(transfers, may_send=may_send):
            if self.chance.random() < self.trouble / 5:
                raise WorkerDied
            yield answered

    def take_what_is_late(self) -> None:
        """Execute the late orders that are due by now."""
        for key, (transfer, due) in list(self._late.items()):
            if due <= self.clock():
                del self._late[key]
                super().send(transfer, first_use=False)


@dataclass
class Simulation:
    """One run: `play` takes random steps, `settle` lets everything end, each checks every promise."""

    province: Province
    clock: Clock
    seed: int
    log: list[str] = field(default_factory=list)
    orders_of: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.bank = UnreliableBank(chance=self.chance, clock=self.clock)
        self.old_pages: list[list[TransferState]] = []
        self.months = [SEPTEMBER]
        self.province.pay_through_accounts(4, bank=self.bank, month=AUGUST)

    def play(self, steps: int) -> None:
        """Take `steps` random steps and look after each."""
        actions = [self.send, self.send, self.resolve, self.wait, self.wait, self.settle_some, self.give_back]
        actions += [self.learn, self.learn_old_news, self.stop, self.next_month]
        for _ in range(steps):
            action = self.chance.choice(actions)
            self.log.append(action.__name__)
            action()
            self.check()

    def settle(self) -> None:
        """No more trouble: everything must end, and old news must change nothing."""
        self.bank.trouble = 0.0
        for _ in range(QUIET_ROUNDS):
            self.clock.advance(minutes=10)
            self.bank.take_what_is_late()
            self.resolve()
            self.send()
            self.bank.post_all()
            self.learn()
            self.check()
        self.check_all_ended()
        ended = list(Payment.objects.order_by("pk").values_list("pk", "status"))
        self.learn_old_news()
        self.promise(
            list(Payment.objects.order_by("pk").values_list("pk", "status")) == ended, "I5: old news moved a payment"
        )

    # What happens ---------------------------------------------------------------------------------------------------

    def send(self) -> None:
        self._work(
            lambda: send_ready_payments(bank=self.bank, clock=self.clock, limit=self.chance.choice([1, 3, None]))
        )

    def resolve(self) -> None:
        self._work(lambda: resolve_unknowns(bank=self.bank, clock=self.clock))

    def wait(self) -> None:
        self.clock.advance(seconds=self.chance.choice([1, 30, 130, 130, 400, 4_000]))
        self.bank.take_what_is_late()

    def settle_some(self) -> None:
        for state in self.bank.taken:
            if state.status is Status.PROCESSING and self.chance.random() < 0.5:
                end = self.chance.choice([Status.POSTED, Status.POSTED, Status.FAILED, Status.CANCELED])
                self.bank.move(state.bank_reference, to=end)

    def give_back(self) -> None:
        for state in self.bank.taken:
            if state.status is Status.POSTED and self.chance.random() < 0.3:
                self.bank.move(state.bank_reference, to=Status.RETURNED, return_code="invalid_currency")

    def learn(self) -> None:
        self.old_pages.append(self.bank.taken)
        fetch_states(bank=self.bank, now=self.clock())
        for state in self.bank.taken:  # a ring for everything: returns come days later
            apply_states(states=[state], now=self.clock(), learned=Learned())

    def learn_old_news(self) -> None:
        """Pages read long ago, in any order, once more."""
        for page in self.chance.sample(self.old_pages, k=min(3, len(self.old_pages))):
            apply_states(states=self.chance.sample(page, k=len(page)), now=self.clock(), learned=Learned())

    def stop(self) -> None:
        ready = Payment.objects.filter(status="READY").order_by("pk").first()
        if ready and self.chance.random() < 0.2:
            self.province.take_off(ready)

    def next_month(self) -> None:
        """What came back is confirmed and goes with the next month's list."""
        if not self.months or self.chance.random() < 0.6:
            return
        confirm_unpaid(bank=self.bank, now=self.clock())
        unconfirmed = Payment.objects.filter(status__in=("FAILED", "RETURNED", "CANCELLED"), confirmed_at__isnull=True)
        if not unconfirmed.exists():
            month = self.months.pop()
            self.province.build(month)
            self.province.release_lists(month, bank=self.bank)

    def _work(self, work: Callable[[], object]) -> None:
        try:
            work()
        except WorkerDied:
            self.log.append("(died)")

    # What is promised -----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Every promise that holds at every moment."""
        held: dict[str, list[TransferState]] = defaultdict(list)
        for state in self.bank.taken:
            held[state.end_to_end_id].append(state)
        payments = list(Payment.objects.all())
        self._check_one_live_debit(held)
        for payment in payments:
            self._check_payment(payment, held[payment.end_to_end_id])

    def check_all_ended(self) -> None:
        """What holds when nothing happens any more: nothing is lost, nothing hangs."""
        hanging = Payment.objects.filter(status__in=("SENT", "PROCESSING", "READY"), batch__channel="ACCOUNT")
        self.promise(not hanging.exists(), f"I2: {[(p.end_to_end_id, p.status) for p in hanging]} never ended")
        paid = {state.end_to_end_id: state.status for state in self.bank.taken}
        for payment in Payment.objects.filter(status="POSTED"):
            self.promise(
                paid.get(payment.end_to_end_id) is Status.POSTED, f"{payment.end_to_end_id} is POSTED only with us"
            )

    def _check_one_live_debit(self, held: dict[str, list[TransferState]]) -> None:
        for pk, key in Entitlement.objects.filter(payment__isnull=False).values_list("pk", "payment__end_to_end_id"):
            self.orders_of[pk].add(key)
        for pk, keys in self.orders_of.items():
            live = [state for key in keys for state in held[key] if state.status in LIVE]
            self.promise(len(live) <= 1, f"I1: entitlement {pk} has {len(live)} live debits")

    def _check_payment(self, payment: Payment, states: list[TransferState]) -> None:
        name = f"{payment.end_to_end_id} is {payment.status}"
        told = {OURS.get(state.status, "") for state in states}
        live = [state for state in states if state.status in LIVE]
        if payment.status in ("FAILED", "RETURNED") or payment.cause == "BANK_CANCELLED":
            self.promise(payment.status in told, f"I3: {name}, which the bank never said")
        if payment.status == "POSTED":
            self.promise(bool(told & {"POSTED", "RETURNED"}), f"I3: {name}, which the bank never said")
        if payment.status in ("READY", "DRAFT", "CANCELLED", "FAILED"):
            self.promise(not live, f"I1: {name} while the bank holds its money")

    def promise(self, holds: bool, sentence: str) -> None:
        """Raise `PromiseBroken` with the way to play it again."""
        if not holds:
            raise PromiseBroken(f"seed {self.seed}: {sentence}; after {' '.join(self.log)}")
