"""What happens around us in a schedule: the bank's faults, orders, files and rings, and time."""

import random

from banks.stripe_answers import read_state
from banks.webhooks import Event
from payments.models import Payment, Succession
from payments.services.learning.learn import Learned, apply_states
from payments.services.learning.receive_event import receive_event
from payments.services.sending.succession import FRESH
from tests.simulation.bank import Order
from tests.simulation.promises import promise
from tests.simulation.scene import Scene
from tests.simulation.steps import Step

NO_CALL_LASTS = 100_000  # seconds
LEASE = 121  # seconds: whoever claimed before then has lost the right to call


class World(Scene):
    """Steps of the bank and the clock."""

    def _fault(self, step: Step) -> None:
        self.bank.create_faults.append(step.word)

    def _silent(self, step: Step) -> None:
        self.bank.silent[step.word] = step.number

    def _outage(self, step: Step) -> None:
        self.bank.outage = True

    def _outage_over(self, step: Step) -> None:
        self.bank.outage = False

    def _settle(self, step: Step) -> None:
        if step.number < len(self.bank.orders):
            self._book(self.bank.orders[step.number], step.word, code="account_closed")

    def _book(self, order: Order, word: str, *, code: str = "") -> None:
        """An order ends at the bank. One of a file fails by the answer to its file alone, and is debited before it comes back."""
        words = (word,)
        if order.in_file:
            words = {"posted": ("posted",), "returned": ("posted", "returned")}.get(word, ())
        for status in words:
            if self.bank.move(order, status, return_code=code if status == "returned" else None):
                self.files.note(order)

    def _debit(self, step: Step) -> None:
        if step.number < len(self.bank.orders):
            self.bank.debit(self.bank.orders[step.number])

    def _give_back(self, step: Step) -> None:
        if step.number < len(self.bank.orders):
            self.bank.give_back(self.bank.orders[step.number])

    def _file_fault(self, step: Step) -> None:
        self.files.faults.append(step.word)

    def _answer(self, step: Step) -> None:
        self.files.answer(step.number, step.word)

    def _report(self, step: Step) -> None:
        self.files.hand_out(step.word)

    def _arrive(self) -> None:
        self.bank.take_what_is_late()
        self.files.take_what_is_late()

    def _return(self, step: Step) -> None:
        if step.number < len(self.bank.orders) and self.bank.orders[step.number].status == "posted":
            self._book(self.bank.orders[step.number], "returned", code=step.word)

    def _surface(self, step: Step) -> None:
        """The bank had an order after all, though it wrote it had not. What has set out in its place by then is the bank's to bring back (ADR 30)."""
        keys = list(Payment.objects.order_by("pk").values_list("end_to_end_id", flat=True))
        key = keys[step.number % len(keys)]
        gone = Succession.objects.filter(predecessor__end_to_end_id=key).exclude(
            successor__status__in=("DRAFT", "READY", "FAILED", "RETURNED", "CANCELLED")
        )
        if not gone.exists() and self.bank.surface(key):
            self.clock.advance(seconds=FRESH.total_seconds() + LEASE)

    def _wait(self, step: Step) -> None:
        if (
            step.number > NO_CALL_LASTS
        ):  # ADR 23 and 30: a process with an order in hand is ended by its connection long before
            for actor in self.actors.values():
                actor.kill()
        self.clock.advance(seconds=step.number)
        self._arrive()

    def _event(self, step: Step) -> str:
        """One of the bank's events, whichever: late ones, repeated ones, and the newest before the oldest."""
        if not self.bank.events:
            return "done"
        told = self.bank.events[step.number % len(self.bank.events)]
        outcome = self._let(step, lambda: self._tell(told))
        if outcome == "paused":
            outcome = self.actors[step.who].resume()
        return outcome

    def _tell(self, told: tuple[str, str, str]) -> None:
        event_id, kind, reference = told
        event = Event(event_id=event_id, type=kind, object_id=reference, created_at=self.clock())
        self.promises.events_begun.add(event_id)
        receive_event(event=event, payload=b"{}", now=self.clock())
        self.promises.events_told.add(event_id)

    def _old_news(self, step: Step) -> None:
        """Pages read long ago: states an order once had, in another order, once more."""
        chance = random.Random(step.number)
        old = [
            read_state(order.document() | {"status": status})
            for order in self.bank.orders
            for status, _ in order.history
            if status != order.status and not order.in_file
        ]
        for at in range(0, len(old), 2):
            page = chance.sample(old, k=len(old))[at : at + 2]
            apply_states(states=page, now=self.clock(), learned=Learned())

    def _tell_everything_again(self) -> None:
        """Every event and every page there ever was, when all has ended: nothing may move."""
        for told in self.bank.events:  # a ring that nobody heard so far is news: the bank repeats it until it is heard
            self._tell(told)
        self.take(Step("learn", who="w1"))
        ended = list(Payment.objects.order_by("pk").values_list("pk", "status"))
        if self.schedule.by_file:
            self.files.hand_out("again")
            self.take(Step("send_files", who="w1"))
        for told in self.bank.events:
            self._tell(told)
        self._old_news(Step("old_news", number=self.schedule.seed))
        self.take(Step("learn", who="w1"))
        promise(
            list(Payment.objects.order_by("pk").values_list("pk", "status")) == ended, "I5: old news moved a payment"
        )
