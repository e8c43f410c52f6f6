"""What people do with lists that a provider pays, and with letters about payments of which two things were said."""

from django.db.models import Q

from payments.models import Finding, Payment, PaymentBatch
from payments.services.learning.findings import confirm_finding, contradicted_payments, put_finding
from payments.services.providers import hand_over, take_results
from staff.errors import Refusal
from tests.simulation.people import LETTER
from tests.simulation.scene import Scene
from tests.simulation.steps import Step

BY_PROVIDER = Q(channel="CASH") | Q(funding_account__sends_by="LIST")


class Offices(Scene):
    """Steps of clerks who deal with providers, and of who puts letters on file and confirms them."""

    def _hand_over(self, step: Step) -> str:
        """A released list goes to the provider; who dies may have marked it as given, and given nothing."""
        released = list(
            PaymentBatch.objects.filter(BY_PROVIDER, status="RELEASED").order_by("pk").values_list("pk", flat=True)
        )
        if not released:
            return "done"
        batch_id = released[step.number % len(released)]
        for key in Payment.objects.filter(batch=batch_id).values_list("end_to_end_id", flat=True):
            self.provider.told.setdefault(key, set()).add("processing")  # a list that was taken over is accepted

        def work() -> None:
            content = hand_over(batch_id=batch_id, actor=self.province.staff["CHECKER"], now=self.clock())
            self._point("before the list is given")
            self.provider.take(batch_id, content)

        return self._let(step, work, Refusal)

    def _pay_out(self, step: Step) -> None:
        self.provider.pay(step.number)

    def _sent_back(self, step: Step) -> None:
        self.provider.send_back(step.number, mistaken=step.word == "mistaken")

    def _result(self, step: Step) -> str:
        """The provider's answer is taken in: late, in part, wrong, or an old one once more."""
        answer = self.provider.answer(step.number, step.word)
        if answer is None:
            return "done"

        def work() -> None:
            take_results(
                content=answer.content, batch_id=answer.batch_id, actor=self.province.staff["CHECKER"], now=self.clock()
            )

        outcome = self._let(step, work, Refusal)
        if outcome == "done":
            self.promises.note_paid_by_provider(answer.paid)
        return outcome

    def _letter(self, step: Step) -> str:
        """What the bank or the provider writes about each payment that waits for a letter is the truth, as far as it is known by then."""

        def work() -> None:
            for payment in contradicted_payments(unit=self.province.units["97"]):
                key = payment.end_to_end_id
                if self.bank.may_surface(key) or self.bank.on_its_way(key) or self.files.on_its_way(key):
                    continue
                self._file_letter(
                    payment, Finding.Outcome.ARRIVED if self._has_it(key) else Finding.Outcome.LEFT_NOTHING
                )

        return self._let(step, work, Refusal)

    def _file_letter(self, payment: Payment, outcome: Finding.Outcome, *, content: bytes = LETTER) -> None:
        """Of what left nothing, the provider pays nothing any more."""
        self.clock.advance(seconds=1)
        if outcome == Finding.Outcome.LEFT_NOTHING:
            self.provider.give_up(payment.end_to_end_id)
        put_finding(
            payment_id=payment.pk,
            outcome=outcome,
            content=content,
            document="12/CV",
            actor=self.province.staff["CHECKER"],
            now=self.clock(),
        )

    def _confirm_letter(self, step: Step) -> str:
        """By another person in another role; number 1: by who put it on file, which is refused."""
        actor = self.province.staff["CHECKER" if step.number else "RELEASER"]

        def work() -> None:
            for payment in contradicted_payments(unit=self.province.units["97"]):
                if payment.waiting_findings:
                    self.clock.advance(seconds=1)
                    confirm_finding(payment_id=payment.pk, actor=actor, now=self.clock())

        return self._let(step, work, Refusal)

    def _has_it(self, key: str) -> bool:
        at_the_bank = any(order.live for order in self.bank.orders if order.transfer.end_to_end_id == key)
        return at_the_bank or any(line.live for line in self.provider.lines(key))

    def finish_with_providers(self) -> None:
        """Everything that is released goes out, everybody who waits is paid, and the provider tells how it really was."""
        released = list(
            PaymentBatch.objects.filter(BY_PROVIDER, status="RELEASED").order_by("pk").values_list("pk", flat=True)
        )
        waiting = set(
            Payment.objects.filter(batch__in=released, status="READY", hold_code="").values_list("batch_id", flat=True)
        )
        for number, batch_id in enumerate(released):
            if batch_id in waiting or batch_id not in self.provider.lists:
                self.take(Step("hand_over", who="web", number=number))
        for lines in list(self.provider.lists.values()):
            for _ in lines:
                self.provider.pay(0)
        for number in range(len(self.provider.lists)):
            self.take(Step("result", who="web", number=number, word="end"))
