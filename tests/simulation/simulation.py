"""Play a schedule: the real services in real sessions of a real database, around them a simulated bank, clock and broker."""

import base64
import io
import random
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from types import SimpleNamespace
from unittest import mock

from banks.errors import BankError
from banks.stripe_answers import read_state
from banks.webhooks import Event
from beneficiaries.models import BankAccount
from payments import tasks
from payments.models import Enquiry, Freeze, Payment, PaymentBatch, Succession
from payments.services.build_lists import build_lists
from payments.services.close_cycle import close_cycle
from payments.services.confirm import confirm_unpaid
from payments.services.end_enquiry import answer_enquiry, end_enquiry, take_enquiry, unknown_outcomes
from payments.services.freeze import freeze, lift
from payments.services.late_returns import fetch_late_returns
from payments.services.learn import VIETNAM, Learned, apply_states
from payments.services.receive_event import receive_event
from payments.services.reissue import reissue
from payments.services.sign import approve, release, return_for_revision, submit
from payments.services.succession import FRESH
from payments.states import BatchStatus
from reconciliation.services.import_statement import import_statements
from reconciliation.services.prove import prove_cycle
from staff.errors import Refusal
from tests.payments.province import AUGUST, SEPTEMBER
from tests.simulation.actors import Actor
from tests.simulation.bank import SimulatedBank
from tests.simulation.promises import PromiseBroken, Promises, promise
from tests.simulation.stage import BALANCES, Stage
from tests.simulation.statements import StatementDesk
from tests.simulation.steps import Schedule, Step

QUIET_ROUNDS = 7
HUMAN = "web"
UNSEEN = (
    "fault",
    "silent",
    "outage",
    "outage_over",
    "lose",
    "double",
    "away",
    "back",
)  # nothing anybody could see has changed
MONTH_OVER = 31  # August
NOT_SIGNED = "Danh sách có đủ ba chữ ký"
NO_CALL_LASTS = 100_000  # seconds
LEASE = 121  # seconds: whoever claimed before then has lost the right to call
LETTER = base64.b64decode(  # a PNG of one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGM4AQAAygDJmcpdfgAAAABJRU5ErkJggg=="
)


class BrokerAway(Exception):
    """The broker does not take a message."""


class Simulation:
    """One schedule on one stage. `play` takes its steps and lets everything end; each raises `PromiseBroken`."""

    def __init__(self, stage: Stage, actors: dict[str, Actor], schedule: Schedule) -> None:
        self.stage, self.actors, self.schedule = stage, actors, schedule
        self.province, self.clock = stage.province, stage.clock
        self.bank = SimulatedBank(balances=BALANCES, now=self.clock, point=self._point)
        self.bank.turned, self.bank.page_size = schedule.turned, schedule.page
        self.desk = StatementDesk(self.bank)
        self.promises = Promises(self.bank, stage.look)
        self.bells: deque[Callable[[], None]] = deque()
        self.broker_away = False
        self.second_month = False
        self.taken: list[str] = []

    def play(self) -> None:
        """Every step, and a look at every promise after each; then the quiet end."""
        self.stage.restore(signed=self.schedule.signed)
        with self._surroundings():
            try:
                for step in self.schedule.steps:
                    self.take(step)
                self.settle()
            finally:
                for actor in self.actors.values():
                    actor.kill()

    def take(self, step: Step) -> None:
        """One step."""
        outcome = getattr(self, f"_{step.what}")(step)
        self.taken.append(f"{step}" + (f"={outcome}" if outcome in ("died", "paused") else ""))
        if step.what not in UNSEEN:
            self.promises.check()

    def settle(self) -> None:
        """No more trouble: everything must end, by the sweeper alone; then old news changes nothing and the month is proven."""
        self.bank.calm()
        self.bells.clear()
        self.broker_away = False
        PaymentBatch.objects.filter(paused=True).update(paused=False)
        for actor in self.actors.values():
            actor.resume()
        self.take(Step("lift"))
        for _ in range(QUIET_ROUNDS):
            self.clock.advance(seconds=200)
            self.bank.take_what_is_late()
            for order in self.bank.orders:
                self.bank.move(order, "posted")
            if not self._open():
                break
            self.take(Step("sweep", who="w1"))
            self.take(Step("deliver", who="w2"))
        if self.bank.surfaced:
            self.take(Step("learn", who="w1"))
        fetch_late_returns(bank=self.bank, now=self.clock())  # the night, for returns whose ring was lost
        self.promises.check_all_ended()
        if self.schedule.seed % 5 == 0:
            self._tell_everything_again()
        if self.schedule.seed % 5 == 1 and not self.bank.surfaced:
            self._prove()

    # People ---------------------------------------------------------------------------------------------------------

    def _submit(self, step: Step) -> str:
        return self._sign(step, submit, "MAKER")

    def _approve(self, step: Step) -> str:
        return self._sign(step, approve, "MAKER" if step.number else "CHECKER")

    def _release(self, step: Step) -> str:
        return self._sign(step, release, "RELEASER", bank=self.bank)

    def _sign(self, step: Step, use: Callable[..., object], role: str, **given: object) -> str:
        newest = PaymentBatch.objects.order_by("-cycle__month").values_list("cycle__month", flat=True).first()
        ids = list(PaymentBatch.objects.filter(cycle__month=newest).order_by("pk").values_list("pk", flat=True))
        actor = self.province.staff[role]
        return self._let(step, lambda: use(batch_ids=ids, actor=actor, now=self.clock(), **given), Refusal, BankError)

    def _give_back_list(self, step: Step) -> str:
        ids = list(PaymentBatch.objects.order_by("pk").values_list("pk", flat=True)[:2])
        actor = self.province.staff["CHECKER"]
        return self._let(
            step, lambda: return_for_revision(batch_ids=ids, actor=actor, note="Xem lại", now=self.clock()), Refusal
        )

    def _stop(self, step: Step) -> str:
        ids = list(Payment.objects.order_by("pk").values_list("pk", flat=True))
        payment = Payment.objects.select_related("batch").get(pk=ids[step.number % len(ids)])
        return self._let(step, lambda: self.province.take_off(payment), Refusal)

    def _pause(self, step: Step) -> str:
        batch = PaymentBatch.objects.order_by("pk").first()
        PaymentBatch.objects.filter(pk=batch.pk if batch else 0).update(paused=not (batch and batch.paused))
        return "done"

    def _next_month(self, step: Step) -> str:
        """Confirm what left nothing, build, and have three people sign: the money goes a second way, once."""

        def work() -> None:
            confirm_unpaid(bank=self.bank, now=self.clock())
            if not self.second_month:
                build_lists(
                    month=SEPTEMBER,
                    listed_on=AUGUST.replace(day=18),
                    pay_on=SEPTEMBER.replace(day=5),
                    actor=self.province.staff["MAKER"],
                    now=self.clock(),
                )
                self.second_month = True
            ids = list(PaymentBatch.objects.filter(cycle__month=SEPTEMBER).order_by("pk").values_list("pk", flat=True))
            submit(batch_ids=ids, actor=self.province.staff["MAKER"], now=self.clock())
            approve(batch_ids=ids, actor=self.province.staff["CHECKER"], now=self.clock())
            release(batch_ids=ids, actor=self.province.staff["RELEASER"], now=self.clock(), bank=self.bank)

        return self._let(step, work, Refusal, BankError)

    def _reissue(self, step: Step) -> str:
        """Confirm what left nothing, and pay it again in hand, or into the account if a person verified that again, within the month."""

        def work() -> None:
            confirm_unpaid(bank=self.bank, now=self.clock())
            if step.word == "account":
                BankAccount.objects.filter(status="OPENED").update(status="VERIFIED", cause="VERIFY", reason="")
            made = reissue(
                month=AUGUST,
                unit=self.province.units["97"],
                to_cash=list(Payment.objects.values_list("pk", flat=True)) if step.word == "cash" else [],
                actor=self.province.staff["MAKER"],
                now=self.clock(),
            )
            submit(batch_ids=made.batch_ids, actor=self.province.staff["MAKER"], now=self.clock())
            approve(batch_ids=made.batch_ids, actor=self.province.staff["CHECKER"], now=self.clock())
            release(batch_ids=made.batch_ids, actor=self.province.staff["RELEASER"], now=self.clock(), bank=self.bank)

        return self._let(step, work, Refusal, BankError)

    def _statement(self, step: Step) -> str:
        """The statements through yesterday, late as they are; taken in twice."""
        yesterday = self.clock().astimezone(VIETNAM).date() - timedelta(days=1)
        files = [content for account in BALANCES if (content := self.desk.issue(account, to=yesterday))]
        return self._let(step, lambda: [self._take_in(content) for content in files for _ in range(2)], Refusal)

    def _take_in(self, content: bytes) -> None:
        import_statements(sources=[io.BytesIO(content)], actor=self.province.staff["CHECKER"], now=self.clock())

    def _freeze(self, step: Step) -> str:
        given = {"unit": self.province.units["97"], "programme": None, "reason": "Nghi sai", "now": self.clock()}
        return self._let(step, lambda: freeze(actor=self.province.staff["CHECKER"], **given), Refusal)

    def _lift(self, step: Step) -> str:
        actor = self.province.staff["RELEASER"]

        def work() -> None:
            for frozen in Freeze.objects.filter(ended_at=None):
                lift(freeze_id=frozen.pk, reason="Đã rõ", actor=actor, now=self.clock())

        return self._let(step, work, Refusal)

    def _close(self, step: Step) -> str:
        actor = self.province.staff["CHECKER"]
        return self._let(step, lambda: close_cycle(month=AUGUST, actor=actor, now=self.clock()), Refusal)

    def _take_unknown(self, step: Step) -> str:
        def work() -> None:
            for payment in unknown_outcomes(unit=self.province.units["97"], now=self.clock()):
                take_enquiry(payment_id=payment.pk, actor=self.province.staff[step.word], now=self.clock())

        return self._let(step, work, Refusal)

    def _answer_unknown(self, step: Step) -> str:
        def work() -> None:
            for enquiry in Enquiry.objects.filter(outcome="").select_related("owner"):
                answer_enquiry(
                    payment_id=enquiry.payment_id,
                    content=LETTER,
                    document="12/CV",
                    actor=enquiry.owner,
                    now=self.clock(),
                )

        return self._let(step, work, Refusal)

    def _end_unknown(self, step: Step) -> str:
        """By whoever has the other role; number 1: by its owner, which is refused."""

        def work() -> None:
            for enquiry in Enquiry.objects.filter(outcome="").select_related("owner"):
                other = "RELEASER" if enquiry.owner_role == "CHECKER" else "CHECKER"
                ends = enquiry.owner if step.number else self.province.staff[other]
                end_enquiry(payment_id=enquiry.payment_id, actor=ends, now=self.clock(), bank=self.bank)

        return self._let(step, work, Refusal, BankError)

    # Workers and broker ---------------------------------------------------------------------------------------------

    def _send(self, step: Step) -> str:
        return self._let(step, lambda: tasks.send_payments())

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
        if self.broker_away:
            raise BrokerAway
        self.bells.append(lambda: tasks.send_payments())

    # The bank and the clock -----------------------------------------------------------------------------------------

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
            self.bank.move(
                self.bank.orders[step.number],
                step.word,
                return_code="account_closed" if step.word == "returned" else None,
            )

    def _return(self, step: Step) -> None:
        if step.number < len(self.bank.orders) and self.bank.orders[step.number].status == "posted":
            self.bank.move(self.bank.orders[step.number], "returned", return_code=step.word)

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
        self.bank.take_what_is_late()

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
        receive_event(event=event, payload=b"{}", now=self.clock())
        self.promises.events_told.add(event_id)

    def _old_news(self, step: Step) -> None:
        """Pages read long ago: states an order once had, in another order, once more."""
        chance = random.Random(step.number)
        old = [
            read_state(order.document() | {"status": status})
            for order in self.bank.orders
            for status, _ in order.history
            if status != order.status
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
        for told in self.bank.events:
            self._tell(told)
        self._old_news(Step("old_news", number=self.schedule.seed))
        self.take(Step("learn", who="w1"))
        promise(
            list(Payment.objects.order_by("pk").values_list("pk", "status")) == ended, "I5: old news moved a payment"
        )

    # The end --------------------------------------------------------------------------------------------------------

    def _open(self) -> bool:
        return Payment.objects.filter(
            status__in=("READY", "SENT", "PROCESSING"), hold_code="", batch__channel="ACCOUNT"
        ).exists()

    def _prove(self) -> None:
        """The month ends, every statement comes in, and the proof names nothing that is not known to a person."""
        month_end = AUGUST.replace(day=MONTH_OVER)
        for account in BALANCES:
            if content := self.desk.issue(account, to=month_end):
                self._take_in(content)
                self._take_in(content)
        proof = prove_cycle(month=AUGUST)
        open_lists = PaymentBatch.objects.filter(cycle__month=AUGUST, sequence=0).exclude(status=BatchStatus.RELEASED)
        if open_lists.exists():  # nobody signed: the proof says that, and nothing else
            promise(all(one.startswith(NOT_SIGNED) for one in proof.differences), f"I4: {proof.differences}")
        else:
            promise(proof.proven, f"I4: {proof.differences}")

    # How a step is done ---------------------------------------------------------------------------------------------

    def _let(self, step: Step, work: Callable[[], object], *expected: type[Exception]) -> str:
        def guarded() -> None:
            try:
                work()
            except expected:
                return

        actor = self.actors[step.who or HUMAN]
        try:
            return actor.do(guarded, step.fate)
        except PromiseBroken:
            raise
        except Exception as error:
            raise PromiseBroken(f"{step} failed: {type(error).__name__}: {error}") from error

    def _point(self, what: str) -> None:
        for actor in self.actors.values():
            actor.point(what)

    @contextmanager
    def _surroundings(self) -> Iterator[None]:
        """Settings, clock, bank and broker of this run, in the places where the product looks for its own."""
        wall = SimpleNamespace(now=self.clock)
        begun = self.clock.now
        steady = SimpleNamespace(monotonic=lambda: (self.clock.now - begun).total_seconds())
        with ExitStack() as stack:
            for target, name, value in (
                (tasks, "the_bank", lambda: self.bank),
                (tasks, "timezone", wall),
                (tasks.send_payments, "delay", self._ring),
                ("payments.services.sign", "timezone", wall),
                ("payments.services.send", "time", steady),
                ("payments.services.send", "CHUNK", self.schedule.chunk),
                ("payments.services.send", "RECORD_EVERY", self.schedule.record_every),
                ("payments.services.lanes", "FAILURES_TO_OPEN", 3),
            ):
                patch = (
                    mock.patch(f"{target}.{name}", value)
                    if isinstance(target, str)
                    else mock.patch.object(target, name, value)
                )
                stack.enter_context(patch)
            yield


def run(stage: Stage, actors: dict[str, Actor], schedule: Schedule) -> str | None:
    """What was broken, or None."""
    simulation = Simulation(stage, actors, schedule)
    try:
        simulation.play()
    except PromiseBroken as broken:
        return f"{broken} — after {' '.join(simulation.taken)}"
    return None
