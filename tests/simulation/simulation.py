"""Play a schedule: the real services in real sessions of a real database, around them a simulated bank, clock and broker."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.conf import settings
from django.db import connection

from banks.transfers import Transfer
from payments import tasks
from payments.models import PaymentBatch
from payments.services.files import upload
from payments.services.learning.late_returns import fetch_late_returns
from payments.services.lists.granted_late import granted_late
from payments.services.sending import lanes, send
from payments.states import BatchStatus
from reconciliation.services.months.prove import prove_cycle
from tests.payments.province import AUGUST
from tests.simulation.actors import Actor
from tests.simulation.between import Between
from tests.simulation.gifts import Gifts
from tests.simulation.grants import Grants
from tests.simulation.movers import Movers
from tests.simulation.people import People
from tests.simulation.promises import PromiseBroken, promise
from tests.simulation.stage import Stage
from tests.simulation.steps import Schedule, Step
from tests.simulation.watch import watch
from tests.simulation.world import World

take = send._take
QUIET_ROUNDS = 7
MONTH_OVER = 31  # August
LEFT_IN_SHORT = 1_600_000  # đồng: for two of the people
NOT_ANSWERED = "Hồ sơ đang hưởng (theo quyết định) = số hồ sơ có câu trả lời"
NOT_SIGNED = "Danh sách có đủ ba chữ ký"
ENDED = (BatchStatus.RELEASED, BatchStatus.CLOSED, BatchStatus.CANCELLED)
FOR_A_PERSON = (
    "Chênh lệch chưa xử lý: Ngân hàng báo khác trạng thái đã ghi"  # money and API said two things: a person ends it
)


class BrokerAway(Exception):
    """The broker does not take a message."""


class Simulation(People, Between, Grants, Gifts, Movers, World):
    """One schedule on one stage. `play` takes its steps and lets everything end; each raises `PromiseBroken`."""

    def play(self) -> None:
        """Every step, and a look at every promise after each; then the quiet end."""
        one = self.schedule
        self.stage.restore(signed=one.signed, by_file=one.by_file, by_list=one.by_list, alone=one.alone)
        if one.short:
            self.bank.leave_only(LEFT_IN_SHORT)
        with self._surroundings():
            try:
                for step in self.schedule.steps:
                    self.take(step)
                self.settle()
            finally:
                for actor in self.actors.values():
                    actor.kill()

    def settle(self) -> None:
        """No more trouble: everything must end, by the sweeper alone; then old news changes nothing and the month is proven."""
        self.bank.calm()
        self.bells.clear()
        self.broker_away = False
        if any(step.what == "pause" for step in self.schedule.steps):
            PaymentBatch.objects.filter(paused=True).update(paused=False)
        for actor in self.actors.values():
            actor.resume()
        if self.schedule.short:
            self.take(Step("top_up", who="web"))
        if self.promises.look()["frozen"]:
            self.take(Step("lift"))
        for _ in range(QUIET_ROUNDS):
            self.clock.advance(seconds=200)
            self._arrive()
            for order in self.bank.orders:
                self._book(order, "posted")
            self.files.calm()
            if not self._open():
                break
            self.take(Step("sweep", who="w1"))
            for _ in range(len(self.bells)):
                self.take(Step("deliver", who="w2"))
        if self.bank.surfaced:
            self.take(Step("learn", who="w1"))
        if self.schedule.told_again or any(order.status == "returned" for order in self.bank.orders):
            fetch_late_returns(bank=self.bank, now=self.clock())  # the night, for returns whose ring was lost
        if self.schedule.by_file:
            self.take(Step("confirm", who="w1"))  # reads the reports as well, whether or not anything waits
        if self.provider.lists or self.schedule.by_list:
            self.finish_with_providers()
        self.promises.check_all_ended()
        if any(step.what in ("grant", "gift_list") for step in self.schedule.steps):
            self._grants_are_answered()
            self._everybody_named_has_it_once()
        if self.schedule.told_again:
            self._tell_everything_again()
        if self.schedule.proven and not (self.bank.surfaced or self.provider.lists or self.promises.lied_about):
            self._prove()

    # Workers and broker ---------------------------------------------------------------------------------------------

    def _send(self, step: Step) -> str:
        return self._let(step, lambda: tasks.send_payments())

    def _send_files(self, step: Step) -> str:
        return self._let(step, lambda: tasks.send_payment_files())

    def _sweep(self, step: Step) -> str:
        return self._let(step, lambda: tasks.find_work(), BrokerAway)

    def _learn(self, step: Step) -> str:
        return self._let(step, lambda: tasks.fetch_from_bank())

    def _confirm(self, step: Step) -> str:
        return self._let(step, lambda: tasks.confirm())

    def _resume(self, step: Step) -> str:
        return self.actors[step.who].resume()

    def _deliver(self, step: Step) -> str:
        return self._let(step, self.bells.popleft()) if self.bells else "done"

    def _lose(self, step: Step) -> str:
        self.bells.clear()
        return "done"

    def _double(self, step: Step) -> str:
        self.bells.extend(list(self.bells))
        return "done"

    def _away(self, step: Step) -> str:
        self.broker_away = True
        return "done"

    def _back(self, step: Step) -> str:
        self.broker_away = False
        return "done"

    def _ring(self) -> None:
        self._put(lambda: tasks.send_payments())

    def _ring_for_files(self) -> None:
        self._put(lambda: tasks.send_payment_files())

    def _put(self, bell: Callable[[], None]) -> None:
        if self.broker_away:
            raise BrokerAway
        self.bells.append(bell)

    # The end --------------------------------------------------------------------------------------------------------

    def _open(self) -> bool:
        return any(
            payment["status"] in ("READY", "SENT", "PROCESSING")
            and not payment["hold"]
            and payment["channel"] == "ACCOUNT"
            for payment in self.promises.look()["payments"].values()
        )

    def _prove(self) -> None:
        """The month ends, every statement comes in, and the proof names nothing that is not known to a person."""
        month_end = AUGUST.replace(day=MONTH_OVER)
        files = self.desk.hand_out(to=month_end)
        self._take_in(*files)
        self._take_in(*files)
        proof = prove_cycle(month=AUGUST)
        unsigned = PaymentBatch.objects.filter(cycle__month=AUGUST).exclude(status__in=ENDED)
        named = [FOR_A_PERSON] if any(order.given_back_at for order in self.bank.orders) else []
        named += [NOT_SIGNED] if unsigned.exists() else []  # the bank was silent when somebody wanted to release it
        if any(order.kept for order in self.bank.orders):
            promise(not proof.proven, "I11: the proof does not name what the bank keeps of a payment that failed")
        elif FOR_A_PERSON not in named and granted_late(AUGUST).exists():
            promise(
                any(one.startswith(NOT_ANSWERED) for one in proof.differences), "I2: the proof names nobody left out"
            )
        else:
            promise(all(one.startswith(tuple(named)) for one in proof.differences), f"I4: {proof.differences}")
            promise(bool(named) or proof.proven, "I4: not proven, and no difference is named")

    @contextmanager
    def _ended_when_asleep(self, *, seconds: int) -> Iterator[Callable[[], None]]:
        """The kernel's timer by this run's clock: who wakes after it has ended runs no further line."""
        actor = self._here()

        def awake() -> None:
            if actor is not None:
                actor.ends_at = self.clock.now + timedelta(seconds=seconds)

        try:
            yield awake
        finally:
            if actor is not None:
                actor.ends_at = None

    def _here(self) -> Actor | None:
        """The process whose line this is, or None for the schedule's own."""
        return next((actor for actor in self.actors.values() if actor.is_here()), None)

    def _monotonic(self) -> float:
        """The clock leases are watched by: it stands still while the machine is suspended."""
        actor = self._here()
        return (self.clock.now - self._begun - (actor.stood_still if actor else timedelta())).total_seconds()

    def _take_and_note(self, *given: Any, **named: Any) -> list[Transfer]:
        """Claim orders, and note by which hour of its steady clock this process did: from then on it may call for as long as its lease is."""
        transfers = take(*given, **named)
        self._claimed.update(((self._here(), one.payment_id), self._monotonic()) for one in transfers)
        return transfers

    def _judge_lease(self, transfer: Transfer) -> None:
        """Right after the product allowed a call. Whoever sleeps in between still calls, which is the bank's store to answer (ADR 23)."""
        held = self._monotonic() - self._claimed[self._here(), transfer.payment_id]
        promise(held <= settings.SEND_LEASE_SECONDS, f"I3: an order is offered {held:.0f} s after it was claimed")

    @contextmanager
    def _surroundings(self) -> Iterator[None]:
        """Settings, clock, bank and broker of this run, in the places where the product looks for its own."""
        self._begun = self.clock.now
        self._claimed: dict[tuple[Actor | None, int], float] = {}
        self.bank.offered = self._judge_lease
        steady = SimpleNamespace(monotonic=self._monotonic)
        for actor in self.actors.values():
            actor.begin(clock=self.clock, suspended=self.schedule.suspended)
        with ExitStack() as stack:
            for target, name, value in (
                (tasks, "the_bank", lambda: self.bank),
                (tasks, "the_files", lambda: self.files),
                (tasks, "database_now", self.clock),
                (tasks.send_payments, "delay", self._ring),
                (tasks.send_payment_files, "delay", self._ring_for_files),
                (upload, "time", steady),
                (send, "time", steady),
                (send, "ended_when_asleep", self._ended_when_asleep),
                (send, "_take", self._take_and_note),
                (send, "CHUNK", self.schedule.chunk),
                (send, "RECORD_EVERY", self.schedule.record_every),
                (lanes, "FAILURES_TO_OPEN", 3),
            ):
                stack.enter_context(mock.patch.object(target, name, value))
            stack.enter_context(connection.execute_wrapper(watch))  # what the schedule's own thread does
            yield


def run(stage: Stage, actors: dict[str, Actor], schedule: Schedule) -> str | None:
    """What was broken, or None."""
    simulation = Simulation(stage, actors, schedule)
    try:
        simulation.play()
    except PromiseBroken as broken:
        return f"{broken} — after {simulation.told()}"
    return None
