"""What is granted once after the month's lists were made, rights taken up again by whoever did not arrive, two months paid together."""

from django.utils import timezone

from banks.errors import BankError
from beneficiaries.models import Beneficiary, Enrolment, Programme
from beneficiaries.services.decisions.draft import Draft
from beneficiaries.services.decisions.record import record_decision
from payments.models import PaymentBatch
from payments.services.lists.granted_late import granted_late
from payments.services.lists.supplement import supplement
from payments.services.once.emergency import Newcomer, grant_emergency
from payments.services.once.one_off import Household, grant_once, grant_to_households
from payments.services.signing.sign import approve, release, submit
from staff.errors import Refusal
from tests.payments.province import AUGUST, SEPTEMBER
from tests.simulation.promises import promise
from tests.simulation.scene import Scene
from tests.simulation.stage import HELP
from tests.simulation.steps import Step


class Grants(Scene):
    """Steps of who records grants and makes supplementary lists."""

    def _grant(self, step: Step) -> str:
        """Help for one of the four, for two as a household whose head receives, or for somebody no registry knows."""
        maker = self.province.staff["MAKER"]

        def work() -> None:
            given = {
                "programme": Programme.objects.get(code=HELP.number),
                "order": HELP,
                "actor": maker,
                "now": self.clock(),
            }
            people = list(Beneficiary.objects.order_by("pk")[:4])
            person = people[step.number % len(people)]
            if step.word == "newcomer":
                unit = self.province.units["97101" if step.number else "97201"]
                newcomer = Newcomer(full_name=f"Lê Văn Lũ {step.number}", sex="MALE", unit=unit, birth_year=1970)
                grant_emergency(newcomers=[newcomer], **given)
            elif step.word == "household":
                member = people[(step.number + 1) % len(people)]
                grant_to_households(households=[Household(head=person, members=[person, member])], **given)
            else:
                grant_once(people=[person], **given)

        self.stage.moved = True
        return self._let(step, work, Refusal)

    def _supplement(self, step: Step) -> str:
        """A list, made and signed by three, of whoever was granted something since the month's own were made."""

        def work() -> None:
            made = supplement(month=AUGUST, actor=self.province.staff["MAKER"], now=self.clock())
            self._sign_by_three(made.batch_ids)

        return self._let(step, work, Refusal, BankError)

    def _sign_rest(self, step: Step) -> str:
        """Supplementary lists that somebody who died left unsigned."""

        def work() -> None:
            left = PaymentBatch.objects.filter(cycle__month=AUGUST, supplementary=True, status="DRAFT")
            self._sign_by_three(list(left.order_by("pk").values_list("pk", flat=True)))

        return self._let(step, work, Refusal, BankError)

    def _sign_by_three(self, batch_ids: list[int]) -> None:
        staff = self.province.staff
        submit(batch_ids=batch_ids, actor=staff["MAKER"], now=self.clock())
        approve(batch_ids=batch_ids, actor=staff["CHECKER"], now=self.clock())
        release(batch_ids=batch_ids, actor=staff["RELEASER"], now=self.clock(), bank=self.bank)

    def _take_up_again(self, step: Step) -> str:
        """Whoever left and did not arrive stays: their old commune pays them on, with the months in between or without."""

        def work() -> None:
            for enrolment in Enrolment.objects.exclude(moved_to=None).order_by("pk"):
                draft = Draft(
                    signer="Nguyễn Văn Chủ, Chủ tịch UBND",
                    kind="RESUME",
                    number=f"{enrolment.pk}/QĐ-HL",
                    signed_on=timezone.localdate(self.clock()),
                    effective_month=SEPTEMBER,
                    pay_between=bool(step.number),
                )
                record_decision(enrolment=enrolment, draft=draft, actor=self.province.staff["MAKER"], now=self.clock())

        self.stage.moved = True
        return self._let(step, work, Refusal)

    def _grants_are_answered(self) -> None:
        """A month is not closed over somebody who was granted help and has no answer (ADR 72)."""
        closed = PaymentBatch.objects.filter(cycle__month=AUGUST, cycle__closed_at__isnull=False).exists()
        promise(not closed or not granted_late(AUGUST).exists(), "I2: a month was closed over somebody granted help")
